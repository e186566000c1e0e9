import { fields, list, maps, strings, text, type Fields } from "../../policy/core/fields";
import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { type Risk, riskOf } from "../model/risk";
import { titleOf, type StackObject } from "../model/snapshot";

/** Hosts, paths and Services that become reachable from outside, and guards in front of them that go. */
export function exposure({ base, changes }: Comparison): readonly Risk[] {
  const holders = new Map(
    base.objects
      .filter(({ view }) => view.is("Ingress"))
      .flatMap((holder) =>
        pathsOf(holder).map((path) => [`${classOf(holder)} ${path}`, holder] as const),
      ),
  );
  return changes.flatMap((change) => [
    ...openedRoutes(change),
    ...takenRoutes(change, holders),
    ...openedServices(change),
    ...lostGuards(change),
  ]);
}

function openedRoutes(change: Change): readonly Risk[] {
  const before = new Set(routesOf(change.before));
  return routesOf(change.after)
    .filter((route) => !before.has(route))
    .map((route) =>
      riskOf(change.object, "exposure", "medium", `opens ${route}${callersOf(change.object)}`),
    );
}

/** Whether callers of an Ingress have to log in, and whether they are encrypted; nothing for what cannot tell. */
function callersOf({ view }: StackObject): string {
  if (!view.is("Ingress")) {
    return "";
  }
  const login = Object.keys(view.annotations).some((name) => logins.test(name));
  const secure = list(view.spec["tls"]).length > 0;
  return `, ${login ? "with" : "without"} a login${secure ? "" : ", without TLS"}`;
}

/** A path that a new Ingress serves while another one of the stack still does. */
function takenRoutes(
  { action, object }: Change,
  holders: ReadonlyMap<string, StackObject>,
): readonly Risk[] {
  const canary = object.view.annotations["nginx.ingress.kubernetes.io/canary"] === "true";
  if (action !== "create" || !object.view.is("Ingress") || canary) {
    return [];
  }
  const holderOf = (path: string): StackObject | undefined =>
    holders.get(`${classOf(object)} ${path}`);
  const path = pathsOf(object).find((each) => holderOf(each) !== undefined);
  const holder = path === undefined ? undefined : holderOf(path);
  return path === undefined || holder === undefined
    ? []
    : [
        riskOf(
          object,
          "exposure",
          "medium",
          `serves ${path} as ${titleOf(holder)} still does: the admission webhook of ingress-nginx refuses the second one`,
          "Keep the name of the Ingress, or remove the former one in an update before this one.",
        ),
      ];
}

function classOf({ view }: StackObject): string {
  return text(view.spec["ingressClassName"]) ?? "";
}

/** The hosts and paths of an Ingress, without what they lead to. */
export function pathsOf({ view }: StackObject): readonly string[] {
  return view.is("Ingress")
    ? maps(view.spec["rules"]).flatMap((rule) =>
        maps(fields(rule["http"])["paths"]).map((path) => hostPath(rule, path)),
      )
    : [];
}

function hostPath(rule: Fields, path: Fields): string {
  return `${text(rule["host"]) ?? "every host"}${text(path["path"]) ?? "/"}`;
}

/** What an Ingress or a route serves, as `host/path → service`. */
function routesOf(object: StackObject | undefined): readonly string[] {
  if (object === undefined) {
    return [];
  }
  const { view } = object;
  if (view.is("Ingress")) {
    const fallback =
      view.spec["defaultBackend"] === undefined ? [] : ["every host → the default backend"];
    return [...maps(view.spec["rules"]).flatMap(ingressRoutes), ...fallback];
  }
  if (["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"].includes(view.kind)) {
    const hosts = strings(view.spec["hostnames"]);
    const services = maps(view.spec["rules"]).flatMap((rule) =>
      maps(rule["backendRefs"]).map(({ name }) => text(name) ?? ""),
    );
    return (hosts.length > 0 ? hosts : ["every host of its gateway"]).map(
      (host) => `${host} → ${[...new Set(services)].join(", ")}`,
    );
  }
  return [];
}

function ingressRoutes(rule: Fields): readonly string[] {
  return maps(fields(rule["http"])["paths"]).map((path) => {
    const service = fields(fields(path["backend"])["service"]);
    return `${hostPath(rule, path)} → ${text(service["name"]) ?? "a resource"}`;
  });
}

function openedServices({ object, before, after }: Change): readonly Risk[] {
  if (after === undefined || !after.view.is("Service")) {
    return [];
  }
  const type = text(after.view.spec["type"]) ?? "ClusterIP";
  const former = text(before?.view.spec["type"]) ?? "ClusterIP";
  const risks: Risk[] = [];
  if ((type === "LoadBalancer" || type === "NodePort") && type !== former) {
    risks.push(
      riskOf(object, "exposure", "medium", `becomes reachable from outside the cluster as ${type}`),
    );
  }
  const limited = list(before?.view.spec["loadBalancerSourceRanges"]).length > 0;
  if (limited && list(after.view.spec["loadBalancerSourceRanges"]).length === 0) {
    risks.push(
      riskOf(object, "exposure", "medium", "is open to every address: its source ranges are gone"),
    );
  }
  const addresses = new Set(strings(before?.view.spec["externalIPs"]));
  for (const address of strings(after.view.spec["externalIPs"])) {
    if (!addresses.has(address)) {
      risks.push(
        riskOf(object, "exposure", "medium", `answers on the external address ${address}`),
      );
    }
  }
  return risks;
}

/** Annotations of an Ingress that ask for a login. */
const logins = /\/(auth-(url|type|tls-secret))$/;

/** Annotations of an Ingress that ask for a login, limit callers, or force TLS. */
const guards =
  /\/(auth-(type|url|secret|tls-secret|signin)|whitelist-source-range|allowlist-source-range|limit-[a-z-]+|(force-)?ssl-redirect)$/;

function lostGuards({ object, before, after }: Change): readonly Risk[] {
  if (before === undefined || after === undefined || !after.view.is("Ingress")) {
    return [];
  }
  const lost = Object.keys(before.view.annotations)
    .filter((name) => guards.test(name) && after.view.annotations[name] === undefined)
    .map((name) => riskOf(object, "exposure", "medium", `loses its guard ${name}`));
  const plain =
    list(before.view.spec["tls"]).length > 0 && list(after.view.spec["tls"]).length === 0;
  return plain ? [...lost, riskOf(object, "exposure", "medium", "is served without TLS")] : lost;
}
