import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { cacheFolder, sandboxFolder } from "../../sandbox/folder";
import { silentProgress } from "../../sandbox/terminal/progress";
import { Toolchain } from "../../sandbox/toolchain/toolchain";
import type { Properties, Recorded } from "./mocks";

const runFile = promisify(execFile);

/** The charts to render: a folder of real ones where one is named, else the stand-ins. */
const chartFolder = resolve(
  process.env.SLIPWAY_CHARTS ?? join(__dirname, "..", "..", "sandbox", "charts"),
);

/** An object of a chart. */
export interface RenderedObject extends Properties {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What a chart renders with the values that a stack sets. */
export interface RenderedChart {
  /** The chart's name. */
  readonly chart: string;
  /** Its objects as the stack applies them: each went through the transforms. */
  readonly objects: readonly RenderedObject[];
  /** Its hooks, which are not applied. */
  readonly hooks: readonly RenderedObject[];
  /** The values that the stack sets. */
  readonly values: unknown;
  /** The chart's own values file. */
  readonly ownValues: string;
}

/** Renders every chart that a stack installs. */
export async function renderCharts(recorded: Recorded): Promise<readonly RenderedChart[]> {
  const toolchain = new Toolchain(sandboxFolder(), silentProgress, cacheFolder(), true);
  const { path: helm } = await toolchain.helm();
  return Promise.all(
    recorded.all("kubernetes:helm.sh/v4:Chart").map(async ({ inputs, transform }) => {
      const { name, version, namespace, values } = inputs;
      const chart = String(name);
      const archive = join(chartFolder, `${chart}-${String(version)}.tgz`);
      const source = existsSync(archive) ? archive : join(chartFolder, chart);
      const child = runFile(
        helm,
        [
          ...["template", chart, source, "--skip-tests"],
          ...["--namespace", String(namespace), "--include-crds"],
          ...["--kube-version", "1.36.0", "--values", "-"],
        ],
        { maxBuffer: 2 ** 28 },
      );
      child.child.stdin?.end(JSON.stringify(values));
      const { stdout: ownValues } = await runFile(helm, ["show", "values", source], {
        maxBuffer: 2 ** 28,
      });
      const rendered = parseAllDocuments((await child).stdout, { merge: true })
        .map((document) => document.toJS() as RenderedObject | null)
        .filter((object) => object !== null);
      const isHook = ({ metadata }: RenderedObject): boolean =>
        metadata.annotations?.["helm.sh/hook"] !== undefined;
      const objects = rendered.filter((object) => !isHook(object));
      return {
        chart,
        values,
        ownValues,
        hooks: rendered.filter(isHook),
        objects: await Promise.all(
          objects.map(async (object) => {
            const { props } = await transform(object.kind, object.metadata.name, object);
            return props as RenderedObject;
          }),
        ),
      };
    }),
  );
}
