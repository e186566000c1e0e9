import { whereIs } from "../seen";
import type { Check } from "./check";

/** Definitions of which objects are stored in a version that is served no more. */
export const storedVersions: Check = {
  name: "custom resource definitions",
  reads: ["definitions"],
  find: ({ definitions }, { kubectl }) =>
    definitions.flatMap(({ metadata, spec, status }) => {
      const served = spec.versions.filter((each) => each.served).map((each) => each.name);
      const stored = status?.storedVersions ?? [];
      const stale = stored.filter((version) => !served.includes(version));
      const kept = stored.filter((version) => served.includes(version));
      const current = spec.versions.find(({ storage }) => storage)?.name ?? "";
      const name = metadata?.name ?? "";
      const cleaned = JSON.stringify({
        status: { storedVersions: [...new Set([...kept, current])] },
      });
      return stale.length === 0
        ? []
        : [
            {
              severity: "medium" as const,
              where: whereIs("CustomResourceDefinition", metadata),
              what: `objects may be stored as ${stale.join(", ")}, which is not served any more (served: ${served.join(", ")})`,
              why: "The operator's next version, which drops the old version from the definition, is refused by the API server.",
              fix: `write every object anew, then say so: ${kubectl} get ${name} --all-namespaces --output json | ${kubectl} replace --filename - && ${kubectl} patch customresourcedefinition ${name} --subresource status --type merge --patch '${cleaned}'`,
            },
          ];
    }),
};
