import type { V1Namespace } from "@kubernetes/client-node";
import { secondsSince, whereIs, type Context, type MetadataOnly, type Seen } from "../seen";
import { age } from "../../status";
import type { Check, Found } from "./check";

/** Which Deployment takes a finalizer away, by the finalizer's domain. */
const operators: readonly (readonly [finalizer: RegExp, deployment: string])[] = [
  [/cert-manager\.io/, "cert-manager"],
  [/postgres-operator\.crunchydata\.com/, "pgo"],
  [/external-secrets\.io/, "external-secrets"],
  [/keda\.sh/, "keda-operator"],
];

/** Finalizers that Kubernetes itself takes away. */
const builtIn = /^(?:[a-z.-]*\.)?(?:kubernetes|k8s)\.io\/|^foregroundDeletion$|^orphan$/;

/** A deletion ends within seconds when everybody does their part. */
const patienceSeconds = 30;
/** The same, where the operator runs or Kubernetes itself is to do it: unmounting a volume takes its time. */
const longPatienceSeconds = 600;

/** Objects that are being deleted and wait for somebody who does not come. */
export const stuckDeletions: Check = {
  name: "finalizers",
  reads: ["ending", "namespaces", "deployments"],
  find: (seen, context) => [
    ...seen.ending
      .filter(({ kind }) => kind !== "Namespace")
      .flatMap((object) => endingObject(object, seen, context)),
    ...seen.namespaces.flatMap((namespace) => endingNamespace(namespace, context)),
  ],
};

function endingObject(
  { apiVersion, kind, metadata }: MetadataOnly,
  { deployments }: Seen,
  { kubectl, now }: Context,
): readonly Found[] {
  const { namespace, name = "", deletionTimestamp, finalizers = [] } = metadata;
  const waiting = secondsSince(deletionTimestamp, now);
  const [finalizer] = finalizers;
  if (finalizer === undefined || deletionTimestamp === undefined) {
    return [];
  }
  const [, operator] = operators.find(([domain]) => domain.test(finalizer)) ?? [];
  const runs = deployments.some(
    ({ metadata: { name: called, labels } = {}, status }) =>
      (called === operator || labels?.["app.kubernetes.io/name"] === operator) &&
      (status?.availableReplicas ?? 0) > 0,
  );
  const isOwn = builtIn.test(finalizer);
  const somebody = operator !== undefined && runs;
  if (waiting < (isOwn || somebody ? longPatienceSeconds : patienceSeconds)) {
    return [];
  }
  const why = isOwn
    ? "Kubernetes takes it away when nothing uses the object any more"
    : operator === undefined
      ? "nothing that this stack runs is known to take it away"
      : runs
        ? `its operator ${operator} runs, and does not take it away`
        : `its operator ${operator} does not run`;
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
  const object = `${kind.toLowerCase()}${group} ${name}${namespace === undefined ? "" : ` --namespace ${namespace}`}`;
  const byHand = `${kubectl} patch ${object} --type merge --patch '{"metadata":{"finalizers":null}}'`;
  const first = isOwn
    ? `${kubectl} describe ${object} tells what uses it`
    : operator === undefined
      ? `start what set it; or, when nothing is left to clean up: ${byHand}`
      : runs
        ? `${kubectl} logs deployment/${operator} --namespace <its namespace> tells why`
        : `start ${operator} (the stack's platform has it); or, when nothing is left to clean up: ${byHand}`;
  return [
    {
      severity: "high",
      where: whereIs(kind, metadata),
      what: `it has been being deleted for ${age(new Date(deletionTimestamp), now)} and waits for the finalizer ${finalizers.join(", ")}: ${why}`,
      why: "Until it is gone its namespace cannot be deleted, and the object cannot be made again.",
      fix: first,
    },
  ];
}

/** Conditions of a namespace that say why it is not gone yet. */
const remaining = [
  "NamespaceDeletionDiscoveryFailure",
  "NamespaceDeletionContentFailure",
  "NamespaceDeletionGroupVersionParsingFailure",
  "NamespaceFinalizersRemaining",
  "NamespaceContentRemaining",
];

function endingNamespace(
  { metadata, status }: V1Namespace,
  { kubectl, now }: Context,
): readonly Found[] {
  const { name = "", deletionTimestamp } = metadata ?? {};
  if (
    deletionTimestamp === undefined ||
    secondsSince(deletionTimestamp, now) < longPatienceSeconds / 5
  ) {
    return [];
  }
  const reasons = remaining.flatMap(
    (type) =>
      status?.conditions?.find((each) => each.type === type && each.status === "True")?.message ??
      [],
  );
  return [
    {
      severity: "high",
      where: `Namespace ${name}`,
      what: `it has been being deleted for ${age(new Date(deletionTimestamp), now)}${reasons.length === 0 ? "" : `: ${reasons.join(" ")}`}`,
      why: "Nothing can be made in it until it is gone.",
      fix: `remove what is left: ${kubectl} describe namespace ${name} names it`,
    },
  ];
}
