import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { fields, list, maps, text, type Fields } from "../../policy/core/fields";
import { checkout } from "../../sandbox/folder";
import { runAttached } from "../../sandbox/processes/attached";
import { runCommand } from "../../sandbox/processes/command";
import { Failure } from "../../sandbox/terminal/failure";

/** A command of a pipeline. */
export interface PipelineCommand {
  /** Where it stands, as `deploy.yml: staging`. */
  readonly where: string;
  /** The command, as the runner's shell gets it. */
  readonly command: string;
}

/** Why a command cannot be run on any machine, by what it does. */
const unfit: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/\bpulumi up\b/, "changes a cluster"],
  [/\benvironment -- /, "changes a cluster"],
  [/\breview -- --stack\b/, "needs the stack's cluster, state and credentials"],
  [/\bpipeline -- (comment|drift)\b/, "needs the code host and its token"],
  [/\btrivy\b/, "needs Trivy and its database from the network"],
  [/\bcurl\b/, "downloads a tool"],
  [/^git (fetch|checkout)\b/, "takes the code from the code host"],
  [/GITHUB_(OUTPUT|ENV)|RUNNER_TEMP|\bexport PATH\b/, "sets up the runner"],
];

/** Why a command is not rehearsed; undefined when it is. */
export function reasonAgainst(command: string): string | undefined {
  return unfit.find(([pattern]) => pattern.test(command))?.[1];
}

/** Every command of the files of both CI systems, in their order. */
export function pipelineCommands(root = checkout): readonly PipelineCommand[] {
  const read = (...path: readonly string[]): Fields =>
    fields(parse(readFileSync(join(root, ...path), "utf8"), { merge: true }));
  const workflows = readdirSync(join(root, ".github", "workflows")).sort();
  const setup = maps(fields(read(".github", "actions", "setup", "action.yml")["runs"])["steps"]);
  return [
    ...commandsOf("setup/action.yml", setup),
    ...workflows.flatMap((file) =>
      Object.entries(fields(read(".github", "workflows", file)["jobs"])).flatMap(([job, content]) =>
        commandsOf(`${file}: ${job}`, maps(fields(content)["steps"])),
      ),
    ),
    ...Object.entries(read(".gitlab-ci.yml")).flatMap(([job, content]) =>
      ["before_script", "script"]
        .flatMap((part) => list(fields(content)[part]))
        .flatMap((command) => text(command) ?? [])
        .map((command) => ({ where: `.gitlab-ci.yml: ${job}`, command })),
    ),
  ];
}

function commandsOf(where: string, steps: readonly Fields[]): readonly PipelineCommand[] {
  return steps
    .flatMap(({ run }) => text(run) ?? [])
    .map((command) => ({ where, command: command.trim() }));
}

/**
 * Runs the commands of both CI files one by one on a clean clone of the last commit, each once, and lists those
 * that cannot be run here with the reason. Returns whether every command that was run ended well.
 */
export async function rehearse(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-rehearsal-"));
  const clone = join(folder, "clone");
  try {
    const cloned = await runCommand("git", ["clone", "--quiet", checkout, clone]);
    if (cloned.code !== 0) {
      throw new Failure(`The checkout could not be cloned: ${cloned.stderr.trim()}`);
    }
    const env = { BASE: "HEAD~1", CI_MERGE_REQUEST_DIFF_BASE_SHA: "HEAD~1", CI: "true" };
    const done = new Map<string, boolean>();
    const commands = pipelineCommands(clone);
    for (const [index, { where, command }] of commands.entries()) {
      const place = `${String(index + 1)} of ${String(commands.length)}, ${where}`;
      const reason = reasonAgainst(command);
      const key = command.replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", "$BASE");
      if (reason !== undefined) {
        console.log(`not run, ${reason}: ${place}: ${command.split("\n")[0] ?? ""}`);
      } else if (done.has(key)) {
        console.log(`run already: ${place}: ${command}`);
      } else {
        console.log(`running: ${place}: ${command}`);
        const start = Date.now();
        const code = await runAttached("bash", ["-e", "-c", command], { cwd: clone, env });
        done.set(key, code === 0);
        const end = code === 0 ? "ended well" : `ended with ${String(code)}`;
        console.log(
          `${end} after ${String(Math.round((Date.now() - start) / 1000))} s: ${command}`,
        );
      }
    }
    const failed = [...done].filter(([, isWell]) => !isWell).map(([command]) => command);
    console.log(
      failed.length === 0
        ? `All ${String(done.size)} commands that can be run here ended well.`
        : `Failed: ${failed.join("; ")}`,
    );
    return failed.length === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
