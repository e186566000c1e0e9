/** A Deployment of three containers, much like those of a chart: it passes some rules and breaks others. */
export function benchDeployment(index: number): Record<string, unknown> {
  const name = `web-${index}`;
  const labels = { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    // Two hundred workloads a namespace, so that rules over the stack have something to index.
    metadata: { name, namespace: `team-${Math.floor(index / 200)}`, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10001,
            runAsGroup: 10001,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: ["web", "proxy", "metrics"].map((container) =>
            benchContainer(container, index),
          ),
        },
      },
    },
  };
}

function benchContainer(name: string, index: number): Record<string, unknown> {
  const probe = (path: string, failureThreshold: number): object => ({
    httpGet: { path, port: "http" },
    periodSeconds: 5,
    failureThreshold,
  });
  return {
    name,
    image: `registry.example/shop/${name}:1.${index % 20}.0`,
    ports: [{ name: "http", containerPort: 8080 }],
    env: [
      { name: "LOG_LEVEL", value: "info" },
      { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "database", key: "url" } } },
    ],
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "1", memory: "256Mi" },
    },
    startupProbe: probe("/healthz", 30),
    livenessProbe: probe("/healthz", 6),
    readinessProbe: probe("/ready", 3),
    lifecycle: { preStop: { sleep: { seconds: 10 } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}
