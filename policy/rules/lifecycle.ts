import { fields, isMap, list, number, text } from "../core/fields";
import { probeOf, PROBES } from "../core/probes";
import { containerRule, rulesOf, RUNNING_CONTAINERS } from "../core/rule";

const PROBES_PAGE =
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/";
const TERMINATION =
  "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination";

const http = (rest: object = {}) => ({ httpGet: { path: "/healthz", port: 8080 }, ...rest });

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds that a preStop hook sleeps: the sleep action, or every `sleep N` of a command. */
function sleepSeconds(preStop: unknown): number {
  const action = number(fields(fields(preStop)["sleep"])["seconds"]) ?? 0;
  const command = list(fields(fields(preStop)["exec"])["command"])
    .map(String)
    .join(" ");
  let total = action;
  for (const match of command.matchAll(/(?:^|[\s;&|/"'])sleep\s+(\d+(?:\.\d+)?)([smhd]?)\b/g)) {
    total += Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1);
  }
  return total;
}

// Path segments that name something else than the process itself.
const DEPENDENCY_PATH =
  /(?:^|[/?&=_-])(?:db|database|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|kafka|rabbitmq|elasticsearch|dependencies|downstream|upstream)(?:$|[/?&=_-])/i;
const LOCAL_HOST =
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0|\$\(?\{?(?:POD_IP|HOSTNAME)\}?\)?)$/i;
const REMOTE_CLIENT =
  /\b(?:psql|pg_isready|mysql|mysqladmin|mariadb-admin|redis-cli|mongo|mongosh|nc|ncat|telnet|cqlsh|rabbitmqadmin|kafka-topics(?:\.sh)?)\b/;

// `redis:6379` and `auth.shop.svc` as words, or behind `=` or `@`; what bash dials by a path; the only
// argument of curl and wget beside their flags.
const ADDRESSES = [
  /(?:^|[\s=@'"])([a-z][a-z0-9.-]*):\d{2,5}(?=$|[\s/'";|&)])/gi,
  /(?:^|[\s=@'"])([a-z][a-z0-9.-]*\.svc)(?=$|[\s./:'";|&)])/gi,
  /\/dev\/tcp\/([^/\s]+)\//g,
  /\b(?:curl|wget)(?:\s+-\S*)*\s+["']?([a-z][a-z0-9.-]*)(?:\/[^\s;|&]*)?\s*(?=$|[;|&])/gi,
];

/** The other host that a command calls, undefined when it calls none. */
function remoteHost(command: string): string | undefined {
  for (const match of command.matchAll(
    /\b(?:https?|tcp|postgres(?:ql)?|mysql|redis|mongodb|amqp|nats):\/\/(?:[^@/\s]*@)?([^:/\s"']+)/gi,
  )) {
    if (!LOCAL_HOST.test(match[1] ?? "")) {
      return match[1];
    }
  }
  for (const address of ADDRESSES) {
    for (const [, host = ""] of command.matchAll(address)) {
      if (!LOCAL_HOST.test(host)) {
        return host;
      }
    }
  }
  if (!REMOTE_CLIENT.test(command)) {
    return undefined;
  }
  const named = /(?:^|\s)(?:-h\s*|--host[= ]|--hostname[= ]|host=)["']?([^\s"']+)/.exec(command);
  const dialled = /\b(?:nc|ncat|telnet)\s+(?:-\S+\s+(?:\d+\s+)?)*["']?([^\s"'-][^\s"']*)/.exec(
    command,
  );
  const host = named?.[1] ?? dialled?.[1];
  return host === undefined || LOCAL_HOST.test(host) ? undefined : host;
}

/** How containers start, are judged while they run, and stop. */
export const lifecycleRules = rulesOf("lifecycle", [
  containerRule({
    id: "probe-failure-threshold",
    assertion: "Probes state a failureThreshold, and liveness one of at least 3.",
    why: "A single slow answer must not restart a container or take it out of service.",
    source: `${PROBES_PAGE}#configure-probes`,
    severity: "low",
    action: "advisory",
    fix: "Set failureThreshold on every probe, to 3 or more for liveness.",
    anchors: ["Datree"],
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { livenessProbe: http({ failureThreshold: 3 }) },
      fail: { livenessProbe: http() },
    },
    check: (container, report, { livenessFailureThreshold }) => {
      for (const field of PROBES) {
        const probe = container.spec[field];
        const floor = field === "livenessProbe" ? livenessFailureThreshold : 1;
        if (isMap(probe) && (number(probe["failureThreshold"]) ?? 0) < floor) {
          report(
            `${field}.failureThreshold`,
            probe["failureThreshold"] ?? undefined,
            `set to at least ${floor}`,
          );
        }
      }
    },
  }),
  containerRule({
    id: "pre-stop",
    assertion: "Containers wait for their endpoints to leave before they stop.",
    why: "Requests still arrive for some seconds after a pod was told to stop.",
    source: "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/",
    severity: "low",
    action: "off",
    fix: "Add lifecycle.preStop with the sleep action.",
    anchors: ["Datree"],
    roles: RUNNING_CONTAINERS,
    examples: { pass: { lifecycle: { preStop: { sleep: { seconds: 10 } } } }, fail: {} },
    check: (container, report) => {
      if (!isMap(fields(container.spec["lifecycle"])["preStop"])) {
        report("lifecycle.preStop", undefined, "set");
      }
    },
  }),
  containerRule({
    id: "startup-window",
    assertion: "Containers get the time they need to start.",
    why: "A probe that gives up before the process has started restarts it forever.",
    source: `${PROBES_PAGE}#define-startup-probes`,
    severity: "medium",
    action: "advisory",
    fix: "Add a startupProbe whose failureThreshold times periodSeconds covers the slowest start.",
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { startupProbe: http({ periodSeconds: 5, failureThreshold: 30 }) },
      fail: { startupProbe: http({ periodSeconds: 5, failureThreshold: 3 }) },
    },
    check: (container, report, { startupSeconds }) => {
      const startup = probeOf(container, "startupProbe");
      const liveness = probeOf(container, "livenessProbe");
      if (startup !== undefined) {
        if (startup.tolerance < startupSeconds) {
          report(
            "startupProbe",
            `${startup.tolerance} s`,
            `at least ${startupSeconds} s (failureThreshold × periodSeconds)`,
          );
        }
      } else if (liveness !== undefined) {
        const window = liveness.initialDelaySeconds + liveness.tolerance;
        if (window < startupSeconds) {
          report(
            "livenessProbe",
            `${window} s`,
            `at least ${startupSeconds} s before the first restart, or preceded by a startupProbe`,
          );
        }
      }
    },
  }),
  containerRule({
    id: "liveness-failure-threshold",
    assertion: "Liveness probes are patient.",
    why: "A threshold of 1 or 2, or a timeout as long as the period, restarts a whole fleet when it is busy.",
    source: `${PROBES_PAGE}#configure-probes`,
    severity: "medium",
    action: "mandatory",
    fix: "Set failureThreshold to 3 or more and timeoutSeconds below periodSeconds.",
    implies: ["probe-failure-threshold"],
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { livenessProbe: http({ failureThreshold: 3, timeoutSeconds: 2, periodSeconds: 10 }) },
      fail: { livenessProbe: http({ failureThreshold: 1 }) },
    },
    check: (container, report, { livenessFailureThreshold }) => {
      const probe = probeOf(container, "livenessProbe");
      if (probe === undefined) {
        return;
      }
      if (probe.failureThreshold < livenessFailureThreshold) {
        report(
          "livenessProbe.failureThreshold",
          probe.failureThreshold,
          `at least ${livenessFailureThreshold}`,
        );
      }
      if (probe.timeoutSeconds >= probe.periodSeconds) {
        report(
          "livenessProbe.timeoutSeconds",
          probe.timeoutSeconds,
          `below periodSeconds, ${probe.periodSeconds}`,
        );
      }
    },
  }),
  containerRule({
    id: "liveness-stricter-than-readiness",
    assertion: "A container is taken out of service before it is restarted.",
    why: "When liveness gives up first, a busy container is killed while requests still arrive.",
    source: PROBES_PAGE,
    severity: "medium",
    action: "advisory",
    fix: "Raise failureThreshold or periodSeconds of the liveness probe above those of readiness.",
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: {
        livenessProbe: http({ failureThreshold: 6 }),
        readinessProbe: http({ failureThreshold: 3 }),
      },
      fail: {
        livenessProbe: http({ failureThreshold: 3 }),
        readinessProbe: http({ failureThreshold: 6 }),
      },
    },
    check: (container, report) => {
      const liveness = probeOf(container, "livenessProbe");
      const readiness = probeOf(container, "readinessProbe");
      if (
        liveness !== undefined &&
        readiness !== undefined &&
        liveness.tolerance <= readiness.tolerance
      ) {
        report(
          "livenessProbe",
          `${liveness.tolerance} s until restart`,
          `more than readiness' ${readiness.tolerance} s`,
        );
      }
    },
  }),
  containerRule({
    id: "liveness-dependency",
    assertion: "Liveness asks about the container itself.",
    why: "A liveness probe that asks a database restarts every pod when the database blinks.",
    source: PROBES_PAGE,
    severity: "medium",
    action: "advisory",
    fix: "Let liveness ask the process, and readiness the dependencies.",
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { livenessProbe: http() },
      fail: { livenessProbe: { exec: { command: ["pg_isready", "-h", "postgres"] } } },
    },
    check: (container, report) => {
      const probe = fields(container.spec["livenessProbe"]);
      for (const action of ["httpGet", "tcpSocket"]) {
        const host = text(fields(probe[action])["host"]) ?? "";
        if (host !== "" && !LOCAL_HOST.test(host)) {
          report(`livenessProbe.${action}.host`, host, "unset");
        }
      }
      const path = text(fields(probe["httpGet"])["path"]) ?? "";
      if (DEPENDENCY_PATH.test(path)) {
        report("livenessProbe.httpGet.path", path, "a path that checks the process only");
      }
      const command = list(fields(probe["exec"])["command"]).map(String).join(" ");
      const host = remoteHost(command);
      if (host !== undefined) {
        report("livenessProbe.exec.command", host, "a command that calls no other host");
      }
    },
  }),
  containerRule({
    id: "prestop-grace",
    assertion: "The grace period outlasts the preStop hook.",
    why: "The hook's time counts: what is left of the grace period is all the process gets to finish its requests.",
    source: TERMINATION,
    severity: "high",
    action: "mandatory",
    fix: "Raise terminationGracePeriodSeconds, or sleep less in preStop.",
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { lifecycle: { preStop: { sleep: { seconds: 10 } } } },
      fail: { lifecycle: { preStop: { sleep: { seconds: 30 } } } },
    },
    check: (container, report, { drainSeconds }) => {
      const { pod } = container;
      const written = pod.spec["terminationGracePeriodSeconds"] ?? undefined;
      // https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ (30 by default)
      const grace = number(written) ?? 30;
      const place = { ...pod.at("terminationGracePeriodSeconds"), container: container.name };
      const slept = sleepSeconds(fields(container.spec["lifecycle"])["preStop"]);
      if (slept > 0 && grace <= slept + drainSeconds) {
        report(
          place,
          written ?? `${grace} (default)`,
          `above ${slept + drainSeconds}: preStop sleeps ${slept} s, and draining takes ${drainSeconds} s`,
        );
      } else if (grace === 0) {
        report(place, 0, "above 0, as 0 kills the process at once");
      }
    },
  }),
]);
