import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ExportedState } from "../../components/apps";
import { withEnvironment } from "./environment";
import { deploy, type MockOptions, type Properties, type Recorded } from "./mocks";

const root = join(__dirname, "..", "..");
const stackFile = /^Pulumi\.(.+)\.yaml$/;

/** Every stack that has a file. */
export const stackNames: readonly string[] = readdirSync(root).flatMap(
  (file) => stackFile.exec(file)?.[1] ?? [],
);

/** A stack's configuration, as its file has it. */
export type StackConfig = Readonly<Record<string, unknown>>;

/** The configuration in a stack's file. */
export function configOf(stack: string): StackConfig {
  const file = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config: StackConfig;
  };
  return file.config;
}

/** What a stack registered and handed out. */
export interface DeployedStack {
  readonly recorded: Recorded;
  readonly outputs: object;
}

export interface DeployOptions extends Pick<MockOptions, "preview"> {
  /** Changes the configuration of the file. @default - it is as in the file */
  readonly change?: (config: StackConfig) => StackConfig;
  /** The stack's own state, as the CLI exports it. @default - it has none */
  readonly exported?: object;
  /** Adds to the state of a resource that was registered or read. @default - nothing */
  readonly state?: (type: string, inputs: Properties) => Properties;
}

/** Runs the program of a stack on mocks, beside what its platform stack hands out. */
export async function deployStack(
  stack: string,
  options: DeployOptions = {},
): Promise<DeployedStack> {
  const { change = (config) => config, state = () => ({}), preview, exported } = options;
  const config = change(configOf(stack));
  const { "slipway:cluster": cluster, "slipway:platformStack": platform } = config;
  const { identity } = cluster as { readonly identity: string };
  const handedOut =
    typeof platform === "string" ? (await deployStack(platform, options)).outputs : {};
  let outputs: object = {};
  const program = async (): Promise<void> => {
    const index = (await import("../../index")) as unknown as {
      readonly default: (state?: Promise<ExportedState>) => Promise<object>;
    };
    const answer = exported && Promise.resolve(stateOf(exported));
    outputs = JSON.parse(JSON.stringify(await index.default(answer))) as object;
  };
  const recorded = await withEnvironment({ SLIPWAY_IMAGES: "*=1.0.0" }, () =>
    deploy(program, {
      ...(preview === undefined ? {} : { preview }),
      config: texts(config),
      state: (type, inputs) => {
        if (type === "pulumi:pulumi:StackReference") {
          return { outputs: handedOut };
        }
        return {
          ...(type.endsWith(":Namespace") ? { metadata: { uid: identity } } : {}),
          ...state(type, inputs),
        };
      },
    }),
  );
  return { recorded, outputs };
}

function stateOf(exported: object): ExportedState {
  return { command: "pulumi stack export", code: 0, stdout: JSON.stringify(exported), stderr: "" };
}

/** Configuration as the engine hands it to a program: what is not a text is JSON. */
function texts(config: StackConfig): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
