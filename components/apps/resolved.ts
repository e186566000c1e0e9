import type { ContainerLimits, ExistingNamespace, NamespaceQuota } from "../kit/namespace";
import type { OneOf } from "../kit/one-of";
import type { Placement } from "../kit/placement";
import type { ResourceProfile } from "../kit/resources";
import type { ApplicationDeclaration, DeclaredService, DeclaredValue } from "./declaration";
import type { DeclaredChart } from "./declared-chart";
import type { HpaScaling } from "./workload/autoscaler";
import type { EventScalingBounds } from "./workload/event-scaling";
import type { TakeOver } from "./workload/existing";
import type { WorkloadRelease } from "./workload/release";
import type { WorkloadShape } from "./workload/workload-shape";

/** What a stack says of a job that is done once for each version. */
export interface JobSettings {
  /** Another number runs it again, though nothing else has changed. */
  readonly retry: number;
}

/** What a stack says of the number of pods; what is scaled on events is the team's to say. */
export type ScalingSettings = OneOf<{
  /** Always this many pods. */
  readonly fixed: number;
  /** As many as their load asks for. */
  readonly hpa: Pick<HpaScaling, "min" | "max" | "cpu" | "memory">;
  /** The bounds of what the application declares so. */
  readonly natsLag: EventScalingBounds;
  /** The bounds of what the application declares so. */
  readonly keda: EventScalingBounds;
}>;

/** What a stack says of one service or scheduled job. */
export interface ServiceSettings {
  /**
   * How many pods there are.
   * @default - what the application declares
   */
  readonly scaling?: ScalingSettings;
  /**
   * Where its pods may run, beyond being spread over zones and hosts.
   * @default - what the application declares
   */
  readonly placement?: Placement;
  /**
   * What a container uses.
   * @default - what the application declares
   */
  readonly resources?: ResourceProfile;
  /**
   * What is said of its migration.
   * @default - what the application declares
   */
  readonly migration?: JobSettings;
  /**
   * What is said of its smoke test.
   * @default - what the application declares
   */
  readonly smokeTest?: JobSettings;
  /** Environment variables that are added, or take the place of the declared ones. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * How far the stack has come with taking over what exists of it.
   * @default - nothing is taken over
   */
  readonly takeOver?: TakeOver;
}

/** What a stack says of an application's own chart. */
export interface ChartSettings {
  /** Values that are added to the declared ones, or take their place; plain ones only. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a stack says of one application. */
export interface StackSettings<Name extends string = string> {
  /** The host name under which its services are reached. */
  readonly host: string;
  /**
   * The ClusterIssuer that signs the host's certificate.
   * @default - the issuer of the platform's edge
   */
  readonly clusterIssuer?: string;
  /**
   * What the application's namespace may use.
   * @default - no ResourceQuota
   */
  readonly quota?: NamespaceQuota;
  /**
   * What a container of the namespace gets when it does not say.
   * @default - no LimitRange
   */
  readonly limits?: ContainerLimits;
  /**
   * The application's namespace is there already; it stays open until its pods are the declared ones.
   * @default - the namespace is made
   */
  readonly existingNamespace?: ExistingNamespace;
  /**
   * The fewest pods that each service which runs all the time may have.
   * @default 1
   */
  readonly minReplicas?: number;
  /**
   * What differs for the application's own chart.
   * @default - nothing
   */
  readonly chart?: ChartSettings;
  /** What differs from the declaration, by service. */
  readonly services: Readonly<Record<Name, ServiceSettings>>;
}

/** An application that is deployed, and what the stack says of it. */
export interface StackApplication {
  /** What its team wrote. */
  readonly declaration: ApplicationDeclaration;
  /** What differs in this stack. */
  readonly settings: StackSettings;
}

/** A service with everything the stack says of it, checked; its connections are still open. */
export interface ResolvedService {
  /** The declaration, for what it uses and exposes. */
  readonly declaration: DeclaredService;
  /** The workload, apart from where it runs and what it connects to. */
  readonly shape: WorkloadShape<DeclaredValue>;
  /** Its environment, in order. */
  readonly env: Readonly<Record<string, DeclaredValue>>;
  /** How its version was chosen, and what of it is deployed. */
  readonly release: WorkloadRelease;
}

/** An application with everything the stack says of it, checked. */
export interface ResolvedApplication {
  /** Its name. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
  /** The labels of what belongs to it as a whole. */
  readonly labels: Readonly<Record<string, string>>;
  /** What the stack says of it. */
  readonly settings: StackSettings;
  /** Its services, each after those it uses. */
  readonly services: readonly ResolvedService[];
  /**
   * The team's own chart.
   * @default - its services are all there is
   */
  readonly chart?: DeclaredChart;
}
