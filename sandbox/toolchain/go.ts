import { join } from "node:path";
import { runCommand } from "../processes/command";
import { Failure } from "../terminal/failure";

/** The oldest Go that the modules ask for. */
const oldestGo = [1, 26] as const;

/**
 * The environment of a build. Go's own caches are inside ours, so that nothing else on the machine is
 * written; proxies and GOFLAGS are the user's. Without cgo no C compiler is needed.
 */
export function goEnvironment(cache: string): Readonly<Record<string, string>> {
  const go = goFolder(cache);
  return {
    GOPATH: join(go, "path"),
    GOMODCACHE: join(go, "mod"),
    GOCACHE: join(go, "build"),
    GOWORK: "off",
    CGO_ENABLED: "0",
  };
}

/** Go's module and build caches. */
export function goFolder(cache: string): string {
  return join(cache, "go");
}

/**
 * Why Go cannot be used; undefined when it can. Asked in the module's folder, because Go 1.21 and newer
 * fetch the version that a go.mod asks for by themselves.
 */
export async function checkGo(folder: string, cache: string): Promise<string | undefined> {
  const wanted = `Go ≥ ${oldestGo.join(".")}`;
  try {
    const answer = await runCommand("go", ["version"], { cwd: folder, env: goEnvironment(cache) });
    const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(answer.stdout) ?? [];
    if (answer.code !== 0 || major === undefined || minor === undefined) {
      return `${wanted} not found: ${answer.stderr.trim().split("\n")[0] ?? ""}`;
    }
    const isOld =
      Number(major) === oldestGo[0] ? Number(minor) < oldestGo[1] : Number(major) < oldestGo[0];
    return isOld ? `${wanted} not found, only ${major}.${minor}` : undefined;
  } catch (error) {
    if (error instanceof Failure) {
      return `${wanted} not found`;
    }
    throw error;
  }
}
