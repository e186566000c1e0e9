import { fields, maps, number, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { rulesOf, stackRule } from "../core/rule";
import { namespaceOf, type Stack } from "../core/stack";
import { visit } from "../core/unknown";
import { manifest } from "../kubernetes/examples";

const TLS = "https://gateway-api.sigs.k8s.io/guides/tls/";

const gateway = (listener: Fields) =>
  manifest("gateway.networking.k8s.io/v1", "Gateway", {
    spec: { gatewayClassName: "public", listeners: [{ name: "web", ...listener }] },
  });

const HTTPS = {
  port: 443,
  protocol: "HTTPS",
  tls: { mode: "Terminate", certificateRefs: [{ name: "shop-tls" }] },
};

/** Gateways that encrypt, and routes that join existing ends. */
export const gatewayRules = rulesOf("networking", [
  stackRule({
    id: "gateway-tls",
    assertion: "Gateways serve TLS, and their routes join a Gateway to a Service.",
    why: "A plain listener without a redirect serves passwords readable; a listener without certificate, or a route without its ends, serves nothing.",
    source: TLS,
    severity: "high",
    action: "mandatory",
    kinds: ["Gateway", "HTTPRoute"],
    fix: "Give HTTPS listeners certificateRefs, redirect plain ones by an HTTPRoute with a RequestRedirect to https, and name existing parents and backends.",
    examples: { pass: [gateway(HTTPS)], fail: [gateway({ port: 80, protocol: "HTTP" })] },
    check: (stack, report) => {
      const routes = stack.ofKind("HTTPRoute");
      const redirects = new Set(routes.filter(redirectsToTls).flatMap(parentKeys));
      visit(stack.ofKind("Gateway"), (object) => {
        maps(object.spec["listeners"]).forEach((listener, index) => {
          const wrong = flawOf(object, listener, redirects);
          if (wrong !== undefined) {
            report(object, `spec.listeners[${index}].${wrong.field}`, wrong.found, wrong.wanted);
          }
        });
      });
      visit(routes, (object) => {
        for (const { path, name, kind } of missingEnds(stack, object)) {
          report(object, path, name, `a ${kind} of the stack`);
        }
      });
    },
  }),
]);

interface Flaw {
  readonly field: string;
  readonly found: unknown;
  readonly wanted: string;
}

function flawOf(
  gatewayObject: ObjectView,
  listener: Fields,
  redirects: ReadonlySet<string>,
): Flaw | undefined {
  const { protocol } = listener;
  if (protocol === "HTTP") {
    const own = keyOf(namespaceOf(gatewayObject), gatewayObject.name);
    const redirected =
      redirects.has(own) || redirects.has(`${own}#${text(listener["name"]) ?? ""}`);
    return redirected
      ? undefined
      : {
          field: "protocol",
          found: protocol,
          wanted: "HTTPS, or redirected to it by an HTTPRoute",
        };
  }
  if (protocol !== "HTTPS" && protocol !== "TLS") {
    return undefined;
  }
  const tls = fields(listener["tls"]);
  const terminates = (tls["mode"] ?? "Terminate") === "Terminate";
  return terminates && maps(tls["certificateRefs"]).length === 0
    ? {
        field: "tls.certificateRefs",
        found: tls["certificateRefs"],
        wanted: "the Secret of a certificate",
      }
    : undefined;
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** The Gateways a route attaches to, and the single listeners where it names one. */
function parentKeys(route: ObjectView): string[] {
  return maps(route.spec["parentRefs"])
    .filter((parent) => (parent["kind"] ?? "Gateway") === "Gateway")
    .map((parent) => {
      const key = keyOf(
        text(parent["namespace"]) ?? namespaceOf(route),
        text(parent["name"]) ?? "",
      );
      const section = text(parent["sectionName"]);
      return section === undefined ? key : `${key}#${section}`;
    });
}

function redirectsToTls(route: ObjectView): boolean {
  return maps(route.spec["rules"]).some(({ filters }) =>
    maps(filters).some(
      (filter) =>
        filter["type"] === "RequestRedirect" &&
        fields(filter["requestRedirect"])["scheme"] === "https",
    ),
  );
}

/** True for a rule whose filters answer the request, by a redirect or another implementation's response. */
function answersItself({ filters }: Fields): boolean {
  return maps(filters).some(({ type }) => type === "RequestRedirect" || type === "ExtensionRef");
}

interface MissingEnd {
  readonly path: string;
  readonly name: unknown;
  readonly kind: string;
}

/** Parents and backends of a route that the stack does not hold. */
function missingEnds(stack: Stack, route: ObjectView): MissingEnd[] {
  const missing: MissingEnd[] = [];
  const look = (reference: Fields, kind: string, path: string): void => {
    const namespace = text(reference["namespace"]) ?? namespaceOf(route);
    const found = stack.find(kind, namespace, text(reference["name"]) ?? "");
    const port = number(reference["port"]);
    const offered = maps(found?.spec["ports"]).map((one) => one["port"]);
    if (
      found === undefined ||
      (kind === "Service" && port !== undefined && !offered.includes(port))
    ) {
      const name = text(reference["name"]);
      missing.push({ path, name: port === undefined ? name : `${name ?? ""}:${port}`, kind });
    }
  };
  const parents = maps(route.spec["parentRefs"]);
  if (parents.length === 0) {
    missing.push({ path: "spec.parentRefs", name: undefined, kind: "Gateway" });
  }
  parents.forEach((parent, index) => {
    if ((parent["kind"] ?? "Gateway") === "Gateway") {
      look(parent, "Gateway", `spec.parentRefs[${index}]`);
    }
  });
  const rules = maps(route.spec["rules"]);
  if (rules.length === 0) {
    missing.push({ path: "spec.rules", name: undefined, kind: "Service" });
  }
  rules.forEach((rule, at) => {
    if (maps(rule["backendRefs"]).length === 0 && !answersItself(rule)) {
      missing.push({ path: `spec.rules[${at}].backendRefs`, name: undefined, kind: "Service" });
    }
    maps(rule["backendRefs"]).forEach((backend, index) => {
      if ((backend["kind"] ?? "Service") === "Service") {
        look(backend, "Service", `spec.rules[${at}].backendRefs[${index}]`);
      }
    });
  });
  return missing;
}
