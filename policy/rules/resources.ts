import { parseQuantity } from "../core/quantity";
import { fields, maps, scalarText, text } from "../core/fields";
import { MANAGED_KINDS } from "../core/managed";
import { type ContainerView } from "../core/pod";
import {
  ALL_CONTAINERS,
  containerRule,
  podRule,
  RUNNING_CONTAINERS,
  rulesOf,
  type Anchor,
  type Report,
} from "../core/rule";
import { WORKLOAD_KINDS } from "../core/walk";

const SOURCE = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/";

const complete = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "256Mi" },
};
const resources = (requests: object, limits: object) => ({ resources: { requests, limits } });

/** Containers that run as long as the pod, and those that operators make of custom resources. */
const MEASURED = [...RUNNING_CONTAINERS, "managed"] as const;
const MEASURED_KINDS = [...WORKLOAD_KINDS, ...MANAGED_KINDS];

/** A rule that one request or limit is set; zero counts as unset, and a limit alone is the request too. */
const required = (
  part: "requests" | "limits",
  resource: "cpu" | "memory",
  severity: "medium" | "high",
  why: string,
  anchors: readonly Anchor[],
) =>
  containerRule({
    id: `${resource}-${part.slice(0, -1)}`,
    assertion: `Containers set their ${resource} ${part.slice(0, -1)}.`,
    why,
    source: SOURCE,
    severity,
    action: "mandatory",
    fix: `Set resources.${part}.${resource} to what the container ${part === "requests" ? "typically uses" : "may use at most"}.`,
    anchors,
    kinds: MEASURED_KINDS,
    roles: MEASURED,
    examples: {
      pass: { resources: complete },
      fail: {
        resources: { ...complete, [part]: {}, ...(part === "requests" ? { limits: {} } : {}) },
      },
    },
    check: (container, report) => {
      const amount = part === "requests" ? container.request(resource) : container.limit(resource);
      if (amount === undefined) {
        report(
          `resources.${part}.${resource}`,
          written(container, part, resource),
          "a quantity above 0",
        );
      }
    },
  });

function written(container: ContainerView, part: "requests" | "limits", resource: string): unknown {
  return container.resources(part)[resource] ?? undefined;
}

/** Reports every part of a container's resources that is not written, or not accepted as defaulted. */
function reportMissing(
  container: ContainerView,
  report: Report,
  wanted: readonly (readonly ["requests" | "limits", string])[],
  amount = (part: "requests" | "limits", resource: string): number | undefined =>
    part === "requests" ? container.request(resource) : container.limit(resource),
): void {
  for (const [part, resource] of wanted) {
    if (amount(part, resource) === undefined) {
      report(
        `resources.${part}.${resource}`,
        written(container, part, resource),
        "a quantity above 0",
      );
    }
  }
}

