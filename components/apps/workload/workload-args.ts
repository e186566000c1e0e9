import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ConsumerDemand } from "../../data";
import type { ConfigData } from "../../kit/config-map";
import type { QueueSource } from "../../kit/connection";
import type { LabelFacts } from "../../kit/labels";
import type { Place } from "../../kit/namespace";
import type { Placement, Toleration } from "../../kit/placement";
import type { Probes } from "../../kit/probes";
import type { Quantity } from "../../kit/quantity";
import type { ResourceProfile } from "../../kit/resources";
import type { Retention } from "../../kit/retention";
import type { PlatformFeatures, Priority } from "../../platform";
import type { Access } from "./access";
import type { AlertThresholds } from "./alerts";
import type { Schedule } from "./cron-job";
import type { EnvValue } from "./env";
import type { Existing, TakeOver } from "./existing";
import type { Exposure } from "./exposure";
import type { ExtraContainers } from "./extra-containers";
import type { JobRun } from "./job";
import type { Metrics } from "./metrics";
import type { Ports } from "./ports";
import type { WorkloadRelease } from "./release";
import type { Rollout, Shutdown } from "./rollout";
import type { RolloutJobShape, SmokeTestShape } from "./rollout-job";
import type { Scaling } from "./scaling";
import type { StatefulSetShape } from "./stateful-set";
import type { Volumes } from "./volumes";

/** Configuration that is kept in immutable ConfigMaps; a change rolls the pods. */
export interface WorkloadConfig {
  /**
   * Environment variables, by name.
   * @default - none
   */
  readonly env?: ConfigData;
  /**
   * Files in one folder.
   * @default - none
   */
  readonly files?: {
    /** The folder, as an absolute path. */
    readonly mountPath: string;
    /** The contents, by file name. */
    readonly contents: ConfigData;
  };
}

/** What runs in the pods. `Value` is what their environments may hold. */
export interface ContainerShape<Value = EnvValue> extends ExtraContainers<Value>, Access {
  /**
   * The program, in place of the image's entry point.
   * @default - the image's
   */
  readonly command?: readonly string[];
  /**
   * Its arguments; `$(NAME)` is replaced by an environment variable.
   * @default - the image's
   */
  readonly args?: readonly string[];
  /** What it uses. */
  readonly resources: ResourceProfile;
  /**
   * Its configuration.
   * @default - none
   */
  readonly config?: WorkloadConfig;
  /**
   * The numeric user it runs as; never 0.
   * @default 65532
   */
  readonly user?: number;
  /**
   * Folders it may write, with their size: the rest of its file system is read-only.
   * @default { "/tmp": "64Mi" }, unless another folder is there
   */
  readonly writable?: Readonly<Record<string, Quantity>>;
  /**
   * Further folders: claims that are there already, empty folders, projections.
   * @default - none
   */
  readonly volumes?: Volumes;
  /**
   * How much its pods matter when nodes are full: one of the platform's classes, or a class of the
   * cluster's own by its name.
   * @default - the cluster's default
   */
  readonly priorityClass?: Priority | { readonly named: string };
  /**
   * The labels of the nodes its pods may run on.
   * @default - any node
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * The taints of nodes that its pods accept.
   * @default - none
   */
  readonly tolerations?: readonly Toleration[];
}

/**
 * What any workload says whose pods serve until they are stopped. `Value` is what its environment may
 * hold.
 */
export interface ServingShape<PortName extends string = string, Value = EnvValue> {
  /** The ports it listens on. */
  readonly ports: Ports<PortName>;
  /** The three questions about it. */
  readonly probes: Probes<NoInfer<PortName>>;
  /**
   * How a pod ends.
   * @default - serves for 10 more seconds, then has 30 to finish
   */
  readonly shutdown?: Shutdown;
  /**
   * What has to be done before a new version starts, such as a change of its database's schema. While
   * it runs, and when it fails, the old version goes on serving.
   * @default - nothing
   */
  readonly migration?: RolloutJobShape<Value>;
  /**
   * What has to succeed once a new version serves; when it fails, so does the update.
   * @default - nothing
   */
  readonly smokeTest?: SmokeTestShape<Value>;
  /**
   * Where it tells its metrics; Prometheus asks there where the stack has it.
   * @default - it has none
   */
  readonly metrics?: Metrics<NoInfer<PortName>>;
  /**
   * Beyond what it alerts, where the stack has Prometheus.
   * @default - the usual thresholds
   */
  readonly alerts?: AlertThresholds;
  /**
   * Whether its pods are restarted when a credential in their environment changes; `true` where it must
   * be so.
   * @default - they are, where the stack has Reloader
   */
  readonly restartOnRotation?: boolean;
}

