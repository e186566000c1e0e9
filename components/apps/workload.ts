import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import { contentConfigMap } from "../kit/config-map";
import { disruptionBudget } from "../kit/disruption";
import { selectorLabels, standardLabels } from "../kit/labels";
import { refuse } from "../kit/problem";
import { cronJobSpec } from "./cron-job";
import { boundsOf, deploymentSpec, scalingOf, serviceSpec, timesOf } from "./deployment";
import { ingressObjects } from "./exposure";
import { jobTimeouts } from "./job";
import { configParts, podLabels, podTemplate } from "./pod-template";
import { servicePortNames } from "./ports";
import { rolloutJob } from "./rollout-job";
import { autoscalerSpec } from "./scaling";
import type { Change, CronJobWorkload, DeploymentWorkload, WorkloadArgs } from "./workload-args";
import { workloadProblems } from "./workload-problems";

/**
 * The one pattern for what runs: a Deployment, or a CronJob, with everything that makes it safe to
 * run, to roll out and to lose.
 *
 * @example
 * new Workload("shop-orders", {
 *   service: "orders", application: "shop", team: "checkout", environment: "production",
 *   namespace, image: "registry.example.com/acme/orders:1.4.2",
 *   ports: { http: 8080 },
 *   probes: {
 *     liveness: { http: { path: "/live", port: "http" } },
 *     readiness: { http: { path: "/ready", port: "http" } },
 *   },
 *   resources: { typical: { cpu: "100m", memory: "128Mi" } },
 * });
 */
export class Workload<PortName extends string = string> extends Component {
  /** The Deployment or CronJob; a Deployment is ready when its pods are. */
  readonly controller: pulumi.Resource;

