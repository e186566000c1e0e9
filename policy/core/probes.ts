import { fields, isMap, list, maps, number, scalarText, text, type Fields } from "./fields";
import { type ContainerView } from "./pod";

export const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
export type ProbeField = (typeof PROBES)[number];

/** A probe with the API server's defaults filled in. */
export interface Probe {
  /** The probe as written. */
  readonly raw: Fields;
  /** Seconds before the first call. */
  readonly initialDelaySeconds: number;
  /** Seconds between calls. */
  readonly periodSeconds: number;
  /** Seconds a call may take. */
  readonly timeoutSeconds: number;
  /** Failures in a row that count. */
  readonly failureThreshold: number;
  /** Seconds of failures until the probe counts as failed. */
  readonly tolerance: number;
}

/** The probe, undefined when it is not set. https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes */
export function probeOf(container: ContainerView, field: ProbeField): Probe | undefined {
  const raw = container.spec[field];
  if (!isMap(raw)) {
    return undefined;
  }
  const periodSeconds = positive(raw["periodSeconds"]) ?? 10;
  const failureThreshold = positive(raw["failureThreshold"]) ?? 3;
  return {
    raw,
    initialDelaySeconds: number(raw["initialDelaySeconds"]) ?? 0,
    periodSeconds,
    timeoutSeconds: positive(raw["timeoutSeconds"]) ?? 1,
    failureThreshold,
    tolerance: periodSeconds * failureThreshold,
  };
}

// The API server replaces 0 by the default.
function positive(value: unknown): number | undefined {
  const given = number(value);
  return given === 0 ? undefined : given;
}

/** The ways a handler asks. */
export const ACTIONS = ["httpGet", "tcpSocket", "grpc", "exec"] as const;

/** The handler of a probe, written so that two handlers that ask the same question are equal; undefined without one. */
export function question(container: ContainerView, { raw }: Probe): string | undefined {
  const action = ACTIONS.find((name) => isMap(raw[name]));
  if (action === undefined) {
    return undefined;
  }
  const handler = fields(raw[action]);
  const port = portNumber(container, handler["port"]) ?? handler["port"];
  const path = text(handler["path"]) ?? "/";
  return JSON.stringify([
    action,
    port,
    path,
    handler["host"],
    handler["service"],
    list(handler["command"]),
  ]);
}

/** The number of a port given by number or by the name of a declared port. */
function portNumber(container: ContainerView, port: unknown): number | undefined {
  if (typeof port === "number") {
    return port;
  }
  if (typeof port === "string" && /^\d+$/.test(port)) {
    return Number(port);
  }
  return number(maps(container.spec["ports"]).find(({ name }) => name === port)?.["containerPort"]);
}

/** True when the container declares the port of the handler over TCP. */
export function declaresPort(container: ContainerView, port: unknown): boolean {
  return maps(container.spec["ports"])
    .filter(({ protocol }) => (protocol ?? "TCP") === "TCP")
    .some(
      ({ name, containerPort }) =>
        name === port || containerPort === port || scalarText(containerPort) === port,
    );
}

/** The words of an exec handler's command, split as a shell would roughly do. */
export function commandWords(handler: unknown): readonly string[] {
  return list(fields(fields(handler)["exec"])["command"])
    .map(String)
    .flatMap((part) => part.split(/[\s;&|()]+/))
    .filter((word) => word !== "");
}
