import type * as pulumi from "@pulumi/pulumi";
import { toSeconds, type Duration } from "../../kit/duration";
import { startupBudgetSeconds, type Probes } from "../../kit/probes";
import type { Problem } from "../../kit/problem";
import type { ScalingBounds } from "./scaling";

/** How a new version takes the place of the old one. None of the old pods goes before a new one serves. */
export interface Rollout {
  /**
   * How many pods there may be above the wanted number; each wave replaces that many.
   * @default 1
   */
  readonly maxSurge?: number;
  /**
   * How long a new pod has to stay ready before it counts.
   * @default "5s"
   */
  readonly minReady?: Duration;
}

/** How a pod ends. */
export interface Shutdown {
  /**
   * How long a pod goes on serving after its end was asked for, while the proxies forget its address.
   * @default "10s"
   */
  readonly preStop?: Duration;
  /**
   * How long the process may take, after SIGTERM, to finish what it has begun.
   * @default "30s"
   */
  readonly drain?: Duration;
}

/** Every time span of a Deployment's rollout, in seconds. They hang together, so they are computed together. */
export interface RolloutTimes {
  /** How long a new pod has to stay ready before it counts. */
  readonly minReadySeconds: number;
  /** When the controller gives a rollout up that makes no progress. */
  readonly progressDeadlineSeconds: number;
  /** How long a pod goes on serving after its end was asked for. */
  readonly preStopSeconds: number;
  /** When a pod that does not end is killed. */
  readonly terminationGracePeriodSeconds: number;
  /** How long the engine waits. */
  readonly timeouts: pulumi.CustomTimeouts;
}

/** A node has to be found and the image pulled before the startup probe's window begins. */
export const pullSeconds = 120;

/** Long enough for the controller to report what the engine waits for. */
export const reportSeconds = 60;

/**
 * Computes a Deployment's times. The engine waits for as many waves as a rollout at full scale has,
 * each as long as a pod may take; the controller gives up after one such span without progress, so
 * a rollout that is stuck ends with the controller's reason and not with the engine's time-out.
 */
export function rolloutTimes(
  probes: Probes,
  rollout: Rollout,
  shutdown: Shutdown,
  bounds: ScalingBounds,
): RolloutTimes {
  const minReadySeconds = toSeconds(rollout.minReady ?? "5s");
  const preStopSeconds = toSeconds(shutdown.preStop ?? "10s");
  const terminationGracePeriodSeconds = preStopSeconds + toSeconds(shutdown.drain ?? "30s");
  const waveSeconds = pullSeconds + startupBudgetSeconds(probes) + minReadySeconds;
  const waves = Math.ceil(bounds.ceiling / maxSurge(rollout));
  return {
    minReadySeconds,
    progressDeadlineSeconds: waveSeconds,
    preStopSeconds,
    terminationGracePeriodSeconds,
    timeouts: {
      // All pods of a new Deployment start at once.
      create: inSeconds(waveSeconds + reportSeconds),
      update: inSeconds(waves * waveSeconds + reportSeconds),
      delete: inSeconds(terminationGracePeriodSeconds + reportSeconds),
    },
  };
}

/** Computes the times of a Deployment whose only pod ends before the next one starts. */
export function singletonTimes(
  probes: Probes,
  minReady: Duration | undefined,
  shutdown: Shutdown,
): RolloutTimes {
  const times = rolloutTimes(probes, { minReady }, shutdown, { floor: 1, ceiling: 1 });
  const { progressDeadlineSeconds: startSeconds, terminationGracePeriodSeconds } = times;
  const update = inSeconds(startSeconds + terminationGracePeriodSeconds + reportSeconds);
  return { ...times, timeouts: { ...times.timeouts, update } };
}

/**
 * Computes a StatefulSet's times. An update ends one pod before it starts the next, so that each wave
 * is one pod; there is no spare one.
 */
export function statefulTimes(
  probes: Probes,
  minReady: Duration | undefined,
  shutdown: Shutdown,
  pods: { readonly bounds: ScalingBounds; readonly parallel: boolean },
): RolloutTimes {
  const times = rolloutTimes(probes, { minReady }, shutdown, pods.bounds);
  const { progressDeadlineSeconds: startSeconds, terminationGracePeriodSeconds } = times;
  const { ceiling } = pods.bounds;
  return {
    ...times,
    timeouts: {
      ...times.timeouts,
      create: inSeconds((pods.parallel ? 1 : ceiling) * startSeconds + reportSeconds),
      update: inSeconds(ceiling * (startSeconds + terminationGracePeriodSeconds) + reportSeconds),
    },
  };
}

export function maxSurge(rollout: Rollout): number {
  return rollout.maxSurge ?? 1;
}

/** What is wrong with a workload's rollout. */
export function rolloutProblems(rollout: Rollout): readonly Problem[] {
  const surge = maxSurge(rollout);
  return Number.isInteger(surge) && surge >= 1
    ? []
    : [
        {
          field: "maxSurge",
          message:
            `got ${String(surge)}; it has to be a whole number, at least 1: without a spare pod a rollout ` +
            `could only begin by taking one away.`,
        },
      ];
}

function inSeconds(seconds: number): string {
  return `${String(seconds)}s`;
}
