import { SELECTED, autoscaler, statefulSet } from "../cluster-objects";
import { deployment, inPod, inStack, job } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const POD = "spec.template.spec";
const TERM = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: SELECTED } };
const AFFINITY = `${POD}.affinity.podAntiAffinity`;
const apart = (term: object) => ({
  [`${POD}.topologySpreadConstraints`]: undefined,
  [AFFINITY]: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
});

describeRule("anti-affinity", inStack(deployment), [
  fails("replicas anywhere", { [`${POD}.topologySpreadConstraints`]: undefined }, { at: AFFINITY }),
  fails(
    "replicas of a DeploymentConfig anywhere",
    {
      apiVersion: "apps.openshift.io/v1",
      kind: "DeploymentConfig",
      [`${POD}.topologySpreadConstraints`]: undefined,
    },
    { at: AFFINITY },
  ),
  fails("a term for other pods", apart({ ...TERM, labelSelector: { matchLabels: { app: "x" } } }), {
    at: AFFINITY,
  }),
  fails("a term over a key that is no place", apart({ ...TERM, topologyKey: "team" }), {
    at: AFFINITY,
  }),
  fails("a term for another namespace", apart({ ...TERM, namespaces: ["billing"] }), {
    at: AFFINITY,
  }),
  fails(
    "an autoscaled Deployment",
    {
      [`${POD}.topologySpreadConstraints`]: undefined,
      "spec.replicas": undefined,
      "1/": autoscaler,
    },
    { at: AFFINITY },
  ),
  passes("a required term", apart(TERM)),
  passes("a preferred term over the zone", {
    [`${POD}.topologySpreadConstraints`]: undefined,
    [AFFINITY]: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { ...TERM, topologyKey: "topology.kubernetes.io/zone" } },
      ],
    },
  }),
  skips("a single replica", {
    "spec.replicas": 1,
    [`${POD}.topologySpreadConstraints`]: undefined,
  }),
]);

describeRule("topology-spread", inPod, [
  fails("no constraint", { topologySpreadConstraints: undefined }),
  fails("an empty list", { topologySpreadConstraints: [] }),
  passes("a StatefulSet with a constraint", { "/": { ...statefulSet } }),
  skips("a single replica", { topologySpreadConstraints: undefined, "/spec.replicas": 1 }),
  skips("a DaemonSet", { topologySpreadConstraints: undefined, "/kind": "DaemonSet" }),
]);

const FIRST = "topologySpreadConstraints[0]";

describeRule("topology-spread-valid", inPod, [
  fails("a constraint without selector", { [`${FIRST}.labelSelector`]: undefined }),
  fails("a skew of zero", { [`${FIRST}.maxSkew`]: 0 }),
  fails("no domain at all", { [`${FIRST}.minDomains`]: 0 }),
  fails("no key", { [`${FIRST}.topologyKey`]: undefined }),
  fails("an unknown way out", { [`${FIRST}.whenUnsatisfiable`]: "Perhaps" }),
  fails("a selector for other pods", {
    [`${FIRST}.labelSelector`]: { matchLabels: { app: "billing" } },
  }),
  passes("an expression that matches", {
    [`${FIRST}.labelSelector`]: {
      matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: ["orders"] }],
    },
  }),
  skips("a pod without constraints", { topologySpreadConstraints: undefined }),
]);

describeRule("topology-spread-unschedulable", inPod, [
  fails("a constraint that keeps pods pending", {
    [`${FIRST}.whenUnsatisfiable`]: "DoNotSchedule",
  }),
  passes("two soft constraints", {
    "topologySpreadConstraints[1]": { whenUnsatisfiable: "ScheduleAnyway" },
  }),
  skips("a Job without constraints", { "/": job, topologySpreadConstraints: undefined }),
]);
