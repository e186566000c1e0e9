import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterReader } from "./cluster";
import { openCluster } from "./cluster";
import { explain, explanationText, type ExplainedController } from "./explain";
import { controllersOf, isMain, readServices, type Controller } from "./services";
import type { Stack } from "./stack";

/** How often the cluster is asked, in milliseconds. */
const interval = 2_000;

/** How a rollout is waited for. */
export interface WaitOptions {
  /** The stack's name, for the command that goes back. */
  readonly stack: string;
  /** The longest wait, in seconds. */
  readonly timeoutSeconds: number;
  /** Takes each line of progress. */
  readonly print: (line: string) => void;
  /** Waits between two looks. @default - two seconds */
  readonly pause?: () => Promise<unknown>;
  /** The time in milliseconds. @default - the system's clock */
  readonly now?: () => number;
}

/** `rollout`: says why pods are not ready, and waits until the rollout is complete. Gives the exit code. */
export async function rollout(
  stack: Stack,
  service: string,
  options: Omit<WaitOptions, "stack">,
): Promise<number> {
  const controllers = controllersOf(await readServices(stack), service);
  const controller = controllers.find(isMain) ?? controllers[0];
  const cluster = await openCluster(stack.cluster());
  return controller === undefined
    ? 1
    : waitForRollout(cluster, controller, { ...options, stack: stack.name });
}

/** Waits for the rollout of one object, and prints what it waits for whenever that changes. */
export async function waitForRollout(
  cluster: ClusterReader,
  controller: Controller,
  { stack, timeoutSeconds, print, pause = () => sleep(interval), now = Date.now }: WaitOptions,
): Promise<number> {
  const started = now();
  const elapsed = (): number => Math.round((now() - started) / 1000);
  let shown = "";
  for (;;) {
    const explained = await explain(cluster, controller);
    const { state } = explained.progress;
    const text = explanationText(explained);
    if (text !== shown) {
      print(text);
      shown = text;
    }
    if (state !== "under way") {
      print(
        state === "complete" ? `Complete after ${String(elapsed())} s.` : endText(explained, stack),
      );
      return state === "complete" ? 0 : 1;
    }
    if (elapsed() >= timeoutSeconds) {
      print(`Not complete after ${String(timeoutSeconds)} s.`);
      return 1;
    }
    await pause();
  }
}

function endText({ controller: { service } }: ExplainedController, stack: string): string {
  return `Failed. To go back: npm run rollback -- --stack ${stack} ${service}`;
}
