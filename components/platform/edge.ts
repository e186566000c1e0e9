import type * as pulumi from "@pulumi/pulumi";
import type { NetworkPeer } from "../kit/connection";

/** What an application needs in order to be reached from outside. */
export interface Edge {
  /** Which kind of controller it is; its annotations differ. */
  readonly kind: "nginx";
  /** The IngressClass it answers to. */
  readonly className: string;
  /** The pods that pass traffic on to the applications, and the ports they take it on. */
  readonly controller: NetworkPeer;
  /** The ClusterIssuer that signs the certificates of what is reached from outside. */
  readonly clusterIssuer: string;
  /** What an Ingress depends on: the admission webhook rejects it while no controller is ready. */
  readonly ready: readonly pulumi.Resource[];
}