/** What containers ask of their node, and what they may take. */
export const resourceRules = rulesOf("resources", [
  required(
    "requests",
    "cpu",
    "medium",
    "Without a request the scheduler packs pods onto nodes that have no time for them.",
    ["kube-linter", "Polaris", "Checkov", "Datree", "KubeSec", "Trivy"],
  ),
  required(
    "limits",
    "cpu",
    "medium",
    "Without a limit one busy container takes the CPU of every other pod of its node.",
    ["Polaris", "Checkov", "Kyverno", "Datree", "KubeSec", "Trivy"],
  ),
  required(
    "requests",
    "memory",
    "medium",
    "Without a request the pod is the first to be evicted when its node runs short of memory.",
    ["Polaris", "Checkov", "Datree", "KubeSec", "Trivy"],
  ),
  required(
    "limits",
    "memory",
    "high",
    "Without a limit a leak takes the whole node down instead of one container.",
    ["kube-linter", "Polaris", "Checkov", "Datree", "KubeSec", "Trivy"],
  ),
  containerRule({
    id: "resources-complete",
    assertion: "Containers set requests and limits for CPU and memory.",
    why: "Init containers count for scheduling too: the largest of them decides where the pod fits.",
    source: SOURCE,
    severity: "medium",
    action: "mandatory",
    fix: "Set resources.requests and resources.limits, each with cpu and memory.",
    anchors: ["kube-score"],
    implies: [
      "cpu-request",
      "cpu-limit",
      "memory-request",
      "memory-limit",
      "resources-requests-memlimit",
    ],
    roles: ["init", "sidecar", "regular"],
    examples: { pass: { resources: complete }, fail: resources({ cpu: "100m" }, { cpu: "1" }) },
    check: (container, report) => {
      // "All set" is meant literally here: a request that the API server would derive is not set.
      const literally = (part: "requests" | "limits", resource: string): number | undefined => {
        const quantity = parseQuantity(written(container, part, resource));
        return quantity === 0 ? undefined : quantity;
      };
      const parts = ["requests", "limits"] as const;
      const wanted = parts.flatMap((part) =>
        ["cpu", "memory"].map((resource) => [part, resource] as const),
      );
      reportMissing(container, report, wanted, literally);
    },
  }),
  containerRule({
    id: "resources-requests-memlimit",
    assertion: "Containers set requests for CPU and memory, and a limit for memory.",
    why: "These three decide where a pod is placed, when it is evicted and when it is killed.",
    source: SOURCE,
    severity: "medium",
    action: "mandatory",
    fix: "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory.",
    anchors: ["Kyverno"],
    implies: ["cpu-request", "memory-request", "memory-limit"],
    roles: ["init", "sidecar", "regular"],
    examples: { pass: { resources: complete }, fail: resources({ cpu: "100m" }, {}) },
    check: (container, report) => {
      reportMissing(container, report, [
        ["requests", "cpu"],
        ["requests", "memory"],
        ["limits", "memory"],
      ]);
    },
  }),
  podRule({
    id: "qos-besteffort",
    assertion: "Pods set at least one request or limit.",
    why: "A pod without any is BestEffort: the first to be killed, whatever it does.",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/",
    severity: "medium",
    action: "advisory",
    fix: "Set resources.requests and resources.limits.",
    anchors: ["Kyverno"],
    implies: [
      "cpu-request",
      "cpu-limit",
      "memory-request",
      "memory-limit",
      "resources-complete",
      "resources-requests-memlimit",
      "ephemeral-storage",
    ],
    examples: { pass: podOf({ resources: complete }), fail: podOf({}) },
    check: (pod, report) => {
      const set = pod.containers.some((container) =>
        ["cpu", "memory"].some(
          (name) => (container.request(name) ?? container.limit(name)) !== undefined,
        ),
      );
      if (pod.containers.length > 0 && !set) {
        report("containers", "no request or limit", "a pod whose containers set resources");
      }
    },
  }),
  containerRule({
    id: "cpu-limit-forbidden",
    assertion: "Containers set no CPU limit.",
    why: "A CPU limit throttles a container even when its node is idle; some teams prefer requests alone.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Remove resources.limits.cpu.",
    anchors: ["Kyverno", "Datree"],
    contradicts: ["cpu-limit"],
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: resources({ cpu: "100m" }, { memory: "256Mi" }),
      fail: { resources: complete },
    },
    check: (container, report) => {
      if (written(container, "limits", "cpu") !== undefined) {
        report("resources.limits.cpu", written(container, "limits", "cpu"), "unset");
      }
    },
  }),
  containerRule({
    id: "requests-exceed-limits",
    assertion: "Requests do not exceed limits.",
    why: "The API server refuses such a pod, at the very end of a deployment.",
    source: SOURCE,
    severity: "high",
    action: "mandatory",
    fix: "Lower the request or raise the limit.",
    kinds: MEASURED_KINDS,
    roles: [...ALL_CONTAINERS, "managed"],
    examples: {
      pass: { resources: complete },
      fail: resources({ memory: "512Mi" }, { memory: "256Mi" }),
    },
    check: (container, report) => {
      const limits = container.resources("limits");
      for (const [name, value] of Object.entries(container.resources("requests"))) {
        const request = parseQuantity(value);
        const limit = parseQuantity(limits[name]);
        if (request !== undefined && limit !== undefined && request > limit) {
          report(
            `resources.requests${name.includes("/") ? `["${name}"]` : `.${name}`}`,
            value,
            `at most the limit, ${scalarText(limits[name])}`,
          );
        }
      }
    },
  }),
  containerRule({
    id: "memory-limit-ratio",
    assertion: "Memory limits are not many times the request.",
    why: "Memory that is promised but not reserved is taken back by killing pods.",
    source: SOURCE,
    severity: "low",
    action: "advisory",
    fix: "Raise the request or lower the limit.",
    anchors: ["Kyverno"],
    kinds: MEASURED_KINDS,
    roles: MEASURED,
    examples: {
      pass: { resources: complete },
      fail: resources({ memory: "128Mi" }, { memory: "1Gi" }),
    },
    check: (container, report, { memoryLimitRatio }) => {
      const request = container.request("memory");
      const limit = container.limit("memory");
      if (request !== undefined && limit !== undefined && limit > memoryLimitRatio * request) {
        const most = `at most ${memoryLimitRatio} times the request, ${scalarText(written(container, "requests", "memory"))}`;
        report("resources.limits.memory", written(container, "limits", "memory"), most);
      }
    },
  }),
  podRule({
    id: "emptydir-limits",
    assertion: "Scratch space is bounded.",
    why: "An emptyDir without a limit fills the disk of its node, and every pod there is evicted.",
    source: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    severity: "low",
    action: "advisory",
    fix: "Set emptyDir.sizeLimit, or request and limit ephemeral-storage on each container that mounts it.",
    anchors: ["Kyverno"],
    examples: {
      pass: scratch({ sizeLimit: "1Gi" }),
      fail: scratch({}),
    },
    check: (pod, report) => {
      maps(pod.spec["volumes"]).forEach((volume, index) => {
        const emptyDir = volume["emptyDir"] ?? undefined;
        if (emptyDir === undefined || parseQuantity(fields(emptyDir)["sizeLimit"]) !== undefined) {
          return;
        }
        const mounting = pod.containers.filter((container) =>
          maps(container.spec["volumeMounts"]).some(
            (mount) => text(mount["name"]) === text(volume["name"]),
          ),
        );
        const unbounded = mounting.filter(
          (container) =>
            written(container, "requests", "ephemeral-storage") === undefined ||
            written(container, "limits", "ephemeral-storage") === undefined,
        );
        if (unbounded.length > 0) {
          report(`volumes[${index}].emptyDir.sizeLimit`, undefined, "set");
        }
      });
    },
  }),
]);

function scratch(emptyDir: object) {
  return {
    volumes: [{ name: "tmp", emptyDir }],
    containers: [
      {
        name: "app",
        image: "registry.example/app:1.4.2",
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    ],
  };
}

function podOf(container: object) {
  return { containers: [{ name: "app", image: "registry.example/app:1.4.2", ...container }] };
}
