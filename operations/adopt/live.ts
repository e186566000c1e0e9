/** The kinds of objects that a program can take over. */
export type LiveKind =
  | "Deployment"
  | "Service"
  | "ServiceAccount"
  | "HorizontalPodAutoscaler"
  | "PodDisruptionBudget"
  | "Ingress";

/** The parts of a live object that adoption looks at. */
export interface LiveObject {
  readonly kind: LiveKind;
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedFields[];
  };
}

/** The fields of an object that one manager has set. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
}

/** Labels, or what selects them. */
export type Labels = Readonly<Record<string, string>>;

/** Where a container reads configuration from. */
interface Source {
  readonly configMapRef?: { readonly name?: string };
  readonly secretRef?: { readonly name?: string };
}

/** A reference to one key of a ConfigMap or Secret. */
interface KeySource {
  readonly valueFrom?: {
    readonly configMapKeyRef?: { readonly name?: string };
    readonly secretKeyRef?: { readonly name?: string };
  };
}

/** One container of a pod. */
export interface LiveContainer {
  readonly name: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly envFrom?: readonly Source[];
  readonly env?: readonly KeySource[];
}

/** What a volume holds, of the kinds that hold configuration. */
interface VolumeSource {
  readonly configMap?: { readonly name?: string };
  readonly secret?: { readonly secretName?: string; readonly name?: string };
}

/** A Deployment. */
export interface LiveDeployment extends LiveObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: {
      readonly matchLabels?: Labels;
      readonly matchExpressions?: readonly unknown[];
    };
    readonly template: {
      readonly metadata?: { readonly labels?: Labels };
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly containers: readonly LiveContainer[];
        readonly initContainers?: readonly LiveContainer[];
        readonly volumes?: readonly (VolumeSource & {
          readonly projected?: { readonly sources?: readonly VolumeSource[] };
        })[];
      };
    };
  };
}

/** A Service. */
export interface LiveService extends LiveObject {
  readonly spec: {
    readonly selector?: Labels;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: string | number;
    }[];
  };
}

/** A HorizontalPodAutoscaler. */
export interface LiveAutoscaler extends LiveObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
  };
}

/** A PodDisruptionBudget. */
export interface LiveBudget extends LiveObject {
  readonly spec: { readonly selector?: { readonly matchLabels?: Labels } };
}

/** An Ingress. */
export interface LiveIngress extends LiveObject {
  readonly spec: {
    readonly rules?: readonly {
      readonly http?: {
        readonly paths: readonly {
          readonly backend: { readonly service?: { readonly name: string } };
        }[];
      };
    }[];
  };
}

/** What a namespace holds, of the kinds that may belong to a Deployment. */
export interface LiveNamespace {
  readonly services: readonly LiveService[];
  readonly serviceAccounts: readonly LiveObject[];
  readonly autoscalers: readonly LiveAutoscaler[];
  readonly budgets: readonly LiveBudget[];
  readonly ingresses: readonly LiveIngress[];
}
