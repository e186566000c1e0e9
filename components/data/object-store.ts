import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart, type ChartEnvironment } from "../kit/chart";
import { Component } from "../kit/component";
import type { Connection } from "../kit/connection";
import { Namespace } from "../kit/namespace";
import { from, networkPolicy, to } from "../kit/network-policy";
import { everyChart } from "../kit/object-transforms";
import { retainTypes, type Retention } from "../kit/retention";
import type { Certificates, Monitoring, SecretStores } from "../platform";
import type { ObjectStoreSettings } from "../settings/data";
import { bucketFiles, bucketsScript, bucketUserName, bucketUsers } from "./buckets";
import { bucketTools, createBucketWipes } from "./bucket-wipe";
import { Credentials } from "./credentials";
import type { BucketDemand } from "./demands";
import { minioTransforms, minioValues, serverPeer } from "./object-store-values";
import { wipeLabels } from "./preview-wipe";
import { grantAccess, type SecretAccess } from "./secret-access";
import { authorityKey, ServerCertificate } from "./server-certificate";
import { SetupJob, setupJobLabels } from "./setup-job";
import { bySlot, residents, type Answers, type Tenant } from "./tenants";

const namespaceName = serverPeer.namespace;
const host = `minio.${namespaceName}.svc`;

/** The Secret of the certificate that the servers show, and that of its authority. */
const certificate = { secret: "minio-tls", authority: "minio-ca" } as const;

/** MinIO has one region, and answers to this name when none is set. */
const region = "us-east-1";

const rootSecret = "minio-root";

/** The name of the Job that makes buckets, users and policies. */
const bucketsJob = "minio-buckets";

export interface ObjectStoreArgs {
  /** What the stack says of the object store. */
  readonly settings: ObjectStoreSettings;
  /** The applications that demand buckets. */
  readonly tenants: readonly Tenant<BucketDemand>[];
  /** Who signs the servers' certificate. */
  readonly certificates: Certificates;
  /** What carries the authority's certificate to clients. */
  readonly secretStores: SecretStores;
  /**
   * What scrapes the servers.
   * @default - nobody
   */
  readonly monitoring?: Monitoring;
  /** What all charts of the stack share. */
  readonly environment: ChartEnvironment;
  /** What becomes of the drives and of the credentials on a destroy. */
  readonly retention: Retention;
}

/**
 * MinIO, the object store: servers, and for each bucket an application demands a user of its own with
 * the rights on this bucket and no other.
 *
 * The chart makes buckets and users in a hook, which is not run; our own Job does it. Clients connect
 * from the namespaces of applications that demand a bucket and from nowhere else. Servers show a
 * certificate of the stack's own authority, and read a renewed one by themselves.
 */
export class ObjectStore extends Component implements Answers<BucketDemand> {
  private readonly ready: readonly pulumi.Resource[];
  private readonly access: ReadonlyMap<string, SecretAccess>;
  private readonly tls: boolean;

  constructor(name: string, args: ObjectStoreArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "ObjectStore", name, opts);
    const { settings, tenants, environment, retention } = args;
    const users = tenants.flatMap(bucketUsers);

    const namespace = new Namespace(
      `${name}-namespace`,
      { name: namespaceName, podSecurity: "restricted", retain: retention === "keep" },
      { parent: this },
    );
    const inNamespace = { parent: this, dependsOn: [namespace] };
    allowTraffic();
    const rootCredentials = createRootCredentials();
    const userCredentials = users.map(({ name: user }) => createUserCredentials(user));
    this.access = grantAccess(
      name,
      namespaceName,
      tenants,
      (tenant) => [
        ...bucketUsers(tenant).map(({ name: user }) => secretOf(user)),
        ...(settings.tls ? [certificate.authority] : []),
      ],
      inNamespace,
    );
    const certificates = createCertificate();
    const chart = installMinio();
    createMonitor();

    this.tls = settings.tls;
    this.ready = users.length === 0 ? [chart] : [createBuckets()];
    createBucketWipes(
      name,
      {
        tenants,
        namespace: namespaceName,
        secretOf,
        bucketOf: ({ bucketName }) => bucketName,
        endpoint: endpointOf(settings.tls),
        authority: settings.tls ? certificate.authority : undefined,
        egress: [to(serverPeer)],
      },
      { parent: this, dependsOn: [namespace, ...this.ready] },
    );
    this.registerOutputs({});

