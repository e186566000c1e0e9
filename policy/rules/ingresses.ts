import {
  fields,
  has,
  isMap,
  maps,
  number,
  scalarText,
  strings,
  text,
  type Fields,
} from "../core/fields";
import { type ObjectView } from "../core/object";
import { objectRule, rulesOf, stackRule } from "../core/rule";
import { namespaceOf } from "../core/stack";
import { visit } from "../core/unknown";
import { manifest } from "../kubernetes/examples";
import { hasIssuer, providedBy } from "../kubernetes/operators";

const INGRESS = "https://kubernetes.io/docs/concepts/services-networking/ingress/";

const backend = { service: { name: "orders", port: { number: 80 } } };
const rule = (host?: string) => ({
  ...(host === undefined ? {} : { host }),
  http: { paths: [{ path: "/", pathType: "Prefix", backend }] },
});

const ingress = (spec: Fields = {}, annotations: Readonly<Record<string, string>> = {}) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "orders", namespace: "shop", annotations },
  spec: {
    ingressClassName: "nginx",
    tls: [{ hosts: ["shop.example.com"], secretName: "shop-tls" }],
    rules: [rule("shop.example.com")],
    ...spec,
  },
});

const service = manifest("v1", "Service", { spec: { ports: [{ name: "http", port: 80 }] } });
const ISSUED = { "cert-manager.io/cluster-issuer": "public" };

/** Entrances that are encrypted, named and lead somewhere. */
export const ingressRules = rulesOf("networking", [
  stackRule({
    id: "ingress-dangling",
    assertion: "Ingresses lead to Services that exist.",
    why: "A backend that is misspelt answers every request with an error.",
    source: INGRESS,
    severity: "high",
    action: "mandatory",
    kinds: ["Ingress"],
    fix: "Name a Service of the same namespace and one of its ports.",
    anchors: ["kube-linter", "kube-score"],
    examples: { pass: [ingress(), service], fail: [ingress()] },
    check: (stack, report) => {
      visit(stack.ofKind("Ingress"), (object) => {
        for (const { path, name, port } of backendsOf(object)) {
          if (!offers(stack.find("Service", namespaceOf(object), name), port)) {
            report(
              object,
              path,
              `${name}:${scalarText(port)}`,
              "a Service of the namespace and one of its ports",
            );
          }
        }
      });
    },
  }),
  objectRule({
    id: "ingress-tls",
    assertion: "Ingresses serve every host by TLS.",
    why: "Without TLS passwords and cookies cross the network readable; a host that no tls entry names gets the controller's own certificate.",
    source: `${INGRESS}#tls`,
    severity: "high",
    action: "mandatory",
    kinds: ["Ingress"],
    fix: "List every host of the rules under spec.tls with the Secret of its certificate.",
    anchors: ["Polaris", "Kyverno"],
    examples: { pass: ingress(), fail: ingress({ tls: [] }) },
    check: ({ spec }, report) => {
      const tls = maps(spec["tls"]);
      if (tls.length === 0) {
        report("spec.tls", spec["tls"], "an entry for every host");
        return;
      }
      const covered = tls.flatMap(({ hosts }) => strings(hosts));
      maps(spec["rules"]).forEach(({ host }, index) => {
        const wanted = text(host) ?? "";
        if (wanted !== "" && !covered.some((pattern) => covers(pattern, wanted))) {
          report(`spec.rules[${index}].host`, wanted, "named under spec.tls");
        }
      });
    },
  }),
  stackRule({
    id: "ingress-tls-secret",
    assertion: "The certificates of Ingresses exist.",
    why: "Without its Secret the controller serves a self-signed certificate, and clients refuse.",
    source: `${INGRESS}#tls`,
    severity: "medium",
    action: "advisory",
    kinds: ["Ingress"],
    fix: "Name a Secret, a Certificate's secretName or an ExternalSecret's target of the namespace, or annotate the Ingress with an issuer.",
    examples: { pass: [ingress({}, ISSUED)], fail: [ingress()] },
    check: (stack, report) => {
      const provided = providedBy(stack);
      visit(stack.ofKind("Ingress"), (object) => {
        maps(object.spec["tls"]).forEach(({ secretName }, index) => {
          const name = text(secretName) ?? "";
          const exists = hasIssuer(object) || provided.hasSecret(namespaceOf(object), name);
          if (name === "" || !exists) {
            report(
              object,
              `spec.tls[${index}].secretName`,
              name === "" ? undefined : name,
              "a Secret, Certificate or ExternalSecret of the namespace",
            );
          }
        });
      });
    },
  }),
  objectRule({
    id: "ingress-https-annotation",
    assertion: "Ingresses refuse plain HTTP.",
    why: "Controllers that know the annotation close port 80 instead of redirecting.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/ingress-xlb#disabling_http",
    severity: "low",
    action: "off",
    kinds: ["Ingress"],
    fix: 'Set the annotation kubernetes.io/ingress.allow-http to "false".',
    anchors: ["Kyverno"],
    examples: {
      pass: ingress({}, { "kubernetes.io/ingress.allow-http": "false" }),
      fail: ingress(),
    },
    check: ({ annotations }, report) => {
      const written = annotations["kubernetes.io/ingress.allow-http"];
      if (written !== "false") {
        report('metadata.annotations["kubernetes.io/ingress.allow-http"]', written, '"false"');
      }
    },
  }),
  objectRule({
    id: "ingress-host",
    assertion: "Ingresses name their hosts.",
    why: "A rule without a host, or with a wildcard, takes the requests of every other application of the controller.",
    source: `${INGRESS}#hostname-wildcards`,
    severity: "medium",
    action: "advisory",
    kinds: ["Ingress"],
    fix: "Give each rule the host it serves.",
    anchors: ["Kyverno", "Datree"],
    examples: { pass: ingress(), fail: ingress({ rules: [rule()] }) },
    check: ({ spec }, report) => {
      maps(spec["rules"]).forEach(({ host }, index) => {
        const name = text(host) ?? "";
        if (name === "" || name.includes("*")) {
          report(`spec.rules[${index}].host`, name === "" ? undefined : name, "a host name");
        }
      });
    },
  }),
  objectRule({
    id: "ingress-default-backend",
    assertion: "Ingresses have no default backend.",
    why: "A default backend answers every request that no rule matches, from any host.",
    source: `${INGRESS}#default-backend`,
    severity: "low",
    action: "advisory",
    kinds: ["Ingress"],
    fix: "Remove spec.defaultBackend and write a rule for the host.",
    anchors: ["Kyverno"],
    examples: { pass: ingress(), fail: ingress({ defaultBackend: backend }) },
    check: ({ spec }, report) => {
      for (const field of ["defaultBackend", "backend"]) {
        if (isMap(spec[field])) {
          report(`spec.${field}`, spec[field], "unset");
        }
      }
    },
  }),
  objectRule({
    id: "ingress-class",
    assertion: "Ingresses use an agreed class.",
    why: "A class decides which controller, and so which network, an application is published on.",
    source: `${INGRESS}#ingress-class`,
    severity: "low",
    action: "off",
    kinds: ["Ingress"],
    fix: "Set ingressClassName to an agreed class.",
    anchors: ["Kyverno"],
    examples: { pass: ingress(), fail: ingress({ ingressClassName: "homemade" }) },
    check: ({ spec, annotations }, report, { allowedIngressClasses }) => {
      const annotated = annotations["kubernetes.io/ingress.class"];
      const name = annotated ?? text(spec["ingressClassName"]);
      if (name === undefined || !allowedIngressClasses.includes(name)) {
        const path =
          annotated === undefined
            ? "spec.ingressClassName"
            : 'metadata.annotations["kubernetes.io/ingress.class"]';
        report(path, name, allowedIngressClasses.join(" or "));
      }
    },
  }),
]);

