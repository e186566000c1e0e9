import { inContainer, inObject, job } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const JOB_CONTAINER = "spec.template.spec.containers[0]";
const GRACE = "/spec.template.spec.terminationGracePeriodSeconds";

describeRule("probe-failure-threshold", inContainer, [
  fails("a probe that does not say", { "readinessProbe.failureThreshold": undefined }),
  fails("liveness that gives up at once", { "livenessProbe.failureThreshold": 2 }),
  passes("readiness that reacts at once", { "readinessProbe.failureThreshold": 1 }),
]);

describeRule("pre-stop", inContainer, [
  fails("no hook", { lifecycle: undefined }, { at: "lifecycle.preStop" }),
  fails(
    "another hook",
    { lifecycle: { postStart: { exec: { command: ["/app/warm"] } } } },
    {
      at: "lifecycle.preStop",
    },
  ),
]);

describeRule("startup-window", inContainer, [
  fails("a startup probe of 10 s", { "startupProbe.failureThreshold": 2 }, { at: "startupProbe" }),
  fails(
    "liveness that gives up before the start",
    {
      startupProbe: undefined,
      "livenessProbe.failureThreshold": 2,
    },
    { at: "livenessProbe" },
  ),
  passes("liveness that waits long enough", {
    startupProbe: undefined,
    "livenessProbe.initialDelaySeconds": 20,
    "livenessProbe.failureThreshold": 1,
  }),
  passes(
    "a container that boots fast",
    { "startupProbe.failureThreshold": 2 },
    {
      settings: { startupSeconds: 10 },
    },
  ),
  skips("a container without probes", { startupProbe: undefined, livenessProbe: undefined }),
]);
describeRule("startup-window", inObject(job), [
  fails(
    "a Job's container that has no time to start",
    { [`${JOB_CONTAINER}.startupProbe.failureThreshold`]: 2 },
    { at: `${JOB_CONTAINER}.startupProbe` },
  ),
]);

describeRule("liveness-failure-threshold", inContainer, [
  fails("a single failure", { "livenessProbe.failureThreshold": 1 }),
  fails("a timeout as long as the period", { "livenessProbe.timeoutSeconds": 10 }),
  passes("the API server's defaults", {
    livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
  }),
  skips("readiness", { "readinessProbe.failureThreshold": 1 }),
]);

describeRule("liveness-stricter-than-readiness", inContainer, [
  fails(
    "liveness as strict as readiness",
    { "livenessProbe.failureThreshold": 1, "livenessProbe.periodSeconds": 15 },
    {
      at: "livenessProbe",
    },
  ),
  skips("a container without readiness", {
    "livenessProbe.failureThreshold": 1,
    readinessProbe: undefined,
  }),
]);

describeRule("liveness-dependency", inContainer, [
  fails("another host", { "livenessProbe.httpGet.host": "postgres.shop.svc" }),
  fails("a path that names a dependency", { "livenessProbe.httpGet.path": "/health/redis" }),
  fails("a client of another host", {
    "livenessProbe.exec.command": ["sh", "-c", "pg_isready -h db -p 5432"],
  }),
  fails("a request to another host", {
    "livenessProbe.exec.command": ["wget", "-qO-", "http://orders:8080/health"],
  }),
  fails("an address as a word", {
    "livenessProbe.exec.command": ["sh", "-c", "grpc_health_probe -addr=orders:50051"],
  }),
  fails("a Service by its name in the cluster", {
    "livenessProbe.exec.command": ["getent", "hosts", "auth.shop.svc.cluster.local"],
  }),
  fails("a connection by bash", {
    "livenessProbe.exec.command": ["bash", "-c", "</dev/tcp/redis/6379"],
  }),
  fails("a request without a scheme", {
    "livenessProbe.exec.command": ["sh", "-c", "curl -sf auth/healthz || exit 1"],
  }),
  passes("a request to itself with arguments behind", {
    "livenessProbe.exec.command": ["sh", "-c", "curl localhost:8080/healthz -X GET"],
  }),
  passes("a request to itself without a scheme", {
    "livenessProbe.exec.command": ["sh", "-c", "curl -sf localhost:8080/healthz || exit 1"],
  }),
  passes("a client of its own host", {
    "livenessProbe.exec.command": ["redis-cli", "-h", "localhost", "ping"],
  }),
  passes("a request to itself", {
    "livenessProbe.exec.command": ["curl", "http://127.0.0.1:8080/"],
  }),
  skips("readiness", { "readinessProbe.httpGet.path": "/health/redis" }),
]);

describeRule("prestop-grace", inContainer, [
  fails(
    "a sleep as long as the grace period",
    { "lifecycle.preStop.sleep.seconds": 60 },
    { at: GRACE },
  ),
  fails("a sleep that leaves too little", { "lifecycle.preStop.sleep.seconds": 55 }, { at: GRACE }),
  fails("a sleeping command under the default grace period", {
    [GRACE]: undefined,
    "lifecycle.preStop": { exec: { command: ["sh", "-c", "sleep 30 && nginx -s quit"] } },
  }),
  fails("no grace at all", { [GRACE]: 0 }),
  passes("a sleep that leaves enough", { "lifecycle.preStop.sleep.seconds": 50 }),
]);
