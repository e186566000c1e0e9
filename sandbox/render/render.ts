import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type SandboxFolder, checkout, createFolder, sandboxFolder } from "../folder";
import { runCommand } from "../processes/command";
import { endProcesses } from "../processes/end";
import { beforeLeaving } from "../processes/interruption";
import { withLock } from "../processes/lock";
import { type Sandbox, type SandboxCli, openSandbox } from "../sandbox";
import { chartMirror } from "../stack/chart-source";
import { prepareStack } from "../stack/scratch";
import { type StackFacts } from "../stack/stack-file";
import { Failure } from "../terminal/failure";
import { type Progress } from "../terminal/progress";
import { type Rendering, renderObjects } from "./objects";
import { checkOutput, writeOutput } from "./output";
import { type PreviewOutput, plannedOutputs, plannedResources } from "./plan";
import { importOutputs } from "./platform-outputs";
import { placeholderTag, planFolder, previewStack } from "./preview";
import { checkStackFile, readStackFile } from "./stack-file";

/** What is rendered, and where to. */
export interface RenderOptions {
  /** The stack's name, as in Pulumi.<stack>.yaml. */
  readonly stack: string;
  /** The folder that gets the files. */
  readonly out: string;
  /** A folder that serves the charts. @default - their repositories, or the stand-ins where those cannot be reached */
  readonly charts?: string;
  /** Tags or digests of the applications' images, as SLIPWAY_IMAGES has them. @default - a placeholder for each */
  readonly images?: string;
  /** Whether to take the stand-ins (plugins, charts) without trying the official sources. @default false */
  readonly offline?: boolean;
  /** The folder of its own API server and tools. @default - `render` in the sandbox's folder */
  readonly folder?: string;
  /** Where progress goes. */
  readonly progress: Progress;
}

/**
 * Writes every Kubernetes object of a stack, from a preview of the program on an empty stack. A stack of
 * applications gets what its platform stack hands out by that stack's own file, previewed before. The preview
 * has an API server of its own beside the sandbox's: what runs in the sandbox neither shows in the output
 * nor notices.
 * @throws Failure before anything is started when a stack file has a mistake.
 */
export async function render(options: RenderOptions): Promise<Rendering> {
  const { stack, progress } = options;
  const out = resolve(options.out);
  const { simulated, platformStack } = readStackFile(stack);
  for (const name of platformStack === undefined ? [stack] : [platformStack, stack]) {
    await checkStackFile(name);
  }
  checkOutput(out);
  const charts = options.charts === undefined ? undefined : chartFolder(options.charts);
  const dir = options.folder ?? join(sandboxFolder().root, "render");
  const sandbox = openSandbox({ dir, progress, offline: options.offline ?? false });
  return withLock(`${dir}.lock`, async () => {
    const cli = await sandbox.cli();
    await forgetLastRun(sandbox.folder);
    const release = beforeLeaving(() => endProcesses(sandbox.folder));
    try {
      await sandbox.up({ cluster: "embedded" });
      const preview = (name: string, facts: Pick<StackFacts, "simulated" | "platformStack">) =>
        previewIn(sandbox, cli, { ...options, ...(charts && { charts }), stack: name }, facts);
      if (platformStack !== undefined) {
        const platform = await preview(platformStack, readStackFile(platformStack));
        await importOutputs(
          { folder: sandbox.folder, cli, stack: platformStack },
          plannedOutputs(platform),
        );
      }
      const output = await preview(stack, {
        simulated,
        ...(platformStack === undefined ? {} : { platformStack }),
      });
      const rendering = renderObjects(plannedResources(output));
      writeOutput(out, rendering.objects);
      return rendering;
    } finally {
      release();
      await forgetLastRun(sandbox.folder);
    }
  });
}

/** State and objects of an earlier run would make this run's preview one of changes; a killed one left processes. */
async function forgetLastRun(folder: SandboxFolder): Promise<void> {
  await endProcesses(folder);
  for (const path of [folder.state, folder.stacks, folder.etcd, planFolder(folder)]) {
    rmSync(path, { recursive: true, force: true });
  }
  createFolder(folder);
}

async function previewIn(
  sandbox: Sandbox,
  cli: SandboxCli,
  options: RenderOptions,
  facts: Pick<StackFacts, "simulated" | "platformStack">,
): Promise<PreviewOutput> {
  const { stack, progress } = options;
  const configFile = await prepareStackFile(sandbox, cli, options, facts);
  return progress.step(`Previewing stack ${stack}`, () =>
    previewStack({
      folder: sandbox.folder,
      cli,
      stack,
      configFile,
      images: options.images ?? `*=${placeholderTag}`,
    }),
  );
}

async function prepareStackFile(
  sandbox: Sandbox,
  cli: SandboxCli,
  { stack, charts, offline, progress }: RenderOptions,
  own: Pick<StackFacts, "simulated" | "platformStack">,
): Promise<string> {
  const { folder } = sandbox;
  const mirror = charts ?? (await chartMirror(folder, progress, offline ?? false));
  const { context, uid } = await sandbox.identify();
  const facts = {
    context,
    identity: uid,
    ...own,
    ...(mirror === undefined ? {} : { chartMirror: mirror }),
  };
  return prepareStack(folder, stack, facts, (args) =>
    runCommand(cli.path, [...args, "--non-interactive"], { env: cli.env, cwd: checkout }),
  );
}

function chartFolder(charts: string): string {
  const folder = resolve(charts);
  if (!existsSync(folder)) {
    throw new Failure(
      `The folder of charts ${folder} does not exist.`,
      "Name a folder that holds each chart as <name>-<version>.tgz or as a folder <name>.",
    );
  }
  return folder;
}
