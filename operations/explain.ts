import type { V1Pod } from "@kubernetes/client-node";
import type { ClusterReader } from "./cluster";
import { openCluster } from "./cluster";
import { podProblem, problemText, type PodProblem } from "./pod";
import { rolloutProgress, type ControllerObject, type RolloutProgress } from "./progress";
import { controllersOf, readServices, type Controller } from "./services";
import type { Stack } from "./stack";

/** How many of a container's last lines are shown. */
const logLines = 5;

/** A pod, and why it is not ready. */
export interface ExplainedPod {
  /** Its name. */
  readonly name: string;
  /** Why it is not ready. @default - it is, or has done what it was to do */
  readonly problem?: PodProblem;
  /** What the container printed last that the problem is about. */
  readonly log: readonly string[];
}

/** An object that runs pods, how far its rollout is, and its pods. */
export interface ExplainedController {
  /** Where it is. */
  readonly controller: Controller;
  /** The object. @default - it is gone from the cluster */
  readonly object?: ControllerObject;
  /** How far its rollout is. */
  readonly progress: RolloutProgress;
  /** Its pods. */
  readonly pods: readonly ExplainedPod[];
}

/** Looks at an object and its pods. Logs are read only of pods that are not ready. */
export async function explain(
  cluster: ClusterReader,
  controller: Controller,
): Promise<ExplainedController> {
  const object = await cluster.controller(controller);
  if (object === undefined) {
    const detail = `the ${controller.kind} ${controller.namespace}/${controller.name} is not in the cluster`;
    return { controller, progress: { state: "failed", detail }, pods: [] };
  }
  const progress = rolloutProgress(controller.kind, object);
  const pods = await cluster.pods(controller, object);
  const events = pods.length === 0 ? [] : await cluster.events(controller.namespace);
  const explained = pods.map(async (pod): Promise<ExplainedPod> => {
    const problem = podProblem(pod, events);
    return {
      name: pod.metadata?.name ?? "",
      ...(problem === undefined ? {} : { problem }),
      log: await logOf(cluster, pod, problem),
    };
  });
  return { controller, object, progress, pods: await Promise.all(explained) };
}

async function logOf(
  cluster: ClusterReader,
  pod: V1Pod,
  problem: PodProblem | undefined,
): Promise<readonly string[]> {
  return problem?.container === undefined ? [] : cluster.logs(pod, problem.container, logLines);
}

/** What was found, for a person: the object, then each pod that is not ready. */
export function explanationText({ controller, progress, pods }: ExplainedController): string {
  const { kind, namespace, name } = controller;
  const ready = progress.replicas;
  const count =
    ready === undefined ? "" : `, ${String(ready.ready)} of ${String(ready.wanted)} ready`;
  const lines = [`${kind} ${namespace}/${name}: ${progress.state}${count}`];
  if (progress.detail !== undefined) {
    lines.push(`  ${progress.detail}`);
  }
  for (const { name: pod, problem, log } of pods) {
    if (problem !== undefined) {
      lines.push(`  pod ${pod}: ${problemText(problem)}`, ...log.map((line) => `    | ${line}`));
    }
  }
  return lines.join("\n");
}

/**
 * Says why services of a stack are not as they should be, after a run of the CLI has failed.
 * @param services the services to look at; those whose rollout failed by the state when none are named
 */
export async function explainFailures(
  stack: Stack,
  services?: readonly string[],
): Promise<string | undefined> {
  const state = await readServices(stack);
  const failed =
    services ?? [...state.deployed].filter(([, { failed }]) => failed).map(([service]) => service);
  if (failed.length === 0) {
    return undefined;
  }
  const cluster = await openCluster(stack.cluster());
  const explained = await Promise.all(
    failed
      .flatMap((service) => controllersOf(state, service))
      .map((controller) => explain(cluster, controller)),
  );
  const incomplete = explained.filter(({ progress }) => progress.state !== "complete");
  return incomplete.length === 0 ? undefined : incomplete.map(explanationText).join("\n");
}
