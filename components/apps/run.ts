import { readFileSync } from "node:fs";
import type { DeployedObjects } from "../kit/immutable-guard";
import { parseImages, type GivenImages } from "./images";
import { readDeployed, type ExportedState } from "./workload/deployed-state";
import type { DeployedServices } from "./workload/release";

/** What a run is told beyond the checkout. */
export interface RunFacts {
  /** The versions given for it, by SLIPWAY_IMAGES. */
  readonly given: GivenImages;
  /** What is deployed, by the stack's state. */
  readonly deployed: DeployedServices;
  /** What each object was deployed with, by the same. */
  readonly objects: DeployedObjects;
  /**
   * The service to roll back, by SLIPWAY_ROLLBACK.
   * @default - none
   */
  readonly rollback?: string;
}

/**
 * Reads what a run is told by its environment and by the stack's own state.
 * @param state how the CLI answers; undefined in a program on mocks, which has no state
 * @throws `pulumi.RunError` when one of them cannot be read.
 */
export async function readRun(
  env: NodeJS.ProcessEnv,
  state: Promise<ExportedState> | undefined,
): Promise<RunFacts> {
  const given = parseImages(env.SLIPWAY_IMAGES, (path) => readFileSync(path, "utf8"));
  const { services, objects } = readDeployed(await state);
  return { given, deployed: services, objects, rollback: env.SLIPWAY_ROLLBACK };
}