    function allowTraffic(): void {
      const setup = { namespace: namespaceName, podLabels: setupJobLabels(bucketsJob) };
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-servers`,
        {
          metadata: { name: "allow-servers", namespace: namespaceName },
          spec: networkPolicy({
            pods: serverPeer.podLabels,
            ingress: [
              from(serverPeer, serverPeer.ports),
              from(setup, serverPeer.ports),
              ...bySlot(tenants).map(([slot]) =>
                from({ namespace: namespaceName, podLabels: wipeLabels(slot) }, serverPeer.ports),
              ),
              ...residents(tenants).map((tenant) =>
                from({ namespace: tenant.namespace, podLabels: {} }, serverPeer.ports),
              ),
              ...(args.monitoring === undefined ? [] : [from(args.monitoring, serverPeer.ports)]),
            ],
            egress: [to(serverPeer)],
          }),
        },
        inNamespace,
      );
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-setup`,
        {
          metadata: { name: "allow-setup", namespace: namespaceName },
          spec: networkPolicy({ pods: setup.podLabels, egress: [to(serverPeer)] }),
        },
        inNamespace,
      );
    }

    function createRootCredentials(): Credentials {
      return new Credentials(
        `${name}-root-credentials`,
        {
          namespace: namespaceName,
          secretName: rootSecret,
          data: (password) => ({ rootUser: "root-user", rootPassword: password }),
          passwordKey: "rootPassword",
          retention,
          adoption: environment.adoption,
        },
        inNamespace,
      );
    }

    function createUserCredentials(user: string): Credentials {
      return new Credentials(
        `${name}-${user}-credentials`,
        {
          namespace: namespaceName,
          secretName: secretOf(user),
          data: (password) => ({ accessKey: user, secretKey: password }),
          passwordKey: "secretKey",
          retention,
          adoption: environment.adoption,
        },
        inNamespace,
      );
    }

    function createCertificate(): readonly pulumi.Resource[] {
      if (!settings.tls) {
        return [];
      }
      const { ready } = new ServerCertificate(
        `${name}-certificate`,
        {
          name: certificate.secret,
          namespace: namespaceName,
          dnsNames: serverNames(settings.servers),
          authority: certificate.authority,
          certificates: args.certificates,
          secretStores: args.secretStores,
        },
        inNamespace,
      );
      return ready;
    }

    /** One ServiceMonitor of our own: the chart's also asks every server for the whole cluster's figures. */
    function createMonitor(): void {
      if (args.monitoring !== undefined) {
        new kubernetes.apiextensions.CustomResource(
          `${name}-monitor`,
          serviceMonitor(settings, args.monitoring.labels),
          { ...inNamespace, dependsOn: [chart, ...certificates, ...args.monitoring.ready] },
        );
      }
    }

    function installMinio(): pulumi.Resource {
      return installChart(
        `${name}-chart`,
        {
          coordinates: charts.minio,
          environment,
          releaseName: "minio",
          namespace: namespaceName,
          values: minioValues({
            settings,
            rootSecret,
            certificate,
            isScraped: args.monitoring !== undefined,
          }),
          transforms: [...minioTransforms(settings), ...everyChart],
        },
        {
          ...inNamespace,
          dependsOn: [namespace, rootCredentials, ...certificates],
          transforms: [
            retainTypes(retention, [
              "kubernetes:apps/v1:StatefulSet",
              "kubernetes:core/v1:PersistentVolumeClaim",
            ]),
          ],
        },
      );
    }

    function createBuckets(): pulumi.Resource {
      const { job } = new SetupJob(
        `${name}-buckets`,
        {
          baseName: bucketsJob,
          namespace: namespaceName,
          image: bucketTools,
          script: bucketsScript,
          files: bucketFiles(users),
          env: {
            MINIO_ENDPOINT: endpointOf(settings.tls),
            MINIO_ROOT_USER: { secret: rootSecret, key: "rootUser" },
            MINIO_ROOT_PASSWORD: { secret: rootSecret, key: "rootPassword" },
          },
          credentials: {
            ...Object.fromEntries(users.map(({ name: user }) => [user, secretOf(user)])),
            ...(settings.tls && { authority: certificate.authority }),
          },
        },
        { ...inNamespace, dependsOn: [namespace, chart, ...userCredentials] },
      );
      return job;
    }
  }

  /** How an application uses a bucket. */
  connect(application: string, demand: BucketDemand): Connection {
    return {
      demand,
      fields: {
        endpoint: { kind: "plain", value: endpointOf(this.tls) },
        ca: this.tls ? { kind: "secret", key: authorityKey } : { kind: "none" },
        region: { kind: "plain", value: region },
        bucket: { kind: "plain", value: demand.bucketName },
        accessKey: { kind: "secret", key: "accessKey" },
        secretKey: { kind: "secret", key: "secretKey" },
      },
      secret: {
        namespace: namespaceName,
        name: secretOf(bucketUserName(application, demand.bucketName)),
        keys: ["accessKey", "secretKey", ...(this.tls ? [authorityKey] : [])],
        ...(this.tls && { elsewhere: { [authorityKey]: certificate.authority } }),
      },
      peers: [serverPeer],
      ready: [...this.ready, ...(this.access.get(application)?.ready ?? [])],
    };
  }
}

function endpointOf(tls: boolean): string {
  return `${tls ? "https" : "http"}://${host}:${String(serverPeer.ports[0])}`;
}

/** The names by which clients know the servers, and by which they know each other. */
export function serverNames(servers: number): readonly string[] {
  const peers = Array.from(
    { length: servers },
    (_, index) => `minio-${String(index)}.minio-svc.${namespaceName}.svc`,
  );
  return ["minio", `minio.${namespaceName}`, host, `${host}.cluster.local`, ...peers];
}

/**
 * Scrapes each server for its own figures. The label is one that the chart puts on the Service for clients.
 * @see https://github.com/minio/minio/blob/master/docs/metrics/prometheus/README.md
 */
export function serviceMonitor(
  { tls }: Pick<ObjectStoreSettings, "tls">,
  labels: Readonly<Record<string, string>>,
): kubernetes.apiextensions.CustomResourceArgs {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name: "minio", namespace: namespaceName, labels: { ...labels } },
    spec: {
      selector: { matchLabels: { ...serverPeer.podLabels, monitoring: "true" } },
      endpoints: [
        {
          port: tls ? "https" : "http",
          path: "/minio/v2/metrics/node",
          ...(tls && {
            scheme: "https",
            tlsConfig: {
              ca: { secret: { name: certificate.authority, key: authorityKey } },
              serverName: host,
            },
          }),
        },
      ],
    },
  };
}

/** The Secret of a user's keys. */
function secretOf(user: string): string {
  return `minio-user-${user}`;
}
