import { type Fragment } from "../../policy/core/rule";
import { edit, type Edits, type Subject } from "./support";

const LABELS = {
  "app.kubernetes.io/name": "orders",
  "app.kubernetes.io/instance": "orders",
  "app.kubernetes.io/version": "1.4.2",
  "app.kubernetes.io/component": "api",
  "app.kubernetes.io/part-of": "shop",
  "app.kubernetes.io/managed-by": "pulumi",
};

const SELECTED = { "app.kubernetes.io/name": "orders", "app.kubernetes.io/instance": "orders" };

/** A container that no rule on by default objects to. */
const container: Fragment = {
  name: "orders",
  image: `registry.example/shop/orders:1.4.2@sha256:${"a".repeat(64)}`,
  imagePullPolicy: "IfNotPresent",
  ports: [{ name: "http", containerPort: 8080 }],
  resources: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1", memory: "256Mi" },
  },
  startupProbe: {
    httpGet: { path: "/healthz", port: "http" },
    periodSeconds: 5,
    failureThreshold: 30,
  },
  livenessProbe: {
    httpGet: { path: "/healthz", port: "http" },
    periodSeconds: 10,
    failureThreshold: 6,
    timeoutSeconds: 2,
  },
  readinessProbe: {
    httpGet: { path: "/ready", port: "http" },
    periodSeconds: 5,
    failureThreshold: 3,
  },
  lifecycle: { preStop: { sleep: { seconds: 10 } } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
};

const podSpec: Fragment = {
  serviceAccountName: "orders",
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 60,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10001,
    runAsGroup: 10001,
    seccompProfile: { type: "RuntimeDefault" },
  },
  topologySpreadConstraints: [
    {
      topologyKey: "kubernetes.io/hostname",
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: SELECTED },
    },
  ],
  containers: [container],
};

const metadata = { name: "orders", namespace: "shop", labels: LABELS };

/** A Deployment that no rule over a single object objects to. */
export const deployment: Fragment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata,
  spec: {
    replicas: 3,
    minReadySeconds: 5,
    progressDeadlineSeconds: 600,
    selector: { matchLabels: SELECTED },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: { metadata: { labels: LABELS }, spec: podSpec },
  },
};

export const job: Fragment = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata,
  spec: {
    backoffLimit: 3,
    activeDeadlineSeconds: 600,
    ttlSecondsAfterFinished: 3600,
    template: { metadata: { labels: LABELS }, spec: { ...podSpec, restartPolicy: "Never" } },
  },
};

export const cronJob: Fragment = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata,
  spec: {
    schedule: "*/5 * * * *",
    startingDeadlineSeconds: 60,
    concurrencyPolicy: "Forbid",
    jobTemplate: { spec: job["spec"] },
  },
};

export const service: Fragment = {
  apiVersion: "v1",
  kind: "Service",
  metadata,
  spec: { selector: SELECTED, ports: [{ name: "http", port: 80, targetPort: "http" }] },
};

/** The first container of the good Deployment. */
export const inContainer: Subject = {
  objects: [deployment],
  base: "spec.template.spec.containers[0]",
};

/** The pod spec of the good Deployment. */
export const inPod: Subject = { objects: [deployment], base: "spec.template.spec" };

/** An object of the caller's own, alone. */
export function inObject(object: Fragment): Subject {
  return { objects: [object], base: "" };
}

/** Several objects; edits name theirs by index. */
export function inStack(...objects: readonly Fragment[]): Subject {
  return { objects, base: "" };
}

/** A subject changed for good, for rules that the good objects do not satisfy because they are off by default. */
export function but(subject: Subject, edits: Edits): Subject {
  return { ...subject, objects: edit(subject, edits) };
}

/** Edits that make the first object's pod a Windows pod. */
export const ON_WINDOWS: Edits = { "/spec.template.spec.os": { name: "windows" } };

/** Edits that run the first object's pod in a user namespace. */
export const IN_USER_NAMESPACE: Edits = { "/spec.template.spec.hostUsers": false };
