import * as kubernetes from "@pulumi/kubernetes";
import { disruptionBudget } from "../../kit/disruption";
import type { LabelFacts } from "../../kit/labels";
import type { Monitoring } from "../../platform/features";
import { alertRules, jobAlertRules, type AlertRule } from "./alerts";
import { isUnchanged, objectName } from "./existing";
import { monitor } from "./metrics";
import { changed, type ObjectContext } from "./object-context";
import { boundsOf, scalingOf } from "./scaling";
import type { ServingWorkload, WorkloadArgs } from "./workload-args";
import { isServing } from "./workload-shape";

const apiVersion = "monitoring.coreos.com/v1";

/** Makes what has a workload's metrics collected, and what alerts on it, where the stack has Prometheus. */
export function createMonitoring(context: ObjectContext, args: WorkloadArgs): void {
  const monitoring = args.features?.monitoring;
  if (monitoring !== undefined && !isUnchanged(args)) {
    if (isServing(args)) {
      createMonitor(context, args, monitoring);
    }
    createAlerts(context, args, monitoring);
  }
}

function createMonitor(
  { name, metadata, child, transform }: ObjectContext,
  args: ServingWorkload,
  { labels, ready }: Monitoring,
): void {
  const { ports, metrics } = args;
  if (metrics !== undefined) {
    const { kind, spec } = monitor(args, ports, metrics);
    new kubernetes.apiextensions.CustomResource(
      `${name}-monitor`,
      changed(transform.monitor, {
        apiVersion,
        kind,
        metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
        spec,
      }),
      { ...child, dependsOn: [...child.dependsOn, ...ready] },
    );
  }
}

function createAlerts(
  { name, metadata, child, transform }: ObjectContext,
  args: WorkloadArgs,
  { labels, ready }: Monitoring,
): void {
  const rules = rulesOf(args);
  if (rules.length > 0) {
    new kubernetes.apiextensions.CustomResource(
      `${name}-alerts`,
      changed(transform.alerts, {
        apiVersion,
        kind: "PrometheusRule",
        metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
        spec: { groups: [{ name: `${args.application}-${args.service}`, rules }] },
      }),
      { ...child, dependsOn: [...child.dependsOn, ...ready] },
    );
  }
}

/** A Job has none: the deployment waits for its end. */
function rulesOf(args: WorkloadArgs): readonly AlertRule[] {
  const facts = { ...factsOf(args), namespace: args.namespace.name };
  if (!isServing(args)) {
    return args.kind === "CronJob" ? jobAlertRules(facts) : [];
  }
  return alertRules(
    {
      ...facts,
      kind: args.kind ?? "Deployment",
      controller: objectName(args, "deployment"),
      autoscaler: objectName(args, "autoscaler"),
      containers: [args.service, ...Object.keys(args.sidecars ?? {})],
      budget: hasBudget(args) ? objectName(args, "disruptionBudget") : undefined,
      http: args.metrics?.http,
      lag: lagOf(args),
    },
    args.alerts,
  );
}

function factsOf({ service, application, team, environment }: WorkloadArgs): LabelFacts {
  return { service, application, team, environment };
}

function hasBudget(args: ServingWorkload): boolean {
  return args.kind !== "DaemonSet" && disruptionBudget(boundsOf(args).floor) !== undefined;
}

function lagOf(args: ServingWorkload): number | undefined {
  return args.kind === "DaemonSet" ? undefined : scalingOf(args).natsLag?.lag;
}
