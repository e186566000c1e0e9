import type { ApplicationArgs } from "../../components/apps/application";
import type { ImageSupply } from "../../components/apps/images";
import type { ResolvedApplication } from "../../components/apps/resolved";
import { Workload } from "../../components/apps/workload/workload";
import type {
  CronJobWorkload,
  DeploymentWorkload,
  JobWorkload,
  StatefulSetWorkload,
} from "../../components/apps/workload/workload-args";
import type { WorkloadShape } from "../../components/apps/workload/workload-shape";
import type { Connection, Demand } from "../../components/kit/connection";
import { Namespace } from "../../components/kit/namespace";
import { deploy, type Properties, type Recorded } from "../support/mocks";
import { measured } from "../support/rooms";

/** A workload that has no problem; a test spoils one field of it. */
export const goodShape = {
  service: "orders",
  application: "shop",
  team: "checkout",
  environment: "test",
  image: "registry.example.com/acme/shop/orders:1.4.2",
  ports: { http: 8080 },
  probes: {
    liveness: { http: { path: "/live", port: "http" } },
    readiness: { http: { path: "/ready", port: "http" } },
  },
  resources: { typical: { cpu: "100m", memory: "128Mi" } },
} as const satisfies WorkloadShape;

/** A container beside a service that proxies for it. */
export const proxy = {
  image: "registry.example.com/acme/proxy:1.35.3",
  resources: { typical: { cpu: "50m", memory: "64Mi" } },
  ports: { admin: 9901 },
  probes: {
    liveness: { tcp: { port: "admin" } },
    readiness: { http: { path: "/ready", port: "admin" } },
  },
} as const;

/** A scheduled job that has no problem. */
export const goodJob = {
  service: "report",
  application: "shop",
  team: "checkout",
  environment: "test",
  image: "registry.example.com/acme/shop/report:1.4.2",
  kind: "CronJob",
  schedule: { cron: "0 6 * * *" },
  resources: { typical: { cpu: "100m", memory: "128Mi" } },
} as const satisfies WorkloadShape;

/** A stateful workload that has no problem. */
export const goodStateful = {
  ...goodShape,
  kind: "StatefulSet",
  claims: { "/var/lib/orders": { size: "5Gi" } },
} as const satisfies WorkloadShape;

/** Registers the good workload as a DaemonSet, and gives what it made. */
export function deployDaemon(): Promise<Recorded> {
  return deploy(
    () => new Workload("shop-orders", { ...goodShape, kind: "DaemonSet", namespace: space() }),
  );
}

/** A job that has no problem. */
export const goodOnce = {
  service: "orders",
  application: "shop",
  team: "checkout",
  environment: "test",
  image: "registry.example.com/acme/shop/orders:1.4.2",
  resources: { typical: { cpu: "100m", memory: "128Mi" } },
  kind: "Job",
  run: { deadline: "1h", retries: 0 },
} as const satisfies WorkloadShape;

/** Registers a job, the good one with these changes, and gives what it made. */
export function deployOnce(
  changes: Partial<Omit<JobWorkload, "namespace" | "kind">> = {},
): Promise<Recorded> {
  return deploy(() => new Workload("shop-orders", { ...goodOnce, ...changes, namespace: space() }));
}

/** Registers a stateful workload, the good one with these changes, and gives what it made. */
export function deployStateful(
  changes: Partial<Omit<StatefulSetWorkload, "namespace" | "kind">> = {},
): Promise<Recorded> {
  return deploy(
    () =>
      new Workload("shop-orders", {
        ...goodStateful,
        features: measured,
        ...changes,
        namespace: space(),
      }),
  );
}

/** Registers a Deployment's workload, the good one with these changes, and gives what it made. */
export function deployWorkload(
  changes: Partial<Omit<DeploymentWorkload, "namespace">> = {},
): Promise<Recorded> {
  return deploy(
    () =>
      new Workload("shop-orders", {
        ...goodShape,
        features: measured,
        ...changes,
        namespace: space(),
      }),
  );
}

/** Registers a scheduled job, the good one with these changes, and gives what it made. */
export function deployJob(
  changes: Partial<Omit<CronJobWorkload, "namespace" | "kind">> = {},
): Promise<Recorded> {
  return deploy(() => new Workload("shop-report", { ...goodJob, ...changes, namespace: space() }));
}

export function space(): Namespace {
  return new Namespace("shop", { name: "shop", podSecurity: "restricted" });
}

/** A connection that meets a demand: an address, and a Secret beside the service. */
export function connectionTo(demand: Demand): Connection {
  return {
    demand,
    fields: {
      url: { kind: "secret", key: "uri" },
      host: { kind: "plain", value: `${demand.kind}.example.svc` },
      password: { kind: "secret", key: "password" },
      directUrl: { kind: "secret", key: "uri" },
      endpoint: { kind: "plain", value: "http://objects.example.svc:9000" },
      ca: { kind: "secret", key: "ca.crt" },
      bucket: { kind: "plain", value: demand.key },
      consumer: { kind: "plain", value: demand.key },
      accessKey: { kind: "secret", key: "accessKey" },
      secretKey: { kind: "secret", key: "secretKey" },
    },
    secret: {
      namespace: `${demand.kind}-space`,
      name: `secret-of-${demand.key.replace("/", "-")}`,
      keys: ["uri", "password", "ca.crt", "accessKey", "secretKey"],
    },
    peers: [{ namespace: `${demand.kind}-space`, podLabels: { app: demand.kind }, ports: [7000] }],
    ready: [],
    scaleOn: { type: "a-queue", metadata: { queue: demand.key } },
  };
}

/** Controllers that are there already. */
export const platform: ApplicationArgs["platform"] = {
  certificates: { clusterIssuer: "an-authority", ready: [] },
  edge: {
    kind: "nginx",
    className: "nginx",
    controller: { namespace: "edge", podLabels: { app: "controller" }, ports: [80, 443] },
    clusterIssuer: "an-authority",
    ready: [],
  },
  secretStores: { ready: [], stores: {} },
  features: measured,
};

/** Images of the applications' own registry, every one at a version. */
export const images: ImageSupply = {
  registry: "registry.example.com/acme",
  pullSecrets: [],
  given: { services: {}, others: "1.0.0" },
};

/** The names of an application's services, in the order in which they are deployed. */
export function orderOf(application: ResolvedApplication | undefined): readonly string[] {
  return (application?.services ?? []).map(({ shape }) => shape.service);
}

/** A property of an object, by its path. */
export function at(object: Properties, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null
          ? (value as Record<string, unknown>)[key]
          : undefined,
      object,
    );
}
