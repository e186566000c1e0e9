import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart, type ChartEnvironment } from "../kit/chart";
import { Component } from "../kit/component";
import type { Connection, QueueSource } from "../kit/connection";
import { Namespace } from "../kit/namespace";
import { from, networkPolicy, to, type PodGroup } from "../kit/network-policy";
import { everyChart } from "../kit/object-transforms";
import { retainTypes, type Retention } from "../kit/retention";
import type { Certificates, Monitoring, SecretStores } from "../platform";
import { certificate, type CertificateSpec } from "../platform/certificate";
import type { NatsSettings } from "../settings/data";
import { Credentials } from "./credentials";
import type { StreamDemand } from "./demands";
import { streamPermissions, type NatsUser } from "./nats-access";
import { streamFiles, streamsScript } from "./nats-streams";
import {
  applicationAccount,
  clientPort,
  exporterPort,
  monitorPort,
  natsValues,
  routePort,
  serverLabels,
  serverPeer,
} from "./nats-values";
import { grantAccess, type SecretAccess } from "./secret-access";
import { authorityKey, ServerCertificate } from "./server-certificate";
import { SetupJob, setupJobLabels } from "./setup-job";
import type { Tenant } from "./tenants";

const namespaceName = serverPeer.namespace;

/** The host that clients know. */
const host = `nats.${namespaceName}.svc`;

/** The Secret of the certificate that the servers show to clients, and that of its authority. */
const clientCertificate = "nats-clients";
const authority = "nats-ca";

/** Where clients connect; with a user's name and password it becomes the `url` of a connection. */
const address = `${host}:${String(clientPort)}`;

/** The Secret of the certificate by which servers know each other. */
const routeCertificate = "nats-routes";

/** The name of the Job that makes the streams. */
const streamsJob = "nats-streams";

/** The tool's version that the NATS chart of our version names. */
const natsBoxImage = "docker.io/natsio/nats-box:0.19.7";

export interface NatsArgs {
  /** What the stack says of NATS. */
  readonly settings: NatsSettings;
  /** The applications that demand streams. */
  readonly tenants: readonly Tenant<StreamDemand>[];
  /**
   * The pods that ask how much waits for a consumer.
   * @default - nothing scales on a stream, so nobody may ask
   */
  readonly scaler?: PodGroup;
  /** Who signs the servers' certificates. */
  readonly certificates: Certificates;
  /** What carries the authority's certificate to clients. */
  readonly secretStores: SecretStores;
  /**
   * What scrapes the servers.
   * @default - they have no exporter
   */
  readonly monitoring?: Monitoring;
  /** What all charts of the stack share. */
  readonly environment: ChartEnvironment;
  /** What becomes of the streams' volumes and of the credentials on a destroy. */
  readonly retention: Retention;
}

/**
 * NATS with JetStream, the message bus: a cluster of servers, a user for each application with the
 * subjects its demands need, and the declared streams and consumers.
 *
 * Servers prove who they are to each other, and to clients, by TLS. Clients are known by name and
 * password, and connect from the namespaces of applications that demand a stream and from nowhere else.
 * A renewed certificate is taken up by the chart's reloader, without a restart.
 */
export class Nats extends Component {
  private readonly ready: readonly pulumi.Resource[];
  private readonly access: ReadonlyMap<string, SecretAccess>;
  private readonly tls: boolean;

  constructor(name: string, args: NatsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "Nats", name, opts);
    const { settings, tenants, environment, retention } = args;

    const namespace = new Namespace(
      `${name}-namespace`,
      { name: namespaceName, podSecurity: "restricted", retain: retention === "keep" },
      { parent: this },
    );
    const inNamespace = { parent: this, dependsOn: [namespace] };
    const scheme = settings.tls ? "tls" : "nats";
    allowTraffic();
    const certificates = [...createRouteCertificate(), ...createClientCertificate()];
    const credentials = createCredentials();
    this.access = grantAccess(
      name,
      namespaceName,
      tenants,
      ({ application }) => [secretOf(application), ...(settings.tls ? [authority] : [])],
      inNamespace,
    );
    const chart = installNats();
    const streams = createStreams();

    this.ready = [streams];
    this.tls = settings.tls;
    this.registerOutputs({});

