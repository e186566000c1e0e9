import { SKIP_AWAIT } from "../object/annotations";
import { annotationOf, type KubeObject } from "../object/kube-object";
import { type Condition } from "./condition";
import { daemonSetCondition } from "./daemon-set";
import { deploymentCondition } from "./deployment";
import { genericCondition } from "./generic";
import { jobCondition } from "./job";
import { ingressCondition, serviceCondition } from "./network";
import { podCondition } from "./pods";
import { statefulSetCondition } from "./stateful-set";
import {
  claimCondition,
  definitionCondition,
  quotaCondition,
  secretCondition,
  volumeCondition,
} from "./storage";
import { demandedCondition } from "./wait-for";

const CONDITIONS: Readonly<Record<string, Condition>> = {
  "apps/v1/DaemonSet": daemonSetCondition,
  "apps/v1/Deployment": deploymentCondition,
  "apps/v1/StatefulSet": statefulSetCondition,
  "batch/v1/Job": jobCondition,
  "networking.k8s.io/v1/Ingress": ingressCondition,
  "apiextensions.k8s.io/v1/CustomResourceDefinition": definitionCondition,
  "v1/PersistentVolume": volumeCondition,
  "v1/PersistentVolumeClaim": claimCondition,
  "v1/Pod": podCondition,
  "v1/ResourceQuota": quotaCondition,
  "v1/Secret": secretCondition,
  "v1/Service": serviceCondition,
};

/** Kinds whose readiness is not checked when they are read: they may change without being wrong. */
const NOT_READ = new Set(["v1/PersistentVolume", "v1/PersistentVolumeClaim", "v1/ResourceQuota"]);

/**
 * Chooses what to wait for after a write: what the annotation pulumi.com/waitFor demands, else the
 * condition of the kind, else nothing. pulumi.com/skipAwait turns all of it off.
 *
 * @param inputs the object as the program gave it
 */
export function writtenCondition(inputs: KubeObject): Condition | undefined {
  if (annotationOf(inputs, SKIP_AWAIT) === "true") {
    return undefined;
  }
  return demandedCondition(inputs) ?? CONDITIONS[keyOf(inputs)] ?? fallback();
}

/** Chooses what a read object is checked for: the condition of its kind. */
export function readCondition(inputs: KubeObject): Condition | undefined {
  const key = keyOf(inputs);
  return annotationOf(inputs, SKIP_AWAIT) === "true" || NOT_READ.has(key)
    ? undefined
    : CONDITIONS[key];
}

/** The official provider's switch for waiting for every other kind too. */
function fallback(): Condition | undefined {
  return process.env["PULUMI_K8S_AWAIT_ALL"] === "true" ? genericCondition : undefined;
}

function keyOf({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion}/${kind}`;
}
