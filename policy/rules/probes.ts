import { fields, isMap } from "../core/fields";
import {
  ACTIONS,
  commandWords,
  declaresPort,
  probeOf,
  PROBES,
  question,
  type ProbeField,
} from "../core/probes";
import {
  containerRule,
  rulesOf,
  RUNNING_CONTAINERS,
  SERVING_KINDS,
  stackRule,
  type Anchor,
  type Severity,
} from "../core/rule";
import { namespaceOf } from "../core/stack";
import { visit } from "../core/unknown";

const SOURCE =
  "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/";

const http = (path: string, rest: object = {}) => ({ httpGet: { path, port: "http" }, ...rest });
const ports = [{ name: "http", containerPort: 8080 }];

const requiredProbe = (field: ProbeField, id: string, severity: Severity, why: string) =>
  containerRule({
    id,
    assertion: `Containers that keep running have a ${id.replace("-", " ")}.`,
    why,
    source: SOURCE,
    severity,
    action: "mandatory",
    fix: `Add a ${field} that calls the container itself.`,
    anchors: ["kube-linter", "Polaris", "Checkov", "Datree"],
    kinds: SERVING_KINDS,
    roles: RUNNING_CONTAINERS,
    examples: { pass: { [field]: http("/healthz") }, fail: {} },
    check: (container, report) => {
      const probe = container.spec[field];
      if (!isMap(probe) || Object.keys(probe).length === 0) {
        report(field, undefined, "set");
      }
    },
  });

const declaredPort = (field: ProbeField, id: string) =>
  containerRule({
    id,
    assertion: `The port of the ${id.replace("-port", "")} probe is one the container declares.`,
    why: "A probe of a port that nothing listens on fails forever; a declared port shows that the two agree.",
    source: SOURCE,
    severity: "medium",
    action: "advisory",
    fix: "Use the name of a declared port in the probe, or declare the port.",
    anchors: ["kube-linter"],
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { ports, [field]: http("/healthz") },
      fail: { ports, [field]: { httpGet: { path: "/healthz", port: 9090 } } },
    },
    check: (container, report) => {
      const probe = fields(container.spec[field]);
      for (const action of ACTIONS.filter((name) => name !== "exec" && isMap(probe[name]))) {
        const port = fields(probe[action])["port"] ?? undefined;
        if (!declaresPort(container, port)) {
          report(`${field}.${action}.port`, port, "the name or number of a declared TCP port");
        }
      }
    },
  });

const explicitTiming = (id: string, key: string, anchors: readonly Anchor[] = ["Datree"]) =>
  containerRule({
    id,
    assertion: `Probes state their ${key}.`,
    why: "A default that nobody chose is one that nobody checked against the process.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: `Set ${key} on every probe.`,
    anchors,
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { livenessProbe: http("/healthz", { [key]: 1 }) },
      fail: { livenessProbe: http("/healthz") },
    },
    check: (container, report) => {
      for (const field of PROBES) {
        const probe = container.spec[field];
        if (!isMap(probe)) {
          continue;
        }
        const written = probe[key] ?? undefined;
        // The API server replaces a 0 by its default, except for the delay, where 0 is one.
        if (written === undefined || (written === 0 && key !== "initialDelaySeconds")) {
          report(`${field}.${key}`, written, "set");
        } else if (key === "successThreshold" && field !== "readinessProbe" && written !== 1) {
          report(`${field}.${key}`, written, "1, as the API demands of this probe");
        }
      }
    },
  });

