import { type Fragment } from "../../policy/core/rule";
import { deployment, service } from "./objects";

/** Labels that the pods of the good Deployment carry and its Service selects. */
export const SELECTED = {
  "app.kubernetes.io/name": "orders",
  "app.kubernetes.io/instance": "orders",
};

const selected = (): Fragment => ({ ...SELECTED });

const named = (apiVersion: string, kind: string, rest: Fragment): Fragment => ({
  apiVersion,
  kind,
  metadata: { name: "orders", namespace: "shop" },
  ...rest,
});

// A function, as an edit of a shared object would change every place it stands in.
const target = (): Fragment => ({ apiVersion: "apps/v1", kind: "Deployment", name: "orders" });

/** The good Deployment, its replicas left to an autoscaler. */
export const autoscaledDeployment: Fragment = {
  ...deployment,
  spec: { ...(deployment["spec"] as Fragment), replicas: undefined },
};

export const statefulSet: Fragment = {
  ...deployment,
  kind: "StatefulSet",
  spec: {
    ...(deployment["spec"] as Fragment),
    strategy: undefined,
    serviceName: "orders",
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: {
          storageClassName: "fast",
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "1Gi" } },
        },
      },
    ],
  },
};

export const headlessService: Fragment = {
  ...service,
  spec: { ...(service["spec"] as Fragment), clusterIP: "None" },
};

export const budget = named("policy/v1", "PodDisruptionBudget", {
  spec: {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
    selector: { matchLabels: selected() },
  },
});

export const autoscaler = named("autoscaling/v2", "HorizontalPodAutoscaler", {
  spec: {
    scaleTargetRef: target(),
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ],
    behavior: {
      scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
      },
    },
  },
});

export const scaledObject = named("keda.sh/v1alpha1", "ScaledObject", {
  spec: {
    scaleTargetRef: { name: "orders" },
    minReplicaCount: 0,
    maxReplicaCount: 10,
    triggers: [{ type: "cpu", metricType: "Utilization", metadata: { value: "70" } }],
  },
});

export const verticalAutoscaler = named("autoscaling.k8s.io/v1", "VerticalPodAutoscaler", {
  spec: { targetRef: target(), updatePolicy: { updateMode: "Off" } },
});

export const networkPolicy = named("networking.k8s.io/v1", "NetworkPolicy", {
  spec: {
    podSelector: { matchLabels: selected() },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: { matchLabels: selected() } }], ports: [{ port: 8080 }] }],
    egress: [{ ports: [{ protocol: "UDP", port: 53 }] }],
  },
});

export const defaultDenial: Fragment = {
  ...networkPolicy,
  metadata: { name: "default-deny", namespace: "shop" },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
};

export const ingress = named("networking.k8s.io/v1", "Ingress", {
  spec: {
    ingressClassName: "nginx",
    tls: [{ hosts: ["shop.example.com"], secretName: "shop-tls" }],
    rules: [
      {
        host: "shop.example.com",
        http: {
          paths: [
            {
              path: "/orders",
              pathType: "Prefix",
              backend: { service: { name: "orders", port: { number: 80 } } },
            },
          ],
        },
      },
    ],
  },
});

export const certificate = named("cert-manager.io/v1", "Certificate", {
  spec: { secretName: "shop-tls", dnsNames: ["shop.example.com"] },
});

export const externalSecret = named("external-secrets.io/v1", "ExternalSecret", {
  spec: { target: { name: "shop-tls" } },
});

export const gateway = named("gateway.networking.k8s.io/v1", "Gateway", {
  spec: {
    gatewayClassName: "public",
    listeners: [
      { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "shop" }] } },
      { name: "http", port: 80, protocol: "HTTP" },
    ],
  },
});

export const httpRoute = named("gateway.networking.k8s.io/v1", "HTTPRoute", {
  spec: {
    parentRefs: [{ name: "orders", sectionName: "https" }],
    rules: [{ backendRefs: [{ name: "orders", port: 80 }] }],
  },
});

export const redirectRoute: Fragment = {
  ...httpRoute,
  metadata: { name: "redirect", namespace: "shop" },
  spec: {
    parentRefs: [{ name: "orders", sectionName: "http" }],
    rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }] }],
  },
};

const RBAC = "rbac.authorization.k8s.io";

export const clusterRole: Fragment = {
  apiVersion: `${RBAC}/v1`,
  kind: "ClusterRole",
  metadata: { name: "orders" },
  rules: [{ apiGroups: [""], resources: ["services"], verbs: ["get", "list", "watch"] }],
};

export const role = named(`${RBAC}/v1`, "Role", { rules: clusterRole["rules"] });

export const clusterRoleBinding: Fragment = {
  apiVersion: `${RBAC}/v1`,
  kind: "ClusterRoleBinding",
  metadata: { name: "orders" },
  roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "orders" },
  subjects: [{ kind: "ServiceAccount", name: "orders", namespace: "shop" }],
};

export const roleBinding: Fragment = {
  ...clusterRoleBinding,
  kind: "RoleBinding",
  metadata: { name: "orders", namespace: "shop" },
  roleRef: { apiGroup: RBAC, kind: "Role", name: "orders" },
};

export const namespace: Fragment = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
};

export const claim = named("v1", "PersistentVolumeClaim", {
  spec: {
    storageClassName: "fast",
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
  },
});

export const configMap = named("v1", "ConfigMap", { data: { "settings.yaml": "{}" } });

export const secret = named("v1", "Secret", { type: "Opaque" });

export const quota = named("v1", "ResourceQuota", {
  spec: { hard: { pods: "10", "requests.cpu": "2" } },
});

export const limitRange = named("v1", "LimitRange", { spec: { limits: [{ type: "Container" }] } });

export const serviceMonitor = named("monitoring.coreos.com/v1", "ServiceMonitor", {
  spec: { selector: { matchLabels: selected() }, endpoints: [{ port: "http" }] },
});

export const release: Fragment = {
  apiVersion: "helm.sh/v3",
  kind: "Release",
  chart: "orders",
  version: "1.4.2",
  atomic: true,
  cleanupOnFail: true,
  waitForJobs: true,
  repositoryOpts: { repo: "https://charts.example.com" },
  values: { image: { tag: "1.4.2" }, networkPolicy: { enabled: true } },
};

const MEASURED = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "256Mi" },
};

export const postgresCluster = named(
  "postgres-operator.crunchydata.com/v1beta1",
  "PostgresCluster",
  {
    spec: {
      instances: [
        {
          name: "instance",
          replicas: 2,
          resources: MEASURED,
          sidecars: { replicaCertCopy: { resources: MEASURED } },
          dataVolumeClaimSpec: { storageClassName: "fast", accessModes: ["ReadWriteOnce"] },
        },
      ],
      proxy: { pgBouncer: { resources: MEASURED } },
      backups: {
        pgbackrest: {
          repoHost: { resources: MEASURED },
          repos: [{ name: "repo1", volume: { volumeClaimSpec: { storageClassName: "slow" } } }],
        },
      },
    },
  },
);

export const tenant = named("minio.min.io/v2", "Tenant", {
  spec: { pools: [{ name: "pool-0", servers: 4, resources: MEASURED }] },
});
