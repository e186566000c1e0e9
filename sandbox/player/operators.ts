import type { KubernetesObject } from "./objects";
import type { World } from "./world";

/** A Deployment, as far as it tells whether an operator runs. */
export interface Deployment extends KubernetesObject {
  /** The pod's containers. */
  readonly spec?: {
    readonly template?: {
      readonly spec?: { readonly containers?: readonly { readonly args?: readonly string[] }[] };
    };
  };
  /** How many pods are available. */
  readonly status?: { readonly availableReplicas?: number };
}

/** The labels by which the Deployment of each played operator is known; its chart sets them. */
const operators = {
  postgres: { "postgres-operator.crunchydata.com/control-plane": "pgo" },
  certManager: {
    "app.kubernetes.io/name": "cert-manager",
    "app.kubernetes.io/component": "controller",
  },
  externalSecrets: { "app.kubernetes.io/name": "external-secrets" },
  ingressNginx: {
    "app.kubernetes.io/name": "ingress-nginx",
    "app.kubernetes.io/component": "controller",
  },
  keda: { app: "keda-operator" },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** An operator whose work the player does. */
export type Operator = keyof typeof operators;

/**
 * The Deployment of an operator, when one of its pods is available. Without it nobody would look at the operator's custom
 * resources, so they are not played either: an instance that comes before its operator waits, one that outlives it keeps
 * its finalizer.
 */
export function runningOperator(world: World, operator: Operator): Deployment | undefined {
  const labels = Object.entries(operators[operator]);
  return world
    .list<Deployment>("Deployment")
    .find(
      ({ metadata, status }) =>
        (status?.availableReplicas ?? 0) > 0 &&
        labels.every(([label, value]) => metadata.labels?.[label] === value),
    );
}
