/** Where a kind lives in the API. */
export interface ApiKind {
  /** Group and version. */
  readonly apiVersion: string;
  /** The name of its collection in a path. */
  readonly plural: string;
}

/** The kinds the player watches. The APIs of operators come and go with their CRDs. */
export const watchedKinds = {
  Secret: { apiVersion: "v1", plural: "secrets" },
  Service: { apiVersion: "v1", plural: "services" },
  PersistentVolume: { apiVersion: "v1", plural: "persistentvolumes" },
  PersistentVolumeClaim: { apiVersion: "v1", plural: "persistentvolumeclaims" },
  Deployment: { apiVersion: "apps/v1", plural: "deployments" },
  StorageClass: { apiVersion: "storage.k8s.io/v1", plural: "storageclasses" },
  Ingress: { apiVersion: "networking.k8s.io/v1", plural: "ingresses" },
  IngressClass: { apiVersion: "networking.k8s.io/v1", plural: "ingressclasses" },
  PostgresCluster: {
    apiVersion: "postgres-operator.crunchydata.com/v1beta1",
    plural: "postgresclusters",
  },
  Certificate: { apiVersion: "cert-manager.io/v1", plural: "certificates" },
  Issuer: { apiVersion: "cert-manager.io/v1", plural: "issuers" },
  ClusterIssuer: { apiVersion: "cert-manager.io/v1", plural: "clusterissuers" },
  ExternalSecret: { apiVersion: "external-secrets.io/v1", plural: "externalsecrets" },
  SecretStore: { apiVersion: "external-secrets.io/v1", plural: "secretstores" },
  ClusterSecretStore: { apiVersion: "external-secrets.io/v1", plural: "clustersecretstores" },
  ScaledObject: { apiVersion: "keda.sh/v1alpha1", plural: "scaledobjects" },
} as const satisfies Record<string, ApiKind>;

/** One of the kinds the player watches. */
export type WatchedKind = keyof typeof watchedKinds;

/** The path of a kind's collection. */
export function collectionPath({ apiVersion, plural }: ApiKind): string {
  return `${apiVersion.includes("/") ? "/apis" : "/api"}/${apiVersion}/${plural}`;
}
