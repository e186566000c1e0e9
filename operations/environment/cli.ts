import { InvalidArgumentError, Option, type Command } from "commander";
import { isDuration, toSeconds } from "../../components/kit/duration";
import { handleInterruption } from "../../sandbox/processes/interruption";
import { openSandbox } from "../../sandbox/sandbox";
import { CommandLine } from "../../sandbox/terminal/command-line";
import { describeFailure } from "../../sandbox/terminal/failure";
import { terminalProgress } from "../../sandbox/terminal/progress";
import { table } from "../table";
import { openEnvironmentCluster } from "./cluster";
import { create, expire, list, remove, slotIn, type Tools } from "./environments";
import type { Subject } from "./objects";
import { openStacks } from "./stacks";
import { stackOf } from "./template";

async function main(): Promise<void> {
  handleInterruption();
  const program = new CommandLine("npm run environment --")
    .description("Makes and removes preview environments beside a platform stack.")
    .showHelpAfterError();
  onTemplate(program.command("create"))
    .description("makes an environment, or brings it up to date, and prolongs it")
    .argument("<name>", "its name, such as pr-12")
    .addOption(
      new Option("--lifetime <duration>", "how long it is wanted")
        .argParser(seconds)
        .default(toSeconds("3d"), "3d"),
    )
    .option(
      "--for <subject>",
      "who deploys it: user:<name>, group:<name> or serviceaccount:<namespace>:<name>",
      subject,
    )
    .addOption(
      new Option("--only <part>", "does one half: the namespaces and grants, or the stack").choices(
        ["namespaces", "stack"],
      ),
    )
    .action(async (name: string, given: CreateArguments) => {
      const { lifetime, only, for: runner } = given;
      process.exitCode = await create(await open(given, name), name, {
        lifetime,
        ...(only === undefined ? {} : { only }),
        ...(runner === undefined ? {} : { runner }),
      });
    });
  onTemplate(program.command("await"))
    .description("waits until somebody else has made an environment's namespaces, for 10 minutes")
    .argument("<name>", "its name")
    .action(async (name: string, given: TemplateArguments) => {
      await untilMade(name, given);
    });
  onTemplate(program.command("delete"))
    .description("removes an environment: its stack, its grants and its namespaces")
    .argument("<name>", "its name")
    .action(async (name: string, given: TemplateArguments) => {
      process.exitCode = await remove(await open(given, name), name);
    });
  onTemplate(program.command("list"))
    .description("the environments there are, and until when")
    .action(async (given: TemplateArguments) => {
      console.log(environmentsText(await list(await open(given))));
    });
  onTemplate(program.command("expire"))
    .description("removes the environments whose time is over")
    .action(async (given: TemplateArguments) => {
      process.exitCode = await expire(await open(given));
    });
  await program.parseAsync();
}

interface TemplateArguments {
  readonly template: string;
}

interface CreateArguments extends TemplateArguments {
  readonly lifetime: number;
  readonly only?: "namespaces" | "stack";
  readonly for?: Subject;
}

function onTemplate(command: Command): Command {
  return command.option("--template <stack>", "the stack file that is the template", "preview");
}

function environmentsText(environments: Awaited<ReturnType<typeof list>>): string {
  return environments.length === 0
    ? "There are no environments."
    : table(
        ["NAME", "NAMESPACES", "UNTIL"],
        environments.map(({ name, namespaces, expires }) => [
          name,
          namespaces.join(", "),
          expires?.toISOString() ?? "-",
        ]),
      );
}

/** @throws Failure when a name is given that none can have: before the cluster is asked for anything. */
function openTemplate({ template }: TemplateArguments, name?: string): Tools["stacks"] {
  const sandbox = openSandbox({ progress: terminalProgress(process.stderr) });
  const stacks = openStacks(template, sandbox);
  if (name !== undefined) {
    stackOf(stacks.template, name);
  }
  return stacks;
}

async function open(given: TemplateArguments, name?: string): Promise<Tools> {
  const stacks = openTemplate(given, name);
  return {
    stacks,
    cluster: await openEnvironmentCluster(stacks.cluster()),
    print: (line) => {
      console.log(line);
    },
  };
}

/** Waits for namespaces and grants: without these, the cluster lets nobody ask for anything. */
async function untilMade(name: string, given: TemplateArguments): Promise<void> {
  const stacks = openTemplate(given, name);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const cluster = await openEnvironmentCluster(stacks.cluster());
      await slotIn(cluster, name, stacks.template);
      return;
    } catch (error) {
      if (attempt === 60) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
  }
}

function seconds(text: string): number {
  if (!isDuration(text) || toSeconds(text) === 0) {
    throw new InvalidArgumentError("It has to be a duration such as 12h or 3d.");
  }
  return toSeconds(text);
}

/** Who a RoleBinding is for, as a person writes it. */
function subject(text: string): Subject {
  const [kind, ...rest] = text.split(":");
  const name = rest.join(":");
  const [namespace = "", account = ""] = rest;
  const apiGroup = "rbac.authorization.k8s.io";
  if (kind === "serviceaccount" && rest.length === 2 && namespace !== "" && account !== "") {
    return { kind: "ServiceAccount", name: account, namespace };
  }
  if ((kind === "user" || kind === "group") && name !== "") {
    return { kind: kind === "user" ? "User" : "Group", name, apiGroup };
  }
  throw new InvalidArgumentError(
    "It has to be user:<name>, group:<name> or serviceaccount:<namespace>:<name>.",
  );
}

main().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
