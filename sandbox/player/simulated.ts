/** What a sandbox on simulated nodes plays instead of running it; `npm run sandbox -- status` prints the list. */
export const simulated: readonly { readonly what: string; readonly how: string }[] = [
  {
    what: "nodes and pods",
    how: "simulated by kwok: pods become ready, Jobs complete, no container runs; sandbox.slipway.dev/fail makes one fail",
  },
  {
    what: "LoadBalancer Services",
    how: "simulated by kwok: an address of 203.0.113.0/24, which leads nowhere",
  },
  {
    what: "PersistentVolumeClaims",
    how: "played: bound at once, whatever class they ask for; the volume holds nothing",
  },
  {
    what: "Ingresses of ingress-nginx",
    how: "played: they get the address of the controller's Service; no traffic is routed",
  },
  {
    what: "PostgresCluster",
    how: "played while PGO's Deployment is available: status, finalizer and a Secret per user; no Postgres",
  },
  {
    what: "Issuer, ClusterIssuer, Certificate",
    how: "played while cert-manager is available: real certificates, self-signed or signed by the CA issuer; ACME, Vault and Venafi are not asked",
  },
  {
    what: "SecretStore, ClusterSecretStore, ExternalSecret",
    how: "played while External Secrets is available: the kubernetes provider really copies, by the rights of its ServiceAccount; other providers give made-up values; PushSecret and ClusterExternalSecret stay idle",
  },
  {
    what: "ScaledObject",
    how: "played while KEDA is available: ready and idle; no autoscaler is made",
  },
  {
    what: "admission webhooks and aggregated APIs",
    how: "left out: no pod would answer them",
  },
];
