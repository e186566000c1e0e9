import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dump } from "js-yaml";

/** An object as a manifest writes it. */
type Manifest = Readonly<Record<string, unknown>>;

/**
 * Writes a stack of many services the way `npm run render` does: eight objects for each. In the second version
 * four of the eight are changed.
 */
export function writeLargeStack(folder: string, services: number, version: 1 | 2): void {
  const index = Array.from({ length: services }, (_, service) =>
    objectsOf(`service-${service}`, `team-${service % 25}`, version).map((manifest) => {
      const { kind, metadata } = manifest as {
        readonly kind: string;
        readonly metadata: { readonly name: string; readonly namespace: string };
      };
      const file = `${metadata.namespace}/${kind.toLowerCase()}-${metadata.name}.yaml`;
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, dump(manifest));
      const urn = `urn:pulumi:bench::slipway::kubernetes:v1:${kind}::${metadata.name}`;
      return {
        urn,
        type: `kubernetes:v1:${kind}`,
        component: null,
        chart: null,
        dependsOn: [],
        file,
      };
    }),
  ).flat();
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
}

function objectsOf(name: string, namespace: string, version: 1 | 2): readonly Manifest[] {
  const labels = { "app.kubernetes.io/name": name };
  const object = (apiVersion: string, kind: string, content: Manifest): Manifest => ({
    apiVersion,
    kind,
    metadata: { name, namespace, labels },
    ...content,
  });
  const selector = { matchLabels: labels };
  return [
    object("apps/v1", "Deployment", { spec: deploymentSpec(name, labels, version) }),
    object("v1", "Service", {
      spec: {
        selector: labels,
        ports: [{ port: 80, targetPort: 8080 }],
        sessionAffinity: version === 1 ? "None" : "ClientIP",
      },
    }),
    object("v1", "ServiceAccount", { automountServiceAccountToken: false }),
    object("v1", "ConfigMap", { data: { "app.yaml": "log: info\nworkers: 4\n" } }),
    object("networking.k8s.io/v1", "NetworkPolicy", {
      spec: {
        podSelector: selector,
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [{ podSelector: { matchLabels: { app: "web" } } }],
            ports: [{ port: 8079 + version }],
          },
        ],
      },
    }),
    object("networking.k8s.io/v1", "Ingress", {
      spec: {
        rules: [
          {
            host: `${name}-${version}.example.com`,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name, port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    }),
    object("policy/v1", "PodDisruptionBudget", { spec: { maxUnavailable: 1, selector } }),
    object("autoscaling/v2", "HorizontalPodAutoscaler", {
      spec: {
        minReplicas: 2,
        maxReplicas: 10,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      },
    }),
  ];
}

function deploymentSpec(name: string, labels: Manifest, version: 1 | 2): Manifest {
  const probe = { httpGet: { path: "/health", port: 8080 }, periodSeconds: 5, failureThreshold: 3 };
  const env = Array.from({ length: 12 }, (_, index) => ({
    name: `SETTING_${index}`,
    value: `value ${index}`,
  }));
  return {
    selector: { matchLabels: labels },
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: name,
        containers: [
          {
            name: "app",
            image: `registry.example.com/acme/${name}:1.${version}.0`,
            env,
            ports: [{ containerPort: 8080 }],
            resources: {
              requests: { cpu: "100m", memory: "128Mi" },
              limits: { cpu: "1", memory: "256Mi" },
            },
            livenessProbe: probe,
            readinessProbe: { ...probe, httpGet: { path: "/ready", port: 8080 } },
          },
        ],
      },
    },
  };
}
