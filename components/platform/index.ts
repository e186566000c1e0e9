import type * as pulumi from "@pulumi/pulumi";
import type { PodPriority } from "../kit/chart";
import { Component } from "../kit/component";
import { Namespace, type NamespaceArgs } from "../kit/namespace";
import type { Retention } from "../kit/retention";
import type { PlatformSettings } from "../settings/platform";
import { CertManager, type Certificates } from "./cert-manager";
import type { Edge } from "./edge";
import { ExternalSecrets, type SecretStores } from "./external-secrets";
import { IngressNginx } from "./ingress-nginx";
import { Keda } from "./keda";
import { KubePrometheusStack } from "./kube-prometheus-stack";
import { MetricsServer } from "./metrics-server";
import type { ControllerEnvironment } from "./controller";
import { monitorControllers } from "./controller-monitors";
import type { EventScaling, Feature, PlatformFeatures } from "./features";
import { Pgo, type PostgresOperator } from "./pgo";
import { ClusterPriorityClasses } from "./priority-classes";
import { PrometheusAdapter } from "./prometheus-adapter";
import { Reloader } from "./reloader";
import { StorageClasses, type ListedClasses } from "./storage-classes";
import { VerticalPodAutoscaler } from "./vertical-pod-autoscaler";

export {
  featureSettings,
  featuresOf,
  type FeatureName,
  type Monitoring,
  type PlatformFeatures,
} from "./features";
export { featuresIn, type PlatformFacts } from "./facts";
export { priorityClasses, type Priority } from "./priority-classes";
export type { Certificates, Edge, PostgresOperator, SecretStores };

export interface PlatformArgs {
  /** What the stack says of the controllers. */
  readonly settings: PlatformSettings;
  /** What all controllers of the stack share. */
  readonly environment: ControllerEnvironment;
  /** What becomes of the controllers' custom resource definitions on a destroy. */
  readonly retention: Retention;
  /**
   * The namespaces of applications that stacks of their own deploy.
   * @default - none
   */
  readonly tenants?: readonly NamespaceArgs[];
}

/**
 * The controllers every application relies on. It hands out facts about them, and what to depend on
 * until each serves its API.
 */
export class Platform extends Component {
  /** Who signs certificates inside the cluster. */
  readonly certificates: Certificates;

  /** How traffic from outside reaches an application. */
  readonly edge: Edge;

  /** What carries Secrets from where they are kept to where they are read. */
  readonly secretStores: SecretStores;

  /**
   * What runs the Postgres clusters.
   * @default - the stack runs none
   */
  readonly postgresOperator?: PostgresOperator;

  /** The StorageClasses that the stack lists. */
  readonly storageClasses: ListedClasses;

  /** How much what services rely on matters when nodes are full. */
  readonly priority: PodPriority;

  /** What the stack has beyond what every stack has. */
  readonly features: PlatformFeatures;

  constructor(name: string, args: PlatformArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "Platform", name, opts);
    const { settings, retention } = args;
    const priorityClasses = new ClusterPriorityClasses(
      `${name}-priority-classes`,
      { retention },
      { parent: this },
    );
    this.priority = priorityClasses.ofPlatform;
    const environment = { ...args.environment, priority: this.priority };
    const shared = { environment, retention };

    this.storageClasses = new StorageClasses(
      `${name}-storage-classes`,
      { classes: settings.storageClasses, retention },
      { parent: this },
    );
    this.certificates = new CertManager(
      `${name}-cert-manager`,
      { replicas: settings.certManager.replicas, environment, retention },
      { parent: this },
    );
    this.edge = new IngressNginx(
      `${name}-ingress-nginx`,
      {
        className: settings.ingressNginx.className,
        replicas: settings.ingressNginx.replicas,
        service: settings.ingressNginx.service,
        certificates: this.certificates,
        clusterIssuer: settings.certManager.issuer ?? this.certificates.clusterIssuer,
        environment,
      },
      { parent: this },
    );
    this.secretStores = new ExternalSecrets(
      `${name}-external-secrets`,
      {
        replicas: settings.externalSecrets.replicas,
        identity: settings.externalSecrets.identity,
        stores: settings.externalSecrets.stores,
        pullSecrets: environment.images?.carried,
        environment,
        retention,
      },
      { parent: this },
    );
    this.postgresOperator = installPgo(this);
    this.features = {
      priorityClasses,
      eventScaling: installKeda(this),
      resourceMetrics: installMetricsServer(this),
      reloader: installReloader(this),
      recommendations: installVerticalPodAutoscaler(this),
      ...installMonitoring(this),
    };
    monitor(this, this.features);
    for (const tenant of args.tenants ?? []) {
      new Namespace(`${name}-tenant-${tenant.name}`, tenant, { parent: this });
    }
    this.registerOutputs({});

