import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { readDecisions } from "../sandbox/decisions";
import { openSandbox, type SandboxCli } from "../sandbox/sandbox";
import { serviceObjects, type ServiceObject } from "./service-objects";
import { budgetTable, median, type Budgeted } from "./table";

const root = join(__dirname, "..");

/** How often each program is previewed in a round. */
const previews = 3;

/** Up to so many services a round is short enough to be run three times. */
const fewServices = 20;

/** What one program takes for so many services. */
interface Measured {
  /** Until everything serves, in seconds. */
  readonly up: number;
  /** A preview without changes, the median, in seconds. */
  readonly preview: number;
  /** The most memory of all processes of such a preview, in MB. */
  readonly memory: number;
  /** Until nothing is left, in seconds. */
  readonly destroy: number;
}

/**
 * `npm run bench -- services [10 50 100]`: Slipway's services against a plain Pulumi program of the same
 * objects, with the same plugins, on the same API server, in turns. Both run as Pulumi's defaults have it.
 */
export async function run(args: readonly string[]): Promise<void> {
  const counts = args.length === 0 ? [10, 50, 100] : args.map(Number);
  const sandbox = openSandbox({ dir: join(root, ".sandbox-bench") });
  await sandbox.reset();
  try {
    await sandbox.up();
    const cli = await sandbox.cli();
    const { plugins } = readDecisions(sandbox.folder.decisions);
    const { context, uid: identity } = await sandbox.identify();
    const programs = join(sandbox.folder.root, "programs");
    cpSync(join(__dirname, "programs"), programs, { recursive: true });
    completeSlipway(join(programs, "slipway"));
    const results: [services: number, plain: Measured, slipway: Measured][] = [];
    for (const services of counts) {
      const objects = JSON.stringify(plainObjects(await serviceObjects(services)));
      writeFileSync(join(programs, "plain", "objects.json"), objects);
      const facts = JSON.stringify({ services, context, identity });
      writeFileSync(join(programs, "slipway", "facts.json"), facts);
      const folders = [join(programs, "plain"), join(programs, "slipway")] as const;
      const [plain, slipway] = await measure(cli, folders, services <= fewServices ? 3 : 1);
      results.push([services, plain, slipway]);
      console.log(rawRow(services, plain, slipway));
    }
    const figures = [...results.flatMap((result) => ratios(...result)), ...growth(results)];
    console.log(
      `\nNode ${process.version}, ${String(cpus().length)} processors, plugins: ${plugins ?? "unknown"}.\n\n` +
        budgetTable(figures),
    );
    if (figures.some(({ value, budget }) => value > budget)) {
      process.exitCode = 1;
    }
  } finally {
    await sandbox.reset();
  }
}

/** What the plain program reads: the objects of each service by their kind, and the policies of the namespace. */
function plainObjects(objects: readonly ServiceObject[]): object {
  const services: Record<string, Record<string, object>> = {};
  const policies: object[] = [];
  for (const { inputs } of objects) {
    const { labels } = inputs.metadata as { readonly labels: Readonly<Record<string, string>> };
    const service = labels["app.kubernetes.io/instance"];
    if (service === undefined) {
      policies.push(inputs);
    } else {
      services[service] = { ...services[service], [inputs.kind as string]: inputs };
    }
  }
  return { services, policies };
}

/** The program starts as Slipway does, by the same entry. */
function completeSlipway(folder: string): void {
  for (const entry of ["program.js", "declaration-mistake.js", "lazy-sdk.js", "state.js"]) {
    cpSync(join(root, entry), join(folder, entry));
  }
  for (const watched of ["components", "package-lock.json", "node_modules"]) {
    symlinkSync(join(root, watched), join(folder, watched));
  }
}

