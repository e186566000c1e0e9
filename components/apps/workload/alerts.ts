import { toSeconds, type Duration } from "../../kit/duration";
import type { LabelFacts } from "../../kit/labels";
import type { Problem } from "../../kit/problem";
import { httpMetrics, type HttpMetrics } from "./metrics";

/** Beyond what a service alerts. Each has to hold for a while, so that one busy moment wakes nobody. */
export interface AlertThresholds {
  /**
   * The use of CPU, in percent of the limit.
   * @default 80
   */
  readonly cpu?: number;
  /**
   * The use of memory, in percent of the limit.
   * @default 85
   */
  readonly memory?: number;
  /**
   * The CPU periods in which a container was throttled, in percent of all.
   * @default 25
   */
  readonly throttling?: number;
  /**
   * How many restarts of a container in 15 minutes are borne.
   * @default 2
   */
  readonly restarts?: number;
  /**
   * How long the slowest hundredth of the requests may take.
   * @default "1s"
   */
  readonly latency?: Duration;
  /**
   * How many requests may fail, in percent of all.
   * @default 5
   */
  readonly errors?: number;
  /**
   * How far the rate of requests may be from its mean of the last day, in standard deviations.
   * @default 3
   */
  readonly anomaly?: number;
  /**
   * How many times the messages that one pod is meant to have may wait for it.
   * @default 3
   */
  readonly lag?: number;
}

const defaults = {
  cpu: 80,
  memory: 85,
  throttling: 25,
  restarts: 2,
  latency: "1s",
  errors: 5,
  anomaly: 3,
  lag: 3,
} as const satisfies Required<AlertThresholds>;

/** The kind of object whose pods are counted. */
export type CountedKind = "Deployment" | "StatefulSet" | "DaemonSet";

/** What the alerts of a service look at. */
export interface AlertSubject extends LabelFacts {
  /** Its namespace. */
  readonly namespace: string;
  /** The kind of object that runs its pods. */
  readonly kind: CountedKind;
  /** The name of that object. */
  readonly controller: string;
  /** The name of its autoscaler, where it has one. */
  readonly autoscaler: string;
  /** The names of its pods' containers that run all the time. */
  readonly containers: readonly string[];
  /**
   * The name of its PodDisruptionBudget.
   * @default - it has none
   */
  readonly budget?: string;
  /**
   * Its metrics of HTTP requests.
   * @default - it has none
   */
  readonly http?: HttpMetrics;
  /**
   * How many messages of a queue one pod is meant to have.
   * @default - it follows no queue
   */
  readonly lag?: number;
}

/** Who has to be told: `critical` wakes somebody. */
type Severity = "critical" | "warning";