/** What a workload says whose pods are replicas, of a Deployment or of a StatefulSet. */
export interface ReplicatedShape<
  PortName extends string = string,
  Value = EnvValue,
  Consumer extends ConsumerDemand = ConsumerDemand,
> extends ServingShape<PortName, Value> {
  /**
   * How many pods there are.
   * @default { fixed: 2 }
   */
  readonly scaling?: Scaling<Consumer>;
  /**
   * Where its pods may run, beyond being spread over zones and hosts.
   * @default { hosts: "preferred" }
   */
  readonly placement?: Placement;
}

/** What a Deployment says beyond its container. */
export interface DeploymentShape<
  PortName extends string = string,
  Value = EnvValue,
  Consumer extends ConsumerDemand = ConsumerDemand,
> extends ReplicatedShape<PortName, Value, Consumer> {
  /**
   * How a new version takes the place of the old one.
   * @default - one pod at a time, none taken away before a new one serves
   */
  readonly rollout?: Rollout;
  /**
   * What another tool made of it, and is taken over: names and selector as they are.
   * @default - nothing: every object is made
   */
  readonly existing?: Existing;
}

/** Changes to the objects a workload makes: the one way to set what it has no argument for. */
export interface WorkloadTransform {
  /**
   * The Deployment.
   * @default - unchanged
   */
  readonly deployment?: Change<kubernetes.apps.v1.DeploymentArgs>;
  /**
   * The StatefulSet.
   * @default - unchanged
   */
  readonly statefulSet?: Change<kubernetes.apps.v1.StatefulSetArgs>;
  /**
   * The DaemonSet.
   * @default - unchanged
   */
  readonly daemonSet?: Change<kubernetes.apps.v1.DaemonSetArgs>;
  /**
   * The Job of a workload of this kind.
   * @default - unchanged
   */
  readonly job?: Change<kubernetes.batch.v1.JobArgs>;
  /**
   * The CronJob.
   * @default - unchanged
   */
  readonly cronJob?: Change<kubernetes.batch.v1.CronJobArgs>;
  /**
   * The Job of the migration.
   * @default - unchanged
   */
  readonly migration?: Change<kubernetes.batch.v1.JobArgs>;
  /**
   * The Job of the smoke test.
   * @default - unchanged
   */
  readonly smokeTest?: Change<kubernetes.batch.v1.JobArgs>;
  /**
   * The Role.
   * @default - unchanged
   */
  readonly role?: Change<kubernetes.rbac.v1.RoleArgs>;
  /**
   * The Service.
   * @default - unchanged
   */
  readonly service?: Change<kubernetes.core.v1.ServiceArgs>;
  /**
   * Each Ingress.
   * @default - unchanged
   */
  readonly ingress?: Change<kubernetes.networking.v1.IngressArgs>;
  /**
   * The HorizontalPodAutoscaler.
   * @default - unchanged
   */
  readonly autoscaler?: Change<kubernetes.autoscaling.v2.HorizontalPodAutoscalerArgs>;
  /**
   * KEDA's ScaledObject.
   * @default - unchanged
   */
  readonly scaledObject?: Change<kubernetes.apiextensions.CustomResourceArgs>;
  /**
   * The VerticalPodAutoscaler, which only recommends, where the stack has `slipway:platform.verticalPodAutoscaler`.
   * @default - unchanged
   */
  readonly recommendation?: Change<kubernetes.apiextensions.CustomResourceArgs>;
  /**
   * The ServiceMonitor or PodMonitor.
   * @default - unchanged
   */
  readonly monitor?: Change<kubernetes.apiextensions.CustomResourceArgs>;
  /**
   * The PrometheusRule.
   * @default - unchanged
   */
  readonly alerts?: Change<kubernetes.apiextensions.CustomResourceArgs>;
  /**
   * The PodDisruptionBudget.
   * @default - unchanged
   */
  readonly disruptionBudget?: Change<kubernetes.policy.v1.PodDisruptionBudgetArgs>;
}

