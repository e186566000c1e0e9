import { toSeconds, type Duration } from "../../kit/duration";
import { selectorLabels } from "../../kit/labels";
import type { Problem } from "../../kit/problem";
import { objectName, podSelector, type TakenOver } from "./existing";
import { servicePortNames, type Ports } from "./ports";
import type { ServingShape } from "./workload-args";

/** The metrics that a service has of the HTTP requests it answers. */
export interface HttpMetrics {
  /**
   * The histogram of how long they took, in seconds.
   * @default "http_request_duration_seconds"
   */
  readonly histogram?: string;
  /**
   * The label with the status of the answer.
   * @default "code"
   */
  readonly status?: string;
}

/** Where a service tells its metrics, in the text format of Prometheus. */
export interface Metrics<PortName extends string = string> {
  /** The port, by name. */
  readonly port: PortName;
  /**
   * The path.
   * @default "/metrics"
   */
  readonly path?: string;
  /**
   * How often they are asked for.
   * @default "30s"
   */
  readonly interval?: Duration;
  /**
   * How it counts its requests, to be alerted when they fail or take long; `{}` where the names are the
   * usual ones.
   * @default - no alert looks at requests
   */
  readonly http?: HttpMetrics;
}

/** The names of the metrics of HTTP requests, with the usual ones where nothing is said. */
export function httpMetrics({ histogram, status }: HttpMetrics): Required<HttpMetrics> {
  return { histogram: histogram ?? "http_request_duration_seconds", status: status ?? "code" };
}

/** An object by which the Prometheus operator finds the pods that have metrics. */
export interface Monitor {
  /** Its kind. */
  readonly kind: "ServiceMonitor" | "PodMonitor";
  /** Its spec. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * How a service's metrics are found: by its Service, or by its pods where the port is in none.
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
 */
export function monitor(workload: TakenOver, ports: Ports, metrics: Metrics): Monitor {
  const endpoint = {
    port: metrics.port,
    path: metrics.path ?? "/metrics",
    interval: metrics.interval ?? "30s",
  };
  if (!servicePortNames(ports).includes(metrics.port)) {
    const selector = { matchLabels: podSelector(workload) };
    return { kind: "PodMonitor", spec: { selector, podMetricsEndpoints: [endpoint] } };
  }
  // The headless Service of a StatefulSet has the same labels: each pod would count twice.
  const onlyService = {
    action: "keep",
    sourceLabels: ["__meta_kubernetes_service_name"],
    regex: objectName(workload, "service"),
  };
  return {
    kind: "ServiceMonitor",
    spec: {
      selector: { matchLabels: selectorLabels(workload.service) },
      endpoints: [{ ...endpoint, relabelings: [onlyService] }],
    },
  };
}

/** What is wrong with where a service tells its metrics. */
export function metricsProblems({
  metrics,
  ports,
}: Pick<ServingShape, "metrics" | "ports">): readonly Problem[] {
  if (metrics === undefined) {
    return [];
  }
  const { port, path = "/metrics", interval = "30s", http = {} } = metrics;
  const problems: Problem[] = [];
  if (!Object.hasOwn(ports, port)) {
    problems.push({
      field: "port",
      message: `got "${port}"; the ports are ${Object.keys(ports).join(", ")}. Declare the port, or use one of these.`,
    });
  }
  if (!/^\/\S*$/.test(path)) {
    problems.push({ field: "path", message: `got "${path}"; a path starts with a slash.` });
  }
  if (toSeconds(interval) < 1) {
    problems.push({ field: "interval", message: `got "${interval}"; it has to be above zero.` });
  }
  for (const [field, name] of Object.entries(httpMetrics(http))) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
      problems.push({
        field: `http.${field}`,
        message: `got "${name}"; Prometheus knows names of letters, digits and underscores, no digit first.`,
      });
    }
  }
  return problems;
}
