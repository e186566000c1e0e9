import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { identityAnnotations } from "../../kit/cloud-identity";
import { Component } from "../../kit/component";
import { contentConfigMap } from "../../kit/config-map";
import { standardLabels } from "../../kit/labels";
import { refuse, within } from "../../kit/problem";
import { retained } from "../../kit/retention";
import { argsShapeProblems } from "../declaration-shapes";
import { roleRules, type Access } from "./access";
import { createScaling, isAutoscaled } from "./autoscaling";
import { cronJobSpec } from "./cron-job";
import { daemonSetSpec, daemonTimesOf } from "./daemon-set";
import { deploymentSpec, timesOf } from "./deployment";
import { createEndpoints } from "./endpoints";
import { existingOptions, isRegistered, isUnchanged, leftConfigMaps, objectName } from "./existing";
import { featureProblems, givenFeatures } from "./feature-problems";
import { jobName, jobSpec, jobTimeouts } from "./job";
import { createMonitoring } from "./monitoring";
import { changed } from "./object-context";
import { plainSecretProblems } from "./plain-secrets";
import { configParts, endingPods, podLabels, podTemplate, selectedLabels } from "./pod-template";
import { annotated, releasePlan, warnOfLeft } from "./release-plan";
import type { RolloutTimes } from "./rollout";
import { rolloutJob } from "./rollout-job";
import { rotationAnnotations } from "./rotation";
import { ownsVolumes, statefulSetSpec, statefulTimesOf } from "./stateful-set";
import type {
  CronJobWorkload,
  DaemonSetWorkload,
  DeploymentWorkload,
  JobWorkload,
  ServingWorkload,
  StatefulSetWorkload,
  WorkloadArgs,
} from "./workload-args";
import { workloadProblems } from "./workload-problems";
import { isServing } from "./workload-shape";

