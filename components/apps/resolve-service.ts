import type { DeclaredService, DeclaredValue } from "./declaration";
import type { ChosenImage, StandIn } from "./images";
import type { JobSettings, ResolvedService, ServiceSettings, StackApplication } from "./resolved";
import type { EventScaling, EventScalingBounds } from "./workload/event-scaling";
import type { ExtraContainers } from "./workload/extra-containers";
import type { RolloutJobShape, SmokeTestShape } from "./workload/rollout-job";
import type { Scaling } from "./workload/scaling";
import { isServing, type KindShape, type WorkloadShape } from "./workload/workload-shape";

/** Puts together what its team and the stack say of a service; what the stack says comes first. */
export function resolveService(
  { declaration: application, settings: { services } }: StackApplication,
  declaration: DeclaredService,
  { image, standIn }: ChosenImage,
  environment: string,
): Omit<ResolvedService, "release"> {
  const settings = services[declaration.name];
  const shape: WorkloadShape<DeclaredValue> = {
    service: declaration.name,
    application: application.name,
    team: application.team,
    environment,
    image,
    // A stand-in has its own entry point.
    command: standIn === undefined ? declaration.command : undefined,
    args: standInArgs(declaration, standIn) ?? declaration.args,
    resources: settings?.resources ?? declaration.resources,
    config: declaration.config,
    user: declaration.user,
    writable: declaration.writable,
    volumes: declaration.volumes,
    initContainers: initContainers(declaration, standIn),
    sidecars: declaration.sidecars,
    priorityClass: declaration.priorityClass,
    nodeSelector: declaration.nodeSelector,
    apiAccess: declaration.apiAccess,
    cloudIdentity: declaration.cloudIdentity,
    tolerations: declaration.tolerations,
    ...kindShape(declaration, settings, standIn),
  };
  return { declaration, env: { ...declaration.env, ...settings?.env }, shape };
}

function standInArgs(
  declaration: DeclaredService,
  standIn: StandIn | undefined,
): readonly string[] | undefined {
  return isServing(declaration) ? standIn?.args : standIn?.jobArgs;
}

function kindShape(
  declaration: DeclaredService,
  settings: ServiceSettings | undefined,
  standIn: StandIn | undefined,
): KindShape<DeclaredValue> {
  if (declaration.kind === "CronJob") {
    return { kind: "CronJob", schedule: declaration.schedule };
  }
  if (declaration.kind === "Job") {
    return { kind: "Job", run: declaration.run };
  }
  const serving = {
    ports: declaration.ports,
    probes: declaration.probes,
    shutdown: declaration.shutdown,
    migration: rolloutJob(declaration.migration, settings?.migration, standIn),
    smokeTest: rolloutJob(declaration.smokeTest, settings?.smokeTest, standIn),
    exposure: declaration.exposure,
    metrics: declaration.metrics,
    alerts: declaration.alerts,
    restartOnRotation: declaration.restartOnRotation,
  };
  switch (declaration.kind) {
    case "DaemonSet":
      return { ...serving, kind: "DaemonSet" };
    case "StatefulSet":
      return {
        ...serving,
        kind: "StatefulSet",
        scaling: scalingIn(declaration.scaling, settings?.scaling),
        placement: settings?.placement ?? declaration.placement,
        claims: declaration.claims,
        claimRetention: declaration.claimRetention,
        podManagement: declaration.podManagement,
        minReady: declaration.minReady,
      };
    case "Deployment":
      return {
        ...serving,
        kind: "Deployment",
        existing: declaration.existing,
        takeOver: settings?.takeOver,
        scaling: scalingIn(declaration.scaling, settings?.scaling),
        rollout: declaration.rollout,
        placement: settings?.placement ?? declaration.placement,
      };
  }
}

/** Bounds and targets that the stack names take the place of declared ones; other metrics stay. */
function scalingIn(
  declared: Scaling | undefined,
  said: ServiceSettings["scaling"],
): Scaling | undefined {
  if (said === undefined) {
    return declared;
  }
  if (said.fixed !== undefined) {
    return { fixed: said.fixed };
  }
  if (said.hpa !== undefined) {
    return { hpa: { ...declared?.hpa, ...said.hpa } };
  }
  // Bounds of what is not declared so are refused with the other problems of the settings.
  if (said.natsLag !== undefined) {
    return declared?.natsLag && { natsLag: withBounds(declared.natsLag, said.natsLag) };
  }
  return declared?.keda && { keda: withBounds(declared.keda, said.keda) };
}

function withBounds<Declared extends EventScaling>(
  declared: Declared,
  { min, max, fallback }: EventScalingBounds,
): Declared {
  return { ...declared, min, max, fallback: fallback ?? declared.fallback };
}

function rolloutJob(
  declared: SmokeTestShape<DeclaredValue> | undefined,
  settings: JobSettings | undefined,
  standIn: StandIn | undefined,
): SmokeTestShape<DeclaredValue> | undefined {
  return (
    declared && {
      ...standingIn(declared, standIn),
      retry: settings?.retry ?? declared.retry,
    }
  );
}

function initContainers(
  { initContainers: declared }: ExtraContainers<DeclaredValue>,
  standIn: StandIn | undefined,
): ExtraContainers<DeclaredValue>["initContainers"] {
  return (
    declared &&
    Object.fromEntries(
      Object.entries(declared).map(([name, init]) => [name, standingIn(init, standIn)]),
    )
  );
}

/** What ends by itself runs the stand-in where it would run the service's image; not where it has its own. */
function standingIn<
  Part extends Pick<RolloutJobShape, "command" | "args"> & Pick<SmokeTestShape, "image">,
>(part: Part, standIn: StandIn | undefined): Part {
  return standIn === undefined || part.image !== undefined
    ? part
    : { ...part, command: undefined, args: standIn.jobArgs };
}
