import { age } from "../../status";
import type { Check } from "./check";

/** Helm releases whose installation or upgrade was interrupted. */
export const stuckReleases: Check = {
  name: "Helm releases",
  reads: ["releases"],
  find: ({ releases }, { kubectl, now }) =>
    releases.flatMap(({ metadata }) => {
      const { namespace = "", name: secret = "", labels = {}, creationTimestamp } = metadata;
      const { status = "", name = "" } = labels;
      if (!status.startsWith("pending-")) {
        return [];
      }
      const deployed = releases.some(
        (other) =>
          other.metadata.namespace === namespace &&
          other.metadata.labels?.name === name &&
          ["deployed", "superseded"].includes(other.metadata.labels.status ?? ""),
      );
      const since =
        creationTimestamp === undefined ? "" : ` for ${age(new Date(creationTimestamp), now)}`;
      return [
        {
          severity: "high" as const,
          where: `Helm release ${namespace}/${name}`,
          what: `it has been ${status}${since}; the run that began it did not end it`,
          why: 'Helm refuses every further change of it: "another operation is in progress".',
          fix: `when no update runs: ${
            deployed
              ? `helm rollback ${name} --namespace ${namespace}`
              : `${kubectl} --namespace ${namespace} delete secret ${secret}`
          }; then update again`,
        },
      ];
    }),
};
