import type * as pulumi from "@pulumi/pulumi";
import type { Change, WorkloadTransform } from "./workload-args";

/** What all objects of a workload are made with. */
export interface ObjectContext {
  /** The workload's name; each object's starts with it. */
  readonly name: string;
  /** The name, namespace and labels of an object that is the only one of its kind. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
  /** The options of an object that goes with its namespace. */
  readonly child: pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource[] };
  /** Changes to the objects. */
  readonly transform: WorkloadTransform;
}

/** The arguments of an object as its workload's `transform` wants them. */
export function changed<Args>(change: Change<Args> | undefined, args: Args): Args {
  return change === undefined ? args : change(args);
}

/**
 * Keeps the engine from waiting for an object whose readiness says nothing new: a Service has endpoints
 * when its Deployment is ready, and the controller writes an Ingress's address once a minute.
 */
export const skipAwait = { "pulumi.com/skipAwait": "true" };
