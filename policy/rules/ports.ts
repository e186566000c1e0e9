import { maps, text } from "../core/fields";
import { containerRule, objectRule, REGULAR_CONTAINERS, rulesOf, type Report } from "../core/rule";
import { WORKLOAD_KINDS } from "../core/walk";
import { APP, manifest } from "../kubernetes/examples";

const NAMES =
  "https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services";

const service = (targetPort: unknown) =>
  manifest("v1", "Service", { spec: { selector: APP, ports: [{ port: 80, targetPort }] } });

const PORT_NAME =
  "a name of at most 15 lowercase letters, digits and single hyphens, one of them a letter";
const PORT_NUMBER = "a number from 1 to 65535";

/** Ports by names and numbers that exist. */
export const portRules = rulesOf("networking", [
  objectRule({
    id: "invalid-target-port",
    assertion: "Ports have valid names and numbers.",
    why: "The API server rejects a port name that is no service name (RFC 6335) and a number out of range.",
    source: NAMES,
    severity: "medium",
    action: "mandatory",
    kinds: ["Service", ...WORKLOAD_KINDS],
    fix: "Use a name such as `http`, or a number from 1 to 65535.",
    anchors: ["kube-linter", "kube-score"],
    examples: { pass: service("http"), fail: service("123456") },
    check: (object, report) => {
      if (object.kind === "Service") {
        maps(object.spec["ports"]).forEach(({ targetPort }, index) => {
          // Zero is how an unset target port is written.
          if (targetPort !== undefined && targetPort !== null && targetPort !== 0) {
            reportPort(report, `spec.ports[${index}].targetPort`, targetPort);
          }
        });
        return;
      }
      for (const container of object.pod?.containers ?? []) {
        const names = new Set<string>();
        maps(container.spec["ports"]).forEach(({ name, containerPort }, index) => {
          const place = (field: string) => container.at(`ports[${index}].${field}`);
          if (!isPortNumber(containerPort)) {
            report(place("containerPort"), containerPort, PORT_NUMBER);
          }
          const written = text(name) ?? "";
          if (written !== "" && !isPortName(written)) {
            report(place("name"), written, PORT_NAME);
          } else if (written !== "" && names.has(written)) {
            report(place("name"), written, "different from the container's other ports");
          }
          names.add(written);
        });
      }
    },
  }),
  containerRule({
    id: "port-names",
    assertion: "Container ports have names.",
    why: "A name tells probes, Services and people what the port serves, and survives a change of the number.",
    source: NAMES,
    severity: "low",
    action: "off",
    roles: REGULAR_CONTAINERS,
    fix: "Name every port.",
    anchors: ["Kyverno"],
    examples: {
      pass: { ports: [{ name: "http", containerPort: 8080 }] },
      fail: { ports: [{ containerPort: 8080 }] },
    },
    check: ({ spec }, report) => {
      maps(spec["ports"]).forEach(({ name }, index) => {
        if ((text(name) ?? "") === "") {
          report(`ports[${index}].name`, undefined, "a name such as http");
        }
      });
    },
  }),
]);

function reportPort(report: Report, path: string, port: unknown): void {
  if (typeof port === "string") {
    if (!isPortName(port)) {
      report(path, port, PORT_NAME);
    }
  } else if (!isPortNumber(port)) {
    report(path, port, PORT_NUMBER);
  }
}

function isPortNumber(port: unknown): boolean {
  return typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535;
}

// https://www.rfc-editor.org/rfc/rfc6335.html#section-5.1
function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name);
}
