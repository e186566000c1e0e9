import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import type { Connection, Demand, QueueSource } from "../kit/connection";
import { standardLabels } from "../kit/labels";
import { Namespace, type Place } from "../kit/namespace";
import { networkPolicy } from "../kit/network-policy";
import type { Retention } from "../kit/retention";
import type { Platform } from "../platform";
import { ApplicationSecrets } from "./application-secrets";
import { connectShape, hostAndPort, type ConnectedShape } from "./connect";
import {
  declaredIngress,
  exposedPaths,
  holdsData,
  usedDemands,
  usedServices,
  type DeclaredAuth,
  type DeclaredService,
} from "./declaration";
import type { Exposure, ProxyAuth } from "./exposure";
import { networkLabelsOf, servicePaths } from "./network";
import type { WorkloadRelease } from "./release";
import { revisionArgs } from "./release-plan";
import type { ResolvedApplication, ResolvedService } from "./resolved";
import { queueOf } from "./scaling";
import { Workload } from "./workload";
import type { WorkloadArgs } from "./workload-args";
import { isServing } from "./workload-shape";

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

    const connected = application.services.map(connectService);
    const namespace = args.place ?? createNamespace(this);
    const secrets = createSecrets(this);
    createCertificate(this);
    createWorkloads(this);

    this.url = exposed ? `https://${settings.host}` : undefined;
    this.registerOutputs({ url: this.url });

    function connectService(service: ResolvedService): ConnectedService {
      const connections = new Map(
        usedDemands(service.declaration).map((demand) => [demand.key, args.connect(demand)]),
      );
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

    function createNamespace(parent: Application): Namespace {
      return new Namespace(
        `${name}-namespace`,
        {
          name: application.namespace,
          podSecurity: "restricted",
          labels,
          quota: settings.quota,
          limits: settings.limits,
          retain: retention === "keep" && declarations.some(holdsData),
          existing: settings.existingNamespace,
        },
        { parent },
      );
    }

    function createSecrets(parent: Application): ApplicationSecrets | undefined {
      const carried = connected.flatMap((service) => service.secrets);
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

    function createWorkloads(parent: Application): void {
      const controllers = new Map<string, pulumi.Resource>();
      for (const service of connected) {
        const { declaration } = service;
        const used = usedServices(declaration).flatMap(
          (other) => controllers.get(other.name) ?? [],
        );
        const workload = new Workload(
          `${name}-${declaration.name}`,
          workloadArgs(service, [...createNetworkPolicy(parent, service), ...used]),
          { parent },
        );
        controllers.set(declaration.name, workload.controller);
      }
    }

    function createNetworkPolicy(
      parent: Application,
      { declaration, shape, connections }: ConnectedService,
    ): readonly pulumi.Resource[] {
      if (settings.existingNamespace === "open") {
        return [];
      }
      const paths = servicePaths(declaration, {
        namespace: application.namespace,
        services: declarations,
        edge: edge.controller,
        peers: connections.flatMap(({ peers }) => peers),
        outside: connections.flatMap(({ outside }) => outside ?? []),
        identity: shape.cloudIdentity,
        prometheus: platform.features.monitoring,
      });
      return [
        new kubernetes.networking.v1.NetworkPolicy(
          `${name}-${declaration.name}-paths`,
          {
            metadata: {
              name: declaration.name,
              namespace: application.namespace,
              labels: standardLabels(shape),
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
      const host = hostAndPort(at, application.namespace, declarations);
      return { url: `http://${host}${path}`, responseHeaders };
    }
  }
}
