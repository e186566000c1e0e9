import { fields, isMap, list, maps, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { objectRule, rulesOf, stackRule } from "../core/rule";
import { isEmptySelector, readLabels, type Labels } from "../core/selectors";
import { indexSelectors, namespaceOf, type Stack } from "../core/stack";
import { visit } from "../core/unknown";
import { APP, deployment, manifest } from "../kubernetes/examples";
import {
  allowsDns,
  allowsDnsOnly,
  directionsOf,
  isAnywhere,
  peersOf,
  rulesFor,
  type Direction,
} from "../kubernetes/network-policy";
import { selectsOperatorPods } from "../kubernetes/operators";
import { perList } from "../kubernetes/per-list";
import { WORKLOAD_KINDS } from "../core/walk";

const POLICIES = "https://kubernetes.io/docs/concepts/services-networking/network-policies/";

const policy = (spec: Readonly<Record<string, unknown>>) =>
  manifest("networking.k8s.io/v1", "NetworkPolicy", { spec });

const DIRECTIONS: readonly Direction[] = ["Ingress", "Egress"];
const DENY_ALL = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const DNS = { ports: [{ protocol: "UDP", port: 53 }] };
const OWN = {
  podSelector: { matchLabels: APP },
  policyTypes: ["Ingress"],
  ingress: [{ from: [{ podSelector: {} }] }],
};
const NAMESPACE = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

/** Namespaces that start closed, and policies that mean what they say. */
export const networkPolicyRules = rulesOf("networking", [
  stackRule({
    id: "network-policy-missing",
    assertion: "NetworkPolicies limit the connections to and from every pod.",
    why: "A pod accepts from everywhere, or connects to everywhere, in each direction that no policy covers.",
    source: POLICIES,
    severity: "high",
    action: "advisory",
    kinds: WORKLOAD_KINDS,
    fix: "Add NetworkPolicies that select the pod and limit both directions, a default denial for instance.",
    anchors: ["kube-linter", "Polaris", "kube-score", "Checkov"],
    examples: { pass: [deployment(), policy({ ...OWN, ...DENY_ALL })], fail: [deployment()] },
    check: (stack, report) => {
      const policies = indexSelectors(
        stack.ofKind("NetworkPolicy"),
        ({ spec }) => spec["podSelector"] ?? {},
      );
      const coveredBy = perList((alike: readonly ObjectView[]) => alike.flatMap(directionsOf));
      visit(stack.objects, (object) => {
        const { pod } = object;
        if (pod === undefined) {
          return;
        }
        const groups = policies.selecting(namespaceOf(object), pod.labels);
        const open = DIRECTIONS.filter(
          (direction) => !groups.some((alike) => coveredBy(alike).includes(direction)),
        );
        if (open.length > 0) {
          const wanted = `selected by a NetworkPolicy for ${open.join(" and ").toLowerCase()}`;
          report(object, `${pod.metadataPath}.labels`, { ...pod.labels }, wanted);
        }
      });
    },
  }),
  stackRule({
    id: "network-policy-dangling",
    assertion: "NetworkPolicies select pods.",
    why: "A policy that selects nothing protects nothing, and reads as if it did.",
    source: POLICIES,
    severity: "medium",
    action: "advisory",
    kinds: ["NetworkPolicy"],
    fix: "Match the podSelector to the labels of a pod template in the same namespace, or remove the policy.",
    anchors: ["kube-linter", "kube-score"],
    examples: { pass: [policy(OWN), deployment()], fail: [policy(OWN)] },
    check: (stack, report) => {
      visit(stack.ofKind("NetworkPolicy"), (object) => {
        if (!selectsSomething(stack, object, object.spec["podSelector"])) {
          report(
            object,
            "spec.podSelector",
            object.spec["podSelector"],
            "the labels of a pod of the namespace",
          );
        }
      });
    },
  }),
  stackRule({
    id: "network-policy-peer-dangling",
    assertion: "Peers of NetworkPolicies exist.",
    why: "A peer that matches no pod allows nobody, so the connection it was written for is dropped.",
    source: POLICIES,
    severity: "low",
    action: "advisory",
    kinds: ["NetworkPolicy"],
    fix: "Match the peer's podSelector to a pod of the same namespace, or add a namespaceSelector.",
    anchors: ["kube-linter"],
    examples: {
      pass: [policy(OWN), deployment()],
      fail: [
        policy({
          ...OWN,
          ingress: [{ from: [{ podSelector: { matchLabels: { app: "gone" } } }] }],
        }),
        deployment(),
      ],
    },
    check: (stack, report) => {
      visit(stack.ofKind("NetworkPolicy"), (object) => {
        for (const { path, peer } of peersWithPaths(object)) {
          const selector = peer["podSelector"];
          const local = isMap(selector) && !isMap(peer["namespaceSelector"]);
          if (local && !selectsSomething(stack, object, selector)) {
            report(object, `${path}.podSelector`, selector, "the labels of a pod of the namespace");
          }
        }
      });
    },
  }),
  objectRule({
    id: "network-policy-empty-selector",
    assertion: "Only the default denial selects every pod.",
    why: "An allowance with an empty podSelector opens every pod of the namespace, those to come included.",
    source: POLICIES,
    severity: "low",
    action: "off",
    kinds: ["NetworkPolicy"],
    fix: "Select the pods that need the connection.",
    anchors: ["Kyverno", "Trivy"],
    examples: { pass: policy(OWN), fail: policy({ ...OWN, podSelector: {} }) },
    check: (object, report) => {
      const { podSelector } = object.spec;
      // A policy that names its peers only is incomplete, but not wide.
      const wide =
        isMap(podSelector) ||
        (!isMap(object.spec["namespaceSelector"]) &&
          !peersWithPaths(object).some(({ peer }) => hasSelector(peer)));
      if (isEmptySelector(podSelector) && wide && !isDefaultDenial(object)) {
        report("spec.podSelector", podSelector, "a selector with labels");
      }
    },
  }),
  stackRule({
    id: "network-policy-default-deny",
    assertion: "Namespaces of applications deny traffic by default.",
    why: "Policies only add up: without a denial of everything, each pod that has no policy of its own is open in both directions.",
    source: `${POLICIES}#default-policies`,
    severity: "high",
    action: "advisory",
    kinds: ["Namespace"],
    fix: "Add a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress, and no rules.",
    examples: {
      pass: [NAMESPACE, policy(DENY_ALL)],
      fail: [NAMESPACE, policy({ ...DENY_ALL, policyTypes: ["Ingress"] })],
    },
    check: (stack, report, { systemNamespaces }) => {
      visit(stack.ofKind("Namespace"), (object) => {
        if (systemNamespaces.includes(object.name)) {
          return;
        }
        const denials = stack
          .ofKind("NetworkPolicy", object.name)
          .filter(({ spec }) => isEmptySelector(spec["podSelector"]));
        const open = DIRECTIONS.filter(
          (direction) => !denials.some((denial) => deniesAll(denial, direction)),
        );
        if (open.length > 0) {
          report(object, "metadata.name", object.name, `denied ${open.join(" and ")} by default`);
        }
      });
    },
  }),
  objectRule({
    id: "network-policy-allow-all",
    assertion: "NetworkPolicies name who may connect, and where.",
    why: "An empty rule, or 0.0.0.0/0 on every port, allows what having no policy allows.",
    source: POLICIES,
    severity: "medium",
    action: "advisory",
    kinds: ["NetworkPolicy"],
    fix: "Name the peers, and the ports for addresses outside the cluster.",
    examples: { pass: policy(OWN), fail: policy({ ...OWN, ingress: [{}] }) },
    check: (object, report) => {
      for (const direction of directionsOf(object)) {
        rulesFor(object, direction).forEach((rule, index) => {
          const peers = peersOf(rule, direction);
          const anyPort = list(rule["ports"]).length === 0;
          if (anyPort && (peers.length === 0 || peers.some(isAnywhere))) {
            report(`spec.${direction.toLowerCase()}[${index}]`, rule, "limited to peers or ports");
          }
        });
      }
    },
  }),
  stackRule({
    id: "network-policy-dns",
    assertion: "Pods whose egress is closed may still ask for names.",
    why: "Without port 53 every name lookup times out, and the application looks broken in many ways but that one.",
    source: POLICIES,
    severity: "low",
    action: "advisory",
    kinds: ["NetworkPolicy"],
    fix: "Allow egress to the cluster's DNS on UDP and TCP port 53.",
    examples: {
      pass: [policy({ podSelector: {}, policyTypes: ["Egress"], egress: [DNS] })],
      fail: [policy({ podSelector: {}, policyTypes: ["Egress"] })],
    },
    check: (stack, report) => {
      const closing = stack
        .ofKind("NetworkPolicy")
        .filter((object) => directionsOf(object).includes("Egress"));
      const resolving = closing.filter((object) => rulesFor(object, "Egress").some(allowsDns));
      const index = indexSelectors(resolving, ({ spec }) => spec["podSelector"] ?? {});
      const open = new Set(resolving);
      const resolves = (namespace: string, labels: Labels): boolean =>
        index.selecting(namespace, labels).length > 0;
      const someClosed = perList((pods: readonly ObjectView[]) =>
        pods.some(({ pod }) => pod !== undefined && !resolves(namespaceOf(pod.object), pod.labels)),
      );
      visit(
        closing.filter((candidate) => !open.has(candidate)),
        (object) => {
          const namespace = namespaceOf(object);
          const selector = object.spec["podSelector"];
          const pods = isEmptySelector(selector)
            ? stack.workloads(namespace)
            : stack.selected(namespace, selector);
          // With no pod to look at, the labels that the policy asks for stand in.
          const stands = readLabels(fields(selector)["matchLabels"]);
          const closed = pods.length === 0 ? !resolves(namespace, stands) : someClosed(pods);
          if (closed) {
            report(
              object,
              "spec.egress",
              object.spec["egress"],
              "with a rule for port 53, here or in another policy",
            );
          }
        },
      );
    },
  }),
]);

/** True when a policy lets nothing through in a direction, or nothing but name lookups. */
function deniesAll(object: ObjectView, direction: Direction): boolean {
  const rules = rulesFor(object, direction);
  const closed = direction === "Egress" ? rules.every(allowsDnsOnly) : rules.length === 0;
  return directionsOf(object).includes(direction) && closed;
}

function isDefaultDenial(object: ObjectView): boolean {
  return (
    object.name.includes("deny") &&
    rulesFor(object, "Ingress").length === 0 &&
    rulesFor(object, "Egress").length === 0
  );
}

function hasSelector(peer: Fields): boolean {
  return isMap(peer["podSelector"]) || isMap(peer["namespaceSelector"]);
}

function peersWithPaths(object: ObjectView) {
  return DIRECTIONS.flatMap((direction) =>
    rulesFor(object, direction).flatMap((rule, at) =>
      maps(rule[direction === "Ingress" ? "from" : "to"]).map((peer, index) => ({
        peer,
        path: `spec.${direction.toLowerCase()}[${at}].${direction === "Ingress" ? "from" : "to"}[${index}]`,
      })),
    ),
  );
}

function selectsSomething(stack: Stack, object: ObjectView, selector: unknown): boolean {
  const namespace = namespaceOf(object);
  return (
    isEmptySelector(selector) ||
    stack.selected(namespace, selector).length > 0 ||
    selectsOperatorPods(stack, namespace, readLabels(fields(selector)["matchLabels"]))
  );
}
