import { readFileSync } from "node:fs";
import { readDeployed, type ExportedState } from "./deployed-state";
import { parseImages, type GivenImages } from "./images";
import type { DeployedServices } from "./release";

/** What a run is told beyond the checkout. */
export interface RunFacts {
  /** The versions given for it, by SLIPWAY_IMAGES. */
  readonly given: GivenImages;
  /** What is deployed, by the stack's state. */
  readonly deployed: DeployedServices;
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
  return { given, deployed: readDeployed(await state), rollback: env.SLIPWAY_ROLLBACK };
}
