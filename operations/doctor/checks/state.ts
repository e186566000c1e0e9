import type { Check } from "./check";

/** Operations that the engine began and of which the state does not know how they ended. */
export const pendingOperations: Check = {
  name: "pending operations",
  reads: ["pending"],
  find: ({ pending }, { pulumi, stack }) =>
    pending.map(({ urn, type }) => ({
      severity: "high",
      where: urn.split("::").at(-1) ?? urn,
      what: `an update was interrupted while it was ${type} this resource (${urn})`,
      why: "The state does not say whether the object is there, so every update warns of it, and may make it twice.",
      fix: `${pulumi} cancel --yes --stack ${stack}; ${pulumi} refresh --yes --clear-pending-creates --stack ${stack}; then update again`,
    })),
};
