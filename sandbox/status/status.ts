import { existsSync } from "node:fs";
import { inWords } from "../cluster/choice";
import { readDecisions } from "../decisions";
import { type SandboxFolder, withNested } from "../folder";
import { Ledger } from "../processes/ledger";
import { processMemory } from "../processes/process-identity";
import { realAndSimulated } from "./simulation";

/** What `status` prints: processes, tools, and what is real and what is simulated. */
export function describeStatus(folder: SandboxFolder, cache: string): string {
  if (!existsSync(folder.decisions)) {
    return `There is no sandbox in ${folder.root}.\n  → Start one: npm start, or npm run sandbox -- up`;
  }
  const decisions = readDecisions(folder.decisions);
  const tools = Object.entries(decisions.tools ?? {});
  return [
    `Sandbox      ${folder.root}`,
    `Cluster      ${decisions.cluster === undefined ? "not chosen yet" : inWords(decisions.cluster)}`,
    `Kubeconfig   ${folder.kubeconfig}`,
    `Binaries     ${cache}`,
    "",
    ...processTable(folder),
    "",
    "Tools",
    ...columns(tools),
    "",
    "Real and simulated",
    ...columns(realAndSimulated(decisions).map(({ part, state }) => [part, state])),
  ].join("\n");
}

function processTable(folder: SandboxFolder): readonly string[] {
  const running = withNested(folder).flatMap(({ processes }) => new Ledger(processes).running());
  if (running.length === 0) {
    return ["Processes    none of the sandbox's own run; npm run sandbox -- up starts its cluster"];
  }
  const memory = running.map(({ pid }) => processMemory(pid));
  const total = memory.reduce((sum, bytes) => sum + bytes, 0);
  return [
    `Processes    ${running.length}, ${mebibytes(total)} resident`,
    ...columns(
      running.map(({ name, pid, log }, index) => [
        name,
        `pid ${String(pid).padEnd(8)} ${mebibytes(memory[index] ?? 0).padStart(8)}   ${log}`,
      ]),
    ),
  ];
}

/** Rows of two cells, the first padded to the widest. */
function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}   ${second}`.trimEnd());
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
