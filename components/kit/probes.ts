import type * as kubernetes from "@pulumi/kubernetes";
import { toSeconds, type Duration } from "./duration";
import type { OneOf } from "./one-of";
import type { Problem } from "./problem";

type ProbeSpec = kubernetes.types.input.core.v1.Probe;

/** The questions a probe can ask. `Port` is the name of a port that the container declares. */
interface ProbeChecks<Port extends string> {
  /** A GET that has to answer with a status from 200 to 399. */
  readonly http: {
    /** The path, with its leading slash. */
    readonly path: string;
    /** The port's name. */
    readonly port: Port;
  };
  /** A connection that has to be accepted. */
  readonly tcp: {
    /** The port's name. */
    readonly port: Port;
  };
  /** The gRPC health protocol, which has to answer SERVING. */
  readonly grpc: {
    /** The port's name. */
    readonly port: Port;
    /**
     * The service to ask about.
     * @default - the server as a whole
     */
    readonly service?: string;
  };
  /** A command in the container that has to exit with 0. */
  readonly exec: {
    /** The command and its arguments; no shell reads them. */
    readonly command: readonly string[];
  };
}

/** The question a probe asks: one of http, tcp, grpc and exec. */
export type ProbeCheck<Port extends string = string> = OneOf<ProbeChecks<Port>>;

/** How often a probe asks, and how many failures count. */
export interface ProbeTiming {
  /**
   * The time from one question to the next.
   * @default "10s" for liveness, "5s" for readiness
   */
  readonly period?: Duration;
  /**
   * How long an answer may take; less than the period.
   * @default "3s", or a second less than a shorter period
   */
  readonly timeout?: Duration;
  /**
   * How many failures in a row count; at least 3, so that one slow answer does not.
   * @default 3
   */
  readonly failureThreshold?: number;
}

/** The probe that holds the others back until the process is up. */
export interface StartupProbe<Port extends string = string> {
  /**
   * The question.
   * @default - the question that liveness asks
   */
  readonly check?: ProbeCheck<Port>;
  /**
   * How long the process may take to start before it is killed.
   * @default "150s"
   */
  readonly window?: Duration;
}

/** The three questions about a container; each has its own consequence. */
export interface Probes<Port extends string = string> {
  /**
   * Has it started? Until then nothing else is asked.
   * @default - the question that liveness asks, for 150 seconds
   */
  readonly startup?: StartupProbe<Port>;
  /** Is the process alive? If not, it is restarted; so it asks about the process alone. */
  readonly liveness: ProbeCheck<Port> & ProbeTiming;
  /** Can it serve now? If not, it gets no traffic; so it may ask about dependencies. */
  readonly readiness: ProbeCheck<Port> & ProbeTiming;
}

/** The probes of a container as its spec has them. */
export interface ProbeSpecs {
  /** Holds the others back until the process is up. */
  readonly startupProbe: ProbeSpec;
  /** Restarts the container. */
  readonly livenessProbe: ProbeSpec;
  /** Takes the pod out of the traffic. */
  readonly readinessProbe: ProbeSpec;
}

const startupPeriodSeconds = 5;
const defaults = {
  window: "150s",
  timeoutSeconds: 3,
  failureThreshold: 3,
  livenessPeriod: "10s",
  readinessPeriod: "5s",
} as const;

/** The lowest failure threshold that is accepted. */
const lowestFailureThreshold = 3;

/**
 * The probes of a container, their ports by number.
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export function probeSpecs(probes: Probes, ports: Readonly<Record<string, number>>): ProbeSpecs {
  const { startup, liveness, readiness } = probes;
  const timeoutSeconds = timeoutOf(liveness, defaults.livenessPeriod);
  // Questions that take longer than the period would stretch the window.
  const periodSeconds = Math.max(startupPeriodSeconds, timeoutSeconds);
  return {
    startupProbe: {
      ...handler(startup?.check ?? liveness, ports),
      periodSeconds,
      timeoutSeconds,
      failureThreshold: Math.ceil(startupSeconds(probes) / periodSeconds),
    },
    livenessProbe: {
      ...handler(liveness, ports),
      ...timing(liveness, defaults.livenessPeriod),
    },
    readinessProbe: {
      ...handler(readiness, ports),
      ...timing(readiness, defaults.readinessPeriod),
    },
  };
}

/** How long a container may take from its start to its first readiness, in seconds. */
export function startupBudgetSeconds(probes: Probes): number {
  return startupSeconds(probes) + toSeconds(probes.readiness.period ?? defaults.readinessPeriod);
}

function startupSeconds(probes: Probes): number {
  return toSeconds(probes.startup?.window ?? defaults.window);
}

function timing(probe: ProbeTiming, period: Duration): ProbeSpec {
  return {
    periodSeconds: toSeconds(probe.period ?? period),
    timeoutSeconds: timeoutOf(probe, period),
    failureThreshold: probe.failureThreshold ?? defaults.failureThreshold,
  };
}

