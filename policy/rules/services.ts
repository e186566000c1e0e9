import { list, maps, number, strings, text } from "../core/fields";
import { objectRule, rulesOf } from "../core/rule";
import { APP, manifest } from "../kubernetes/examples";

const SERVICES = "https://kubernetes.io/docs/concepts/services-networking/service/";

const service = (spec: Readonly<Record<string, unknown>> = {}) =>
  manifest("v1", "Service", {
    spec: { selector: APP, ports: [{ port: 80, targetPort: "http" }], ...spec },
  });

/** What a Service opens, and to whom. */
export const serviceRules = rulesOf("networking", [
  objectRule({
    id: "service-type",
    assertion: "Services stay inside the cluster.",
    why: "NodePort opens a port on every node and LoadBalancer an address of its own, both past the one entrance that has TLS and limits.",
    source: `${SERVICES}#publishing-services-service-types`,
    severity: "medium",
    action: "advisory",
    kinds: ["Service"],
    fix: "Use ClusterIP behind an Ingress or a Gateway; exempt the entrance itself.",
    anchors: ["kube-linter", "kube-score", "Kyverno", "Datree", "Pulumi compliance policies"],
    examples: { pass: service(), fail: service({ type: "NodePort" }) },
    check: ({ spec }, report) => {
      if (spec["type"] === "NodePort" || spec["type"] === "LoadBalancer") {
        report("spec.type", spec["type"], "ClusterIP");
      }
    },
  }),
  objectRule({
    id: "service-external-ips",
    assertion: "Services claim no external addresses.",
    why: "Whoever sets externalIPs receives the cluster's traffic for any address (CVE-2020-8554, unfixed by design).",
    source: "https://github.com/kubernetes/kubernetes/issues/97076",
    severity: "high",
    action: "mandatory",
    kinds: ["Service"],
    fix: "Remove externalIPs and use a load balancer.",
    anchors: ["Kyverno", "Trivy"],
    examples: { pass: service(), fail: service({ externalIPs: ["203.0.113.7"] }) },
    check: ({ spec }, report) => {
      if (list(spec["externalIPs"]).length > 0) {
        report("spec.externalIPs", spec["externalIPs"], "unset");
      }
    },
  }),
  objectRule({
    id: "service-localhost",
    assertion: "Services do not point at the caller itself.",
    why: "An ExternalName of localhost makes a proxy in front of it serve its own loopback interface.",
    source: `${SERVICES}#externalname`,
    severity: "medium",
    action: "mandatory",
    kinds: ["Service"],
    fix: "Name the outside host, or select the pods.",
    anchors: ["Kyverno"],
    examples: {
      pass: service({ type: "ExternalName", externalName: "db.example.com" }),
      fail: service({ type: "ExternalName", externalName: "localhost" }),
    },
    check: ({ spec }, report) => {
      const name = (text(spec["externalName"]) ?? "").toLowerCase().replace(/\.$/, "");
      const local = /^(localhost|localhost\.localdomain|.*\.localhost|127(\.\d+){3})$/.test(name);
      if (spec["type"] === "ExternalName" && local) {
        report("spec.externalName", spec["externalName"], "a host outside the cluster");
      }
    },
  }),
  objectRule({
    id: "service-port-range",
    assertion: "Services offer ports of the agreed range.",
    why: "Firewalls and load balancers in front of the cluster pass only the agreed ports.",
    source: SERVICES,
    severity: "low",
    action: "off",
    kinds: ["Service"],
    fix: "Choose a port of the range.",
    anchors: ["Kyverno"],
    examples: { pass: service(), fail: service({ ports: [{ port: 70_000 }] }) },
    check: ({ spec }, report, { servicePortFrom, servicePortTo }) => {
      maps(spec["ports"]).forEach(({ port }, index) => {
        const at = number(port);
        if (at !== undefined && (at < servicePortFrom || at > servicePortTo)) {
          report(
            `spec.ports[${index}].port`,
            at,
            `between ${servicePortFrom} and ${servicePortTo}`,
          );
        }
      });
    },
  }),
  objectRule({
    id: "endpointslice-loopback",
    assertion: "Endpoints do not point at the node itself.",
    why: "Loopback and link-local addresses lead kube-proxy to the node's own services and to the cloud's metadata (CVE-2021-25737).",
    source: "https://github.com/kubernetes/kubernetes/issues/102106",
    severity: "medium",
    action: "mandatory",
    kinds: ["EndpointSlice"],
    fix: "Use the address of the endpoint itself.",
    anchors: ["Datree"],
    examples: {
      pass: manifest("discovery.k8s.io/v1", "EndpointSlice", {
        endpoints: [{ addresses: ["10.0.0.7"] }],
      }),
      fail: manifest("discovery.k8s.io/v1", "EndpointSlice", {
        endpoints: [{ addresses: ["127.0.0.1"] }],
      }),
    },
    check: ({ raw }, report) => {
      maps(raw["endpoints"]).forEach((endpoint, at) => {
        strings(endpoint["addresses"]).forEach((address, index) => {
          if (/^(127\.|169\.254\.|::1$|fe80:)/i.test(address)) {
            report(`endpoints[${at}].addresses[${index}]`, address, "an address of the network");
          }
        });
      });
    },
  }),
]);