/** Gives the arguments that are used in place of the ones given. */
export type Change<Args> = (args: Args) => Args;

/** The changes to what serves until it is stopped, by the object that runs its pods. */
export type ServingTransform<Controller extends keyof WorkloadTransform> = Omit<
  WorkloadTransform,
  "deployment" | "statefulSet" | "daemonSet" | "job" | "cronJob"
> &
  Pick<WorkloadTransform, Controller>;

/** Where a workload runs, whose it is, and what of other rooms it needs. */
export interface WorkloadContext extends LabelFacts {
  /** The namespace, which has to exist first. */
  readonly namespace: Place;
  /**
   * What becomes of volumes of the pods' own when the workload goes.
   * @default "keep"
   */
  readonly retention?: Retention;
  /** The image, with its tag or digest. */
  readonly image: string;
  /**
   * Image pull Secrets of the namespace.
   * @default - none
   */
  readonly pullSecrets?: readonly string[];
  /**
   * The environment, in this order.
   * @default - none
   */
  readonly env?: Readonly<Record<string, EnvValue>>;
  /**
   * What has to be ready before the first pod starts.
   * @default - nothing but the namespace
   */
  readonly startAfter?: readonly pulumi.Resource[];
  /**
   * Where the queue is that it scales on.
   * @default - it scales on none
   */
  readonly queue?: QueueSource;
  /**
   * What the platform offers beyond what every stack has.
   * @default - nothing
   */
  readonly features?: Partial<PlatformFeatures>;
  /**
   * How its version was chosen, and what of it is deployed.
   * @default - the declaration chose it, and nothing is known to be deployed
   */
  readonly release?: WorkloadRelease;
  /**
   * Changes to the objects.
   * @default - none
   */
  readonly transform?: WorkloadTransform;
}

/** How clients outside the cluster reach a workload that serves. */
interface Exposable<PortName extends string> {
  /**
   * How clients outside the cluster reach it.
   * @default "none"
   */
  readonly exposure?: Exposure<NoInfer<PortName>>;
}

/** A workload that runs all the time, its pods alike. */
export interface DeploymentWorkload<PortName extends string = string>
  extends WorkloadContext, ContainerShape, DeploymentShape<PortName>, Exposable<PortName> {
  /**
   * Which object runs its pods.
   * @default "Deployment"
   */
  readonly kind?: "Deployment";
  /**
   * How far the stack has come with taking over what exists of it.
   * @default - nothing is taken over
   */
  readonly takeOver?: TakeOver;
}

/** A workload that runs all the time, its pods with names and volumes of their own. */
export interface StatefulSetWorkload<PortName extends string = string>
  extends WorkloadContext, ContainerShape, StatefulSetShape<PortName>, Exposable<PortName> {
  /** Which object runs its pods. */
  readonly kind: "StatefulSet";
}

/** A workload that runs all the time, one pod on each node. */
export interface DaemonSetWorkload<PortName extends string = string>
  extends WorkloadContext, ContainerShape, ServingShape<PortName>, Exposable<PortName> {
  /** Which object runs its pods. */
  readonly kind: "DaemonSet";
}

/** A workload that runs at set times, and ends. */
export interface CronJobWorkload extends WorkloadContext, ContainerShape {
  /** Which object runs its pods. */
  readonly kind: "CronJob";
  /** When it runs, and what happens when it cannot. */
  readonly schedule: Schedule;
}

/** A workload that runs once for each version, and ends. */
export interface JobWorkload extends WorkloadContext, ContainerShape {
  /** Which object runs its pods. */
  readonly kind: "Job";
  /**
   * How long it may take, and when it is done again.
   * @default - ten minutes, two retries
   */
  readonly run?: JobRun;
}

/** A workload whose pods serve until they are stopped. */
export type ServingWorkload<PortName extends string = string> =
  DeploymentWorkload<PortName> | StatefulSetWorkload<PortName> | DaemonSetWorkload<PortName>;

/** The arguments of a workload; `kind` says which object runs its pods. */
export type WorkloadArgs<PortName extends string = string> =
  ServingWorkload<PortName> | CronJobWorkload | JobWorkload;
