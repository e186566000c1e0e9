import type { LabelFacts } from "../../kit/labels";
import type { Schedule } from "./cron-job";
import type { EnvValue } from "./env";
import type { TakeOver } from "./existing";
import type { ExposureShape } from "./exposure";
import type { JobRun } from "./job";
import type { StatefulSetShape } from "./stateful-set";
import type { ContainerShape, DeploymentShape, ServingShape } from "./workload-args";

/**
 * What of a workload can be judged before its namespace and its connections exist. `Value` is what its
 * environments may hold.
 */
export type WorkloadShape<Value = EnvValue> = PodShape<Value> & KindShape<Value>;

/** A workload whose pods serve until they are stopped. */
export type ServingWorkloadShape<Value = EnvValue> = PodShape<Value> & ServingKind<Value>;

interface PodShape<Value> extends LabelFacts, ContainerShape<Value> {
  readonly image: string;
}

/** What the kind of a workload says beyond its pods. */
export type KindShape<Value = EnvValue> = ServingKind<Value> | CronJobKind | JobKind;

/** What the kind of a workload says whose pods serve until they are stopped. */
export type ServingKind<Value = EnvValue> =
  DeploymentKind<Value> | StatefulSetKind<Value> | DaemonSetKind<Value>;

interface Exposable {
  readonly exposure?: "none" | { readonly ingress: ExposureShape };
}

/** What a Deployment says beyond its pods. */
export interface DeploymentKind<Value> extends DeploymentShape<string, Value>, Exposable {
  /** @default "Deployment" */
  readonly kind?: "Deployment";
  /** @default - nothing is taken over */
  readonly takeOver?: TakeOver;
}

interface StatefulSetKind<Value> extends StatefulSetShape<string, Value>, Exposable {
  readonly kind: "StatefulSet";
}

interface DaemonSetKind<Value> extends ServingShape<string, Value>, Exposable {
  readonly kind: "DaemonSet";
}

interface CronJobKind {
  readonly kind: "CronJob";
  readonly schedule: Schedule;
}

interface JobKind {
  readonly kind: "Job";
  readonly run?: JobRun;
}

/** Says whether what has a kind serves until it is stopped; the others end by themselves. */
export function isServing<Kinds extends { readonly kind?: string }>(
  shape: Kinds,
): shape is Exclude<Kinds, { readonly kind: "CronJob" | "Job" }> {
  return shape.kind !== "CronJob" && shape.kind !== "Job";
}

type Env<Value> = Readonly<Record<string, Value>>;

/** Changes each environment of a workload but its main one, which is no part of its shape. */
export function mapEnvironments<From, To>(
  shape: WorkloadShape<From>,
  change: (env: Env<From>) => Env<To>,
): WorkloadShape<To> {
  const changed = <Part extends { readonly env?: Env<From> }>(
    part: Part,
  ): Omit<Part, "env"> & { readonly env: Env<To> } => ({ ...part, env: change(part.env ?? {}) });
  const changedAll = <Part extends { readonly env?: Env<From> }>(
    parts: Readonly<Record<string, Part>> | undefined,
  ): Readonly<Record<string, Omit<Part, "env"> & { readonly env: Env<To> }>> | undefined =>
    parts && Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, changed(part)]));
  const containers = {
    initContainers: changedAll(shape.initContainers),
    sidecars: changedAll(shape.sidecars),
  };
  if (!isServing(shape)) {
    return { ...shape, ...containers };
  }
  return {
    ...shape,
    ...containers,
    migration: shape.migration && changed(shape.migration),
    smokeTest: shape.smokeTest && changed(shape.smokeTest),
  };
}
