import type { PendingOperation } from "../seen";
import type { Check } from "./check";

/** Operations that the engine began and of which the state does not know how they ended. */
export const pendingOperations: Check = {
  name: "pending operations",
  reads: ["pending"],
  find: ({ pending }, { pulumi, stack }) =>
    pending.map((operation) => {
      const { urn, type } = operation;
      const isMade = type === "creating" && operation.exists === true;
      return {
        severity: "high",
        where: urn.split("::").at(-1) ?? urn,
        what: `an update was interrupted while it was ${type} this resource (${urn})${existence(operation)}`,
        why: isMade
          ? 'The state does not have the object, so every update would create it again and fails: "already exists".'
          : "The state does not say whether the object is there, so every update warns of it, and may make it twice.",
        fix:
          `${pulumi} cancel --yes --stack ${stack}; ${pulumi} refresh --yes --clear-pending-creates --stack ${stack}; ` +
          // The provider then applies the object where it would create it; nothing but the target is registered.
          (isMade
            ? `then take it into the state: PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true ${pulumi} up --stack ${stack} --target '${urn}'`
            : "then update again"),
      };
    }),
};

function existence({ object, exists }: PendingOperation): string {
  if (object === undefined || exists === undefined) {
    return "";
  }
  const { name, namespace } = object.metadata;
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  return `; the ${object.kind} ${place} is ${exists ? "" : "not "}in the cluster`;
}
