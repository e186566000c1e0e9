import { fields, isMap, maps, strings, text, type Fields } from "../../policy/core/fields";
import {
  directionsOf,
  isAnywhere,
  peersOf,
  rulesFor,
  type Direction,
} from "../../policy/kubernetes/network-policy";
import { type Comparison } from "../model/comparison";
import { type Risk, type RiskLevel, riskOf } from "../model/risk";
import { type Snapshot, type StackObject } from "../model/snapshot";

/** A connection that some NetworkPolicy allows. */
interface Edge {
  /** The pods it is about, as `namespace pods`; the part that tells whether isolation ends. */
  readonly pods: string;
  readonly direction: Direction;
  /** The connection in words: `from shop app=web on TCP 8080`; undefined for "nothing, but isolated". */
  readonly words: string | undefined;
  readonly anywhere: boolean;
  readonly policy: StackObject;
}

/** Connections that the policies of a stack newly allow, and pods that are no longer isolated. */
export function network({ base, head, changes }: Comparison): readonly Risk[] {
  const touched = changes.some(({ object }) => object.view.is("NetworkPolicy"));
  if (!touched) {
    return [];
  }
  const before = edgesOf(base);
  const after = edgesOf(head);
  return [...opened(before, after), ...released(before, after, head)];
}

function opened(before: readonly Edge[], after: readonly Edge[]): readonly Risk[] {
  const known = new Set(before.map(keyOf));
  return after
    .filter((edge) => edge.words !== undefined && !known.has(keyOf(edge)))
    .map(({ policy, pods, words, anywhere }) => {
      const level: RiskLevel = anywhere ? "high" : "medium";
      return riskOf(policy, "network", level, `opens ${pods} ${words ?? ""}`);
    });
}

/** Pods that a policy isolated and none does any more: everything may reach them, or be reached by them. */
function released(
  before: readonly Edge[],
  after: readonly Edge[],
  head: Snapshot,
): readonly Risk[] {
  const isolated = new Set(after.map(({ pods, direction }) => `${pods}/${direction}`));
  const seen = new Set<string>();
  return before.flatMap(({ pods, direction, policy }) => {
    const key = `${pods}/${direction}`;
    const gone = policy.view.namespace !== "" && namespaceIsGone(policy, head);
    if (isolated.has(key) || seen.has(key) || gone) {
      return [];
    }
    seen.add(key);
    const what = direction === "Ingress" ? "what reaches them" : "what they reach";
    return [riskOf(policy, "network", "high", `no policy limits ${pods} in ${what} any more`)];
  });
}

function namespaceIsGone({ view }: StackObject, head: Snapshot): boolean {
  return !head.objects.some((other) => other.view.namespace === view.namespace);
}

function keyOf({ pods, direction, words }: Edge): string {
  return [pods, direction, words].join("\0");
}

function edgesOf(snapshot: Snapshot): readonly Edge[] {
  return snapshot.index.ofKind("NetworkPolicy").flatMap((view) => {
    const policy = snapshot.of(view);
    if (policy === undefined) {
      return [];
    }
    const pods = `${view.namespace} ${selectorWords(view.spec["podSelector"])}`;
    return directionsOf(view).flatMap((direction): Edge[] => {
      const rules = rulesFor(view, direction);
      const isolation = { pods, direction, words: undefined, anywhere: false, policy };
      return [isolation, ...rules.flatMap((rule) => ruleEdges(rule, { ...isolation }))];
    });
  });
}

function ruleEdges(rule: Fields, edge: Edge): readonly Edge[] {
  const peers = peersOf(rule, edge.direction);
  const ports = maps(rule["ports"]).map(portWords);
  const on = ports.length === 0 ? "on every port" : `on ${ports.join(", ")}`;
  const way = edge.direction === "Ingress" ? "from" : "to";
  if (peers.length === 0) {
    return [{ ...edge, words: `${way} everywhere ${on}`, anywhere: true }];
  }
  const namespace = edge.policy.view.namespace;
  return peers.map((peer) => ({
    ...edge,
    words: `${way} ${peerWords(peer, namespace)} ${on}`,
    anywhere: isAnywhere(peer),
  }));
}

function peerWords(peer: Fields, namespace: string): string {
  const block = fields(peer["ipBlock"]);
  if (text(block["cidr"]) !== undefined) {
    const except = strings(block["except"]);
    return `${text(block["cidr"]) ?? ""}${except.length === 0 ? "" : ` except ${except.join(", ")}`}`;
  }
  const where = isMap(peer["namespaceSelector"])
    ? namespaceWords(peer["namespaceSelector"])
    : namespace;
  return `${where} ${selectorWords(peer["podSelector"])}`;
}

function namespaceWords(selector: Fields): string {
  const named = text(fields(selector["matchLabels"])["kubernetes.io/metadata.name"]);
  return named ?? `namespaces with ${selectorWords(selector)}`;
}

function selectorWords(selector: unknown): string {
  const labels = Object.entries(fields(fields(selector)["matchLabels"])).map(
    ([key, value]) => `${key.replace("app.kubernetes.io/", "")}=${String(value)}`,
  );
  const expressions = maps(fields(selector)["matchExpressions"]).map(
    ({ key, operator, values }) =>
      `${String(key)} ${String(operator)} ${strings(values).join("|")}`,
  );
  const all = [...labels, ...expressions].sort();
  return all.length === 0 ? "(all pods)" : `(${all.join(", ")})`;
}

function portWords({ port, endPort, protocol }: Fields): string {
  const range = endPort === undefined ? "" : `-${String(endPort)}`;
  return `${text(protocol) ?? "TCP"} ${port === undefined ? "every port" : `${String(port)}${range}`}`;
}
