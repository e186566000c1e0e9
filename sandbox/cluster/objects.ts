import { rmSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder } from "../folder";
import { writeJson } from "../json-file";
import { type KubernetesObject, objectKey } from "../stack/pending";
import { type Kubectl } from "./cluster";
import { runKubectl } from "./named";

/** An object as the API server tells it, with the managers of its fields. */
type ManagedObject = KubernetesObject & {
  readonly metadata: {
    readonly managedFields?: readonly { readonly manager?: string; readonly operation?: string }[];
  };
};

/**
 * Which of some objects the Pulumi provider has made in the cluster, each with the field manager it used.
 * Objects of others are left out, and so are kinds that the cluster does not know.
 */
export async function findManagers(
  kubectl: Kubectl,
  folder: SandboxFolder,
  objects: readonly KubernetesObject[],
): Promise<ReadonlyMap<string, string>> {
  const file = join(folder.root, `objects-${process.pid}.json`);
  const items = objects.map(({ apiVersion, kind, metadata: { name, namespace } }) => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
  }));
  writeJson(file, { apiVersion: "v1", kind: "List", items });
  try {
    const found = await runKubectl(kubectl, folder.kubeconfig, [
      ...["get", `--filename=${file}`, "--ignore-not-found"],
      ...["--show-managed-fields", "--output=json"],
    ]);
    return new Map(
      readObjects(found.stdout).flatMap((object) => {
        const manager = providerManager(object);
        return manager === undefined ? [] : [[objectKey(object), manager] as const];
      }),
    );
  } finally {
    rmSync(file, { force: true });
  }
}

function providerManager({ metadata }: ManagedObject): string | undefined {
  return metadata.managedFields?.find(
    ({ manager, operation }) => operation === "Apply" && manager?.startsWith("pulumi-kubernetes"),
  )?.manager;
}

/** kubectl prints nothing, one object, or a List. */
function readObjects(text: string): readonly ManagedObject[] {
  if (text.trim() === "") {
    return [];
  }
  const answer = JSON.parse(text) as ManagedObject & { readonly items?: readonly ManagedObject[] };
  return answer.items ?? [answer];
}
