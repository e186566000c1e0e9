import { fields, number, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { type PodView } from "../core/pod";
import { objectRule, podRule, rulesOf } from "../core/rule";
import { cronFlaw } from "../kubernetes/cron";
import { manifest } from "../kubernetes/examples";

const CRON = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/";
const JOB = "https://kubernetes.io/docs/concepts/workloads/controllers/job/";

const template = {
  spec: {
    restartPolicy: "Never",
    containers: [{ name: "report", image: "registry.example/report:1.0.0" }],
  },
};

const job = (spec: Fields = {}) =>
  manifest("batch/v1", "Job", {
    spec: { backoffLimit: 3, activeDeadlineSeconds: 600, template, ...spec },
  });

const cronJob = (spec: Fields = {}, jobSpec: Fields = {}) =>
  manifest("batch/v1", "CronJob", {
    spec: {
      schedule: "*/5 * * * *",
      startingDeadlineSeconds: 60,
      concurrencyPolicy: "Forbid",
      ...spec,
      jobTemplate: {
        spec: { backoffLimit: 3, activeDeadlineSeconds: 600, template, ...jobSpec },
      },
    },
  });

/** Work that ends, once at a time, and leaves nothing behind. */
export const jobRules = rulesOf("jobs", [
  objectRule({
    id: "cronjob-deadline",
    assertion: "CronJobs give up a run they missed.",
    why: "Without startingDeadlineSeconds the controller counts every missed run since the last, and stops for good after a hundred.",
    source: `${CRON}#starting-deadline`,
    severity: "low",
    action: "advisory",
    kinds: ["CronJob"],
    fix: "Set startingDeadlineSeconds.",
    anchors: ["kube-score", "Datree"],
    examples: { pass: cronJob(), fail: cronJob({ startingDeadlineSeconds: null }) },
    check: ({ spec }, report) => {
      const deadline = spec["startingDeadlineSeconds"] ?? undefined;
      if (number(deadline) === undefined) {
        report("spec.startingDeadlineSeconds", deadline, "a number of seconds");
      }
    },
  }),
  podRule({
    id: "cronjob-restart-policy",
    assertion: "Pods of CronJobs end.",
    why: "The API server rejects a CronJob whose pods always restart, and Always is the default.",
    source: `${JOB}#pod-template`,
    severity: "medium",
    action: "mandatory",
    kinds: ["CronJob"],
    fix: "Set restartPolicy to OnFailure or Never.",
    anchors: ["kube-score"],
    examples: { pass: { restartPolicy: "Never" }, fail: { restartPolicy: "Always" } },
    check: ({ spec }, report) => {
      const { restartPolicy } = spec;
      if (restartPolicy !== "OnFailure" && restartPolicy !== "Never") {
        report("restartPolicy", restartPolicy ?? undefined, "OnFailure or Never");
      }
    },
  }),
  objectRule({
    id: "cronjob-concurrency",
    assertion: "Runs of a CronJob do not overlap.",
    why: "By default a slow run is joined by the next one, and by all after it.",
    source: `${CRON}#concurrency-policy`,
    severity: "low",
    action: "advisory",
    kinds: ["CronJob"],
    fix: "Set concurrencyPolicy to Forbid or Replace.",
    anchors: ["Datree"],
    examples: { pass: cronJob(), fail: cronJob({ concurrencyPolicy: "Allow" }) },
    check: ({ spec }, report) => {
      const policy = spec["concurrencyPolicy"] ?? undefined;
      if (policy !== "Forbid" && policy !== "Replace") {
        report("spec.concurrencyPolicy", policy, "Forbid or Replace");
      }
    },
  }),
  objectRule({
    id: "cronjob-schedule",
    assertion: "CronJobs have a valid schedule.",
    why: "The API server rejects a schedule it cannot read; this finds it before.",
    source: `${CRON}#schedule-syntax`,
    severity: "medium",
    action: "mandatory",
    kinds: ["CronJob"],
    fix: "Write five fields, such as `*/15 * * * *`, or `@hourly`.",
    anchors: ["Datree"],
    examples: { pass: cronJob(), fail: cronJob({ schedule: "61 * * * *" }) },
    check: ({ spec }, report) => {
      const { schedule } = spec;
      const flaw = cronFlaw(text(schedule) ?? "");
      if (flaw !== undefined) {
        report("spec.schedule", schedule, flaw);
      }
    },
  }),
  objectRule({
    id: "job-ttl",
    assertion: "Finished Jobs go away, and a CronJob keeps count of its own.",
    why: "A finished Job and its pods stay until somebody deletes them; in a CronJob a ttl takes them before the history limits do.",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/",
    severity: "low",
    action: "advisory",
    kinds: ["Job", "CronJob"],
    fix: "Set ttlSecondsAfterFinished on a Job of its own, and the history limits on a CronJob.",
    anchors: ["kube-linter"],
    examples: { pass: job({ ttlSecondsAfterFinished: 3600 }), fail: job() },
    check: (object, report) => {
      const { path, spec } = jobSpecOf(object);
      const ttl = spec["ttlSecondsAfterFinished"] ?? undefined;
      if (object.kind === "CronJob") {
        if (ttl !== undefined) {
          report(`${path}.ttlSecondsAfterFinished`, ttl, "unset, as the history limits decide");
        }
      } else if (ttl === undefined && !isKeptOnPurpose(object)) {
        report(`${path}.ttlSecondsAfterFinished`, undefined, "a number of seconds");
      }
    },
  }),
  objectRule({
    id: "job-limits",
    assertion: "Jobs have an end, and CronJobs a short history.",
    why: "Without activeDeadlineSeconds a Job that hangs runs for ever; without a backoffLimit of its own it retries six times, whatever a retry costs.",
    source: `${JOB}#job-termination-and-cleanup`,
    severity: "low",
    action: "advisory",
    kinds: ["Job", "CronJob"],
    fix: "Set backoffLimit and activeDeadlineSeconds, and keep the history of a CronJob short.",
    examples: { pass: job(), fail: job({ activeDeadlineSeconds: null }) },
    check: (object, report) => {
      const { path, spec } = jobSpecOf(object);
      for (const name of ["backoffLimit", "activeDeadlineSeconds"]) {
        if (number(spec[name]) === undefined) {
          report(`${path}.${name}`, spec[name] ?? undefined, "a number");
        }
      }
      // Unset is fine: the API keeps three successful Jobs and one failed.
      for (const name of ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"]) {
        const kept = object.kind === "CronJob" ? number(object.spec[name]) : undefined;
        if (kept !== undefined && kept > LONGEST_HISTORY) {
          report(`spec.${name}`, kept, `at most ${LONGEST_HISTORY}`);
        }
      }
    },
  }),
  podRule({
    id: "resource-sidecar-native",
    assertion: "Jobs run their sidecars as native ones.",
    why: "A sidecar among the containers never ends, so the Job never completes.",
    source: "https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/",
    severity: "low",
    action: "advisory",
    kinds: ["Job", "CronJob"],
    fix: "Move the sidecar to initContainers with restartPolicy: Always.",
    examples: {
      pass: { containers: [{ name: "report", image: "registry.example/report:1.0.0" }] },
      fail: {
        containers: [
          { name: "report", image: "registry.example/report:1.0.0" },
          { name: "istio-proxy", image: "docker.io/istio/proxyv2:1.24.0" },
        ],
      },
    },
    check: (pod, report) => {
      const regular = pod.containers.filter(({ role }) => role === "regular");
      if (regular.length < 2) {
        return;
      }
      for (const sidecar of regular.filter(isSidecar)) {
        report(sidecar.at("name"), sidecar.name, "an init container with restartPolicy Always");
      }
    },
  }),
]);

// More finished Jobs than anybody reads; each keeps its pods and their logs.
const LONGEST_HISTORY = 10;

/** The Job spec of a Job, or the one a CronJob makes its Jobs from. */
function jobSpecOf(object: ObjectView): { path: string; spec: Fields } {
  return object.kind === "CronJob"
    ? { path: "spec.jobTemplate.spec", spec: fields(fields(object.spec["jobTemplate"])["spec"]) }
    : { path: "spec", spec: object.spec };
}

const KEPT_COMPONENTS = /migrat|bucket/i;
const KEPT_LABELS = ["app.kubernetes.io/component", "app.kubernetes.io/name"];

// A Job that a deployment waits for (a migration, the making of buckets) stays, or the next preview would make
// it again; one of a CronJob follows that one's history.
function isKeptOnPurpose({ labels, metadata, resource }: ObjectView): boolean {
  return (
    Array.isArray(metadata["ownerReferences"]) ||
    KEPT_LABELS.some((label) => KEPT_COMPONENTS.test(labels[label] ?? "")) ||
    (resource !== undefined && KEPT_COMPONENTS.test(resource.urn))
  );
}

/** Names and images of containers that only accompany others. */
const SIDECAR_NAMES = [
  "istio-proxy",
  "linkerd-proxy",
  "envoy",
  "cloud-sql-proxy",
  "cloudsql-proxy",
  "alloydb-auth-proxy",
  "otel",
  "otelcol",
  "otel-collector",
  "otel-agent",
  "otel-sidecar",
  "opentelemetry-collector",
  "otc-container",
  "daprd",
  "vault-agent",
  "fluent-bit",
  "fluentd",
  "filebeat",
  "datadog-agent",
  "consul-dataplane",
  "kuma-sidecar",
  "jaeger-agent",
];
const SIDECAR_IMAGES =
  /(^|\/)(proxyv2|istio-proxy|linkerd2?-?\/?proxy|envoy|cloud-sql-proxy|gce-proxy|opentelemetry-collector(-contrib|-k8s)?|otel-collector|daprd|fluent-bit|fluentd|filebeat|datadog-agent|consul-dataplane|jaeger-agent)$/;

function isSidecar({ name, spec }: PodView["containers"][number]): boolean {
  const image = (text(spec["image"]) ?? "").replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  return SIDECAR_NAMES.includes(name) || SIDECAR_IMAGES.test(image);
}
