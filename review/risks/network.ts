import { isEmptySelector } from "../../policy/core/selectors";
import { type ObjectView } from "../../policy/core/object";
import { fields, isMap, maps, strings, text, type Fields } from "../../policy/core/fields";
import {
  directionsOf,
  isAnywhere,
  peersOf,
  rulesFor,
  type Direction,
} from "../../policy/kubernetes/network-policy";
import { type Comparison } from "../model/comparison";
import { compareText } from "../model/order";
import { type Risk, riskOf } from "../model/risk";
import { type Snapshot, type StackObject } from "../model/snapshot";

/** A connection that some NetworkPolicy allows. */
interface Edge {
  /** The pods it is about, in words. */
  readonly pods: string;
  readonly direction: Direction;
  /** The connection in words: `from shop/web on TCP 8080`. */
  readonly words: string;
  readonly anywhere: boolean;
  readonly policy: StackObject;
  /** The connection by each of its workloads and ports. */
  readonly pairs: readonly Pair[];
}

/** One workload's part of a connection. An end is a workload's key after `=`, or other pods in words. */
interface Pair {
  readonly pod: string;
  readonly peer: string;
  readonly port: string;
}

/** Connections that the policies of a stack newly allow or allow no more, and pods that are no longer isolated. */
export function network({ base, head, changes }: Comparison): readonly Risk[] {
  const touched = changes.some(({ object }) => object.view.is("NetworkPolicy"));
  if (!touched) {
    return [];
  }
  const [before, after] = [edgesOf(base), edgesOf(head)];
  return [
    ...opened(before, after),
    ...released(base, head),
    ...closed(withoutCommon(before, after), after, head),
  ];
}

function withoutCommon(edges: readonly Edge[], others: readonly Edge[]): readonly Edge[] {
  const known = new Set(others.map(keyOf));
  return edges.filter((edge) => !known.has(keyOf(edge)));
}

function opened(before: readonly Edge[], after: readonly Edge[]): readonly Risk[] {
  return withoutCommon(after, before).map(({ policy, pods, words, anywhere }) =>
    riskOf(policy, "network", anywhere ? "high" : "medium", `opens ${pods} ${words}`),
  );
}

function keyOf({ pods, direction, words }: Edge): string {
  return [pods, direction, words].join("\0");
}

/** Connections between workloads that stay, which no policy allows any more: their callers may still need them. */
function closed(gone: readonly Edge[], after: readonly Edge[], head: Snapshot): readonly Risk[] {
  if (gone.length === 0) {
    return [];
  }
  const allowed = new Set(
    after.flatMap(({ direction, pairs }) => pairs.map((pair) => pairKey(direction, pair))),
  );
  const isolated = new Set(isolations(head).map(({ key }) => key));
  const open = new Set(
    after
      .filter(({ anywhere }) => anywhere)
      .flatMap(({ direction, pairs }) => pairs.map(({ pod }) => `${pod} ${direction}`)),
  );
  const staying = new Set(head.objects.map(({ view }) => `=${workloadKey(view)}`));
  return gone
    .filter(({ direction, pairs }) =>
      pairs.some(
        (pair) =>
          staying.has(pair.pod) &&
          (staying.has(pair.peer) || !pair.peer.startsWith("=")) &&
          isolated.has(`${pair.pod.slice(1)} ${direction}`) &&
          !open.has(`${pair.pod} ${direction}`) &&
          !allowed.has(pairKey(direction, pair)) &&
          !allowed.has(pairKey(direction, { ...pair, port: everyPort })),
      ),
    )
    .map(({ policy, pods, words }) =>
      riskOf(policy, "network", "low", `no longer opens ${pods} ${words}`),
    );
}

const everyPort = "every port";

function pairKey(direction: Direction, { pod, peer, port }: Pair): string {
  return [direction, pod, peer, port].join("\0");
}

/** Pods that a policy isolated and none does any more: everything may reach them, or be reached by them. */
function released(base: Snapshot, head: Snapshot): readonly Risk[] {
  const isolated = new Set(isolations(head).map(({ key }) => key));
  const stays = new Set([
    ...head.objects.map(({ view }) => workloadKey(view)),
    ...head.objects.map(({ view }) => `${view.namespace}/`),
  ]);
  const seen = new Set<string>();
  return isolations(base).flatMap(({ key, owner, direction, policy, pods }) => {
    if (isolated.has(key) || seen.has(key) || !stays.has(owner)) {
      return [];
    }
    seen.add(key);
    const what = direction === "Ingress" ? "what reaches" : "what may be reached from";
    return [riskOf(policy, "network", "high", `no policy limits ${what} ${pods} any more`)];
  });
}

/** That a policy isolates some pods in one direction. */
interface Isolation {
  /** The pods and the direction; equal in both versions when they are the same pods. */
  readonly key: string;
  /** What has to exist still for it to matter: a workload, or a namespace. */
  readonly owner: string;
  readonly direction: Direction;
  readonly policy: StackObject;
  readonly pods: string;
}

