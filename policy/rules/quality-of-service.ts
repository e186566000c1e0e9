import { type ContainerView } from "../core/pod";
import { parseQuantity } from "../core/quantity";
import {
  containerRule,
  RUNNING_CONTAINERS,
  rulesOf,
  type ContainerRule,
  type Report,
} from "../core/rule";

const SOURCE = "https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/";

/** What a resource that is not set counts as: `equal` when neither part is, `any` when either is not. */
type Unset = "unequal" | "equal" | "any";

/** Reports a resource whose request and limit differ. */
function reportUnequal(
  container: ContainerView,
  resource: string,
  unset: Unset,
  report: Report,
): void {
  const request = container.request(resource);
  const limit = container.limit(resource);
  const missing = [request, limit].filter((amount) => amount === undefined).length;
  if ((unset === "equal" && missing === 2) || (unset === "any" && missing > 0)) {
    return;
  }
  if (request === undefined || request !== limit) {
    const found = container.resources("requests")[resource] ?? undefined;
    report(`resources.requests.${resource}`, found, "set and equal to the limit");
  }
}

const equalRule = (
  rule: Pick<ContainerRule, "id" | "assertion" | "why" | "anchors"> & {
    implies?: readonly string[];
  },
  resources: readonly string[],
  unset: Unset,
  roles: ContainerRule["roles"] = RUNNING_CONTAINERS,
) => {
  const amounts = (amount: string) =>
    Object.fromEntries(resources.map((resource) => [resource, amount]));
  return containerRule({
    ...rule,
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: `Set the request and the limit of ${resources.join(" and ")} to the same quantity.`,
    roles,
    examples: {
      pass: { resources: { requests: amounts("1"), limits: amounts("1") } },
      fail: { resources: { requests: amounts("1"), limits: amounts("2") } },
    },
    check: (container, report) => {
      for (const resource of resources) {
        reportUnequal(container, resource, unset, report);
      }
    },
  });
};

/** Requests that equal limits: Guaranteed quality of service, for those who want it. */
export const qualityOfServiceRules = rulesOf("resources", [
  equalRule(
    {
      id: "requests-equal-limits",
      assertion: "CPU and memory requests equal the limits.",
      why: "Only a pod whose requests equal its limits is Guaranteed: evicted last, and never short of what it asked for.",
      anchors: ["kube-score", "Kyverno"],
      implies: ["cpu-request-equals-limit", "memory-request-equals-limit"],
    },
    ["cpu", "memory"],
    "unequal",
  ),
  equalRule(
    {
      id: "memory-request-equals-limit",
      assertion: "The memory request equals the limit.",
      why: "Memory above the request can be taken back only by killing the container.",
      anchors: ["kube-score", "Kyverno", "Datree"],
    },
    ["memory"],
    "equal",
  ),
  equalRule(
    {
      id: "cpu-request-equals-limit",
      assertion: "The CPU request equals the limit.",
      why: "CPU above the request is there only while the neighbours are idle.",
      anchors: ["kube-score"],
    },
    ["cpu"],
    "equal",
  ),
  equalRule(
    {
      id: "ephemeral-storage-equal",
      assertion: "The ephemeral-storage request equals the limit.",
      why: "Disk above the request is there only while the neighbours do not write.",
      anchors: ["kube-score"],
    },
    ["ephemeral-storage"],
    "any",
    ["init", "sidecar", "regular"],
  ),
  containerRule({
    id: "ephemeral-storage",
    assertion: "Containers request and limit ephemeral storage.",
    why: "Logs and scratch files fill the disk of the node, and every pod there is evicted.",
    source: "https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
    severity: "low",
    action: "off",
    fix: "Set ephemeral-storage in resources.requests and resources.limits.",
    anchors: ["kube-score"],
    implies: ["ephemeral-storage-equal"],
    roles: ["init", "sidecar", "regular"],
    examples: {
      pass: {
        resources: {
          requests: { "ephemeral-storage": "1Gi" },
          limits: { "ephemeral-storage": "2Gi" },
        },
      },
      fail: { resources: { requests: { "ephemeral-storage": "1Gi" } } },
    },
    check: (container, report) => {
      for (const part of ["requests", "limits"] as const) {
        const found = container.resources(part)["ephemeral-storage"] ?? undefined;
        if (!parseQuantity(found)) {
          report(`resources.${part}.ephemeral-storage`, found, "a quantity above 0");
        }
      }
    },
  }),
]);
