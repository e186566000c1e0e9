import { fields, maps, scalarText, strings } from "../core/fields";
import { type ObjectView } from "../core/object";
import { rulesOf, stackRule } from "../core/rule";
import { isEmptySelector, matchesSelector, readLabels } from "../core/selectors";
import { namespaceOf, type Stack } from "../core/stack";
import { visit } from "../core/unknown";
import { APP, deployment, manifest } from "../kubernetes/examples";
import { selectsOperatorPods } from "../kubernetes/operators";
import { perList } from "../kubernetes/per-list";

const SERVICES = "https://kubernetes.io/docs/concepts/services-networking/service/";

const service = (spec: Readonly<Record<string, unknown>> = {}) =>
  manifest("v1", "Service", {
    spec: { selector: APP, ports: [{ port: 80, targetPort: "http" }], ...spec },
  });

const serving = deployment(
  {},
  {
    containers: [
      {
        name: "orders",
        image: "registry.example/orders:1",
        ports: [{ name: "http", containerPort: 8080 }],
      },
    ],
  },
);

const monitor = manifest("monitoring.coreos.com/v1", "ServiceMonitor", {
  spec: { selector: { matchLabels: APP }, endpoints: [{ port: "http" }] },
});

/** Services and monitors that lead to something. */
export const serviceTargetRules = rulesOf("networking", [
  stackRule({
    id: "service-dangling",
    assertion: "Services select pods that exist.",
    why: "A Service without pods accepts the name and refuses every connection.",
    source: SERVICES,
    severity: "high",
    action: "mandatory",
    kinds: ["Service"],
    fix: "Match the selector to the labels of a pod template in the same namespace.",
    anchors: ["kube-linter", "kube-score"],
    examples: { pass: [service(), deployment()], fail: [service()] },
    check: (stack, report) => {
      visit(stack.ofKind("Service"), (object) => {
        const { spec } = object;
        if (spec["type"] === "ExternalName") {
          return;
        }
        const namespace = namespaceOf(object);
        const selector = readLabels(spec["selector"]);
        const found =
          Object.keys(selector).length === 0
            ? hasOwnEndpoints(stack, object)
            : stack.selectedByLabels(namespace, selector).length > 0 ||
              selectsOperatorPods(stack, namespace, selector);
        if (!found) {
          report(object, "spec.selector", spec["selector"], "the labels of a pod of the namespace");
        }
      });
    },
  }),
  stackRule({
    id: "service-port-mismatch",
    assertion: "Services lead to ports that their pods declare.",
    why: "A targetPort by a name that no container has drops every connection; by an undeclared number it works by luck.",
    source: `${SERVICES}#field-spec-ports`,
    severity: "high",
    action: "mandatory",
    kinds: ["Service"],
    fix: "Use the name of a container port of every selected pod.",
    examples: {
      pass: [service(), serving],
      fail: [service({ ports: [{ port: 80, targetPort: "web" }] }), serving],
    },
    check: (stack, report) => {
      const byTarget = perList(() => new Map<unknown, ObjectView | undefined>());
      const firstWithout = (workloads: readonly ObjectView[], target: unknown) => {
        const known = byTarget(workloads);
        if (!known.has(target)) {
          known.set(
            target,
            workloads.find((workload) => !declares(workload, target)),
          );
        }
        return known.get(target);
      };
      visit(stack.ofKind("Service"), (object) => {
        const workloads = stack.selectedByLabels(namespaceOf(object), object.spec["selector"]);
        maps(object.spec["ports"]).forEach((port, index) => {
          const target = port["targetPort"] ?? port["port"];
          const lacking = firstWithout(workloads, target);
          if (lacking !== undefined) {
            report(
              object,
              `spec.ports[${index}].targetPort`,
              target,
              `a port that ${lacking.kind} "${lacking.name}" declares`,
              // A number works without declaration, as long as the process listens there.
              isPortName(target) ? undefined : "advisory",
            );
          }
        });
      });
    },
  }),
  stackRule({
    id: "service-multi-workload",
    assertion: "A Service leads to one application.",
    why: "A selector that is too wide sends a share of the requests to pods that do not know them.",
    source: SERVICES,
    severity: "medium",
    action: "advisory",
    kinds: ["Service"],
    fix: "Add the label that tells the applications apart to the selector.",
    examples: {
      pass: [service(), deployment()],
      fail: [
        service({ selector: { tier: "web" } }),
        ...["orders", "billing"].map((app) => ({
          ...manifest("v1", "Pod", { spec: { containers: [] } }),
          metadata: { name: app, namespace: "shop", labels: { app, tier: "web" } },
        })),
      ],
    },
    check: (stack, report) => {
      const applications = perList(
        (workloads: readonly ObjectView[]) => new Set(workloads.map(applicationOf)),
      );
      visit(stack.ofKind("Service"), (object) => {
        const names = applications(
          stack.selectedByLabels(namespaceOf(object), object.spec["selector"]),
        );
        if (names.size > 1) {
          report(
            object,
            "spec.selector",
            object.spec["selector"],
            `of one of ${[...names].sort().join(", ")}`,
          );
        }
      });
    },
  }),
  stackRule({
    id: "servicemonitor-dangling",
    assertion: "ServiceMonitors select Services that exist.",
    why: "A monitor without a Service scrapes nothing, and the alerts built on it never fire.",
    source:
      "https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor",
    severity: "medium",
    action: "advisory",
    kinds: ["monitoring.coreos.com/ServiceMonitor"],
    fix: "Match the selector to the labels of a Service, and name its namespace.",
    anchors: ["kube-linter"],
    examples: {
      pass: [
        monitor,
        { ...service(), metadata: { name: "orders", namespace: "shop", labels: APP } },
      ],
      fail: [monitor],
    },
    check: (stack, report) => {
      visit(stack.ofKind("monitoring.coreos.com/ServiceMonitor"), (object) => {
        if (!monitorsSomething(stack, object)) {
          report(object, "spec.selector", object.spec["selector"], "the labels of a Service");
        }
      });
    },
  }),
]);