function isolations(snapshot: Snapshot): readonly Isolation[] {
  return policiesOf(snapshot).flatMap((policy) => {
    const { view } = policy;
    const selector = view.spec["podSelector"];
    const all = isEmptySelector(selector);
    const namespace = `${view.namespace}/`;
    const workloads = snapshot.index.selected(view.namespace, selector);
    return directionsOf(view).flatMap((direction): Isolation[] => [
      ...workloads.map((workload) => ({
        key: `${workloadKey(workload)} ${direction}`,
        owner: workloadKey(workload),
        direction,
        policy,
        pods: `${view.namespace}/${workload.name}`,
      })),
      // A namespace's own rule: it holds for pods that operators make, and for those to come.
      ...(all
        ? [
            {
              key: `${namespace} ${direction}`,
              owner: namespace,
              direction,
              policy,
              pods: `the other pods of ${view.namespace}`,
            },
          ]
        : []),
    ]);
  });
}

function workloadKey({ namespace, kind, name }: ObjectView): string {
  return `${namespace}/${kind}/${name}`;
}

function policiesOf(snapshot: Snapshot): readonly StackObject[] {
  return snapshot.index
    .ofKind("NetworkPolicy")
    .map((view) => snapshot.of(view))
    .filter((policy) => policy !== undefined);
}

function edgesOf(snapshot: Snapshot): readonly Edge[] {
  return policiesOf(snapshot).flatMap((policy) => {
    const { view } = policy;
    const pods = podWords(snapshot, view.namespace, view.spec["podSelector"]);
    return directionsOf(view).flatMap((direction) =>
      rulesFor(view, direction).flatMap((rule) =>
        ruleEdges(snapshot, rule, { pods, direction, policy }),
      ),
    );
  });
}

function ruleEdges(
  snapshot: Snapshot,
  rule: Fields,
  edge: Omit<Edge, "words" | "anywhere" | "pairs">,
): readonly Edge[] {
  const peers = peersOf(rule, edge.direction);
  const ports = maps(rule["ports"]).map(portWords);
  const { view } = edge.policy;
  const ownEnds = ends(snapshot, view.namespace, view.spec["podSelector"]);
  const pairsWith = (peerEnds: readonly string[]): readonly Pair[] =>
    ownEnds.flatMap((pod) =>
      peerEnds.flatMap((peer) =>
        (ports.length === 0 ? [everyPort] : ports).map((port) => ({ pod, peer, port })),
      ),
    );
  const on = ports.length === 0 ? "on every port" : `on ${ports.join(", ")}`;
  const way = edge.direction === "Ingress" ? "from" : "to";
  if (peers.length === 0) {
    const pairs = pairsWith(["everywhere"]);
    return [{ ...edge, words: `${way} everywhere ${on}`, anywhere: true, pairs }];
  }
  return peers.map((peer) => ({
    ...edge,
    words: `${way} ${peerWords(snapshot, peer, view.namespace)} ${on}`,
    anywhere: isAnywhere(peer),
    pairs: pairsWith(peerEnds(snapshot, peer, view.namespace)),
  }));
}

/** The workloads that a selector means, by their keys; the words for it where it means none of the stack's. */
function ends(snapshot: Snapshot, namespace: string, selector: unknown): readonly string[] {
  const workloads = snapshot.index.selected(namespace, selector ?? {});
  return workloads.length === 0
    ? [podWords(snapshot, namespace, selector)]
    : workloads.map((workload) => `=${workloadKey(workload)}`);
}

function peerEnds(snapshot: Snapshot, peer: Fields, own: string): readonly string[] {
  const namespaces = peer["namespaceSelector"];
  const named = text(fields(fields(namespaces)["matchLabels"])["kubernetes.io/metadata.name"]);
  const namespace = isMap(namespaces) ? named : own;
  return namespace === undefined || peer["ipBlock"] !== undefined
    ? [peerWords(snapshot, peer, own)]
    : ends(snapshot, namespace, peer["podSelector"]);
}

function peerWords(snapshot: Snapshot, peer: Fields, own: string): string {
  const block = fields(peer["ipBlock"]);
  const cidr = text(block["cidr"]);
  if (cidr !== undefined) {
    const except = strings(block["except"]);
    return `${cidr}${except.length === 0 ? "" : ` except ${except.join(", ")}`}`;
  }
  const selector = peer["namespaceSelector"];
  if (!isMap(selector)) {
    return podWords(snapshot, own, peer["podSelector"]);
  }
  const named = text(fields(selector["matchLabels"])["kubernetes.io/metadata.name"]);
  if (named !== undefined) {
    return podWords(snapshot, named, peer["podSelector"]);
  }
  const namespaces = isEmptySelector(selector)
    ? "every namespace"
    : `namespaces with ${selectorWords(selector)}`;
  return `${namespaces} ${selectorWords(peer["podSelector"])}`;
}

/** The workloads a selector means, by name; its labels where it means none of the stack's, as of an operator's pods. */
function podWords(snapshot: Snapshot, namespace: string, selector: unknown): string {
  if (selector === undefined || isEmptySelector(selector)) {
    return `${namespace} (all pods)`;
  }
  const names = snapshot.index.selected(namespace, selector).map(({ name }) => name);
  return names.length === 0
    ? `${namespace} ${selectorWords(selector)}`
    : `${namespace}/${[...new Set(names)].sort(compareText).join(", ")}`;
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