    function allowTraffic(): void {
      const servers = { namespace: namespaceName, podLabels: serverLabels };
      const setup = { namespace: namespaceName, podLabels: setupJobLabels(streamsJob) };
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-servers`,
        {
          metadata: { name: "allow-servers", namespace: namespaceName },
          spec: networkPolicy({
            pods: serverLabels,
            ingress: [
              from(servers, [routePort]),
              from(setup, [clientPort]),
              ...tenants.map((tenant) =>
                from({ namespace: tenant.namespace, podLabels: {} }, [clientPort]),
              ),
              ...(args.scaler === undefined ? [] : [from(args.scaler, [monitorPort])]),
              ...(args.monitoring === undefined ? [] : [from(args.monitoring, [exporterPort])]),
            ],
            egress: [to({ ...servers, ports: [routePort] })],
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

    /** One certificate for all servers: each dials the others by their names in the headless Service. */
    function createRouteCertificate(): pulumi.Resource[] {
      if (settings.servers === 1) {
        return [];
      }
      return [
        new kubernetes.apiextensions.CustomResource(
          `${name}-route-certificate`,
          certificate(
            routeCertificate,
            namespaceName,
            routeCertificateSpec(settings.servers, args.certificates.clusterIssuer),
          ),
          { ...inNamespace, dependsOn: [namespace, ...args.certificates.ready] },
        ),
      ];
    }

    function createClientCertificate(): readonly pulumi.Resource[] {
      if (!settings.tls) {
        return [];
      }
      const { ready } = new ServerCertificate(
        `${name}-clients`,
        {
          name: clientCertificate,
          namespace: namespaceName,
          dnsNames: ["nats", `nats.${namespaceName}`, host, `${host}.cluster.local`],
          authority,
          certificates: args.certificates,
          secretStores: args.secretStores,
        },
        inNamespace,
      );
      return ready;
    }

    function createCredentials(): readonly Credentials[] {
      return ["system", "admin", ...tenants.map(({ application }) => application)].map(
        (user) =>
          new Credentials(
            `${name}-${user}-credentials`,
            {
              namespace: namespaceName,
              secretName: secretOf(user),
              data: (password) => ({
                user,
                password,
                url: password.apply((text) => `${scheme}://${user}:${text}@${address}`),
              }),
              passwordKey: "password",
              retention,
              adoption: environment.adoption,
            },
            inNamespace,
          ),
      );
    }

    function installNats(): pulumi.Resource {
      return installChart(
        `${name}-chart`,
        {
          coordinates: charts.nats,
          environment,
          releaseName: "nats",
          namespace: namespaceName,
          values: natsValues({
            settings,
            systemUser: natsUser("system"),
            users: [natsUser("admin"), ...tenants.map(tenantUser)],
            routeCertificate,
            clientCertificate,
            monitoring: args.monitoring,
          }),
          transforms: everyChart,
        },
        {
          ...inNamespace,
          dependsOn: [
            namespace,
            ...certificates,
            ...credentials,
            ...(args.monitoring?.ready ?? []),
          ],
          transforms: [retainTypes(retention, ["kubernetes:apps/v1:StatefulSet"])],
        },
      );
    }

    function createStreams(): pulumi.Resource {
      const { job } = new SetupJob(
        `${name}-streams`,
        {
          baseName: streamsJob,
          namespace: namespaceName,
          image: natsBoxImage,
          script: streamsScript,
          files: streamFiles(settings, tenants),
          env: {
            NATS_URL: `${scheme}://${address}`,
            ...(settings.tls ? { NATS_CA: `/credentials/authority/${authorityKey}` } : {}),
            NATS_USER: { secret: secretOf("admin"), key: "user" },
            NATS_PASSWORD: { secret: secretOf("admin"), key: "password" },
          },
          ...(settings.tls ? { credentials: { authority } } : {}),
        },
        { ...inNamespace, dependsOn: [namespace, chart] },
      );
      return job;
    }
  }

  /** How an application uses a stream: one user for all its streams. */
  connect(application: string, demand: StreamDemand): Connection {
    return {
      demand,
      fields: {
        url: { kind: "secret", key: "url" },
        user: { kind: "secret", key: "user" },
        password: { kind: "secret", key: "password" },
        ca: this.tls ? { kind: "secret", key: authorityKey } : { kind: "none" },
        stream: { kind: "plain", value: demand.streamName },
        ...(demand.use.kind === "consume"
          ? { consumer: { kind: "plain", value: demand.use.consumer } }
          : {}),
      },
      secret: {
        namespace: namespaceName,
        name: secretOf(application),
        keys: ["url", "user", "password", ...(this.tls ? [authorityKey] : [])],
        ...(this.tls ? { elsewhere: { [authorityKey]: authority } } : {}),
      },
      peers: [serverPeer],
      ready: [...this.ready, ...(this.access.get(application)?.ready ?? [])],
      scaleOn: demand.use.kind === "consume" ? queueSource(demand, demand.use.consumer) : undefined,
    };
  }
}

/**
 * Where KEDA asks how much waits for a consumer. Only a consumer's leader knows, and KEDA finds it by the
 * names that the headless Service gives the servers.
 * @see https://keda.sh/docs/latest/scalers/nats-jetstream/
 */
export function queueSource({ streamName }: StreamDemand, consumer: string): QueueSource {
  return {
    type: "nats-jetstream",
    metadata: {
      natsServerMonitoringEndpoint: `nats-headless.${namespaceName}.svc.cluster.local:${String(monitorPort)}`,
      account: applicationAccount,
      stream: streamName,
      consumer,
      useHttps: "false",
    },
  };
}

/** The Secret of a user's credentials. */
function secretOf(user: string): string {
  return `nats-${user}`;
}

function natsUser(user: string): NatsUser {
  return { user, password: { secret: secretOf(user), key: "password" } };
}

function tenantUser({ application, demands }: Tenant<StreamDemand>): NatsUser {
  return { ...natsUser(application), permissions: streamPermissions(demands) };
}

/** A server is a client of the others too, so the certificate serves both ends of a route. */
export function routeCertificateSpec(servers: number, issuer: string): CertificateSpec {
  return {
    secretName: routeCertificate,
    dnsNames: Array.from({ length: servers }, (_, index) => `nats-${String(index)}.nats-headless`),
    usages: ["digital signature", "server auth", "client auth"],
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
  };
}
