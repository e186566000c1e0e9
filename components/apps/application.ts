import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartEnvironment } from "../kit/chart";
import type { CloudIdentity } from "../kit/cloud-identity";
import { Component } from "../kit/component";
import type { Connection, Demand, QueueSource } from "../kit/connection";
import { standardLabels } from "../kit/labels";
import { Namespace, type Place } from "../kit/namespace";
import { networkPolicy } from "../kit/network-policy";
import type { Retention } from "../kit/retention";
import type { Platform } from "../platform";
import { ApplicationSecrets } from "./application-secrets";
import { connectValues, releaseName, type ConnectedValues } from "./chart-values";
import { connectShape, hostAndPort, type ConnectedShape } from "./connect";
import {
  connectedOf,
  declaredIngress,
  exposedPaths,
  keepsData,
  usedDemands,
  usedServices,
  type Connected,
  type DeclaredAuth,
  type DeclaredService,
} from "./declaration";
import { callersOf, type DeclaredChart } from "./declared-chart";
import { HelmApplication } from "./helm-application";
import { networkLabelsOf, servicePaths } from "./network";
import type { ResolvedApplication, ResolvedService } from "./resolved";
import type { Exposure, ProxyAuth } from "./workload/exposure";
import type { WorkloadRelease } from "./workload/release";
import { revisionArgs } from "./workload/release-plan";
import { queueOf } from "./workload/scaling";
import { Workload } from "./workload/workload";
import type { WorkloadArgs } from "./workload/workload-args";
import { isServing } from "./workload/workload-shape";

export interface ApplicationArgs {
  /** The application, with everything the stack says of it. */
  readonly application: ResolvedApplication;
  /** The controllers it relies on. */
  readonly platform: Pick<Platform, "certificates" | "edge" | "features" | "secretStores">;
  /**
   * The namespace that was made for it.
   * @default - one of its own, with the quota and limits of the stack
   */
  readonly place?: Place;
  /** Gives the connection that meets a demand of the application. */
  readonly connect: (demand: Demand) => Connection;
  /** Names of the image pull Secrets. */
  readonly pullSecrets: readonly string[];
  /**
   * What becomes of its volumes on a destroy.
   * @default "keep"
   */
  readonly retention?: Retention;
  /**
   * What all charts of the stack share, for an application with a chart of its own.
   * @default - charts come from their own repositories, onto real nodes
   */
  readonly environment?: ChartEnvironment;
}

/** What has to be known of pods to open their ways. */
interface PathFacts {
  /** The connections that meet their demands. */
  readonly connections: readonly Connection[];
  /** The labels of their network policy. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Who they are to a cloud.
   * @default - nobody
   */
  readonly identity?: CloudIdentity;
}

/** A chart, and what its demands were met with. */
interface ConnectedChart extends ConnectedValues {
  /** What its team wrote. */
  readonly declaration: DeclaredChart;
  /** The connections that meet the demands of its pods, by key. */
  readonly connections: ReadonlyMap<string, Connection>;
}

/** A service, and what its demands were met with. */
interface ConnectedService extends ConnectedShape {
  /** What its team wrote. */
  readonly declaration: DeclaredService;
  /** The connections that meet its demands. */
  readonly connections: readonly Connection[];
  /** How its version was chosen, and what of it is deployed. */
  readonly release: WorkloadRelease;
}

/**
 * One application in a namespace of its own: its Secrets, its network policies, and a Workload for each
 * service, after those it uses.
 */
export class Application extends Component {
  /**
   * The URL of its host.
   * @default - no service is exposed
   */
  readonly url?: string;