/** The middle of some rounds, in which both programs take turns; the one that begins alternates. */
async function measure(
  cli: SandboxCli,
  folders: readonly [plain: string, slipway: string],
  rounds: number,
): Promise<readonly [plain: Measured, slipway: Measured]> {
  const [plain, slipway] = folders.map((folder) => ({
    pulumi: (...args: readonly string[]): Promise<Run> => runPulumi(cli, folder, args),
    ups: [] as Run[],
    previews: [] as Run[],
    destroys: [] as Run[],
  }));
  if (plain === undefined || slipway === undefined) {
    throw new Error("Two programs are measured.");
  }
  for (let round = 0; round < rounds; round += 1) {
    const turns = round % 2 === 0 ? [plain, slipway] : [slipway, plain];
    for (const { pulumi, ups } of turns) {
      await pulumi("stack", "select", "--create", "bench");
      ups.push(await pulumi("up", "--yes", "--skip-preview"));
    }
    for (let index = 0; index < previews; index += 1) {
      for (const { pulumi, previews: seen } of turns) {
        seen.push(await pulumi("preview", "--expect-no-changes"));
      }
    }
    for (const { pulumi, destroys } of turns) {
      destroys.push(await pulumi("destroy", "--yes", "--skip-preview"));
    }
  }
  const seconds = (runs: readonly Run[]): number => median(runs.map((run) => run.seconds));
  const measured = ({ ups, previews: seen, destroys }: typeof plain): Measured => ({
    up: seconds(ups),
    preview: seconds(seen),
    memory: median(seen.map(({ megabytes }) => megabytes)),
    destroy: seconds(destroys),
  });
  return [measured(plain), measured(slipway)];
}

interface Run {
  readonly seconds: number;
  /** The most that all of its processes held at one moment. */
  readonly megabytes: number;
}

function runPulumi(cli: SandboxCli, folder: string, args: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(cli.path, [...args, "--non-interactive"], {
    cwd: folder,
    env: { ...process.env, ...cli.env },
  });
  const printed: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  let megabytes = 0;
  const sampling = setInterval(() => {
    megabytes = Math.max(megabytes, child.pid === undefined ? 0 : residentMegabytes(child.pid));
  }, 100);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(sampling);
      if (code === 0) {
        resolve({ seconds: (performance.now() - started) / 1000, megabytes });
      } else {
        reject(
          new Error(`pulumi ${args.join(" ")} ended with ${String(code)}: ${printed.join("")}`),
        );
      }
    });
  });
}

/** What a process and those that it started hold, by Linux's account; 0 elsewhere. */
function residentMegabytes(of: number): number {
  const processes = new Map<number, { readonly parent: number; readonly kilobytes: number }>();
  for (const entry of listProcesses()) {
    try {
      const status = readFileSync(`/proc/${entry}/status`, "utf8");
      const field = (name: string): number =>
        Number(new RegExp(`^${name}:\\s+([0-9]+)`, "m").exec(status)?.[1] ?? 0);
      processes.set(Number(entry), { parent: field("PPid"), kilobytes: field("VmRSS") });
    } catch {
      // It has ended since it was listed.
    }
  }
  const belongs = (pid: number): boolean => {
    const parent = processes.get(pid)?.parent ?? 0;
    return pid === of || (parent > 1 && belongs(parent));
  };
  const held = [...processes].filter(([pid]) => belongs(pid));
  return held.reduce((sum, [, { kilobytes }]) => sum + kilobytes, 0) / 1000;
}

function listProcesses(): readonly string[] {
  try {
    return readdirSync("/proc").filter((entry) => /^[0-9]+$/.test(entry));
  } catch {
    return [];
  }
}

function rawRow(services: number, plain: Measured, slipway: Measured): string {
  const pair = (figure: keyof Measured, unit: string): string =>
    `${figure} ${plain[figure].toFixed(1)} / ${slipway[figure].toFixed(1)} ${unit}`;
  const figures = [
    pair("preview", "s"),
    pair("memory", "MB"),
    pair("up", "s"),
    pair("destroy", "s"),
  ];
  return `${String(services)} services, plain / Slipway: ${figures.join(", ")}`;
}

function ratios(services: number, plain: Measured, slipway: Measured): readonly Budgeted[] {
  const ratio = (what: string, figure: keyof Measured, budget: number): Budgeted => ({
    what: `${what}, ${String(services)} services, against plain`,
    value: slipway[figure] / plain[figure],
    budget,
    unit: "×",
  });
  return [
    ratio("preview without changes", "preview", 1.15),
    ratio("memory of it", "memory", 1.15),
    ratio("up, until all serve", "up", 0.6),
    ratio("destroy", "destroy", 0.5),
  ];
}

/** From the fewest services to the most, every time grows at most as they do. */
function growth(results: readonly (readonly [number, Measured, Measured])[]): readonly Budgeted[] {
  const [first] = results;
  const last = results.at(-1);
  if (first === undefined || last === undefined || first === last) {
    return [];
  }
  return (["preview", "up", "destroy"] as const).map((figure) => ({
    what: `growth of ${figure}, ${String(first[0])} to ${String(last[0])} services`,
    value: last[2][figure] / first[2][figure],
    budget: last[0] / first[0],
    unit: "×",
  }));
}
