import type { Action } from "../../../sandbox/player/action";
import type { KubernetesObject } from "../../../sandbox/player/objects";
import { type WatchedKind, watchedKinds } from "../../../sandbox/player/watched-kinds";
import { World } from "../../../sandbox/player/world";

/** The time in all tests. */
export const now = "2026-01-01T00:00:00Z";

/** A world of the given objects. */
export function worldOf(...objects: readonly KubernetesObject[]): World {
  const world = new World();
  (Object.keys(watchedKinds) as WatchedKind[]).forEach((kind) => {
    world.add(kind, () => objects.filter((object) => object.kind === kind));
  });
  return world;
}

/** An object of a kind, with more fields. */
export function object<T extends object>(
  kind: WatchedKind,
  path: string,
  fields: T,
  metadata: Partial<KubernetesObject["metadata"]> = {},
): KubernetesObject & T {
  const [first = "", second] = path.split("/");
  const named = second === undefined ? { name: first } : { namespace: first, name: second };
  return {
    apiVersion: watchedKinds[kind].apiVersion,
    kind,
    metadata: { ...named, uid: `uid-of-${path}`, generation: 1, ...metadata },
    ...fields,
  };
}

/** The object after an action has been carried out on its status. */
export function afterStatus(
  object: KubernetesObject,
  action: Action | undefined,
): KubernetesObject {
  const status = action?.do === "mergeStatus" ? action.fields : {};
  return Object.assign({}, object, { status });
}

/** The Deployment of an operator with one pod available. */
export function operator(path: string, labels: Readonly<Record<string, string>>): KubernetesObject {
  return object("Deployment", path, { status: { availableReplicas: 1 } }, { labels });
}

/** The operators, as their charts label them. */
export const pgo = operator("pgo/pgo", {
  "postgres-operator.crunchydata.com/control-plane": "pgo",
});
export const certManager = operator("cert-manager/cert-manager", {
  "app.kubernetes.io/name": "cert-manager",
  "app.kubernetes.io/component": "controller",
});
export const externalSecrets = operator("external-secrets/external-secrets", {
  "app.kubernetes.io/name": "external-secrets",
});
export const ingressNginx = operator("ingress-nginx/ingress-nginx-controller", {
  "app.kubernetes.io/name": "ingress-nginx",
  "app.kubernetes.io/component": "controller",
});