  constructor(name: string, args: ApplicationArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("apps", "Application", name, opts);
    const { application, platform, retention = "keep" } = args;
    const { edge } = platform;
    const { labels, settings } = application;
    const declarations = application.services.map(({ declaration }) => declaration);
    const exposed = declarations.flatMap(exposedPaths).length > 0;
    const tlsSecret = `${application.name}-tls`;
    const everything = connectedOf({ services: declarations, chart: application.chart });

    const connected = application.services.map(connectService);
    const chart = application.chart && connectChart(application.chart);
    const namespace = args.place ?? createNamespace(this);
    const secrets = createSecrets(this);
    createCertificate(this);
    createWorkloads(this);

    this.url = exposed ? `https://${settings.host}` : undefined;
    this.registerOutputs({ url: this.url });

    function connectService(service: ResolvedService): ConnectedService {
      const connections = connectionsOf(service.declaration);
      return {
        declaration: service.declaration,
        release: service.release,
        connections: [...connections.values()],
        ...identified(connectShape(service, application.namespace, connections), connections),
      };
    }

    /** A service that does not say who it is to a cloud is who its connections need it to be. */
    function identified(
      connected: ConnectedShape,
      connections: ReadonlyMap<string, Connection>,
    ): ConnectedShape {
      const [given] = [...connections.values()].flatMap(({ identity }) => identity ?? []);
      const { shape } = connected;
      return given === undefined || shape.cloudIdentity !== undefined
        ? connected
        : { ...connected, shape: { ...shape, cloudIdentity: given } };
    }

    function connectChart(declaration: DeclaredChart): ConnectedChart {
      const connections = new Map(
        declaration.pods.flatMap((pods) => [...connectionsOf(pods).entries()]),
      );
      const added = settings.chart?.values ?? {};
      return {
        declaration,
        connections,
        ...connectValues(declaration, {
          application: application.name,
          namespace: application.namespace,
          connections,
          added,
        }),
      };
    }

    function connectionsOf(using: Pick<Connected, "uses">): ReadonlyMap<string, Connection> {
      return new Map(usedDemands(using).map((demand) => [demand.key, args.connect(demand)]));
    }

    function createNamespace(parent: Application): Namespace {
      return new Namespace(
        `${name}-namespace`,
        {
          name: application.namespace,
          podSecurity: "restricted",
          labels,
          quota: settings.quota,
          limits: settings.limits,
          retain:
            retention === "keep" && keepsData({ services: declarations, chart: application.chart }),
          existing: settings.existingNamespace,
        },
        { parent },
      );
    }

    function createSecrets(parent: Application): ApplicationSecrets | undefined {
      const carried = [
        ...connected.flatMap((service) => service.secrets),
        ...(chart?.secrets ?? []),
      ];
      return carried.length === 0
        ? undefined
        : new ApplicationSecrets(
            `${name}-secrets`,
            { namespace, labels, secrets: carried, after: platform.secretStores.ready },
            { parent },
          );
    }

    /**
     * The host's certificate, once for all Ingresses. It is not awaited: an issuer that proves the host
     * by a request over it needs the Ingresses first.
     */
    function createCertificate(parent: Application): void {
      if (exposed) {
        new kubernetes.apiextensions.CustomResource(
          `${name}-certificate`,
          {
            apiVersion: "cert-manager.io/v1",
            kind: "Certificate",
            metadata: { name: tlsSecret, namespace: application.namespace, labels: { ...labels } },
            spec: {
              secretName: tlsSecret,
              dnsNames: [settings.host],
              privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
              issuerRef: {
                group: "cert-manager.io",
                kind: "ClusterIssuer",
                name: settings.clusterIssuer ?? edge.clusterIssuer,
              },
            },
          },
          { parent, dependsOn: [...namespace.ready, ...platform.certificates.ready] },
        );
      }
    }

    /** Each after those it uses; the chart after the services that its pods use, unless these wait for it. */
    function createWorkloads(parent: Application): void {
      const ready = new Map<string, pulumi.Resource>();
      const pods = chart?.declaration.pods ?? [];
      const afterChart = new Set(callersOf(pods, declarations));
      const create = (service: ConnectedService): void => {
        const { declaration } = service;
        const used = usedServices(declaration).flatMap((other) => ready.get(other.name) ?? []);
        const workload = new Workload(
          `${name}-${declaration.name}`,
          workloadArgs(service, [...createServicePolicy(parent, service), ...used]),
          { parent },
        );
        ready.set(declaration.name, workload.controller);
      };
      connected.filter(({ declaration }) => !afterChart.has(declaration)).forEach(create);
      if (chart !== undefined) {
        const used = pods.flatMap(usedServices).flatMap((other) => ready.get(other.name) ?? []);
        const { installed } = createChart(parent, chart, used);
        pods.forEach((each) => ready.set(each.name, installed));
      }
      connected.filter(({ declaration }) => afterChart.has(declaration)).forEach(create);
    }

    function createChart(
      parent: Application,
      { declaration, values, secrets: carried, connections }: ConnectedChart,
      used: readonly pulumi.Resource[],
    ): HelmApplication {
      const policies = declaration.pods.flatMap((pods) =>
        createNetworkPolicy(parent, pods, {
          connections: connectionsIn(pods, connections),
          labels,
        }),
      );
      return new HelmApplication(
        `${name}-chart`,
        {
          chart: declaration,
          release: releaseName(declaration, application.name),
          namespace,
          labels,
          values,
          environment: args.environment ?? { simulated: false },
          retention,
          startAfter: [
            ...policies,
            ...used,
            ...(secrets?.ready(carried) ?? []),
            ...[...connections.values()].flatMap((connection) => connection.ready),
          ],
        },
        { parent },
      );
    }

    function createServicePolicy(
      parent: Application,
      { declaration, shape, connections }: ConnectedService,
    ): readonly pulumi.Resource[] {
      return createNetworkPolicy(parent, declaration, {
        connections,
        labels: standardLabels(shape),
        identity: shape.cloudIdentity,
      });
    }

    function createNetworkPolicy(
      parent: Application,
      declaration: Connected,
      { connections, identity, ...policy }: PathFacts,
    ): readonly pulumi.Resource[] {
      if (settings.existingNamespace === "open") {
        return [];
      }
      const paths = servicePaths(declaration, {
        namespace: application.namespace,
        services: everything,
        edge: edge.controller,
        peers: connections.flatMap(({ peers }) => peers),
        outside: connections.flatMap(({ outside }) => outside ?? []),
        identity,
        prometheus: platform.features.monitoring,
      });
      return [
        new kubernetes.networking.v1.NetworkPolicy(
          `${name}-${declaration.name}-paths`,
          {
            metadata: {
              name: declaration.name,
              namespace: application.namespace,
              labels: { ...policy.labels },
            },
            spec: networkPolicy({ pods: networkLabelsOf(declaration), ...paths }),
          },
          { parent, dependsOn: [...namespace.exists], deletedWith: namespace.deletedWith },
        ),
      ];
    }

    function workloadArgs(
      { declaration, shape, env, secrets: carried, connections, release }: ConnectedService,
      after: readonly pulumi.Resource[],
    ): WorkloadArgs {
      const context = {
        namespace,
        retention,
        env,
        queue: queueIn(shape, connections),
        features: platform.features,
        ...(release.rollback === undefined ? {} : revisionArgs(release.rollback)),
        release,
        pullSecrets: args.pullSecrets,
        transform: declaration.transform,
        startAfter: [
          ...after,
          ...(secrets?.ready(carried) ?? []),
          ...connections.flatMap(({ ready }) => ready),
        ],
      };
      return isServing(shape)
        ? { ...shape, ...context, exposure: exposureOf(declaration) }
        : { ...shape, ...context };
    }

    /** Where the queue is that a service scales on. */
    function queueIn(
      shape: ConnectedService["shape"],
      connections: readonly Connection[],
    ): QueueSource | undefined {
      const queue = queueOf(shape);
      return connections.find(({ demand }) => demand.key === queue?.key)?.scaleOn;
    }

    function exposureOf(declaration: DeclaredService): Exposure {
      const ingress = declaredIngress(declaration);
      return ingress === undefined
        ? "none"
        : {
            ingress: {
              host: settings.host,
              className: edge.className,
              after: edge.ready,
              tlsSecret,
              paths: ingress.paths.map((path) => ({
                path: path.path,
                match: path.match,
                port: path.port,
                auth: path.auth === undefined ? undefined : proxyAuth(path.auth),
              })),
              rateLimit: ingress.rateLimit,
              bodySize: ingress.bodySize,
              timeouts: ingress.timeouts,
            },
          };
    }

    function proxyAuth({ at, path, responseHeaders }: DeclaredAuth): ProxyAuth {
      const host = hostAndPort(at, application.namespace, everything);
      return { url: `http://${host}${path}`, responseHeaders };
    }
  }
}

/** Of some connections those that meet the demands of one of their users. */
function connectionsIn(
  using: Pick<Connected, "uses">,
  connections: ReadonlyMap<string, Connection>,
): readonly Connection[] {
  return usedDemands(using).flatMap(({ key }) => connections.get(key) ?? []);
}
