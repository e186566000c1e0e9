import type {
  CoreV1Event,
  V1APIService,
  V1Condition,
  V1CustomResourceDefinition,
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1Namespace,
  V1Node,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1ResourceQuota,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";
import type { DriftReport } from "../drift/dry-run";

/** An object of which only the names, labels and finalizers were read. */
export interface MetadataOnly {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
}

/** A custom resource, in what the checks look at. */
export interface CustomResource<Spec = object, Status = object> {
  readonly kind: string;
  readonly metadata: V1ObjectMeta;
  readonly spec?: Spec;
  readonly status?: Status & {
    readonly conditions?: readonly Pick<V1Condition, "type" | "status" | "reason" | "message">[];
  };
}

/** KEDA's ScaledObject. */
export type ScaledObject = CustomResource<{
  readonly minReplicaCount?: number;
  readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
}>;

/** External Secrets' ExternalSecret. */
export type ExternalSecret = CustomResource<{
  readonly secretStoreRef?: { readonly kind?: string; readonly name?: string };
}>;

/** cert-manager's Certificate. */
export type Certificate = CustomResource<
  { readonly secretName?: string; readonly dnsNames?: readonly string[] },
  { readonly notAfter?: string; readonly renewalTime?: string }
>;

/** The certificate of a TLS Secret that an Ingress names: never its key. */
export interface TlsSecret {
  readonly namespace: string;
  readonly name: string;
  /** The certificate in PEM. @default - the Secret is not there, or holds none */
  readonly certificate?: string;
}

/** What the API server is told of the webhooks of one configuration that one Service serves. */
export interface WebhookClient {
  readonly kind: "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration";
  /** The configuration's name. */
  readonly configuration: string;
  /** The webhooks' names. */
  readonly names: readonly string[];
  readonly service: { readonly namespace: string; readonly name: string };
  /** Whom the API server trusts, PEM in base64. @default - nobody */
  readonly caBundle?: string;
  /** Whether the API server goes on when it cannot ask. */
  readonly ignoresFailure: boolean;
}

/** The certificate in the Secret of a Certificate, for a name that a webhook's Service has. */
export interface WebhookCertificate {
  readonly namespace: string;
  readonly secret: string;
  /** `<service>.<namespace>.svc`. */
  readonly dnsName: string;
  /** In PEM. */
  readonly certificate: string;
}

/** An operation of the engine that was begun and whose end is not known. */
export interface PendingOperation {
  readonly urn: string;
  /** The engine's word for it, such as `creating`. */
  readonly type: string;
  /** The object it is about. @default - it is about no object of the cluster */
  readonly object?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  };
  /** Whether that object is in the cluster. @default - nobody could say */
  readonly exists?: boolean;
}

/** What the checks look at: the stack's state, and what of its namespaces was seen in the cluster. */
export interface Seen {
  readonly pending: readonly PendingOperation[];
  readonly namespaces: readonly V1Namespace[];
  readonly deployments: readonly V1Deployment[];
  readonly statefulSets: readonly V1StatefulSet[];
  readonly daemonSets: readonly V1DaemonSet[];
  readonly jobs: readonly V1Job[];
  readonly pods: readonly V1Pod[];
  /** Warnings only. */
  readonly events: readonly CoreV1Event[];
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly quotas: readonly V1ResourceQuota[];
  readonly budgets: readonly V1PodDisruptionBudget[];
  readonly autoscalers: readonly V2HorizontalPodAutoscaler[];
  readonly scaledObjects: readonly ScaledObject[];
  readonly apiServices: readonly V1APIService[];
  readonly ingresses: readonly V1Ingress[];
  readonly tlsSecrets: readonly TlsSecret[];
  readonly certificates: readonly Certificate[];
  /** Those that Services in the stack's namespaces serve. */
  readonly webhooks: readonly WebhookClient[];
  readonly webhookCertificates: readonly WebhookCertificate[];
  readonly nodes: readonly V1Node[];
  readonly secretStores: readonly CustomResource[];
  readonly clusterSecretStores: readonly CustomResource[];
  readonly externalSecrets: readonly ExternalSecret[];
  /** Those of the kinds that the stack declares. */
  readonly definitions: readonly V1CustomResourceDefinition[];
  /** The Secrets in which Helm keeps its releases, without what they hold. */
  readonly releases: readonly MetadataOnly[];
  /** Every object that is being deleted and has finalizers. */
  readonly ending: readonly MetadataOnly[];
  readonly drift: DriftReport;
}

/** Something to look at. */
export type Source = keyof Seen;

/** What a check knows beside what it looks at. */
export interface Context {
  /** The time. */
  readonly now: Date;
  /** The stack's name. */
  readonly stack: string;
  /** kubectl for the stack's cluster, as a person types it. */
  readonly kubectl: string;
  /** The Pulumi CLI, as a person types it. */
  readonly pulumi: string;
  /** `<application>/<service>` of an object that runs its pods. */
  serviceOf(kind: string, namespace: string, name: string): string | undefined;
}

/** `Kind namespace/name`. */
export function whereIs(kind: string, { namespace, name }: V1ObjectMeta = {}): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name ?? ""}`;
}

/** How long ago something was, in seconds; times come as text. */
export function secondsSince(time: Date | string | undefined, now: Date): number {
  return time === undefined ? 0 : (now.getTime() - new Date(time).getTime()) / 1000;
}

/** Whether labels are those that a plain selector asks for; an empty selector asks for nothing. */
export function selects(
  wanted: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const pairs = Object.entries(wanted ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels?.[key] === value);
}
