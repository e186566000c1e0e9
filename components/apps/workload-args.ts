import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ConfigData } from "../kit/config-map";
import type { LabelFacts } from "../kit/labels";
import type { Namespace } from "../kit/namespace";
import type { Placement } from "../kit/placement";
import type { Probes } from "../kit/probes";
import type { Quantity } from "../kit/quantity";
import type { ResourceProfile } from "../kit/resources";
import type { Schedule } from "./cron-job";
import type { Exposure } from "./exposure";
import type { Rollout, Shutdown } from "./rollout";
import type { Scaling } from "./scaling";

/** A port of a container: its number, or its number and whether others may call it. */
export type Port =
  | number
  | {
      /** The port's number, above 1023. */
      readonly number: number;
      /**
       * Whether the workload's Service has it; `false` for a port that only the kubelet asks.
       * @default true
       */
      readonly service?: boolean;
    };

/** Ports by name; a name has at most 15 lower-case letters, digits and hyphens. */
export type Ports<Name extends string = string> = Readonly<Record<Name, Port>>;

/** One key of a Secret in the workload's namespace. */
export interface SecretKey {
  /** The Secret's name. */
  readonly secretName: string;
  /** The key in it. */
  readonly key: string;
}

/** The value of an environment variable: a text, or a reference to a Secret. */
export type EnvValue = string | SecretKey;

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

/** What runs in the container. */
export interface ContainerShape {
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
   * @default { "/tmp": "64Mi" }
   */
  readonly writable?: Readonly<Record<string, Quantity>>;
  /**
   * The PriorityClass.
   * @default - the cluster's default
   */
  readonly priorityClass?: string;
}

/** What a Deployment says beyond its container. */
export interface DeploymentShape<PortName extends string = string> {
  /** The ports it listens on. */
  readonly ports: Ports<PortName>;
  /** The three questions about it. */
  readonly probes: Probes<NoInfer<PortName>>;
  /**
   * How many pods there are.
   * @default { fixed: 2 }
   */
  readonly scaling?: Scaling;
  /**
   * How a new version takes the place of the old one.
   * @default - one pod at a time, none taken away before a new one serves
   */
  readonly rollout?: Rollout;
  /**
   * How a pod ends.
   * @default - serves for 10 more seconds, then has 30 to finish
   */
  readonly shutdown?: Shutdown;
  /**
   * Where its pods may run, beyond being spread over zones and hosts.
   * @default { hosts: "preferred" }
   */
  readonly placement?: Placement;
}

/** Changes to the objects a workload makes: the one way to set what it has no argument for. */
export interface WorkloadTransform {
  /**
   * The Deployment.
   * @default - unchanged
   */
  readonly deployment?: Change<kubernetes.apps.v1.DeploymentArgs>;
  /**
   * The CronJob.
   * @default - unchanged
   */
  readonly cronJob?: Change<kubernetes.batch.v1.CronJobArgs>;
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
   * The PodDisruptionBudget.
   * @default - unchanged
   */
  readonly disruptionBudget?: Change<kubernetes.policy.v1.PodDisruptionBudgetArgs>;
}

/** Gives the arguments that are used in place of the ones given. */
export type Change<Args> = (args: Args) => Args;

/** Where a workload runs, whose it is, and what of other rooms it needs. */
export interface WorkloadContext extends LabelFacts {
  /** The namespace, which has to exist first. */
  readonly namespace: Namespace;
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
   * Changes to the objects.
   * @default - none
   */
  readonly transform?: WorkloadTransform;
}

/** A workload that runs all the time, its pods alike. */
export interface DeploymentWorkload<PortName extends string = string>
  extends WorkloadContext, ContainerShape, DeploymentShape<PortName> {
  /**
   * Which object runs its pods.
   * @default "Deployment"
   */
  readonly kind?: "Deployment";
  /**
   * How clients outside the cluster reach it.
   * @default "none"
   */
  readonly exposure?: Exposure<NoInfer<PortName>>;
}

/** A workload that runs at set times, and ends. */
export interface CronJobWorkload extends WorkloadContext, ContainerShape {
  /** Which object runs its pods. */
  readonly kind: "CronJob";
  /** When it runs, and what happens when it cannot. */
  readonly schedule: Schedule;
}

/** The arguments of a workload; `kind` says which object runs its pods. */
export type WorkloadArgs<PortName extends string = string> =
  DeploymentWorkload<PortName> | CronJobWorkload;
