import { cronJob, inContainer, inObject, inPod, ON_WINDOWS } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const INIT = "/spec.template.spec.initContainers[0]";
const DEBUGGER = "/spec.template.spec.ephemeralContainers[0]";

describeRule("privileged-container", inContainer, [
  fails("a privileged container", { "securityContext.privileged": true }),
  fails("a privileged init container", { [`${INIT}.securityContext.privileged`]: true }),
  fails("a privileged ephemeral container", { [`${DEBUGGER}.securityContext.privileged`]: true }),
  passes("a container that says false", { "securityContext.privileged": false }),
]);

describeRule("privileged-container", inObject(cronJob), [
  fails("a container of a CronJob", {
    "spec.jobTemplate.spec.template.spec.containers[0].securityContext.privileged": true,
  }),
]);

for (const [id, field] of [
  ["host-network", "hostNetwork"],
  ["host-pid", "hostPID"],
  ["host-ipc", "hostIPC"],
] as const) {
  describeRule(id, inPod, [
    fails("a pod that shares it", { [field]: true }),
    passes("a pod that says false", { [field]: false }),
  ]);
}

describeRule("host-path-volume", inPod, [
  fails(
    "a volume of the node",
    { "volumes[0]": { name: "logs", hostPath: { path: "/var/log" } } },
    {
      at: "volumes[0].hostPath",
    },
  ),
  passes("an emptyDir", { "volumes[0]": { name: "tmp", emptyDir: {} } }),
]);

describeRule(
  "host-path-volume",
  inObject({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "data" },
    spec: { csi: { driver: "disk.example", volumeHandle: "1" } },
  }),
  [fails("a persistent volume of the node", { "spec.hostPath": { path: "/srv" } })],
);

describeRule("host-port", inContainer, [
  fails("a port of the node", { "ports[0].hostPort": 8080 }),
  passes("port 0, which means none", { "ports[0].hostPort": 0 }),
]);

describeRule("windows-host-process", inPod, [
  fails("a pod of host processes", { "securityContext.windowsOptions.hostProcess": true }),
  fails("a container that is one", {
    "containers[0].securityContext.windowsOptions.hostProcess": true,
  }),
  passes("other Windows options", { "securityContext.windowsOptions.runAsUserName": "app" }),
]);

describeRule("proc-mount", inContainer, [
  fails("an unmasked /proc", { "securityContext.procMount": "Unmasked" }),
  fails("an unmasked /proc in a user namespace, at the restricted level", {
    "securityContext.procMount": "Unmasked",
    "/spec.template.spec.hostUsers": false,
  }),
  passes("the default", { "securityContext.procMount": "Default" }),
  skips("Windows pods", { "securityContext.procMount": "Unmasked", ...ON_WINDOWS }),
  passes(
    "an unmasked /proc in a user namespace, at the baseline level",
    { "securityContext.procMount": "Unmasked", "/spec.template.spec.hostUsers": false },
    { settings: { podSecurityLevel: "baseline" } },
  ),
]);

const KEEPALIVE = { name: "net.ipv4.tcp_keepalive_time", value: "60" };

describeRule("unsafe-sysctls", inPod, [
  fails("a sysctl of the node", { "securityContext.sysctls[0].name": "kernel.msgmax" }),
  fails(
    "one that became safe in a later version",
    { "securityContext.sysctls[0]": KEEPALIVE },
    {
      at: "securityContext.sysctls[0].name",
      settings: { podSecurityVersion: "v1.28" },
    },
  ),
  passes("a safe sysctl", { "securityContext.sysctls[0]": KEEPALIVE }),
]);

describeRule("probe-host", inContainer, [
  fails("a probe of another host", { "livenessProbe.httpGet.host": "169.254.169.254" }),
  fails("a hook that calls another host", { "lifecycle.preStop.httpGet.host": "example.com" }),
  passes("an empty host", { "livenessProbe.httpGet.host": "" }),
  skips(
    "versions before 1.34",
    { "livenessProbe.httpGet.host": "10.0.0.1" },
    {
      settings: { podSecurityVersion: "v1.33" },
    },
  ),
]);
