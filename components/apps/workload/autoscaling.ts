import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  disruptionBudget,
  disruptionBudgetAnnotations,
  disruptionBudgetOptions,
} from "../../kit/disruption";
import { autoscalerSpec, type ScaleTarget } from "./autoscaler";
import {
  lagTrigger,
  scaledObjectSpec,
  takesOverAutoscaler,
  type EventScaling,
  type KedaTrigger,
} from "./event-scaling";
import { existingOptions, isRegistered, isUnchanged, objectName, podSelector } from "./existing";
import { changed, type ObjectContext } from "./object-context";
import { boundsOf, eventScalingOf, replicasOf, scalingOf, type Scaling } from "./scaling";
import type { DeploymentWorkload, ServingWorkload, StatefulSetWorkload } from "./workload-args";

/** A workload whose number of pods can be said. */
type ScalableWorkload = DeploymentWorkload | StatefulSetWorkload;

/** Says whether something other than the stack decides how many pods a workload has. */
export function isAutoscaled(args: ServingWorkload): boolean {
  return args.kind !== "DaemonSet" && replicasOf(scalingOf(args)) === undefined;
}

/** Makes what decides how many pods there are, and how many of them may be missing at once. */
export function createScaling(
  context: ObjectContext,
  args: ServingWorkload,
  controller: pulumi.Resource,
): void {
  createRecommendation(context, args);
  // A DaemonSet has as many pods as there are nodes, and a drain leaves them alone.
  if (args.kind !== "DaemonSet") {
    createAutoscaler(context, args);
    createScaledObject(context, args, controller);
    createDisruptionBudget(context, args);
  }
}

function targetOf(args: ScalableWorkload): ScaleTarget {
  return {
    kind: args.kind === "StatefulSet" ? "StatefulSet" : "Deployment",
    name: objectName(args, "deployment"),
  };
}

/**
 * Says what the containers really use, for whoever writes their profiles. It changes nothing: beside an
 * autoscaler that looks at CPU it would pull the other way.
 */
function createRecommendation(
  { name, metadata, child, transform }: ObjectContext,
  args: ServingWorkload,
): void {
  const recommendations = args.features?.recommendations;
  if (recommendations !== undefined && !isUnchanged(args)) {
    new kubernetes.apiextensions.CustomResource(
      `${name}-recommendation`,
      changed(transform.recommendation, {
        apiVersion: "autoscaling.k8s.io/v1",
        kind: "VerticalPodAutoscaler",
        metadata,
        spec: {
          targetRef: {
            apiVersion: "apps/v1",
            kind: args.kind ?? "Deployment",
            name: objectName(args, "deployment"),
          },
          updatePolicy: { updateMode: "Off" },
        },
      }),
      { ...child, dependsOn: [...child.dependsOn, ...recommendations.ready] },
    );
  }
}

function createAutoscaler(
  { name, metadata, child, transform }: ObjectContext,
  args: ScalableWorkload,
): void {
  const { hpa } = scalingOf(args);
  if (hpa !== undefined && isRegistered(args, "autoscaler")) {
    new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      changed(transform.autoscaler, {
        metadata: { ...metadata, name: objectName(args, "autoscaler") },
        spec: autoscalerSpec(targetOf(args), hpa),
      }),
      { ...child, ...existingOptions(args, "autoscaler", metadata.namespace) },
    );
  }
}

/** It is not `deletedWith` its namespace: KEDA has to take its finalizer off while it still runs. */
function createScaledObject(
  { name, metadata, child: { parent, dependsOn }, transform }: ObjectContext,
  args: ScalableWorkload,
  controller: pulumi.Resource,
): void {
  const scaling = scalingOf(args);
  const events = eventScalingOf(scaling);
  if (events !== undefined && !isUnchanged(args)) {
    new kubernetes.apiextensions.CustomResource(
      `${name}-scaled-object`,
      changed(
        transform.scaledObject,
        scaledObject(metadata, args, events, triggersOf(scaling, args)),
      ),
      {
        parent,
        dependsOn: [...dependsOn, controller, ...(args.features?.eventScaling?.ready ?? [])],
      },
    );
  }
}

function scaledObject(
  metadata: ObjectContext["metadata"],
  args: ScalableWorkload,
  events: EventScaling,
  triggers: readonly KedaTrigger[],
): kubernetes.apiextensions.CustomResourceArgs {
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { ...metadata, annotations: takesOverAutoscaler },
    spec: scaledObjectSpec(targetOf(args), events, triggers, objectName(args, "autoscaler")),
  };
}

function triggersOf(
  { natsLag, keda }: Scaling,
  { service, queue }: ScalableWorkload,
): readonly KedaTrigger[] {
  if (natsLag === undefined) {
    return keda?.triggers ?? [];
  }
  if (queue === undefined) {
    throw new Error(
      `${service} scales on ${natsLag.stream.key}, but where that queue is was not given. Give the workload its queue.`,
    );
  }
  return [lagTrigger(queue, natsLag)];
}

function createDisruptionBudget(
  { name, metadata, child, transform }: ObjectContext,
  args: ScalableWorkload,
): void {
  const budget = disruptionBudget(boundsOf(args).floor);
  if (budget !== undefined && isRegistered(args, "disruptionBudget")) {
    new kubernetes.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      changed(transform.disruptionBudget, {
        metadata: {
          ...metadata,
          name: objectName(args, "disruptionBudget"),
          annotations: disruptionBudgetAnnotations,
        },
        spec: {
          ...budget,
          selector: { matchLabels: podSelector(args) },
          // A pod that cannot become ready must not block the drain that would move it.
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      }),
      {
        ...child,
        ...disruptionBudgetOptions,
        ...existingOptions(args, "disruptionBudget", metadata.namespace),
      },
    );
  }
}
