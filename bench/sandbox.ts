import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { Ledger } from "../sandbox/processes/ledger";
import { openSandbox } from "../sandbox/sandbox";
import { defaultStack } from "../sandbox/stack/project";
import { measureProgramStart } from "./program-start";
import { budgetTable, median } from "./table";

const root = join(__dirname, "..");
const megabyte = 1e6;

/**
 * `npm run bench -- sandbox`: how long the sandbox takes, with built binaries and installed
 * dependencies, and how much memory it holds. It uses a folder of its own.
 */
export async function run(): Promise<void> {
  const dir = join(root, ".sandbox-bench");
  const sandbox = openSandbox({ dir });
  await sandbox.reset();
  try {
    const first = await timed(() => start(dir));
    const second = await timed(() => start(dir));
    const memory = residentBytes(new Ledger(sandbox.folder.processes));
    const { env } = await sandbox.cli();
    const program = await medianStart(root, env);
    const empty = await medianStart(emptyProgram(join(dir, "empty")), env);
    console.log(`\nNode ${process.version}, ${String(cpus().length)} processors.\n`);
    console.log(
      budgetTable([
        { what: "npm start, no cluster", value: first, budget: 60, unit: "s" },
        { what: "npm start again, no changes", value: second, budget: 15, unit: "s" },
        { what: "program start, median of 5", value: program.seconds, budget: 0.6, unit: "s" },
        { what: "program memory", value: program.bytes / megabyte, budget: 160, unit: "MB" },
        { what: "sandbox, resident", value: memory / megabyte, budget: 1500, unit: "MB" },
      ]),
    );
    console.log(
      `\nA program of one resource, in the same run: ${empty.seconds.toFixed(2)} s, ` +
        `${(empty.bytes / megabyte).toFixed(0)} MB; ours takes ` +
        `${(program.seconds / empty.seconds).toFixed(2)} and ${(program.bytes / empty.bytes).toFixed(2)} times that.`,
    );
  } finally {
    await sandbox.reset();
  }
}

/** The middle of five starts. */
async function medianStart(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ seconds: number; bytes: number }> {
  const starts = [];
  for (let index = 0; index < 5; index += 1) {
    starts.push(await measureProgramStart(defaultStack, env, folder));
  }
  return {
    seconds: median(starts.map(({ seconds }) => seconds)),
    bytes: median(starts.map(({ bytes }) => bytes ?? Number.NaN)),
  };
}

/** A program that does as good as nothing: what the SDK itself takes on this machine. */
function emptyProgram(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "main": "main.js" }\n');
  writeFileSync(
    join(folder, "main.js"),
    'const { ComponentResource } = require("@pulumi/pulumi");\nnew ComponentResource("bench:index:Nothing", "nothing");\n',
  );
  return folder;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function start(dir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["start"], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, SLIPWAY_SANDBOX: dir },
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`npm start ended with ${String(code)}.`));
      }
    });
  });
}

function residentBytes(ledger: Ledger): number {
  return ledger
    .running()
    .map(({ pid }) => {
      const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
      return Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}