function timeoutOf({ period, timeout }: ProbeTiming, defaultPeriod: Duration): number {
  return timeout === undefined
    ? Math.max(1, Math.min(defaults.timeoutSeconds, toSeconds(period ?? defaultPeriod) - 1))
    : toSeconds(timeout);
}

function handler(check: ProbeCheck, ports: Readonly<Record<string, number>>): ProbeSpec {
  if (check.http !== undefined) {
    return { httpGet: { path: check.http.path, port: portNumber(check.http.port, ports) } };
  }
  if (check.tcp !== undefined) {
    return { tcpSocket: { port: portNumber(check.tcp.port, ports) } };
  }
  if (check.grpc !== undefined) {
    const { port, service } = check.grpc;
    return {
      grpc: { port: portNumber(port, ports), ...(service === undefined ? {} : { service }) },
    };
  }
  return { exec: { command: [...check.exec.command] } };
}

function portNumber(name: string, ports: Readonly<Record<string, number>>): number {
  const number = ports[name];
  if (number === undefined) {
    throw new Error(undeclaredPortText(name, ports));
  }
  return number;
}

function undeclaredPortText(name: string, ports: Readonly<Record<string, number>>): string {
  const declared = Object.keys(ports);
  return `got port "${name}"; the declared ports are ${declared.length === 0 ? "none" : declared.join(", ")}. Declare it under ports, or use one of these.`;
}

/** What is wrong with a container's probes. */
export function probeProblems(
  probes: Probes,
  ports: Readonly<Record<string, number>>,
): readonly Problem[] {
  return [
    ...checkProblems("startup.check", probes.startup?.check, ports),
    ...checkProblems("liveness", probes.liveness, ports),
    ...checkProblems("readiness", probes.readiness, ports),
    ...timingProblems("liveness", probes.liveness, defaults.livenessPeriod),
    ...timingProblems("readiness", probes.readiness, defaults.readinessPeriod),
    ...windowProblems(probes),
    ...sameQuestionProblems(probes),
  ];
}

function checkProblems(
  field: string,
  check: ProbeCheck | undefined,
  ports: Readonly<Record<string, number>>,
): readonly Problem[] {
  if (check === undefined) {
    return [];
  }
  if (check.exec !== undefined) {
    return check.exec.command.length > 0
      ? []
      : [{ field, message: "got an empty command; name the program and its arguments." }];
  }
  const problems: Problem[] = [];
  if (check.http !== undefined && !check.http.path.startsWith("/")) {
    problems.push({
      field: `${field}.http.path`,
      message: `got "${check.http.path}"; a path starts with a slash.`,
    });
  }
  const port = (check.http ?? check.tcp ?? check.grpc).port;
  if (ports[port] === undefined) {
    problems.push({ field, message: undeclaredPortText(port, ports) });
  }
  return problems;
}

function timingProblems(
  field: string,
  probe: ProbeTiming,
  defaultPeriod: Duration,
): readonly Problem[] {
  const { failureThreshold = defaults.failureThreshold } = probe;
  const problems: Problem[] = [];
  if (!Number.isInteger(failureThreshold) || failureThreshold < lowestFailureThreshold) {
    problems.push({
      field: `${field}.failureThreshold`,
      message:
        `got ${String(failureThreshold)}; it has to be a whole number, at least ${String(lowestFailureThreshold)}. Below that, one ` +
        `slow answer takes a pod out. To react sooner, shorten the period.`,
    });
  }
  const period = toSeconds(probe.period ?? defaultPeriod);
  const timeout = timeoutOf(probe, defaultPeriod);
  if (timeout === 0 || timeout >= period) {
    problems.push({
      field: `${field}.timeout`,
      message:
        `got ${String(timeout)}s for a question that is asked every ${String(period)}s; it has to be at least 1s, ` +
        `and less than the period. Lengthen the period, or shorten the timeout.`,
    });
  }
  return problems;
}

function windowProblems(probes: Probes): readonly Problem[] {
  return startupSeconds(probes) > 0
    ? []
    : [
        {
          field: "startup.window",
          message: `got "${String(probes.startup?.window)}"; it has to be at least a second, or the process is killed before it is up.`,
        },
      ];
}

/** Compared as they would be rendered, so that the order of keys does not hide it. */
function sameQuestionProblems({ liveness, readiness }: Probes): readonly Problem[] {
  if (question(liveness) !== question(readiness)) {
    return [];
  }
  return [
    {
      field: "readiness",
      message:
        `asks what liveness asks (${question(liveness)}). A dependency that fails would restart the pods ` +
        `instead of taking them out of the traffic. Ask about the process in liveness, and about what it ` +
        `needs to serve in readiness.`,
    },
  ];
}

function question(check: ProbeCheck): string {
  if (check.http !== undefined) {
    return `GET ${check.http.path} on port ${check.http.port}`;
  }
  if (check.tcp !== undefined) {
    return `a connection to port ${check.tcp.port}`;
  }
  if (check.grpc !== undefined) {
    return `gRPC health of ${check.grpc.service ?? "the server"} on port ${check.grpc.port}`;
  }
  return `the command ${check.exec.command.join(" ")}`;
}
