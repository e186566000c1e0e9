import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process started, as an opaque text; undefined when there is no such process (or only its
 * unreaped remains). Together with the pid it names one process: a pid alone is given again.
 */
export function processStart(pid: number): string | undefined {
  return process.platform === "linux" ? linuxStart(pid) : psField(pid, "lstart=");
}

/** Resident memory of a process in bytes, 0 when it has ended. */
export function processMemory(pid: number): number {
  if (process.platform === "linux") {
    const status = readProc(`/proc/${pid}/status`) ?? "";
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  }
  return Number(psField(pid, "rss=") ?? 0) * 1024;
}

function linuxStart(pid: number): string | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) {
    return undefined;
  }
  // The command may hold spaces and brackets; fields are counted after its last bracket (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const ticksSinceBoot = fields[19];
  const boot = readProc("/proc/sys/kernel/random/boot_id")?.trim();
  return state === "Z" || state === "X" ? undefined : `${boot ?? ""}/${ticksSinceBoot ?? ""}`;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function psField(pid: number, field: string): string | undefined {
  try {
    const text = execFileSync("ps", ["-o", field, "-p", String(pid)], { encoding: "utf8" }).trim();
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}
