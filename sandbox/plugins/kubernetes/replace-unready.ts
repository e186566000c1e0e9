import { type PlainMap } from "../rpc/values";
import { judgeNow } from "./await/wait";
import { jobCondition } from "./await/job";
import { REPLACE_UNREADY } from "./object/annotations";
import { annotationOf, type KubeObject } from "./object/kube-object";
import { type Session } from "./session";

/**
 * Whether the annotation pulumi.com/replaceUnready replaces a Job: it has not completed. Other kinds have
 * no such state from which only a new object helps.
 *
 * @returns the path the replacement is put down to, or undefined
 */
export async function isReplacedUnready(
  session: Session,
  urn: string,
  inputs: PlainMap,
  live: PlainMap,
): Promise<string | undefined> {
  if (annotationOf(inputs, REPLACE_UNREADY) !== "true") {
    return undefined;
  }
  if (session.unreachable !== "") {
    session.message("warning", urn, "Cluster is unreachable, skipping replaceUnready check");
    return undefined;
  }
  if (inputs["kind"] !== "Job") {
    session.message("warning", urn, "replaceUnready annotation is not supported for this resource");
    return undefined;
  }
  const { objects } = session.cluster;
  try {
    const job = await objects.get(live as KubeObject);
    const { outcome } = await judgeNow(objects, job, jobCondition);
    return outcome === "ready" ? undefined : `metadata.annotations["${REPLACE_UNREADY}"]`;
  } catch {
    // As in the official provider, a Job that cannot be read is not replaced for it.
    return undefined;
  }
}
