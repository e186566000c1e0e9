import { declarations } from "../../components/apps";
import type { PreviewOutputs } from "../../components/apps/platform-stack";
import { namespaceOf } from "../../components/apps/previews";
import type { NetworkPeer } from "../../components/kit/connection";
import { applicationLabels } from "../../components/kit/labels";
import { limitRangeItem, podSecurityLabels, quotaHard } from "../../components/kit/namespace";
import { defaultDeny, from, networkPolicy, toDns } from "../../components/kit/network-policy";
import { runnerRules } from "./runner-rules";
import type { Template } from "./template";

/** The label of every object of an environment that is in no namespace of its own; its value is the stack. */
export const environmentLabel = "slipway.dev/environment";

/** The label of an environment's namespaces that names its template. */
export const templateLabel = "slipway.dev/environment-of";

/** The label of an environment's namespaces and of its claim that says which of the previews' data it has. */
export const slotLabel = "slipway.dev/environment-slot";

/** The annotation of an environment's namespaces that says until when it is wanted. */
export const expiryAnnotation = "slipway.dev/expires";

/** A user, a group or a ServiceAccount, as a RoleBinding names it. */
export interface Subject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
  /** @default - a user and a group have none */
  readonly namespace?: string;
  /** @default - a ServiceAccount has none */
  readonly apiGroup?: string;
}

/** An environment that is to be. */
export interface EnvironmentPlan {
  /** Its name. */
  readonly name: string;
  /** Its stack. */
  readonly stack: string;
  /** Its template. */
  readonly template: Template;
  /** Until when it is wanted. */
  readonly expires: Date;
  /** What the platform stack has for the previews of each application. */
  readonly previews: Readonly<Record<string, PreviewOutputs>>;
  /** Which of the previews' data it has. */
  readonly slot: number;
  /**
   * Who deploys into it.
   * @default - somebody who may do everything already
   */
  readonly runner?: Subject;
}

/** An object as the API server takes it. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

const rbac = "rbac.authorization.k8s.io";

/** The name of the Role by which an environment is deployed. */
const runnerName = "environment-runner";

/** Who has a slot: nothing else has the name, so two environments cannot both have made it. */
export function claimOf(slot: number, stack: string): ClusterObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: `slipway-preview-${String(slot)}`,
      namespace: "kube-system",
      labels: { [environmentLabel]: stack, [slotLabel]: String(slot) },
    },
    spec: { holderIdentity: stack },
  };
}

/**
 * Everything an environment needs before its stack is deployed: its namespaces, closed and with their quota;
 * the way to the data that the platform stack has for previews, and to nothing else there; and the rights of
 * who deploys it.
 */
export function environmentObjects(plan: EnvironmentPlan): readonly ClusterObject[] {
  return [
    ...plan.template.applications.flatMap((application) => [
      ...namespaceObjects(plan, application),
      ...accessObjects(plan, application),
    ]),
    ...guardObjects(plan),
  ];
}

function namespaceObjects(plan: EnvironmentPlan, application: string): readonly ClusterObject[] {
  const { name, stack, template, expires, previews, slot, runner } = plan;
  const namespace = namespaceOf(application, name);
  const { quota, limits } = previews[application] ?? {};
  const team = declarations.find((each) => each.name === application)?.team ?? "";
  const labels = applicationLabels({ application, team, environment: template.environment });
  const inNamespace = (object: string) => ({ name: object, namespace, labels });
  const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: namespace,
        labels: {
          ...labels,
          ...podSecurityLabels("restricted"),
          [environmentLabel]: stack,
          [templateLabel]: template.stack,
          [slotLabel]: String(slot),
        },
        annotations: { [expiryAnnotation]: expires.toISOString() },
      },
    },
    { ...policy, metadata: inNamespace("default-deny"), spec: defaultDeny() },
    {
      ...policy,
      metadata: inNamespace("allow-dns"),
      spec: networkPolicy({ pods: {}, egress: [toDns()] }),
    },
    ...(quota === undefined
      ? []
      : [
          {
            apiVersion: "v1",
            kind: "ResourceQuota",
            metadata: inNamespace("quota"),
            spec: { hard: quotaHard(quota) },
          },
        ]),
    ...(limits === undefined
      ? []
      : [
          {
            apiVersion: "v1",
            kind: "LimitRange",
            metadata: inNamespace("limits"),
            spec: { limits: [limitRangeItem(limits)] },
          },
        ]),
    ...(runner === undefined ? [] : grant(inNamespace(runnerName), runnerRules, runner)),
  ];
}

/** The way from an environment's namespace to its data: to exactly its Secrets, and to the pods that it uses. */
function accessObjects(plan: EnvironmentPlan, application: string): readonly ClusterObject[] {
  const namespace = namespaceOf(application, plan.name);
  const labels = { [environmentLabel]: plan.stack };
  const connections = plan.previews[application]?.slots[plan.slot - 1] ?? [];
  const secrets = new Map<string, Set<string>>();
  for (const { secret } of connections) {
    if (secret !== undefined && "namespace" in secret) {
      const names = secrets.get(secret.namespace) ?? new Set();
      for (const name of [secret.name, ...Object.values(secret.elsewhere ?? {})]) {
        names.add(name);
      }
      secrets.set(secret.namespace, names);
    }
  }
  const reader: Subject = { kind: "ServiceAccount", name: "secret-reader", namespace };
  const peers = new Map(
    connections.flatMap(({ peers: used }) => used).map((peer) => [JSON.stringify(peer), peer]),
  );
  return [
    ...[...secrets].flatMap(([holder, names]) =>
      grant(
        { name: `${namespace}-secrets`, namespace: holder, labels },
        [{ apiGroups: [""], resources: ["secrets"], resourceNames: [...names], verbs: ["get"] }],
        reader,
      ),
    ),
    ...[...peers.values()].map((peer, index) => ingressFrom(namespace, labels, peer, index)),
  ];
}

function ingressFrom(
  namespace: string,
  labels: Readonly<Record<string, string>>,
  peer: NetworkPeer,
  index: number,
): ClusterObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `${namespace}-${String(index)}`, namespace: peer.namespace, labels },
    spec: networkPolicy({
      pods: peer.podLabels,
      ingress: [from({ namespace, podLabels: {} }, peer.ports)],
    }),
  };
}

/** Who deploys has to be able to ask the cluster who it is. */
function guardObjects({ stack, runner }: EnvironmentPlan): readonly ClusterObject[] {
  return runner === undefined
    ? []
    : grant(
        { name: `${stack}-guard`, namespace: "kube-system", labels: { [environmentLabel]: stack } },
        [
          {
            apiGroups: [""],
            resources: ["namespaces"],
            resourceNames: ["kube-system"],
            verbs: ["get"],
          },
        ],
        runner,
      );
}

function grant(
  metadata: ClusterObject["metadata"],
  rules: readonly object[],
  subject: Subject,
): readonly ClusterObject[] {
  return [
    { apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: rbac, kind: "Role", name: metadata.name },
      subjects: [subject],
    },
  ];
}
