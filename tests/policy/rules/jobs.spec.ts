import { cronJob, deployment, inObject, job } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inCronJob = inObject(cronJob);
const inJob = inObject(job);
const JOB = "spec.jobTemplate.spec";

describeRule("cronjob-deadline", inCronJob, [
  fails("no deadline", { "spec.startingDeadlineSeconds": undefined }),
  fails("a deadline that is no number", { "spec.startingDeadlineSeconds": "soon" }),
  passes("a longer deadline", { "spec.startingDeadlineSeconds": 600 }),
  skips("a Job", { "": job }),
]);

describeRule("cronjob-restart-policy", inCronJob, [
  fails("pods that always restart", { [`${JOB}.template.spec.restartPolicy`]: "Always" }),
  fails("the default, which is the same", { [`${JOB}.template.spec.restartPolicy`]: undefined }),
  passes("pods that try again", { [`${JOB}.template.spec.restartPolicy`]: "OnFailure" }),
  skips("a Deployment", { "": deployment }),
]);

describeRule("cronjob-concurrency", inCronJob, [
  fails("the default", { "spec.concurrencyPolicy": undefined }),
  fails("overlapping runs", { "spec.concurrencyPolicy": "Allow" }),
  passes("a run that replaces the last", { "spec.concurrencyPolicy": "Replace" }),
  skips("a Job", { "": job }),
]);

const SCHEDULE = "spec.schedule";

describeRule("cronjob-schedule", inCronJob, [
  fails("a minute too many", { [SCHEDULE]: "60 * * * *" }),
  fails("four fields", { [SCHEDULE]: "* * * *" }),
  fails("six fields", { [SCHEDULE]: "0 * * * * *" }),
  fails("a range that runs backwards", { [SCHEDULE]: "0 9-5 * * *" }),
  fails("steps of nothing", { [SCHEDULE]: "*/0 * * * *" }),
  fails("an eighth day", { [SCHEDULE]: "0 0 * * 7" }),
  fails("a name that the controller does not know", { [SCHEDULE]: "@reboot" }),
  fails("a time zone in front", { [SCHEDULE]: "TZ=UTC 0 0 * * *" }),
  fails("a number", { [SCHEDULE]: 5 }),
  passes("names, lists, ranges and steps", { [SCHEDULE]: "0,30 8-18/2 1 JAN-jun mon-Fri" }),
  passes("a known name", { [SCHEDULE]: "@daily" }),
  passes("a duration", { [SCHEDULE]: "@every 1h30m" }),
  skips("a Job", { "": job }),
]);

describeRule("job-ttl", inJob, [
  fails("a Job that stays", { "spec.ttlSecondsAfterFinished": undefined }),
  passes("a Job that goes at once", { "spec.ttlSecondsAfterFinished": 0 }),
  skips("a migration, which a deployment waits for", {
    "spec.ttlSecondsAfterFinished": undefined,
    'metadata.labels["app.kubernetes.io/component"]': "migration",
  }),
]);

const withoutTtl = structuredClone(cronJob) as { spec: { jobTemplate: { spec: object } } };
Object.assign(withoutTtl.spec.jobTemplate.spec, { ttlSecondsAfterFinished: undefined });

describeRule("job-ttl", inObject(withoutTtl), [
  fails("a CronJob that sets it", { [`${JOB}.ttlSecondsAfterFinished`]: 60 }),
]);

describeRule("job-limits", inJob, [
  fails("a Job without end", { "spec.activeDeadlineSeconds": undefined }),
  fails("the default number of retries", { "spec.backoffLimit": undefined }),
  passes("no retry", { "spec.backoffLimit": 0 }),
  skips("a Deployment", { "": deployment }),
]);

describeRule("job-limits", inCronJob, [
  fails("a CronJob whose Jobs have no end", { [`${JOB}.activeDeadlineSeconds`]: undefined }),
  fails("a history that nobody reads", { "spec.successfulJobsHistoryLimit": 100 }),
  passes("a longer history", { "spec.failedJobsHistoryLimit": 5 }),
]);

const CONTAINERS = "spec.template.spec.containers";

describeRule("resource-sidecar-native", inJob, [
  fails(
    "a proxy among the containers",
    { [`${CONTAINERS}[1]`]: { name: "cloud-sql-proxy", image: "registry.example/x:1.0.0" } },
    { at: `${CONTAINERS}[1].name` },
  ),
  fails(
    "a collector by its name",
    { [`${CONTAINERS}[1]`]: { name: "otel", image: "registry.example/x:1.0.0" } },
    { at: `${CONTAINERS}[1].name` },
  ),
  fails(
    "a collector by its image",
    { [`${CONTAINERS}[1]`]: { name: "agent", image: "otel/opentelemetry-collector:0.1.0" } },
    { at: `${CONTAINERS}[1].name` },
  ),
  passes("a native sidecar", {
    "spec.template.spec.initContainers": [{ name: "istio-proxy", restartPolicy: "Always" }],
  }),
  passes("a second container that ends", {
    [`${CONTAINERS}[1]`]: { name: "upload", image: "registry.example/upload:1.0.0" },
  }),
  skips("a Deployment", { kind: "Deployment", [`${CONTAINERS}[1]`]: { name: "istio-proxy" } }),
]);
