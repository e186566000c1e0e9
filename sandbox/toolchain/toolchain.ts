import { existsSync, rmSync } from "node:fs";
import { decide, readDecisions } from "../decisions";
import { type SandboxFolder, createCache } from "../folder";
import { runCommand } from "../processes/command";
import { type Progress } from "../terminal/progress";
import { withLock } from "../processes/lock";
import { controlPlane } from "./control-plane";
import { goEnvironment, goFolder } from "./go";
import { buildLock } from "./go-module";
import { helm } from "./helm";
import { kwok } from "./kwok";
import { findOnPath } from "./path-tool";
import { pulumiCli } from "./pulumi-cli";
import { type FoundTool, type Tool, provideTool } from "./tool";

/** Provides tools, printing where each came from the first time a sandbox uses it. */
export class Toolchain {
  constructor(
    private readonly folder: SandboxFolder,
    private readonly progress: Progress,
    /** The folder of built and downloaded binaries. */
    readonly cache: string,
    private readonly offline: boolean,
  ) {}

  /** The control plane's binary. */
  controlPlane(): Promise<FoundTool> {
    return this.provide(controlPlane);
  }

  /** The simulator of the nodes. */
  kwok(): Promise<FoundTool> {
    return this.provide(kwok);
  }

  /** Helm, for the stand-in of the Kubernetes provider. */
  helm(): Promise<FoundTool> {
    return this.provide(helm);
  }

  /** The Pulumi CLI. */
  pulumi(): Promise<FoundTool> {
    return this.provide(pulumiCli());
  }

  /**
   * Removes Go's module and build caches once everything is built: they hold 20 times the size of what came
   * of them, a CI cache would carry them along, and a version bump needs other modules anyway.
   */
  async dropBuildCaches(): Promise<void> {
    const go = goFolder(this.cache);
    if (!existsSync(go) || !this.isComplete() || findOnPath("go") === undefined) {
      return;
    }
    await withLock(buildLock(this.cache), () =>
      this.progress.step("Removing the caches of the builds", async () => {
        // The module cache is read-only, which Go itself knows to undo.
        await runCommand("go", ["clean", "-modcache"], { env: goEnvironment(this.cache) });
        rmSync(go, { recursive: true, force: true });
      }),
    );
  }

  /** Whether no tool is left that might be built. */
  private isComplete(): boolean {
    const { tools = {}, plugins } = readDecisions(this.folder.decisions);
    // The official provider has Helm inside.
    const needed = [controlPlane, kwok, pulumiCli(), ...(plugins === "official" ? [] : [helm])];
    return needed.every(({ name }) => tools[name] !== undefined);
  }

  private async provide(tool: Tool): Promise<FoundTool> {
    createCache(this.cache);
    const found = await provideTool(tool, {
      cache: this.cache,
      logs: this.folder.logs,
      progress: this.progress,
      offline: this.offline,
    });
    const known = readDecisions(this.folder.decisions).tools ?? {};
    const words = `${tool.version}, ${found.origin}`;
    if (known[tool.name] !== words) {
      this.progress.note(`  ${tool.name} ${words}`);
      decide(this.folder.decisions, { tools: { ...known, [tool.name]: words } });
    }
    return found;
  }
}