  constructor(
    name: string,
    args: WorkloadArgs<PortName>,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    refuse(`${args.application}/${args.service}`, workloadProblems(args));
    super("apps", "Workload", name, opts);

    const { service, transform = {} } = args;
    const namespace = args.namespace.name;
    const metadata = { name: service, namespace, labels: standardLabels(args) };
    const child = {
      parent: this,
      dependsOn: [args.namespace],
      deletedWith: args.namespace.namespace,
    };

    const account = createServiceAccount();
    const configMaps = createConfigMaps();
    const controllerOpts = {
      ...child,
      dependsOn: [args.namespace, account, ...configMaps, ...(args.startAfter ?? [])],
    };
    if (args.kind === "CronJob") {
      this.controller = createCronJob(args);
    } else {
      const migration = createMigration(args);
      const deployment = createDeployment(args, migration);
      const serving = [deployment, ...createService(args), ...createIngresses(args)];
      this.controller = deployment;
      createSmokeTest(args, serving);
      createAutoscaler(args);
      createDisruptionBudget(args);
    }
    this.registerOutputs({});

    function createServiceAccount(): kubernetes.core.v1.ServiceAccount {
      return new kubernetes.core.v1.ServiceAccount(
        `${name}-service-account`,
        { metadata, automountServiceAccountToken: false },
        child,
      );
    }

    function createConfigMaps(): kubernetes.core.v1.ConfigMap[] {
      return configParts(args).map(
        ({ part, baseName, data }) =>
          new kubernetes.core.v1.ConfigMap(
            `${name}-config-${part}`,
            contentConfigMap({ ...metadata, baseName, data }),
            child,
          ),
      );
    }

    function createMigration({ migration }: DeploymentWorkload): pulumi.Resource[] {
      return migration === undefined
        ? []
        : [
            new kubernetes.batch.v1.Job(
              `${name}-migration`,
              changed(transform.migration, rolloutJob(args, "migration", migration)),
              { ...controllerOpts, customTimeouts: jobTimeouts(migration) },
            ),
          ];
    }

    function createDeployment(
      deployment: DeploymentWorkload,
      migration: readonly pulumi.Resource[],
    ): kubernetes.apps.v1.Deployment {
      return new kubernetes.apps.v1.Deployment(
        `${name}-deployment`,
        changed(transform.deployment, {
          metadata: { ...metadata, labels: podLabels(args) },
          spec: deploymentSpec(deployment),
        }),
        {
          ...controllerOpts,
          dependsOn: [...controllerOpts.dependsOn, ...migration],
          customTimeouts: timesOf(deployment).timeouts,
          // Without this, giving up the field would set one replica before the autoscaler acts.
          ...(scalingOf(deployment).hpa === undefined ? {} : { ignoreChanges: ["spec.replicas"] }),
        },
      );
    }

    function createCronJob(cronJob: CronJobWorkload): kubernetes.batch.v1.CronJob {
      return new kubernetes.batch.v1.CronJob(
        `${name}-cron-job`,
        changed(transform.cronJob, {
          metadata: { ...metadata, labels: podLabels(args) },
          spec: cronJobSpec(
            cronJob.schedule,
            podTemplate(args, {
              labels: podLabels(args),
              container: {},
              pod: { restartPolicy: "Never" },
            }),
          ),
        }),
        controllerOpts,
      );
    }

    function createService(deployment: DeploymentWorkload): pulumi.Resource[] {
      const spec = serviceSpec(deployment);
      return spec === undefined
        ? []
        : [
            new kubernetes.core.v1.Service(
              `${name}-service`,
              changed(transform.service, {
                metadata: { ...metadata, annotations: skipAwait },
                spec,
              }),
              child,
            ),
          ];
    }

    function createIngresses({ exposure = "none", ports }: DeploymentWorkload): pulumi.Resource[] {
      if (exposure === "none") {
        return [];
      }
      const { ingress } = exposure;
      return ingressObjects(service, ingress, servicePortNames(ports)).map(
        (object) =>
          new kubernetes.networking.v1.Ingress(
            `${name}${object.name.slice(service.length)}-ingress`,
            changed(transform.ingress, {
              metadata: {
                ...metadata,
                name: object.name,
                annotations: { ...object.annotations, ...skipAwait },
              },
              spec: object.spec,
            }),
            { ...child, dependsOn: [args.namespace, ...(ingress.after ?? [])] },
          ),
      );
    }

    /** It looks at what was rolled out, so it runs again whenever the pods are other ones. */
    function createSmokeTest(
      deployment: DeploymentWorkload,
      serving: readonly pulumi.Resource[],
    ): void {
      const { smokeTest } = deployment;
      if (smokeTest !== undefined) {
        new kubernetes.batch.v1.Job(
          `${name}-smoke-test`,
          changed(
            transform.smokeTest,
            rolloutJob(args, "smoke-test", smokeTest, deploymentSpec(deployment).template),
          ),
          {
            ...controllerOpts,
            dependsOn: [...controllerOpts.dependsOn, ...serving],
            customTimeouts: jobTimeouts(smokeTest),
          },
        );
      }
    }

    function createAutoscaler(deployment: DeploymentWorkload): void {
      const { hpa } = scalingOf(deployment);
      if (hpa !== undefined) {
        new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
          `${name}-autoscaler`,
          changed(transform.autoscaler, { metadata, spec: autoscalerSpec(service, hpa) }),
          child,
        );
      }
    }

    function createDisruptionBudget(deployment: DeploymentWorkload): void {
      const budget = disruptionBudget(boundsOf(deployment).floor);
      if (budget !== undefined) {
        new kubernetes.policy.v1.PodDisruptionBudget(
          `${name}-disruption-budget`,
          changed(transform.disruptionBudget, {
            metadata,
            spec: {
              ...budget,
              selector: { matchLabels: selectorLabels(service) },
              // A pod that cannot become ready must not block the drain that would move it.
              unhealthyPodEvictionPolicy: "AlwaysAllow",
            },
          }),
          child,
        );
      }
    }
  }
}

/**
 * Keeps the engine from waiting for an object whose readiness says nothing new: a Service has endpoints
 * when its Deployment is ready, and the controller writes an Ingress's address once a minute.
 */
const skipAwait = { "pulumi.com/skipAwait": "true" };

function changed<Args>(change: Change<Args> | undefined, args: Args): Args {
  return change === undefined ? args : change(args);
}
