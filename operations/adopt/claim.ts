import type { LiveObject, ManagedFields } from "./live";

/**
 * Names under which the Kubernetes provider writes without server-side apply. Fields that are set under
 * them become its own at the next update; those of other tools would stay on the object for ever. There
 * are three, so that entries of several tools stay apart.
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/await/await.go
 */
const creators = ["pulumi-kubernetes", "pulumi-resource-kubernetes", "pulumi-kubernetes.exe"];

/** The tools whose fields are claimed: a manager belongs to one when its name starts with the tool's. */
const claimedTools = ["helm", "kubectl", "before-first-apply"] as const;

/** One step of a JSON patch. */
export interface PatchStep {
  readonly op: "test" | "replace";
  readonly path: string;
  readonly value: string;
}

/** The managers of an object whose fields are claimed, by name. */
export function claimedManagers(object: LiveObject): readonly string[] {
  const names = (object.metadata.managedFields ?? []).filter(isClaimed).map(nameOf);
  return [...new Set(names)];
}

/** The managers that keep their fields, apart from those of Kubernetes itself and of the provider. */
export function otherManagers(object: LiveObject): readonly string[] {
  const names = (object.metadata.managedFields ?? [])
    .filter((entry) => !isClaimed(entry))
    .map(nameOf)
    .filter((name) => !/^(kube-|pulumi-kubernetes)/.test(name));
  return [...new Set(names)];
}

/**
 * Renames the managers of an object's fields, so that the provider takes the fields over. Nothing but
 * `metadata.managedFields` changes: no controller acts on it, and no pod restarts.
 */
export function claimPatch(object: LiveObject): readonly PatchStep[] {
  const claimed = [...(object.metadata.managedFields ?? []).entries()].filter(([, entry]) =>
    isClaimed(entry),
  );
  return claimed.flatMap(([index, entry], position) => {
    const path = `/metadata/managedFields/${String(index)}`;
    const creator = creators[position % creators.length] ?? "pulumi-kubernetes";
    return [
      // The list may have changed since it was read; then the whole patch is refused.
      { op: "test", path: `${path}/manager`, value: nameOf(entry) },
      { op: "replace", path: `${path}/manager`, value: creator },
      { op: "replace", path: `${path}/operation`, value: "Update" },
    ] as const;
  });
}

/** What a subresource has set (`scale`, `status`) belongs to a controller. */
function isClaimed(entry: ManagedFields): boolean {
  return (
    (entry.subresource ?? "") === "" && claimedTools.some((tool) => nameOf(entry).startsWith(tool))
  );
}

function nameOf({ manager = "" }: ManagedFields): string {
  return manager;
}
