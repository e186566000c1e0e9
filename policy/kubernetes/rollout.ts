import { fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { parseIntOrPercent, resolveCount, type IntOrPercent } from "./int-or-percent";

/** How a Deployment replaces its pods, resolved to counts as its controller does. */
export interface Rollout {
  /** Pods that may be missing during a rollout. */
  readonly unavailable: number;
  /** Pods that may be added during a rollout. */
  readonly surge: number;
  /** `maxUnavailable` as written, else the API's default. */
  readonly maxUnavailable: IntOrPercent;
}

// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
const DEFAULT_SHARE: IntOrPercent = { value: 25, percent: true };

/** The rolling update of a Deployment; undefined when it recreates its pods. */
export function rolloutOf(deployment: ObjectView, replicas: number): Rollout | undefined {
  const strategy = fields(deployment.spec["strategy"]);
  if ((strategy["type"] ?? "RollingUpdate") !== "RollingUpdate") {
    return undefined;
  }
  const rollingUpdate = fields(strategy["rollingUpdate"]);
  const maxUnavailable = parseIntOrPercent(rollingUpdate["maxUnavailable"]) ?? DEFAULT_SHARE;
  const maxSurge = parseIntOrPercent(rollingUpdate["maxSurge"]) ?? DEFAULT_SHARE;
  const unavailable = resolveCount(maxUnavailable, replicas, "down");
  const surge = resolveCount(maxSurge, replicas, "up");
  // Both zero would never finish, so the controller takes one pod away.
  return { unavailable: unavailable === 0 && surge === 0 ? 1 : unavailable, surge, maxUnavailable };
}