/** An alert of a PrometheusRule. */
export interface AlertRule {
  /** Its name. */
  readonly alert: string;
  /** The condition, in PromQL. */
  readonly expr: string;
  /** How long the condition has to hold. */
  readonly for: string;
  /** Whom it concerns. */
  readonly labels: Readonly<Record<string, string>>;
  /** What it means and what to do. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** What makes one alert differ from the others. */
interface Condition {
  readonly name: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: Severity;
  readonly summary: string;
}

/**
 * The alerts of a service whose pods run all the time. They read what kube-prometheus-stack collects of
 * every pod, and the service's own metrics where it has them.
 */
export function alertRules(
  subject: AlertSubject,
  thresholds: AlertThresholds = {},
): readonly AlertRule[] {
  const limits = { ...defaults, ...defined(thresholds) };
  return [
    ...resourceConditions(subject, limits),
    ...availabilityConditions(subject),
    ...(subject.http === undefined ? [] : httpConditions(subject, subject.http, limits)),
    ...(subject.lag === undefined ? [] : [lagCondition(subject, subject.lag, limits)]),
  ].map((condition) => alertRule(subject, condition));
}

/** The alerts of a scheduled job. */
export function jobAlertRules(
  subject: LabelFacts & Pick<AlertSubject, "namespace">,
): readonly AlertRule[] {
  const { namespace, service } = subject;
  const of = selector({ namespace });
  const owned = selector({ namespace, owner_kind: "CronJob", owner_name: service });
  const failed = `kube_job_status_failed${of} * on (namespace, job_name) group_left () kube_job_owner${owned} > 0`;
  const succeeded = `kube_cronjob_status_last_successful_time${selector({ namespace, cronjob: service })}`;
  // A failed run is kept for its logs, and is over once a later one has succeeded.
  const over = `kube_job_status_start_time${of} < on (namespace) group_left () ${succeeded}`;
  return [
    alertRule(subject, {
      name: "JobFailed",
      expr: `(${failed}) unless on (namespace, job_name) (${over})`,
      for: "1m",
      severity: "warning",
      summary: "A run of the scheduled job has failed: {{ $labels.job_name }}.",
    }),
  ];
}

type Limits = Required<AlertThresholds>;

function resourceConditions(subject: AlertSubject, limits: Limits): readonly Condition[] {
  const { namespace, containers } = subject;
  const of = selector({ namespace, container: containers });
  const limitOf = (resource: string): string =>
    `max by (pod, container) (kube_pod_container_resource_limits${selector({ namespace, container: containers, resource })})`;
  return [
    {
      name: "CpuNearLimit",
      expr: `sum by (pod, container) (rate(container_cpu_usage_seconds_total${of}[5m])) / ${limitOf("cpu")} > ${share(limits.cpu)}`,
      for: "5m",
      severity: "warning",
      summary: `Container {{ $labels.container }} of {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its CPU limit; the alert is at ${percent(limits.cpu)}.`,
    },
    {
      name: "MemoryNearLimit",
      expr: `max by (pod, container) (container_memory_working_set_bytes${of}) / ${limitOf("memory")} > ${share(limits.memory)}`,
      for: "5m",
      severity: "warning",
      summary: `Container {{ $labels.container }} of {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory limit; the alert is at ${percent(limits.memory)}.`,
    },
    {
      name: "CpuThrottled",
      expr: `sum by (pod, container) (increase(container_cpu_cfs_throttled_periods_total${of}[5m])) / sum by (pod, container) (increase(container_cpu_cfs_periods_total${of}[5m])) > ${share(limits.throttling)}`,
      for: "15m",
      severity: "warning",
      summary: `Container {{ $labels.container }} of {{ $labels.pod }} was held back in {{ $value | humanizePercentage }} of its CPU periods; the alert is at ${percent(limits.throttling)}.`,
    },
    {
      name: "Restarting",
      expr: `sum by (pod, container) (increase(kube_pod_container_status_restarts_total${of}[15m])) > ${String(limits.restarts)}`,
      for: "1m",
      severity: "warning",
      summary: `Container {{ $labels.container }} of {{ $labels.pod }} has restarted {{ $value | humanize }} times in 15 minutes; ${String(limits.restarts)} are borne.`,
    },
  ];
}

/** Ready pods, and wanted ones, by the kind of object that runs them. */
const counts: Readonly<
  Record<CountedKind, { readonly label: string; readonly ready: string; readonly wanted: string }>
> = {
  Deployment: {
    label: "deployment",
    ready: "kube_deployment_status_replicas_ready",
    wanted: "kube_deployment_spec_replicas",
  },
  StatefulSet: {
    label: "statefulset",
    ready: "kube_statefulset_status_replicas_ready",
    wanted: "kube_statefulset_replicas",
  },
  DaemonSet: {
    label: "daemonset",
    ready: "kube_daemonset_status_number_ready",
    wanted: "kube_daemonset_status_desired_number_scheduled",
  },
};

function availabilityConditions(subject: AlertSubject): readonly Condition[] {
  const { namespace, kind, controller, budget } = subject;
  const { label, ready, wanted } = counts[kind];
  const of = selector({ namespace, [label]: controller });
  const notReady: Condition = {
    name: "PodsNotReady",
    expr: `${ready}${of} < ${wanted}${of}`,
    for: "10m",
    severity: "critical",
    summary: "Only {{ $value }} pods are ready, fewer than are wanted.",
  };
  if (budget === undefined) {
    return [notReady];
  }
  const blocked: Condition = {
    name: "NoDisruptionAllowed",
    expr: `kube_poddisruptionbudget_status_pod_disruptions_allowed${selector({ namespace, poddisruptionbudget: budget })} == 0`,
    for: "15m",
    severity: "warning",
    summary: "No pod may be moved, so the next drain of a node will hang.",
  };
  return [notReady, blocked];
}

function httpConditions(
  { namespace, service }: AlertSubject,
  http: HttpMetrics,
  limits: Limits,
): readonly Condition[] {
  const { histogram, status } = httpMetrics(http);
  const own = { namespace, container: service };
  const rate = `sum(rate(${histogram}_count${selector(own)}[5m]))`;
  const failed = `sum(rate(${histogram}_count${selector(own, `${status}=~"5.."`)}[5m]))`;
  const overDay = (aggregate: string): string => `${aggregate}_over_time(${rate}[1d:5m])`;
  return [
    {
      name: "SlowRequests",
      expr: `histogram_quantile(0.99, sum by (le) (rate(${histogram}_bucket${selector(own)}[5m]))) > ${String(toSeconds(limits.latency))}`,
      for: "5m",
      severity: "critical",
      summary: `One request in a hundred takes longer than {{ $value | humanizeDuration }}; the alert is at ${limits.latency}.`,
    },
    {
      name: "FailingRequests",
      expr: `${failed} / ${rate} > ${share(limits.errors)}`,
      for: "5m",
      severity: "critical",
      summary: `{{ $value | humanizePercentage }} of the requests fail; the alert is at ${percent(limits.errors)}.`,
    },
    {
      name: "UnusualRequestRate",
      expr: `abs(${rate} - ${overDay("avg")}) > ${String(limits.anomaly)} * ${overDay("stddev")}`,
      for: "15m",
      severity: "warning",
      summary: `The rate of requests is {{ $value | humanize }} a second away from the mean of the last day, more than ${String(limits.anomaly)} standard deviations.`,
    },
  ];
}

/** The autoscaler's own view of the queue, which kube-state-metrics tells whatever asked for it. */
function lagCondition(
  { namespace, autoscaler }: AlertSubject,
  lag: number,
  limits: Limits,
): Condition {
  const of = selector({
    namespace,
    horizontalpodautoscaler: autoscaler,
    metric_target_type: "average",
  });
  return {
    name: "ConsumerLagging",
    expr: `max(kube_horizontalpodautoscaler_status_target_metric${of}) > ${String(lag * limits.lag)}`,
    for: "15m",
    severity: "critical",
    summary: `{{ $value | humanize }} messages wait for each pod, which is meant to have ${String(lag)}: the consumer does not keep up.`,
  };
}

function alertRule(
  {
    service,
    application,
    team,
    environment,
    namespace,
  }: LabelFacts & { readonly namespace: string },
  condition: Condition,
): AlertRule {
  const { name, expr, severity, summary } = condition;
  return {
    alert: name,
    expr,
    for: condition.for,
    labels: { severity, team, service, application, environment, namespace },
    annotations: {
      summary: `${application}/${service}: ${summary}`,
      runbook: `docs/alerts.md#${name.toLowerCase()}`,
    },
  };
}

/** A selector of series by labels: a text is that value, a list any of them. */
function selector(
  labels: Readonly<Record<string, string | readonly string[]>>,
  ...others: readonly string[]
): string {
  const matchers = Object.entries(labels).map(([label, value]) =>
    typeof value === "string" ? `${label}="${value}"` : `${label}=~"${value.join("|")}"`,
  );
  return `{${[...matchers, ...others].join(",")}}`;
}

function share(percentage: number): string {
  return String(Number((percentage / 100).toFixed(4)));
}

function percent(percentage: number): string {
  return `${String(percentage)}%`;
}

function defined(thresholds: AlertThresholds): AlertThresholds {
  return Object.fromEntries(
    Object.entries(thresholds).filter(([, value]: [string, unknown]) => value !== undefined),
  );
}

/** What is wrong with the thresholds of a service's alerts. */
export function alertProblems(thresholds: AlertThresholds = {}): readonly Problem[] {
  const percentages = (["cpu", "memory", "throttling", "errors"] as const).flatMap((field) => {
    const value = thresholds[field];
    return value === undefined || (value > 0 && value < 100)
      ? []
      : [{ field, message: `got ${String(value)}; it has to be a percentage between 0 and 100.` }];
  });
  const factors = (["restarts", "anomaly", "lag"] as const).flatMap((field) => {
    const value = thresholds[field];
    return value === undefined || value > 0
      ? []
      : [{ field, message: `got ${String(value)}; it has to be above 0.` }];
  });
  const { latency } = thresholds;
  return [
    ...percentages,
    ...factors,
    ...(latency === undefined || toSeconds(latency) > 0
      ? []
      : [{ field: "latency", message: `got "${latency}"; it has to be above zero.` }]),
  ];
}