/**
 * The one pattern for what runs: a Deployment, StatefulSet, DaemonSet, CronJob or Job, with everything
 * that makes it safe to run, to roll out and to lose.
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
  /** What runs the pods; where they serve it is ready when they are, and a Job when it has ended. */
  readonly controller: pulumi.Resource;

  constructor(
    name: string,
    args: WorkloadArgs<PortName>,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    refuse(`${args.application}/${args.service}`, argsShapeProblems(args));
    refuse(`${args.application}/${args.service}`, [
      ...workloadProblems(args),
      ...within("env", plainSecretProblems(args.env ?? {})),
      ...featureProblems(args, givenFeatures(args.features)),
    ]);
    const plan = releasePlan(args);
    super("apps", "Workload", name, opts, { ...plan.record });

    const { service, transform = {} } = args;
    const namespace = args.namespace.name;
    const accountName = objectName(args, "serviceAccount");
    const metadata = { name: service, namespace, labels: standardLabels(args) };
    const child = {
      parent: this,
      dependsOn: [...args.namespace.exists],
      deletedWith: args.namespace.deletedWith,
    };
    const context = { name, metadata, child, transform };

    const account = createServiceAccount();
    const rights = isUnchanged(args) ? [] : grantAccess(args);
    const configMaps = isUnchanged(args) ? [] : createConfigMaps();
    leftConfigMaps(context, args);
    const controllerOpts = {
      ...child,
      dependsOn: [
        ...args.namespace.ready,
        ...account,
        ...rights,
        ...configMaps,
        ...priorityReady(args),
        ...(args.startAfter ?? []),
      ],
    };
    const migration = isServing(args) && !isUnchanged(args) ? createMigration(args) : [];
    this.controller = createController();
    if (isServing(args)) {
      const endpoints = createEndpoints(context, args);
      createSmokeTest(args, [this.controller, ...endpoints]);
      createScaling(context, args, this.controller);
    }
    createMonitoring(context, args);
    if (plan.isLeft) {
      warnOfLeft(plan.record.service, this);
    }
    this.registerOutputs({});

    function createController(): pulumi.Resource {
      switch (args.kind) {
        case "CronJob":
          return createCronJob(args);
        case "Job":
          return createJob(args);
        case "DaemonSet":
          return createDaemonSet(args);
        case "StatefulSet":
          return createStatefulSet(args);
        default:
          return createDeployment(args);
      }
    }

    function createServiceAccount(): kubernetes.core.v1.ServiceAccount[] {
      const annotations = identityAnnotations(args.cloudIdentity);
      return isRegistered(args, "serviceAccount")
        ? [
            new kubernetes.core.v1.ServiceAccount(
              `${name}-service-account`,
              {
                metadata: { ...metadata, name: accountName, annotations },
                automountServiceAccountToken: false,
              },
              { ...child, ...existingOptions(args, "serviceAccount", namespace) },
            ),
          ]
        : [];
    }

    /** The account's rights; the pods' own token is mounted with them, and not without. */
    function grantAccess({ apiAccess }: Access): pulumi.Resource[] {
      if (apiAccess === undefined) {
        return [];
      }
      const role = new kubernetes.rbac.v1.Role(
        `${name}-role`,
        changed(transform.role, { metadata, rules: roleRules(apiAccess) }),
        child,
      );
      const binding = new kubernetes.rbac.v1.RoleBinding(
        `${name}-role-binding`,
        {
          metadata,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: service },
          subjects: [{ kind: "ServiceAccount", name: accountName, namespace }],
        },
        { ...child, dependsOn: [...child.dependsOn, role, ...account] },
      );
      return [role, binding];
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

    /** A controller whose pods serve waits for the migration, and is waited for as its rollout takes. */
    function servingOpts(serving: ServingWorkload, { timeouts }: RolloutTimes) {
      const existing = existingOptions(args, "deployment", namespace);
      // Without this, giving up the field would set one replica before the autoscaler acts.
      const scaled = isAutoscaled(serving) ? ["spec.replicas"] : [];
      return {
        ...controllerOpts,
        ...existing,
        dependsOn: [...controllerOpts.dependsOn, ...migration],
        customTimeouts: timeouts,
        ignoreChanges: [...(existing.ignoreChanges ?? []), ...scaled],
      };
    }

    function controllerMetadata() {
      const annotations = {
        ...plan.annotations,
        ...(isServing(args) ? rotationAnnotations(args) : {}),
      };
      return { ...metadata, labels: podLabels(args), annotations };
    }

    function createMigration({ migration: job }: ServingWorkload): pulumi.Resource[] {
      const step = plan.job("migration");
      return job === undefined || !step.isMade
        ? []
        : [
            new kubernetes.batch.v1.Job(
              `${name}-migration`,
              changed(transform.migration, annotated(rolloutJob(args, "migration", job), step)),
              { ...controllerOpts, ...step.opts, customTimeouts: jobTimeouts(job) },
            ),
          ];
    }

    function createDeployment(deployment: DeploymentWorkload): kubernetes.apps.v1.Deployment {
      return new kubernetes.apps.v1.Deployment(
        `${name}-deployment`,
        changed(transform.deployment, {
          metadata: {
            ...controllerMetadata(),
            name: objectName(args, "deployment"),
            labels: selectedLabels(args),
          },
          spec: deploymentSpec(deployment),
        }),
        servingOpts(deployment, timesOf(deployment)),
      );
    }

    function createStatefulSet(stateful: StatefulSetWorkload): kubernetes.apps.v1.StatefulSet {
      return new kubernetes.apps.v1.StatefulSet(
        `${name}-stateful-set`,
        changed(transform.statefulSet, {
          metadata: controllerMetadata(),
          spec: statefulSetSpec(stateful),
        }),
        {
          ...servingOpts(stateful, statefulTimesOf(stateful)),
          ...(ownsVolumes(stateful) ? retained(args.retention ?? "keep") : {}),
        },
      );
    }

    function createDaemonSet(daemon: DaemonSetWorkload): kubernetes.apps.v1.DaemonSet {
      return new kubernetes.apps.v1.DaemonSet(
        `${name}-daemon-set`,
        changed(transform.daemonSet, {
          metadata: controllerMetadata(),
          spec: daemonSetSpec(daemon),
        }),
        servingOpts(daemon, daemonTimesOf(daemon)),
      );
    }

    function createJob({ run = {} }: JobWorkload): kubernetes.batch.v1.Job {
      const spec = jobSpec(run, podTemplate(args, endingPods(args)));
      return new kubernetes.batch.v1.Job(
        `${name}-job`,
        changed(transform.job, {
          metadata: {
            ...controllerMetadata(),
            name: jobName(service, spec, run.retry ?? 0),
          },
          spec,
        }),
        { ...controllerOpts, ...plan.job("controller").opts, customTimeouts: jobTimeouts(run) },
      );
    }

    function createCronJob(cronJob: CronJobWorkload): kubernetes.batch.v1.CronJob {
      return new kubernetes.batch.v1.CronJob(
        `${name}-cron-job`,
        changed(transform.cronJob, {
          metadata: controllerMetadata(),
          spec: cronJobSpec(cronJob.schedule, podTemplate(args, endingPods(args))),
        }),
        controllerOpts,
      );
    }

    /** It looks at what was rolled out, so it runs again whenever the pods are other ones. */
    function createSmokeTest(serving: ServingWorkload, tested: readonly pulumi.Resource[]): void {
      const { smokeTest } = serving;
      const step = plan.job("smoke-test");
      if (smokeTest !== undefined && step.isMade && !isUnchanged(args)) {
        const job = rolloutJob(args, "smoke-test", smokeTest, templateOf(serving));
        new kubernetes.batch.v1.Job(
          `${name}-smoke-test`,
          changed(transform.smokeTest, annotated(job, step)),
          {
            ...controllerOpts,
            ...step.opts,
            dependsOn: [...controllerOpts.dependsOn, ...tested],
            customTimeouts: jobTimeouts(smokeTest),
          },
        );
      }
    }
  }
}

/** A pod whose class is not there yet is refused. */
function priorityReady({ priorityClass, features }: WorkloadArgs): readonly pulumi.Resource[] {
  return typeof priorityClass === "string" ? (features?.priorityClasses?.ready ?? []) : [];
}

/** The pods that a workload serves with. */
function templateOf(args: ServingWorkload): unknown {
  switch (args.kind) {
    case "DaemonSet":
      return daemonSetSpec(args).template;
    case "StatefulSet":
      return statefulSetSpec(args).template;
    default:
      return deploymentSpec(args).template;
  }
}
