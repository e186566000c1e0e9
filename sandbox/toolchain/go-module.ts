import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { withLock } from "../processes/lock";
import { runLogged } from "../processes/logged";
import { Failure } from "../terminal/failure";
import { checkGo, goEnvironment } from "./go";
import { type FoundTool, type MissingTool, type SourceContext, type ToolSource } from "./tool";

/** A binary that is built from Go modules at the versions of a go.mod and the hashes of a go.sum of ours. */
export interface GoModule {
  /** The name of the binary. */
  readonly name: string;
  /** Its version, which names its folder in the cache. */
  readonly version: string;
  /** The folder with go.mod and go.sum, absolute. */
  readonly folder: string;
  /** The package to build. */
  readonly package: string;
  /** Variables to set at link time, by their full name. @default {} */
  readonly variables?: Readonly<Record<string, string>>;
  /** How long the build takes on two idle cores, in words. */
  readonly duration: string;
}

/** The source that builds a Go module once and keeps the binary in the cache. */
export function goModule(module: GoModule): ToolSource {
  return {
    name: "Go module",
    look: (context) => {
      const found = builtTool(module, context.cache);
      return Promise.resolve(existsSync(found.path) ? found : { missing: "not built yet" });
    },
    get: (context) => build(module, context),
  };
}

/** The folder of a module's binary in the cache: its version and a digest of what decides the build. */
export function buildFolder(cache: string, module: GoModule): string {
  const digest = createHash("sha256").update(JSON.stringify([module.package, linkFlags(module)]));
  for (const file of readdirSync(module.folder).sort()) {
    digest.update(file).update(readFileSync(join(module.folder, file)));
  }
  return join(cache, `${module.name}-${module.version}-${digest.digest("hex").slice(0, 8)}`);
}

async function build(module: GoModule, context: SourceContext): Promise<FoundTool | MissingTool> {
  const folder = buildFolder(context.cache, module);
  const found = builtTool(module, context.cache);
  const unusable = await checkGo(module.folder, context.cache);
  if (unusable !== undefined) {
    return { missing: unusable };
  }
  const title = `Building ${module.name} ${module.version} from Go modules (${module.duration})`;
  await context.progress.step(title, (detail) =>
    withLock(
      buildLock(context.cache),
      async () => {
        detail("");
        if (!existsSync(found.path)) {
          await compile(module, folder, context);
        }
      },
      (holder) => detail(`waiting for ${holder}, which builds it`),
    ),
  );
  return found;
}

function builtTool(module: GoModule, cache: string): FoundTool {
  return {
    path: join(buildFolder(cache, module), module.name),
    origin: "built from its Go module",
  };
}

async function compile(module: GoModule, folder: string, context: SourceContext): Promise<void> {
  removeLeftovers(folder);
  const beside = `${folder}.building-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  mkdirSync(context.logs, { recursive: true });
  const log = join(context.logs, `build-${module.name}.log`);
  const args = [
    ...["build", "-mod=readonly", "-trimpath", `-ldflags=${linkFlags(module)}`],
    ...[`-o=${join(beside, module.name)}`, module.package],
  ];
  const code = await runLogged("go", args, {
    log,
    cwd: module.folder,
    env: goEnvironment(context.cache),
  });
  if (code !== 0) {
    rmSync(beside, { recursive: true, force: true });
    throw buildFailure(module, log);
  }
  renameSync(beside, folder);
}

/** One lock for all builds: they share Go's caches, and each of them uses every core anyway. */
export function buildLock(cache: string): string {
  return join(cache, "build.lock");
}

/** Half-built folders of builds that were killed; nobody else builds while the lock is held. */
function removeLeftovers(folder: string): void {
  const prefix = `${basename(folder)}.building-`;
  for (const name of readdirSync(dirname(folder)).filter((entry) => entry.startsWith(prefix))) {
    rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

function linkFlags(module: GoModule): string {
  const variables = Object.entries(module.variables ?? {});
  return ["-s -w", ...variables.map(([name, value]) => `-X ${name}=${value}`)].join(" ");
}

/** Why a build failed, from the end of its log. */
export function buildFailure(module: Pick<GoModule, "name" | "version">, log: string): Failure {
  const text = readFileSync(log, "utf8");
  const title = `Building ${module.name} ${module.version} failed`;
  if (/no space left on device/i.test(text)) {
    return new Failure(
      `${title}: the disk is full.`,
      "Free 10 GB, then run the same command again.",
    );
  }
  if (/dial tcp|no such host|i\/o timeout|proxyconnect|connection refused/i.test(text)) {
    return new Failure(
      `${title}: the Go module proxy could not be reached (log: ${log}).`,
      "Check GOPROXY and HTTPS_PROXY (go env GOPROXY), then run the same command again.",
    );
  }
  const last = text.trimEnd().split("\n").at(-1) ?? "";
  return new Failure(`${title}: ${last}`, `Read ${log}, then run the same command again.`);
}
