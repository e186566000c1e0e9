import { createHash } from "node:crypto";
import type { Action } from "./action";
import { isReady, sameConditions, withTransitionTimes } from "./conditions";
import { collectValues, type ExternalSecretSpec } from "./external-secret-values";
import {
  type Condition,
  controllerReference,
  decode,
  encode,
  type KubernetesObject,
  type Secret,
} from "./objects";
import { runningOperator } from "./operators";
import { requestedFailure } from "./requested-failure";
import { ReadProblem, type Reviewer } from "./secret-stores";
import { fillTemplate, TemplateProblem } from "./secret-template";
import type { World } from "./world";

/** An ExternalSecret. */
export interface ExternalSecret extends KubernetesObject {
  /** What to carry where. */
  readonly spec: ExternalSecretSpec;
  /** How far it was carried. */
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly syncedResourceVersion?: string;
  };
}

/** Carries the values of each ExternalSecret into its target Secret, and says so. A change at the source is carried at once. */
export async function playExternalSecrets(
  world: World,
  reviewer: Reviewer,
  now: string,
): Promise<readonly Action[]> {
  if (runningOperator(world, "externalSecrets") === undefined) {
    return [];
  }
  const played = world
    .list<ExternalSecret>("ExternalSecret")
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map((object) => playOne(object, world, reviewer, now));
  return (await Promise.all(played)).flat();
}

async function playOne(
  object: ExternalSecret,
  world: World,
  reviewer: Reviewer,
  now: string,
): Promise<readonly Action[]> {
  const { metadata, spec } = object;
  const namespace = metadata.namespace ?? "";
  const targetName = spec.target?.name ?? metadata.name;
  const present = world.secret(namespace, targetName);
  try {
    const failure = requestedFailure(object);
    if (failure !== undefined) {
      throw new ReadProblem(failure);
    }
    const values = await collectValues(spec, namespace, decode(present), world, reviewer);
    const target = targetOf(object, targetName, values);
    const written = writeTarget(object, target, present);
    return written.length > 0 ? written : reportSynced(object, target, now);
  } catch (problem) {
    if (problem instanceof ReadProblem || problem instanceof TemplateProblem) {
      return report(object, "False", "SecretSyncedError", problem.message, now);
    }
    throw problem;
  }
}

/** The target Secret as the ExternalSecret describes it. */
function targetOf(
  object: ExternalSecret,
  name: string,
  values: Readonly<Record<string, string>>,
): Secret {
  const { metadata, spec } = object;
  const template = spec.target?.template;
  const filled = Object.fromEntries(
    Object.entries(template?.data ?? {}).map(([key, text]) => [key, fillTemplate(text, values)]),
  );
  const content =
    template?.data === undefined
      ? values
      : template.mergePolicy === "Merge"
        ? { ...values, ...filled }
        : filled;
  const owned = (spec.target?.creationPolicy ?? "Owner") === "Owner";
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: {
        ...template?.metadata?.labels,
        "reconcile.external-secrets.io/managed": "true",
      },
      annotations: {
        ...template?.metadata?.annotations,
        "reconcile.external-secrets.io/data-hash": hashOf(content),
      },
      ...(owned ? { ownerReferences: [controllerReference(object)] } : {}),
    },
    type: template?.type ?? "Opaque",
    ...(spec.target?.immutable === true ? { immutable: true } : {}),
    data: encode(content),
  };
}

function writeTarget(
  object: ExternalSecret,
  target: Secret,
  present: Secret | undefined,
): readonly Action[] {
  const policy = object.spec.target?.creationPolicy ?? "Owner";
  if (policy === "None") {
    return [];
  }
  if (present === undefined) {
    if (policy === "Merge") {
      throw new ReadProblem(
        `the target Secret "${target.metadata.name}" does not exist, and creationPolicy is Merge`,
      );
    }
    return [{ do: "create", object: target }];
  }
  const owner = present.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (policy === "Owner" && owner !== undefined && owner.uid !== object.metadata.uid) {
    throw new ReadProblem(
      `target is owned by another ${owner.kind}: "${owner.name}" owns the Secret "${target.metadata.name}"`,
    );
  }
  const data = target.data ?? {};
  const same = Object.entries(data).every(([key, value]) => present.data?.[key] === value);
  const superfluous =
    policy === "Merge" ? [] : Object.keys(present.data ?? {}).filter((key) => !(key in data));
  if (present.immutable === true || (same && superfluous.length === 0)) {
    return [];
  }
  // RFC 7386: null removes a key.
  const removed = Object.fromEntries(superfluous.map((key) => [key, null]));
  return [
    {
      do: "merge",
      object: present,
      fields: { metadata: target.metadata, data: { ...data, ...removed } },
    },
  ];
}

function reportSynced(object: ExternalSecret, target: Secret, now: string): readonly Action[] {
  const version = `${object.metadata.generation ?? 0}-${hashOf(target.data ?? {})}`;
  const current = object.status?.syncedResourceVersion === version && isReady(object.status);
  return current
    ? []
    : report(object, "True", "SecretSynced", "secret synced", now, {
        binding: { name: target.metadata.name },
        refreshTime: now,
        syncedResourceVersion: version,
      });
}

function report(
  object: ExternalSecret,
  status: "True" | "False",
  reason: string,
  message: string,
  now: string,
  more?: object,
): readonly Action[] {
  const conditions = [{ type: "Ready", status, reason, message }] as const;
  const present = object.status?.conditions;
  return more === undefined && sameConditions(conditions, present)
    ? []
    : [
        {
          do: "mergeStatus",
          object,
          fields: { ...more, conditions: withTransitionTimes(conditions, present, now) },
        },
      ];
}

function hashOf(content: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 32);
}
