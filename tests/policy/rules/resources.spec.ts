import { postgresCluster, tenant } from "../cluster-objects";
import { but, inContainer, inObject, inPod } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const INIT = "/spec.template.spec.initContainers[0]";

for (const resource of ["cpu", "memory"] as const) {
  const [request, limit] = [`resources.requests.${resource}`, `resources.limits.${resource}`];
  describeRule(`${resource}-request`, inContainer, [
    fails("neither request nor limit", { [request]: undefined, [limit]: undefined }),
    fails("a request of 0", { [request]: 0 }),
    passes("a limit alone, which is the request too", { [request]: undefined }),
    skips("init containers", { [INIT]: { name: "init" } }),
  ]);
  describeRule(`${resource}-limit`, inContainer, [
    fails("no limit", { [limit]: undefined }),
    fails("a limit of 0", { [limit]: "0" }),
    fails(
      "a native sidecar without one",
      { [`${INIT}.restartPolicy`]: "Always" },
      {
        at: `${INIT}.${limit}`,
      },
    ),
    skips("init containers", { [INIT]: { name: "init" } }),
  ]);
}

const SIDECAR = "spec.instances[0].sidecars.replicaCertCopy.resources";

describeRule("memory-limit", inObject(postgresCluster), [
  fails("the instances of a PostgresCluster", {
    "spec.instances[0].resources.limits.memory": undefined,
  }),
  fails("a sidecar of its operator's", { [`${SIDECAR}.limits.memory`]: undefined }),
  fails("its proxy", { "spec.proxy.pgBouncer.resources.limits.memory": undefined }),
  fails("the host of its backups", {
    "spec.backups.pgbackrest.repoHost.resources.limits.memory": undefined,
  }),
  skips("a proxy that it does not have", { "spec.proxy": undefined }),
  skips("another resource of the name", {
    apiVersion: "example.com/v1",
    "spec.instances[0].resources": undefined,
  }),
]);
describeRule("memory-limit", inObject(tenant), [
  fails(
    "a pool of a Tenant",
    { "spec.pools[0].resources": undefined },
    { at: "spec.pools[0].resources.limits.memory" },
  ),
]);
describeRule("requests-exceed-limits", inObject(postgresCluster), [
  fails("a request beyond the limit in a PostgresCluster", {
    [`${SIDECAR}.requests.memory`]: "1Gi",
  }),
]);
describeRule("memory-limit-ratio", inObject(postgresCluster), [
  fails("a limit many times the request in a PostgresCluster", {
    [`${SIDECAR}.limits.memory`]: "1Gi",
  }),
]);

describeRule("resources-complete", inContainer, [
  fails("no CPU limit", { "resources.limits.cpu": undefined }),
  fails("a request left to the API server", { "resources.requests.memory": undefined }),
  passes("other resources as well", { "resources.limits.ephemeral-storage": "1Gi" }),
]);

describeRule("resources-requests-memlimit", inContainer, [
  fails("no memory limit", { "resources.limits.memory": undefined }),
  fails("no CPU request", {
    "resources.requests.cpu": undefined,
    "resources.limits.cpu": undefined,
  }),
  passes("no CPU limit", { "resources.limits.cpu": undefined }),
]);

describeRule("qos-besteffort", inPod, [
  fails("no resources at all", { "containers[0].resources": undefined }, { at: "containers" }),
  passes("a single request", { "containers[0].resources": { requests: { cpu: "100m" } } }),
  passes("a second container without any", { "containers[1]": { name: "proxy" } }),
]);

describeRule("cpu-limit-forbidden", but(inContainer, { "resources.limits.cpu": undefined }), [
  fails("a CPU limit", { "resources.limits.cpu": "1" }),
  passes("other limits", { "resources.limits.memory": "1Gi" }),
]);

describeRule("requests-exceed-limits", inContainer, [
  fails("more memory than the limit", { "resources.requests.memory": "512Mi" }),
  fails("more of a device than the limit", {
    'resources.requests["example.com/gpu"]': 2,
    'resources.limits["example.com/gpu"]': 1,
  }),
  passes("as much as the limit, written otherwise", { "resources.requests.cpu": "1000m" }),
]);

describeRule("memory-limit-ratio", inContainer, [
  fails("a limit of eight requests", { "resources.limits.memory": "1Gi" }),
  passes("a limit of three requests", { "resources.limits.memory": "384Mi" }),
  fails(
    "a limit of two requests under a stricter ratio",
    { "resources.limits.memory": "256Mi" },
    {
      settings: { memoryLimitRatio: 1.5 },
    },
  ),
  skips("a container without a request of its own", { "resources.requests.memory": undefined }),
]);

const SCRATCH = {
  "volumes[0]": { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
  "containers[0].volumeMounts[0]": { name: "tmp", mountPath: "/tmp" },
};

describeRule("emptydir-limits", but(inPod, SCRATCH), [
  fails(
    "an unbounded emptyDir",
    { "volumes[0].emptyDir": {} },
    {
      at: "volumes[0].emptyDir.sizeLimit",
    },
  ),
  passes("containers that bound it", {
    "volumes[0].emptyDir": {},
    "containers[0].resources.requests.ephemeral-storage": "1Gi",
    "containers[0].resources.limits.ephemeral-storage": "1Gi",
  }),
  skips("an emptyDir that nothing mounts", {
    "volumes[0].emptyDir": {},
    "containers[0].volumeMounts": undefined,
  }),
]);