/** The questions the kubelet asks of a container. */
export const probeRules = rulesOf("probes", [
  requiredProbe(
    "livenessProbe",
    "liveness-probe",
    "medium",
    "Without a liveness probe a process that hangs is never restarted.",
  ),
  requiredProbe(
    "readinessProbe",
    "readiness-probe",
    "high",
    "Without a readiness probe a Service sends requests to a container that has not started yet or cannot answer.",
  ),
  stackRule({
    id: "probes-service",
    kinds: SERVING_KINDS,
    assertion: "Pods behind a Service have a readiness probe.",
    why: "The Service sends requests to every pod that does not say that it is not ready.",
    source: SOURCE,
    severity: "high",
    action: "mandatory",
    fix: "Add a readinessProbe to a container of the pod.",
    anchors: ["kube-score"],
    examples: {
      pass: [service(), pod({ readinessProbe: { httpGet: { path: "/ready", port: 8080 } } })],
      fail: [service(), pod({})],
    },
    check: (stack, report) => {
      const judged = new Set<unknown>();
      visit(stack.ofKind("Service"), (selecting) => {
        for (const object of stack.selectedByLabels(
          namespaceOf(selecting),
          selecting.spec["selector"],
        )) {
          const { pod: selected } = object;
          if (selected === undefined || selected.completes || judged.has(object)) {
            continue;
          }
          judged.add(object);
          if (!selected.running.some(({ spec }) => isMap(spec["readinessProbe"]))) {
            report(
              object,
              `${selected.path}.containers`,
              "no readinessProbe",
              "a pod with one, as a Service selects it",
            );
          }
        }
      });
    },
  }),
  containerRule({
    id: "any-probe",
    assertion: "Containers that keep running have at least one probe.",
    why: "Without any probe Kubernetes knows nothing of the process but that it exists.",
    source: SOURCE,
    severity: "medium",
    action: "advisory",
    fix: "Add a readinessProbe, a livenessProbe and a startupProbe.",
    anchors: ["Kyverno"],
    implies: ["liveness-probe", "readiness-probe"],
    kinds: SERVING_KINDS,
    roles: RUNNING_CONTAINERS,
    examples: { pass: { readinessProbe: http("/ready") }, fail: {} },
    check: (container, report) => {
      if (!PROBES.some((field) => isMap(container.spec[field]))) {
        report("readinessProbe", undefined, "set, as there is no probe at all");
      }
    },
  }),
  containerRule({
    id: "probes-identical",
    assertion: "Liveness is not the same question as readiness, asked as impatiently.",
    why: "When both fail together, a pod that is only busy is restarted instead of being left out for a while.",
    source: `${SOURCE}#define-readiness-probes`,
    severity: "medium",
    action: "mandatory",
    fix: "Let liveness ask about the process alone, or give it a failureThreshold well above readiness'.",
    anchors: ["kube-score", "Kyverno"],
    implies: ["liveness-stricter-than-readiness"],
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { livenessProbe: http("/healthz"), readinessProbe: http("/ready") },
      fail: { livenessProbe: http("/healthz"), readinessProbe: http("/healthz") },
    },
    check: (container, report) => {
      const liveness = probeOf(container, "livenessProbe");
      const readiness = probeOf(container, "readinessProbe");
      if (
        liveness === undefined ||
        readiness === undefined ||
        liveness.tolerance > readiness.tolerance
      ) {
        return;
      }
      const asked = question(container, liveness);
      if (asked !== undefined && asked === question(container, readiness)) {
        report("livenessProbe", "the readiness probe", "another question, or more patient");
      }
    },
  }),
  declaredPort("livenessProbe", "liveness-port"),
  declaredPort("readinessProbe", "readiness-port"),
  declaredPort("startupProbe", "startup-port"),
  explicitTiming("probe-initial-delay", "initialDelaySeconds"),
  explicitTiming("probe-period", "periodSeconds"),
  explicitTiming("probe-timeout", "timeoutSeconds"),
  explicitTiming("probe-success-threshold", "successThreshold"),
  containerRule({
    id: "probe-exec-commands",
    assertion: "Probes do not run process listings or debuggers.",
    why: "jcmd, ps and ls cost more than the question is worth and say nothing of whether the service answers.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Use an http, tcp or grpc handler.",
    anchors: ["Kyverno"],
    roles: RUNNING_CONTAINERS,
    examples: {
      pass: { livenessProbe: { exec: { command: ["/app/health"] } } },
      fail: { livenessProbe: { exec: { command: ["ps", "-ef"] } } },
    },
    check: (container, report) => {
      for (const field of PROBES) {
        const word = commandWords(container.spec[field]).find((one) =>
          /^(?:.*\/)?(?:jcmd|ps|ls)$/.test(one),
        );
        if (word !== undefined) {
          report(`${field}.exec.command`, word, "another handler");
        }
      }
    },
  }),
]);

function service() {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "app" },
    spec: { selector: { app: "app" }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

function pod(container: object) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "app", labels: { app: "app" } },
    spec: { containers: [{ name: "app", image: "registry.example/app:1.4.2", ...container }] },
  };
}
