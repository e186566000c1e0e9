import { Failure } from "../terminal/failure";

/** What the sandbox adds to a command line of the Pulumi CLI. */
export interface PulumiAdditions {
  /** The scratch copy of the stack file. */
  readonly configFile: string;
  /** The policy pack's folder. @default - no pack */
  readonly policyPack?: string;
  /** The file that configures the pack for the stack. @default - the pack's defaults */
  readonly policyConfig?: string | undefined;
}

/** A command line of the Pulumi CLI, as far as the sandbox has to understand it. */
export interface PulumiCommand {
  /** The command without aliases, such as `preview`; empty when there is none. */
  readonly name: string;
  /** The stack that is named by `--stack`. @default - none */
  readonly stack?: string;
  /** Where the command's own arguments begin. */
  readonly position: number;
}

const aliases: Readonly<Record<string, string>> = {
  update: "up",
  pre: "preview",
  down: "destroy",
  dn: "destroy",
};

/** Commands that run the engine on a stack: they need the cluster and the scratch copy. */
const engineCommands: readonly string[] = [
  "up",
  "preview",
  "refresh",
  "destroy",
  "import",
  "watch",
];

/** Global options that take a value. */
const valueOptions: readonly string[] = [
  ...["-C", "--cwd", "--color", "-v", "--verbose", "--tracing", "--profiling"],
  ...["--otel-traces", "--memprofilerate", "-s", "--stack"],
];

/**
 * How many resource operations run at the same time. The default, four for each core, leaves a small
 * machine waiting: Kubernetes awaits are idle time.
 */
const parallel = 64;

/** Finds the command and the stack in a command line. */
export function readPulumiCommand(args: readonly string[]): PulumiCommand {
  let index = 0;
  while (index < args.length && args[index]?.startsWith("-")) {
    index += valueOptions.includes(args[index] ?? "") ? 2 : 1;
  }
  const word = args[index] ?? "";
  const name = aliases[word] ?? word;
  const stack = optionValue(args, "--stack", "-s");
  return stack === undefined ? { name, position: index + 1 } : { name, stack, position: index + 1 };
}

/** Whether a command runs the engine. */
export function runsEngine(command: PulumiCommand): boolean {
  return engineCommands.includes(command.name);
}

/**
 * The command line with the sandbox's own arguments. Options that are given already are left alone.
 * @throws Failure for a command that would change the stack file in the checkout.
 */
export function addSandboxArguments(
  args: readonly string[],
  additions: PulumiAdditions,
): readonly string[] {
  const command = readPulumiCommand(args);
  const rest = args.slice(command.position);
  const verb = rest.find((word) => !word.startsWith("-")) ?? "";
  const added = runsEngine(command)
    ? engineArguments(command.name, rest, additions)
    : otherArguments(command.name, verb, rest, additions);
  // Right after the command: what follows may be positional.
  return [...args.slice(0, command.position), ...added, ...rest];
}

function engineArguments(
  name: string,
  rest: readonly string[],
  additions: PulumiAdditions,
): readonly string[] {
  const added: string[] = [];
  if (!isGiven(rest, "--config-file")) {
    added.push(`--config-file=${additions.configFile}`);
  }
  if (!isGiven(rest, "--parallel", "-p")) {
    added.push(`--parallel=${parallel}`);
  }
  // A hundred lines of images would stand below what the run did; `stack output` shows them.
  if (name === "up" && !isGiven(rest, "--suppress-outputs")) {
    added.push("--suppress-outputs");
  }
  const judged = name === "up" || name === "preview";
  if (judged && additions.policyPack !== undefined && !isGiven(rest, "--policy-pack")) {
    added.push(`--policy-pack=${additions.policyPack}`);
    if (additions.policyConfig !== undefined && !isGiven(rest, "--policy-pack-config")) {
      added.push(`--policy-pack-config=${additions.policyConfig}`);
    }
  }
  return added;
}

function otherArguments(
  name: string,
  verb: string,
  rest: readonly string[],
  additions: PulumiAdditions,
): readonly string[] {
  if (name === "config" && !["", "get", "list", "ls"].includes(verb)) {
    throw new Failure(
      `The sandbox works on a copy of the stack file, so "config ${verb}" would be lost.`,
      "Edit Pulumi.<stack>.yaml instead.",
    );
  }
  if (name === "config" || name === "logs") {
    return isGiven(rest, "--config-file") ? [] : [`--config-file=${additions.configFile}`];
  }
  return [];
}

/**
 * A command about stacks, kept from the checkout's stack file: the CLI removes the file with its stack, and
 * writes the encryption salt of a new stack into it.
 * @throws Failure when a stack is to be made by hand.
 */
export function protectStackFile(args: readonly string[]): readonly string[] {
  const command = readPulumiCommand(args);
  const position = args.findIndex(
    (word, index) => index >= command.position && !word.startsWith("-"),
  );
  const verb = args[position] ?? "";
  if (command.name === "stack" && ["init", "new", "create", "setup"].includes(verb)) {
    throw new Failure(
      "The sandbox makes a stack when it is first used.",
      "Run: npm run sandbox -- pulumi preview --stack <stack>",
    );
  }
  return command.name === "stack" && ["rm", "remove", "delete"].includes(verb)
    ? [...args.slice(0, position + 1), "--preserve-config", ...args.slice(position + 1)]
    : args;
}

function isGiven(args: readonly string[], ...names: readonly string[]): boolean {
  return args.some((arg) => names.some((name) => arg === name || arg.startsWith(`${name}=`)));
}

function optionValue(args: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    const name = names.find((option) => arg === option || arg.startsWith(`${option}=`));
    if (name !== undefined) {
      return arg === name ? args[index + 1] : arg.slice(name.length + 1);
    }
  }
  return undefined;
}
