import type { ChartCoordinates } from "./kit/chart";

/**
 * Every third-party chart, with its exact version: a bump is one line here. A digest is recorded only
 * from a source that was seen.
 */
export const charts = {
  certManager: {
    repository: "https://charts.jetstack.io",
    chart: "cert-manager",
    version: "v1.21.1",
  },
  externalSecrets: {
    repository: "https://charts.external-secrets.io",
    chart: "external-secrets",
    version: "2.9.0",
  },
  ingressNginx: {
    repository: "https://kubernetes.github.io/ingress-nginx",
    chart: "ingress-nginx",
    version: "4.15.1",
  },
  keda: {
    repository: "https://kedacore.github.io/charts",
    chart: "keda",
    version: "2.20.2",
  },
  kubePrometheusStack: {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
    version: "88.5.3",
  },
  metricsServer: {
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    chart: "metrics-server",
    version: "3.13.1",
  },
  minio: {
    repository: "https://charts.min.io",
    chart: "minio",
    version: "5.4.0",
    digest: "sha256:25fa2740480d1ebc9e64340854a6c42d3a7bc39c2a77378da91b21f144faa9af",
  },
  nats: {
    repository: "https://nats-io.github.io/k8s/helm/charts",
    chart: "nats",
    version: "2.14.2",
  },
  pgo: {
    repository: "oci://registry.developers.crunchydata.com/crunchydata",
    chart: "pgo",
    version: "5.8.5",
  },
  prometheusAdapter: {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "prometheus-adapter",
    version: "5.3.0",
  },
  reloader: {
    repository: "https://stakater.github.io/stakater-charts",
    chart: "reloader",
    version: "2.2.16",
  },
  verticalPodAutoscaler: {
    repository: "https://kubernetes.github.io/autoscaler",
    chart: "vertical-pod-autoscaler",
    version: "0.11.0",
  },
} as const satisfies Readonly<Record<string, ChartCoordinates>>;
