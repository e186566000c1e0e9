import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PodPriority } from "../kit/chart";
import { Component } from "../kit/component";
import { retained, type Retention } from "../kit/retention";

/** How much a pod matters when nodes are full: a pod of a higher class takes the place of a lower one's. */
export type Priority = "critical" | "standard" | "batch";

/**
 * The names and values of the PriorityClasses. Without a class a pod has 0, so these are all above
 * whatever else runs in the cluster, and below its own parts, which start at two billion.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
export const priorityClasses = {
  critical: {
    name: "slipway-critical",
    value: 1000,
    description: "Serves the site's users: takes the place of everything below it.",
  },
  standard: {
    name: "slipway-standard",
    value: 500,
    description: "Serves, and may be late for a while.",
  },
  batch: {
    name: "slipway-batch",
    value: 100,
    description: "Ends by itself and is tried again: gives way to what serves.",
  },
} as const satisfies Readonly<Record<Priority, PriorityClassSpec>>;

interface PriorityClassSpec {
  readonly name: string;
  readonly value: number;
  readonly description: string;
}

/**
 * The class of what services rely on: the stack's controllers and data services. A service of the class
 * "critical" would else take the place of the database or of the proxy that it is reached by.
 */
const platformClass = {
  name: "slipway-platform",
  value: 10_000,
  description: "What services rely on: controllers and data services.",
} as const;

/** What other components need of the PriorityClasses. */
export interface PriorityClasses {
  /** The name of the class for each priority. */
  readonly names: Readonly<Record<Priority, string>>;
  /** What a workload with a class depends on: a pod whose class is missing is refused. */
  readonly ready: readonly pulumi.Resource[];
}

export interface PriorityClassesArgs {
  /**
   * What becomes of the class of what services rely on: on a destroy its pods are kept with their data, and one
   * that has to move to another node is refused where its class is gone.
   */
  readonly retention: Retention;
}

/**
 * The PriorityClasses of services, and that of what they rely on, once for the cluster. None is the default: a
 * pod that names none has none.
 */
export class ClusterPriorityClasses extends Component implements PriorityClasses {
  readonly names = {
    critical: priorityClasses.critical.name,
    standard: priorityClasses.standard.name,
    batch: priorityClasses.batch.name,
  };
  readonly ready: readonly pulumi.Resource[];

  /** The class of controllers and data services. */
  readonly ofPlatform: PodPriority;

  constructor(name: string, args: PriorityClassesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "PriorityClasses", name, opts);

    const createClass = (
      priority: string,
      { name: className, ...spec }: PriorityClassSpec,
      options: pulumi.CustomResourceOptions = {},
    ) =>
      new kubernetes.scheduling.v1.PriorityClass(
        `${name}-${priority}`,
        { metadata: { name: className }, ...spec, globalDefault: false },
        { parent: this, ...options },
      );
    this.ready = Object.entries(priorityClasses).map((entry) => createClass(...entry));
    this.ofPlatform = {
      className: platformClass.name,
      ready: [createClass("platform", platformClass, retained(args.retention))],
    };
    this.registerOutputs({ names: this.names });
  }
}
