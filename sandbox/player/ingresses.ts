import type { Action } from "./action";
import type { KubernetesObject } from "./objects";
import { runningOperator } from "./operators";
import type { World } from "./world";

interface WithAddress {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

/** An Ingress. */
export interface Ingress extends KubernetesObject {
  /** Which class it belongs to. @default - the cluster's default class */
  readonly spec?: { readonly ingressClassName?: string };
  /** Where it is reached. */
  readonly status?: WithAddress;
}

interface IngressClass extends KubernetesObject {
  readonly spec?: { readonly controller?: string };
}

interface Service extends KubernetesObject {
  readonly spec?: { readonly type?: string; readonly clusterIP?: string };
  readonly status?: WithAddress;
}

/** Publishes the address of the controller's Service on each Ingress of its class, as ingress-nginx does. */
export function playIngresses(world: World): readonly Action[] {
  const controller = runningOperator(world, "ingressNginx");
  if (controller === undefined) {
    return [];
  }
  const { name, namespace } = controller.metadata;
  const address = addressOf(world.get<Service>("Service", name, namespace));
  const classes = world
    .list<IngressClass>("IngressClass")
    .filter(({ spec }) => spec?.controller === "k8s.io/ingress-nginx");
  const isOurs = ({ spec }: Ingress): boolean =>
    classes.some(({ metadata }) =>
      spec?.ingressClassName === undefined
        ? metadata.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true"
        : spec.ingressClassName === metadata.name,
    );
  return world
    .list<Ingress>("Ingress")
    .filter(isOurs)
    .filter(({ status }) => status?.loadBalancer?.ingress?.[0]?.ip !== address)
    .filter(() => address !== undefined)
    .map((object) => ({
      do: "mergeStatus",
      object,
      fields: { loadBalancer: { ingress: [{ ip: address }] } },
    }));
}

/** A LoadBalancer's address once it has one; any other Service's own. */
function addressOf(service: Service | undefined): string | undefined {
  return service?.spec?.type === "LoadBalancer"
    ? service.status?.loadBalancer?.ingress?.[0]?.ip
    : service?.spec?.clusterIP;
}
