import { isPlainMap, type Plain, type PlainMap } from "../../rpc/values";
import { listAt, textAt, type KubeObject } from "../object/kube-object";

/** The manager that owns the fields of an object the provider has created. */
export const CREATOR = "pulumi-kubernetes";

/** An entry of metadata.managedFields whose fields the provider takes over on its first apply. */
const TAKEN_OVER: readonly { manager: string; operation: string }[] = [
  { manager: "kubectl", operation: "Apply" },
  { manager: "kubectl", operation: "Update" },
  { manager: "before-first-apply", operation: "Update" },
  { manager: CREATOR, operation: "Update" },
  { manager: "pulumi-resource-kubernetes", operation: "Update" },
];

/**
 * Moves the fields of those managers to the provider's own. A create is an ordinary POST, whose fields
 * belong to another kind of manager than those of an apply; left there, a field that the program drops
 * would stay on the object.
 *
 * @returns a JSON patch; empty when no field has to move
 */
export function takeOverFields(live: KubeObject, fieldManager: string): readonly PlainMap[] {
  const entries = listAt(live, "metadata", "managedFields").filter(isPlainMap);
  const isTaken = (entry: PlainMap): boolean => isTakenOver(entry, fieldManager);
  const taken = entries.filter(isTaken);
  const [first] = taken;
  if (first === undefined) {
    return [];
  }
  const isOurs = (entry: PlainMap): boolean =>
    entry["manager"] === fieldManager && entry["operation"] === "Apply";
  const sources = [...entries.filter(isOurs), ...taken];
  const ours: PlainMap = {
    ...first,
    manager: fieldManager,
    operation: "Apply",
    fieldsV1: sources.reduce<PlainMap>((all, entry) => union(all, entry["fieldsV1"]), {}),
  };
  const others = entries.filter((entry) => !isTaken(entry) && !isOurs(entry));
  return [
    { op: "replace", path: "/metadata/managedFields", value: [...others, ours] },
    // Fails when somebody else wrote in between; the caller reads the object again.
    {
      op: "replace",
      path: "/metadata/resourceVersion",
      value: textAt(live, "metadata", "resourceVersion"),
    },
  ];
}

/** Whether the provider takes the fields of such an entry over; those of any other manager conflict with it. */
export function isTakenOver(entry: PlainMap, fieldManager: string): boolean {
  return (
    textAt(entry, "subresource") === "" &&
    TAKEN_OVER.some(
      ({ manager, operation }) =>
        textAt(entry, "manager").startsWith(manager) &&
        entry["operation"] === operation &&
        !(manager === fieldManager && operation === "Apply"),
    )
  );
}

/** Whether an earlier create of the provider still owns fields of the object. */
export function isOwnedByCreator(live: KubeObject): boolean {
  return listAt(live, "metadata", "managedFields").some(
    (entry) =>
      textAt(entry, "operation") === "Update" &&
      [CREATOR, "pulumi-resource-kubernetes"].includes(textAt(entry, "manager")),
  );
}

/** Whether a manager owns the field at a path, or something below it. */
export function ownsField(
  live: KubeObject,
  path: readonly string[],
  isManager: (manager: string) => boolean,
): boolean {
  return listAt(live, "metadata", "managedFields")
    .filter(isPlainMap)
    .some((entry) => isManager(textAt(entry, "manager")) && hasField(entry["fieldsV1"], path));
}

function hasField(fields: Plain | undefined, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) {
    return true;
  }
  return isPlainMap(fields) && `f:${key}` in fields && hasField(fields[`f:${key}`], rest);
}

function union(a: PlainMap, b: Plain | undefined): PlainMap {
  if (!isPlainMap(b)) {
    return a;
  }
  const merged: PlainMap = { ...a };
  for (const [key, fields] of Object.entries(b)) {
    const known = merged[key];
    merged[key] = isPlainMap(known) ? union(known, fields) : fields;
  }
  return merged;
}