/** True when somebody else keeps the endpoints of a Service without selector. */
function hasOwnEndpoints(stack: Stack, service: ObjectView): boolean {
  const namespace = namespaceOf(service);
  return (
    stack.find("Endpoints", namespace, service.name) !== undefined ||
    stack
      .ofKind("EndpointSlice", namespace)
      .some(({ labels }) => labels["kubernetes.io/service-name"] === service.name)
  );
}

function isPortName(target: unknown): boolean {
  return typeof target === "string" && !/^\d+$/.test(target);
}

function declares({ pod }: ObjectView, target: unknown): boolean {
  const ports = (pod?.running ?? []).flatMap(({ spec }) => maps(spec["ports"]));
  const named = isPortName(target);
  return ports.some((port) =>
    named ? port["name"] === target : scalarText(port["containerPort"]) === scalarText(target),
  );
}

const APPLICATION_LABELS = ["app.kubernetes.io/name", "app", "k8s-app"];

/** The application a workload belongs to, by its pods' labels. */
function applicationOf({ pod, name }: ObjectView): string {
  const label = APPLICATION_LABELS.find((candidate) => pod?.labels[candidate] !== undefined);
  return (label === undefined ? undefined : pod?.labels[label]) ?? name;
}

/**
 * True when a ServiceMonitor selects a Service, and does so by something. Without a namespaceSelector any
 * namespace counts: the operator may be told to ignore it, and the monitor's own is often set on apply.
 */
function monitorsSomething(stack: Stack, { spec }: ObjectView): boolean {
  const { selector } = spec;
  const namespaces = fields(spec["namespaceSelector"]);
  const names = strings(namespaces["matchNames"]);
  if (isEmptySelector(selector) && names.length === 0 && namespaces["any"] !== true) {
    return false;
  }
  const services =
    names.length === 0 || namespaces["any"] === true
      ? stack.ofKind("Service")
      : names.flatMap((namespace) => stack.ofKind("Service", namespace));
  return services.some(
    ({ labels }) => isEmptySelector(selector) || matchesSelector(selector, labels),
  );
}
