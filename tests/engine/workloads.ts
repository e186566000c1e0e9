import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { WorkloadArgs } from "../../components/apps/workload/workload-args";
import { engine, execute, type Run } from "./support";

/** What of a workload's arguments is left out of each of its kinds. */
type Without<Kinds, Fields extends PropertyKey> = Kinds extends unknown
  ? Omit<Kinds, Fields>
  : never;

/** A workload of the test program, as data. */
export interface Declared {
  /** The component's name. */
  readonly name: string;
  /**
   * The name it had before.
   * @default - it had no other
   */
  readonly alias?: string;
  /**
   * Whether the simulated nodes fail its migration.
   * @default false
   */
  readonly migrationFails?: boolean;
  /** Its arguments. */
  readonly args: Without<WorkloadArgs, "namespace" | "transform" | "retention">;
}

const source = join(__dirname, "programs", "workloads");

/** A program of workloads, with a stack and a namespace of its own, that a test changes from run to run. */
export class WorkloadProgram {
  private readonly folder: string;

  constructor(readonly namespace: string) {
    this.folder = join(engine.folder.root, "programs", namespace);
  }

  /** Makes the stack. */
  async prepare(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    cpSync(join(source, "Pulumi.yaml"), join(this.folder, "Pulumi.yaml"));
    cpSync(join(source, "package.json"), join(this.folder, "package.json"));
    buildSync({
      entryPoints: [join(source, "index.ts")],
      outfile: join(this.folder, "index.js"),
      bundle: true,
      packages: "external",
      platform: "node",
      target: "node20",
    });
    const { code, text } = await this.run(["stack", "select", "--create", this.namespace]);
    if (code !== 0) {
      throw new Error(text);
    }
  }

  /** Brings the stack to these workloads. */
  up(workloads: readonly Declared[], ...options: readonly string[]): Promise<Run> {
    writeFileSync(
      join(this.folder, "workloads.json"),
      JSON.stringify({ namespace: this.namespace, workloads }),
    );
    return this.run(["up", "--yes", "--skip-preview", "--stack", this.namespace, ...options]);
  }

  /** Removes all of it. */
  destroy(): Promise<Run> {
    return this.run(["destroy", "--yes", "--skip-preview", "--stack", this.namespace]);
  }

  private async run(command: readonly string[]): Promise<Run> {
    const cli = await engine.cli();
    return execute(cli.path, [...command, "--non-interactive"], this.folder, cli.env);
  }
}