/** True when a host of a certificate, which may be a wildcard for one label, covers a host. */
function covers(pattern: string, host: string): boolean {
  return (
    pattern === host ||
    (pattern.startsWith("*.") && host.slice(host.indexOf(".")) === pattern.slice(1))
  );
}

/** The Service backends of an Ingress of any version, with their paths. */
function backendsOf({
  spec,
  version,
}: ObjectView): { path: string; name: string; port: unknown }[] {
  const found: { path: string; backend: unknown }[] = [
    { path: "spec.defaultBackend", backend: spec["defaultBackend"] },
    { path: "spec.backend", backend: spec["backend"] },
  ];
  maps(spec["rules"]).forEach((one, at) => {
    maps(fields(one["http"])["paths"]).forEach((path, index) => {
      const place = `spec.rules[${at}].http.paths[${index}].backend`;
      found.push({ path: place, backend: path["backend"] });
    });
  });
  return found.flatMap(({ path, backend: written }) => {
    const { service: target, serviceName, servicePort } = fields(written);
    if (isMap(target)) {
      const port = fields(target["port"]);
      const name = text(target["name"]) ?? "";
      return [{ path: `${path}.service`, name, port: port["name"] ?? port["number"] }];
    }
    if (!has(fields(written), "serviceName")) {
      return [];
    }
    // Since v1 the field is another one, so this backend leads nowhere.
    const name = version === "v1" ? "" : (text(serviceName) ?? "");
    return [{ path, name, port: servicePort }];
  });
}

function offers(target: ObjectView | undefined, port: unknown): boolean {
  if (target === undefined) {
    return false;
  }
  return maps(target.spec["ports"]).some((offered) =>
    number(port) === undefined ? offered["name"] === port : offered["port"] === port,
  );
}
