import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, loadAll } from "js-yaml";
import { DEFAULT_CONFIG } from "../policy/core/config";
import { Judge } from "../policy/core/evaluate";
import { walk } from "../policy/core/walk";
import { RULES } from "../policy/rules";
import { benchDeployment } from "./policy-objects";
import { measurePacks, type PackCost } from "./policy-pack";
import { serviceObjects } from "./service-objects";
import { budgetTable, median, type Budgeted } from "./table";

const ROOT = join(__dirname, "..");
const REPEATS = 5;
const checker = join("sandbox", "bootstrap.mjs");

/** Objects a second of kube-linter 0.7 with its default checks, where it was measured. */
const KUBE_LINTER_RATE = 2562;

/** Measures the checker and the pack against their budgets. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-policy-"));
  try {
    const figures = [evaluation(folder), ...growth(), files(folder), ...(await pack(folder))];
    console.log(budgetTable(figures));
    console.log(`\n${memory(folder)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 1,000 Deployments in memory, every mandatory and advisory rule on, against kube-linter on the same objects. */
function evaluation(folder: string): Budgeted {
  const objects = deployments(1000);
  const seconds = median(times(() => judge(objects)));
  const measured = kubeLinterRate(folder, objects);
  const peer = measured ?? KUBE_LINTER_RATE;
  const source =
    measured === undefined ? "a recorded figure, as it is not on the PATH" : "in this run";
  const rate = objects.length / seconds;
  console.log(
    `evaluate: ${rate.toFixed(0)} objects/s, ${(rate / peer).toFixed(1)} × kube-linter's ${peer.toFixed(0)} (${source})\n`,
  );
  return {
    what: "evaluate 1,000 Deployments",
    value: seconds,
    budget: objects.length / peer,
    unit: "s",
  };
}

/** Objects a second of the kube-linter on the PATH with its default checks, its parsing included. */
function kubeLinterRate(folder: string, objects: readonly object[]): number | undefined {
  const file = join(folder, "kube-linter.yaml");
  writeYaml(file, objects);
  const lint = () => spawnSync("kube-linter", ["lint", file], { stdio: "ignore" });
  return lint().error === undefined ? objects.length / median(times(lint, 3)) : undefined;
}

/** Time per object from 5,000 to 20,000 objects, which rises only when a rule compares all with all. */
function growth(): Budgeted[] {
  const perObject = (count: number): number => {
    const objects = deployments(count);
    return median(times(() => judge(objects), 3)) / count;
  };
  const small = perObject(5000);
  const ratio = perObject(20_000) / small;
  return [{ what: "time per object, 20,000 against 5,000", value: ratio, budget: 1.5, unit: "×" }];
}

/** `policy check` of 4,000 objects from a file, against js-yaml alone in a process of its own. */
function files(folder: string): Budgeted {
  const file = join(folder, "objects.yaml");
  writeYaml(file, deployments(4000));
  const parse = `require(${JSON.stringify(require.resolve("js-yaml"))}).loadAll(require("node:fs").readFileSync(process.argv[1], "utf8"))`;
  const command = (args: readonly string[]): number =>
    median(
      times(
        () =>
          void spawnSync(process.execPath, args, {
            cwd: ROOT,
            stdio: ["ignore", "ignore", "inherit"],
          }),
        3,
      ),
    );
  const alone = command(["-e", parse, file]);
  const check = command([checker, "policy/cli.ts", "check", file, "--format", "json"]);
  console.log(
    `js-yaml alone: ${alone.toFixed(2)} s; ${loadAll(readFileSync(file, "utf8")).length} objects\n`,
  );
  return {
    what: "policy check of 4,000 objects from a file",
    value: check / alone,
    budget: 3,
    unit: "× js-yaml",
  };
}

/** The pack with and without its rules: what is left is ours, the rest is Node, gRPC and the SDK. */
async function pack(folder: string): Promise<Budgeted[]> {
  spawnSync(process.execPath, [join("sandbox", "bootstrap.mjs"), "--prepare"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  const packs = [emptyPack(folder), join(ROOT, "policy")];
  const heavy = deployments(2000).map((inputs, index) => ({
    type: "kubernetes:apps/v1:Deployment",
    name: `web-${String(index)}`,
    inputs,
  }));
  const [withoutHeavy, ofHeavy] = await measurePacks(packs, heavy);
  const [without, ofServices] = await measurePacks(packs, await serviceObjects(300));
  if (!withoutHeavy || !ofHeavy || !without || !ofServices) {
    throw new Error("Not every pack was measured.");
  }
  console.log(
    `a pack without rules: ${without.startSeconds.toFixed(2)} s to start, ` +
      `${without.resourceMilliseconds.toFixed(2)} ms a resource of a service, ` +
      `${withoutHeavy.resourceMilliseconds.toFixed(2)} ms a Deployment of three containers\n`,
  );
  const added = (ours: PackCost, empty: PackCost): Pick<Budgeted, "value" | "budget" | "unit"> => ({
    value: ours.resourceMilliseconds - empty.resourceMilliseconds,
    budget: 0.3,
    unit: "ms",
  });
  return [
    { what: "start of the policy pack", value: ofServices.startSeconds, budget: 0.7, unit: "s" },
    { what: "the pack's rules, a resource of a service", ...added(ofServices, without) },
    {
      what: "the pack's rules, a Deployment of three containers",
      ...added(ofHeavy, withoutHeavy),
    },
  ];
}

/** The peak of `policy check`, in a process of its own. */
function memory(folder: string): string {
  const hook = join(folder, "memory.cjs");
  const usage = `process.stderr.write(String(process.resourceUsage().maxRSS))`;
  writeFileSync(hook, `process.on("exit", () => ${usage});`);
  const peaks = [1000, 20_000].map((count) => {
    const file = join(folder, "objects.yaml");
    writeYaml(file, deployments(count));
    const args = ["--require", hook, checker, "policy/cli.ts", "check", file, "--format", "json"];
    const { stderr } = spawnSync(process.execPath, args, {
      cwd: ROOT,
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    const megabytes = Number(/\d+$/.exec(stderr)?.[0]) / 1024;
    return `${megabytes.toFixed(0)} MB for ${count.toLocaleString("en")} objects (a file of ${(statSync(file).size / 2 ** 20).toFixed(0)} MB)`;
  });
  return `Peak memory of policy check: ${peaks.join(", ")}`;
}

function emptyPack(folder: string): string {
  const sdk = JSON.stringify(require.resolve("@pulumi/policy"));
  const policy = `{ name: "none", description: "None.", enforcementLevel: "mandatory", validateResource: () => undefined }`;
  const program = `new (require(${sdk}).PolicyPack)("empty", { policies: [${policy}] });`;
  writeFileSync(join(folder, "index.js"), program);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", version: "0.1.0" }));
  return folder;
}

function judge(objects: readonly Record<string, unknown>[]): number {
  const views = objects.flatMap((object) => walk(object));
  return new Judge(RULES, DEFAULT_CONFIG).judge(views).length;
}

function times(work: () => void, repeats = REPEATS): number[] {
  work();
  return Array.from({ length: repeats }, () => {
    const started = performance.now();
    work();
    return (performance.now() - started) / 1000;
  });
}

function deployments(count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => benchDeployment(index));
}

function writeYaml(file: string, objects: readonly object[]): void {
  writeFileSync(file, objects.map((object) => dump(object)).join("---\n"));
}