    function installPgo(parent: Platform): PostgresOperator | undefined {
      return (
        settings.pgo &&
        new Pgo(`${name}-pgo`, { replicas: settings.pgo.replicas, ...shared }, { parent })
      );
    }

    function installKeda(parent: Platform): EventScaling | undefined {
      return (
        settings.keda &&
        new Keda(
          `${name}-keda`,
          { replicas: settings.keda.replicas, certificates: parent.certificates, ...shared },
          { parent },
        )
      );
    }

    function installMetricsServer(parent: Platform): Feature | undefined {
      if (settings.metricsServer === undefined || settings.metricsServer === "installed") {
        return settings.metricsServer && { ready: [] };
      }
      return new MetricsServer(
        `${name}-metrics-server`,
        {
          replicas: settings.metricsServer.replicas,
          certificates: parent.certificates,
          ...shared,
        },
        { parent },
      );
    }

    function installVerticalPodAutoscaler(parent: Platform): Feature | undefined {
      const { verticalPodAutoscaler: recommender } = settings;
      if (recommender === undefined || recommender === "installed") {
        return recommender && { ready: [] };
      }
      return new VerticalPodAutoscaler(
        `${name}-vertical-pod-autoscaler`,
        { replicas: recommender.replicas, ...shared },
        { parent },
      );
    }

    /** The adapter asks the Prometheus of the stack; settings without one do not have it either. */
    function installMonitoring(
      parent: Platform,
    ): Pick<PlatformFeatures, "monitoring" | "customMetrics"> {
      const { kubePrometheusStack: stack, prometheusAdapter: adapter } = settings;
      if (stack === undefined) {
        return {};
      }
      const { certificates } = parent;
      const monitoring = new KubePrometheusStack(
        `${name}-monitoring`,
        {
          replicas: stack.replicas,
          metricsRetention: stack.retention,
          storage: stack.storage,
          certificates,
          ...shared,
        },
        { parent, dependsOn: [...parent.storageClasses.ready] },
      );
      const customMetrics =
        adapter &&
        new PrometheusAdapter(
          `${name}-prometheus-adapter`,
          { replicas: adapter.replicas, monitoring, certificates, ...shared },
          { parent },
        );
      return { monitoring, customMetrics };
    }

    /** What the cluster had already is not this stack's to watch. */
    function monitor(parent: Platform, features: PlatformFeatures): void {
      const { metricsServer, verticalPodAutoscaler } = settings;
      if (features.monitoring !== undefined) {
        monitorControllers(parent, name, features.monitoring, {
          "cert-manager": parent.certificates.ready,
          "external-secrets": parent.secretStores.ready,
          "ingress-nginx": parent.edge.ready,
          keda: features.eventScaling?.ready,
          "metrics-server":
            metricsServer === "installed" ? undefined : features.resourceMetrics?.ready,
          reloader: features.reloader?.ready,
          "vertical-pod-autoscaler":
            verticalPodAutoscaler === "installed" ? undefined : features.recommendations?.ready,
        });
      }
    }

    function installReloader(parent: Platform): Feature | undefined {
      return (
        settings.reloader &&
        new Reloader(
          `${name}-reloader`,
          { replicas: settings.reloader.replicas, ...shared },
          { parent },
        )
      );
    }
  }
}
