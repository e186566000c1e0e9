import { but, deployment, inContainer, inObject, inStack, job, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const SIDECAR = "/spec.template.spec.initContainers[0]";

for (const [id, field] of [
  ["liveness-probe", "livenessProbe"],
  ["readiness-probe", "readinessProbe"],
] as const) {
  describeRule(id, inContainer, [
    fails("a container without one", { [field]: undefined }),
    fails("an empty one", { [field]: {} }),
    fails(
      "a native sidecar without one",
      { [`${SIDECAR}.restartPolicy`]: "Always" },
      {
        at: `${SIDECAR}.${field}`,
      },
    ),
    skips("init containers", { [`${SIDECAR}.name`]: "init" }),
  ]);
  describeRule(id, inObject(job), [
    skips("Jobs", { [`spec.template.spec.containers[0].${field}`]: undefined }),
    skips("what makes Jobs", {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledJob",
      spec: { jobTargetRef: { template: { spec: { containers: [{ name: "import" }] } } } },
    }),
  ]);
}

const READINESS = "spec.template.spec.containers[0].readinessProbe";

describeRule("probes-service", inStack(deployment, service), [
  fails(
    "a pod that a Service selects",
    { [READINESS]: undefined },
    {
      at: "spec.template.spec.containers",
    },
  ),
  passes("a probe of the second container", {
    [READINESS]: undefined,
    "spec.template.spec.containers[1]": {
      name: "proxy",
      readinessProbe: { tcpSocket: { port: 1 } },
    },
  }),
  skips("a pod that no Service selects", {
    [READINESS]: undefined,
    "1/spec.selector": { "app.kubernetes.io/name": "other" },
  }),
]);

describeRule("any-probe", inContainer, [
  fails("no probe at all", {
    readinessProbe: undefined,
    livenessProbe: undefined,
    startupProbe: undefined,
  }),
  passes("a startup probe alone", { readinessProbe: undefined, livenessProbe: undefined }),
]);

describeRule("probes-identical", inContainer, [
  fails("the same question as often", {
    livenessProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 5 },
  }),
  passes("the same question, more patiently", { "livenessProbe.httpGet.path": "/ready" }),
  passes("another port", {
    livenessProbe: { httpGet: { path: "/ready", port: 9090 }, periodSeconds: 5 },
  }),
]);

for (const [id, field] of [
  ["liveness-port", "livenessProbe"],
  ["readiness-port", "readinessProbe"],
  ["startup-port", "startupProbe"],
] as const) {
  describeRule(id, inContainer, [
    fails("a port that is not declared", { [`${field}.httpGet.port`]: 9090 }),
    fails("a name that is not declared", { [`${field}.httpGet.port`]: "admin" }),
    fails(
      "a port declared for UDP",
      { "ports[0].protocol": "UDP" },
      { at: `${field}.httpGet.port` },
    ),
    passes("the number of the declared port", { [`${field}.httpGet.port`]: 8080 }),
    skips("a command", { [field]: { exec: { command: ["/app/health"] } } }),
  ]);
}

const PROBE = {
  livenessProbe: { grpc: { port: 8080 } },
  readinessProbe: undefined,
  startupProbe: undefined,
};

for (const [id, key] of [
  ["probe-initial-delay", "initialDelaySeconds"],
  ["probe-period", "periodSeconds"],
  ["probe-timeout", "timeoutSeconds"],
  ["probe-success-threshold", "successThreshold"],
] as const) {
  describeRule(id, but(inContainer, { ...PROBE, [`livenessProbe.${key}`]: 1 }), [
    fails("a probe that does not say", { [`livenessProbe.${key}`]: undefined }),
    fails(
      "a second probe that does not say",
      { "readinessProbe.grpc.port": 8080 },
      {
        at: `readinessProbe.${key}`,
      },
    ),
    key === "initialDelaySeconds"
      ? passes("a delay of zero", { [`livenessProbe.${key}`]: 0 })
      : fails("a zero, which is no value", { [`livenessProbe.${key}`]: 0 }),
    skips("a container without probes", { livenessProbe: undefined }),
  ]);
}

describeRule("probe-exec-commands", inContainer, [
  fails("a process listing", { "livenessProbe.exec.command": ["sh", "-c", "ps -ef | grep app"] }),
  fails("a debugger by its path", { "readinessProbe.exec.command": ["/usr/bin/jcmd", "1"] }),
  passes("a command of the application", { "livenessProbe.exec.command": ["/app/props"] }),
]);
