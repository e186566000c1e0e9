import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder } from "../folder";
import { readJson, writeJson } from "../json-file";
import { type CommandResult } from "../processes/command";
import { Failure } from "../terminal/failure";
import { type QuietPulumi, stateFile } from "./recovery";

/** What names a Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The field manager that made each of some objects, by the object's key; objects that do not exist have none. */
export type FindManagers = (
  objects: readonly KubernetesObject[],
) => Promise<ReadonlyMap<string, string>>;

/** A resource in the engine's state, as far as it matters here. */
type StateResource = Readonly<Record<string, unknown>> & {
  readonly urn: string;
  readonly inputs?: unknown;
};

interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly {
    readonly type: string;
    readonly resource: StateResource;
  }[];
}

/** What an interrupted run is settled with. */
export interface SettleOptions {
  /** The stack. */
  readonly stack: string;
  /** Its scratch file. */
  readonly configFile: string;
  /** Runs the CLI. */
  readonly pulumi: QuietPulumi;
  /** Asks the cluster. */
  readonly find: FindManagers;
}

/**
 * Settles the operations that an interrupted run left unfinished; false when there are none. An object that
 * was made but not recorded is taken into the state, because making it once more would be refused or would
 * conflict with itself under another field manager. What was not made is forgotten.
 *
 * The engine has an option for this (`refresh --import-pending-creates`), which drops the operations and
 * imports nothing (3.259).
 */
export async function settlePendingOperations(
  folder: SandboxFolder,
  options: SettleOptions,
): Promise<boolean> {
  if (!hasPendingOperations(folder, options.stack)) {
    return false;
  }
  const scratch = mkdtempSync(join(folder.root, "state-"));
  const file = join(scratch, "state.json");
  const stack = `--stack=${options.stack}`;
  try {
    await run(options.pulumi, ["stack", "export", stack, `--file=${file}`]);
    const exported = readJson(file) as { readonly deployment?: Deployment };
    const { pending_operations: pending = [], ...deployment } = exported.deployment ?? {};
    const recorded = deployment.resources ?? [];
    const adopted = (await adopt(pending, options.find)).filter(
      ({ urn }) => !recorded.some((resource) => resource.urn === urn),
    );
    const resources = [...recorded, ...adopted];
    writeJson(file, { ...exported, deployment: { ...deployment, resources } });
    await run(options.pulumi, ["stack", "import", stack, `--file=${file}`]);
    if (adopted.length > 0) {
      // Fills in what the server says about them; other resources refer to it.
      await run(options.pulumi, [
        ...["refresh", "--yes", "--skip-preview", stack, `--config-file=${options.configFile}`],
        ...adopted.map(({ urn }) => `--target=${urn}`),
      ]);
    }
    return true;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Tells one object from another. */
export function objectKey({ apiVersion, kind, metadata }: KubernetesObject): string {
  return `${apiVersion}/${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
}

/** The state of those objects among pending creations that exist. */
async function adopt(
  pending: NonNullable<Deployment["pending_operations"]>,
  find: FindManagers,
): Promise<readonly StateResource[]> {
  const created = pending.flatMap(({ type, resource }) =>
    type === "creating" && isObject(resource.inputs) ? [{ resource, object: resource.inputs }] : [],
  );
  if (created.length === 0) {
    return [];
  }
  const managers = await find(created.map(({ object }) => object));
  return created.flatMap(({ resource, object }) => {
    const manager = managers.get(objectKey(object));
    return manager === undefined ? [] : [stateOf(resource, object, manager)];
  });
}

/** The entry that the Kubernetes provider's own answer would have led to. */
function stateOf(
  resource: StateResource,
  object: KubernetesObject,
  manager: string,
): StateResource {
  const { name, namespace } = object.metadata;
  return {
    ...resource,
    id: namespace === undefined ? name : `${namespace}/${name}`,
    outputs: { ...object, __fieldManager: manager, __initialApiVersion: object.apiVersion },
  };
}

function hasPendingOperations(folder: SandboxFolder, stack: string): boolean {
  const state = readJson(stateFile(folder, stack)) as
    { readonly checkpoint?: { readonly latest?: Deployment } } | undefined;
  return (state?.checkpoint?.latest?.pending_operations ?? []).length > 0;
}

function isObject(inputs: unknown): inputs is KubernetesObject {
  const object = inputs as Partial<KubernetesObject> | null | undefined;
  return (
    typeof object?.apiVersion === "string" &&
    typeof object.kind === "string" &&
    typeof object.metadata?.name === "string"
  );
}

async function run(pulumi: QuietPulumi, args: readonly string[]): Promise<CommandResult> {
  const result = await pulumi(args);
  if (result.code !== 0) {
    const last = `${result.stdout}\n${result.stderr}`.trim().split("\n").at(-1) ?? "";
    throw new Failure(
      `What an interrupted run left behind could not be settled (pulumi ${args[0] ?? ""}): ${last}`,
      "Look at it: npm run sandbox -- pulumi stack export; or start anew: npm run sandbox -- reset",
    );
  }
  return result;
}
