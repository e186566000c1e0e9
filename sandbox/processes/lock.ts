import { mkdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJson, writeJson } from "../json-file";
import { errorCode } from "../terminal/failure";
import { processStart } from "./process-identity";

/** A lock without a sign of life for this long, in milliseconds, belongs to nobody any more. */
const stale = 30_000;

/** Runs a piece of work while no other process holds the lock; takes over the lock of a dead process. */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (holder: string) => void = () => undefined,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) {
    const owner = readOwner(path);
    if (isAbandoned(path, owner)) {
      takeAway(path, owner);
    } else {
      onWait(owner === undefined ? "another process" : `process ${owner.pid}`);
      await sleep(250);
    }
  }
  const alive = setInterval(() => touch(path), stale / 6);
  alive.unref();
  const release = (): void => rmSync(path, { recursive: true, force: true });
  // An interrupted process leaves by process.exit, past every finally.
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    process.removeListener("exit", release);
    release();
  }
}

interface Owner {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
}

function take(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") {
      return false;
    }
    throw error;
  }
  const owner = { pid: process.pid, started: processStart(process.pid) ?? "", host: hostname() };
  writeJson(join(path, "owner.json"), owner);
  return true;
}

/** Whether the holder is gone: a dead process of this machine, or, wherever it ran, no sign of life. */
function isAbandoned(path: string, owner: Owner | undefined): boolean {
  const silent = (lastSign(path) ?? Date.now()) < Date.now() - stale;
  const dead = owner?.host === hostname() && processStart(owner.pid) !== owner.started;
  return silent || dead;
}

/** Moves an abandoned lock away in one step, and puts it back when another process was quicker and holds it now. */
function takeAway(path: string, owner: Owner | undefined): void {
  const aside = `${path}.${process.pid}.abandoned`;
  try {
    renameSync(path, aside);
    if (JSON.stringify(readOwner(aside)) !== JSON.stringify(owner)) {
      renameSync(aside, path);
      return;
    }
  } catch {
    // Somebody else moved it first.
  }
  rmSync(aside, { recursive: true, force: true });
}

function readOwner(path: string): Owner | undefined {
  return readJson(join(path, "owner.json")) as Owner | undefined;
}

function lastSign(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Another process found the lock silent, for example after this machine slept, and took it over.
  }
}
