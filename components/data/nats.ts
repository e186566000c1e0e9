import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart, type ChartEnvironment } from "../kit/chart";
import { Component } from "../kit/component";
import type { Connection } from "../kit/connection";
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
import { natsAccounts, type NatsAccount } from "./nats-accounts";
import { queueSource } from "./nats-queue";
import { streamFiles, streamsCheckScript, streamsScript, streamsWipeScript } from "./nats-streams";
import {
  clientPort,
  exporterPort,
  monitorPort,
  natsValues,
  routePort,
  serverLabels,
  serverPeer,
} from "./nats-values";
import { PreviewWipe, wipeLabels } from "./preview-wipe";
import { grantAccess, type SecretAccess } from "./secret-access";
import { authorityKey, ServerCertificate } from "./server-certificate";
import { SetupCheck } from "./setup-check";
import { SetupJob, setupJobLabels } from "./setup-job";
import { residents, type Tenant } from "./tenants";

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
  private readonly accounts: ReadonlyMap<string, { accountName: string; streams: pulumi.Resource }>;
  private readonly access: ReadonlyMap<string, SecretAccess>;
  private readonly tls: boolean;

  constructor(name: string, args: NatsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "Nats", name, opts);
    const { settings, tenants, environment, retention } = args;
    const accounts = natsAccounts(tenants);

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
    this.accounts = new Map(
      accounts.flatMap((account) => {
        const streams = createStreams(account);
        createWipe(account, streams);
        const { name: accountName } = account;
        return account.tenants.map((tenant) => [tenant.application, { accountName, streams }]);
      }),
    );

    this.tls = settings.tls;
    this.registerOutputs({});

    function allowTraffic(): void {
      const servers = { namespace: namespaceName, podLabels: serverLabels };
      const setups = accounts.flatMap(({ streamsJob, slot }) => [
        setupJobLabels(streamsJob),
        ...(slot === undefined ? [] : [wipeLabels(slot)]),
      ]);
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-servers`,
        {
          metadata: { name: "allow-servers", namespace: namespaceName },
          spec: networkPolicy({
            pods: serverLabels,
            ingress: [
              from(servers, [routePort]),
              ...setups.map((podLabels) =>
                from({ namespace: namespaceName, podLabels }, [clientPort]),
              ),
              ...residents(tenants).map((tenant) =>
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
      for (const { streamsJob, slot } of accounts) {
        const own = slot === undefined ? "allow-setup" : `allow-setup-preview-${String(slot)}`;
        new kubernetes.networking.v1.NetworkPolicy(
          `${name}-${own}`,
          {
            metadata: { name: own, namespace: namespaceName },
            spec: networkPolicy({ pods: setupJobLabels(streamsJob), egress: [to(serverPeer)] }),
          },
          inNamespace,
        );
      }
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
      const users = accounts.flatMap((account) => [
        account.admin,
        ...account.tenants.map(({ application }) => application),
      ]);
      return ["system", ...users].map(
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
            accounts: Object.fromEntries(
              accounts.map((account) => [
                account.name,
                [natsUser(account.admin), ...account.tenants.map(tenantUser)],
              ]),
            ),
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

    function createStreams(account: NatsAccount): pulumi.Resource {
      const own = account.slot === undefined ? "" : `-preview-${String(account.slot)}`;
      const args = {
        baseName: account.streamsJob,
        files: streamFiles(settings, account),
        ...asAdmin(account),
      };
      const { job } = new SetupJob(
        `${name}-streams${own}`,
        { ...args, script: streamsScript },
        { ...inNamespace, dependsOn: [namespace, chart] },
      );
      // What a preview changes by hand nobody else sees.
      if (account.slot === undefined) {
        new SetupCheck(
          `${name}-streams-check`,
          { ...args, script: streamsCheckScript },
          { ...inNamespace, dependsOn: [namespace, job] },
        );
      }
      return job;
    }

    function createWipe({ slot, ...account }: NatsAccount, streams: pulumi.Resource): void {
      if (slot !== undefined) {
        new PreviewWipe(
          `${name}-preview-${String(slot)}-wipe`,
          {
            slot,
            script: streamsWipeScript,
            files: Object.fromEntries(
              Object.keys(settings.streams).map((stream) => [`stream.${stream}`, stream]),
            ),
            egress: [to(serverPeer)],
            ...asAdmin(account),
          },
          { ...inNamespace, dependsOn: [namespace, streams] },
        );
      }
    }

    /** What a Job needs to do everything in an account. */
    function asAdmin({ admin }: Pick<NatsAccount, "admin">) {
      return {
        namespace: namespaceName,
        image: natsBoxImage,
        env: {
          NATS_URL: `${scheme}://${address}`,
          ...(settings.tls ? { NATS_CA: `/credentials/authority/${authorityKey}` } : {}),
          NATS_USER: { secret: secretOf(admin), key: "user" },
          NATS_PASSWORD: { secret: secretOf(admin), key: "password" },
        },
        ...(settings.tls ? { credentials: { authority } } : {}),
      };
    }
  }

  /** How an application uses a stream: one user for all its streams. */
  connect(application: string, demand: StreamDemand): Connection {
    const account = this.accounts.get(application);
    if (account === undefined) {
      throw new Error(`${application} demanded no stream before it was connected to one.`);
    }
    const { accountName, streams } = account;
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
      ready: [streams, ...(this.access.get(application)?.ready ?? [])],
      scaleOn:
        demand.use.kind === "consume"
          ? queueSource(demand, demand.use.consumer, accountName)
          : undefined,
    };
  }
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
