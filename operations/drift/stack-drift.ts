import { ClusterApi } from "../api";
import { openKubeConfig } from "../cluster";
import { exportState } from "../services";
import type { Stack } from "../stack";
import { declaredObjects } from "./declared";
import { dryRun, type DriftReport } from "./dry-run";

/** Asks what an update of everything that a stack declared would change in its cluster. */
export async function driftOfStack(stack: Stack): Promise<DriftReport> {
  const declared = declaredObjects(await exportState(stack));
  const api = await ClusterApi.connect(await openKubeConfig(stack.cluster()));
  try {
    return await dryRun(api.objects, declared);
  } finally {
    api.close();
  }
}
