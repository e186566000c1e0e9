import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { writeLargeStack } from "./large-stack";
import { openPage } from "./page";
import { budgetTable, median } from "./table";

const root = join(__dirname, "..");
const services = 500;

/**
 * `npm run bench -- review`: how long a review of 500 services with 2,000 changes takes, what it holds, and how fast its
 * page opens.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  const [base, head, out] = [join(folder, "base"), join(folder, "head"), join(folder, "out")];
  try {
    writeLargeStack(base, services, 1);
    writeLargeStack(head, services, 2);
    const args = ["review/cli.ts", "--base", base, "--head", head, "--out", out];
    await review(args);
    const runs = [await review(args), await review(args), await review(args)];
    const page = join(out, "review.html");
    const opening = openPage(page);
    const blank = join(folder, "blank.html");
    writeFileSync(blank, '<meta http-equiv="Content-Security-Policy" content=""><p>Nothing.</p>');
    const empty = opening === undefined ? undefined : openPage(blank);
    console.log(`\nNode ${process.version}, ${String(cpus().length)} processors.\n`);
    console.log(
      budgetTable([
        {
          what: "review, median of 3",
          value: median(runs.map(({ seconds }) => seconds)),
          budget: 3,
          unit: "s",
        },
        {
          what: "review, memory",
          value: Math.max(...runs.map(({ megabytes }) => megabytes)),
          budget: 400,
          unit: "MB",
        },
        {
          what: "page, size",
          value: statSync(page).size / 1e6,
          budget: 5,
          unit: "MB",
        },
        ...(opening === undefined
          ? []
          : [
              { what: "page, first paint", value: opening.firstPaint, budget: 1, unit: "s" },
              { what: "page, loaded", value: opening.loaded, budget: 2, unit: "s" },
            ]),
      ]),
    );
    console.log(
      opening === undefined
        ? "\nThere is no Chromium on the PATH, so it was not measured how fast the page opens."
        : `\nBeside it, an empty page: first paint ${empty?.firstPaint.toFixed(2) ?? "?"} s, loaded ${empty?.loaded.toFixed(2) ?? "?"} s.`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reviews once, in a process of its own, the way the npm script does. */
function review(
  args: readonly string[],
): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    let megabytes = 0;
    const child = spawn(process.execPath, ["sandbox/bootstrap.mjs", ...args], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const look = setInterval(() => {
      megabytes = Math.max(megabytes, peakMegabytes(child.pid));
    }, 20);
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(look);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code === 0 || code === 1 || code === 2) {
        resolve({ seconds, megabytes });
      } else {
        reject(new Error(`The review ended with ${String(code)}.`));
      }
    });
  });
}

/** The most memory a process has held so far; 0 where the system does not tell. */
function peakMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    return Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(status)?.[1] ?? 0) / 1e3;
  } catch {
    return 0;
  }
}
