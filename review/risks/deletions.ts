import { type Comparison } from "../model/comparison";
import { type Risk, type RiskLevel, riskOf } from "../model/risk";
import { titleOf, type StackObject } from "../model/snapshot";
import { isPrecious } from "../model/state";
import { pathsOf } from "./exposure";

/** What is missed when an object of the kind goes. */
const missed: readonly { readonly kinds: readonly string[]; readonly summary: string }[] = [
  { kinds: ["Deployment", "StatefulSet", "DaemonSet", "CronJob"], summary: "the workload stops" },
  { kinds: ["Service"], summary: "its callers find nothing under its name" },
  { kinds: ["Ingress", "HTTPRoute", "Gateway"], summary: "its hosts are no longer served" },
  { kinds: ["Namespace"], summary: "everything in the namespace goes with it" },
  {
    kinds: ["CustomResourceDefinition"],
    summary: "every object of its kind goes with it, those of other stacks included",
  },
  { kinds: ["PodDisruptionBudget"], summary: "a drain may take all its pods at once" },
  {
    kinds: ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
    summary: "its checks are no longer made",
  },
  { kinds: ["ResourceQuota", "LimitRange"], summary: "its namespace is no longer limited" },
  { kinds: ["ExternalSecret"], summary: "the Secret it writes is no longer kept up to date" },
];

/** Objects that go for good. What holds data is told by `dataLoss`, network policies by `network`. */
export function deletions({ changes, head }: Comparison): readonly Risk[] {
  const served = new Map(
    head.objects.flatMap((holder) => pathsOf(holder).map((path) => [path, holder] as const)),
  );
  return changes
    .filter(({ action, object }) => action === "delete" && !isPrecious(object))
    .flatMap(({ object }) => {
      const found = missed.find(({ kinds }) => kinds.includes(object.view.kind));
      return found === undefined
        ? []
        : [
            riskOf(
              object,
              "deletion",
              levelOf(object),
              `it is deleted: ${successor(object, served) ?? found.summary}`,
            ),
          ];
    });
}

/** Who serves every path of an Ingress that goes; undefined when one of them is no longer served. */
function successor(
  object: StackObject,
  served: ReadonlyMap<string, StackObject>,
): string | undefined {
  const holders = new Set(pathsOf(object).map((path) => served.get(path)));
  const titles = [...holders].flatMap((holder) => (holder === undefined ? [] : [titleOf(holder)]));
  return titles.length === 0 || titles.length < holders.size
    ? undefined
    : `its hosts and paths are served by ${titles.join(", ")}`;
}

function levelOf({ view }: StackObject): RiskLevel {
  return view.is("CustomResourceDefinition") ? "high" : "medium";
}
