/** A Kubernetes cluster that a sandbox uses, whoever runs it. Its kubeconfig is the sandbox's. */
export interface Cluster {
  /** Whether its nodes are simulated and run nothing. */
  readonly simulated: boolean;
  /** Fails when something it needs is missing; asked before a sandbox decides for it. */
  check(): Promise<void>;
  /** Starts it, or finds it running; afterwards the sandbox's kubeconfig leads to it. */
  up(): Promise<void>;
  /** The kubeconfig context and the uid of the kube-system namespace, which tells one cluster from another. */
  identify(): Promise<ClusterIdentity>;
  /** Ends its processes and keeps its data. */
  down(): Promise<void>;
  /** Ends it for good. */
  remove(): Promise<void>;
}

/** Which cluster a kubeconfig leads to. */
export interface ClusterIdentity {
  /** The context's name in the sandbox's kubeconfig. */
  readonly context: string;
  /** The uid of the kube-system namespace. */
  readonly uid: string;
}

/** kubectl, as an executable with leading arguments. */
export type Kubectl = readonly [file: string, ...args: readonly string[]];
