import { isMap, type Fields } from "../../policy/core/fields";
import { view } from "../../policy/core/walk";
import { diffFields, type FieldChange } from "../../review/model/field-diff";
import { maskFields } from "../../review/model/mask";
import { keepIgnoredFields } from "../../sandbox/plugins/kubernetes/change/ignored-fields";
import { ApiError, NoSuchKind } from "../../sandbox/plugins/kubernetes/client/api-error";
import type { KubeObjects } from "../../sandbox/plugins/kubernetes/client/objects";
import {
  isSecret,
  withoutValue,
  type KubeObject,
} from "../../sandbox/plugins/kubernetes/object/kube-object";
import { secretMask } from "../../sandbox/render/secrets";
import type { DeclaredObject } from "./declared";
import { writersOf, type Writer } from "./writers";

/** An object that is not what the stack's last update declared. */
export interface Drift {
  /** URN of its resource. */
  readonly urn: string;
  /** `Kind namespace/name`. */
  readonly object: string;
  /** Fields that an update would set back: as they are, and as they are declared. Secrets are masked. */
  readonly fields: readonly FieldChange[];
  /** Who wrote those fields, as the API server remembers it; none when it does not. */
  readonly by: readonly Writer[];
  /** What is wrong with the object as a whole, such as that it is gone. @default - nothing */
  readonly problem?: string;
}

/** What the dry run found. */
export interface DriftReport {
  /** The objects that differ. */
  readonly drifts: readonly Drift[];
  /** How many objects were compared. */
  readonly compared: number;
  /** Objects that could not be compared, each with the reason. */
  readonly notCompared: readonly { readonly object: string; readonly reason: string }[];
}

type Outcome = Drift | { readonly object: string; readonly reason: string } | undefined;

/**
 * Asks the API server what an update of each declared object would change. Everything is a dry run of a server-side
 * apply under the provider's own field manager, so defaults and spellings that only the server knows are no
 * difference, and neither are the fields of others.
 */
export async function dryRun(
  api: Pick<KubeObjects, "get" | "apply">,
  declared: readonly DeclaredObject[],
): Promise<DriftReport> {
  const outcomes = await Promise.all(declared.map((each) => compare(api, each)));
  const found = outcomes.filter((outcome) => outcome !== undefined);
  const drifts = found.filter((outcome): outcome is Drift => "urn" in outcome);
  const notCompared = found.filter((outcome) => "reason" in outcome);
  return { drifts, compared: declared.length - notCompared.length, notCompared };
}

async function compare(
  api: Pick<KubeObjects, "get" | "apply">,
  declared: DeclaredObject,
): Promise<Outcome> {
  const { urn, fieldManager, ignored } = declared;
  const object = titleOf(declared.object);
  const differs = (problem: string): Drift => ({ urn, object, fields: [], by: [], problem });
  const live = await api.get(declared.object).catch(refusal);
  if (live instanceof Error) {
    return live instanceof NoSuchKind || live.status.code === 404
      ? differs("it is gone from the cluster")
      : { object, reason: live.message };
  }
  const wanted = keepIgnoredFields(
    withLiveSecrets(declared.object, live),
    live,
    ignored,
    fieldManager,
  );
  const applied = await api
    .apply(wanted, { dryRun: true, fieldManager, force: true })
    .catch(refusal);
  if (applied instanceof Error) {
    return applied instanceof ApiError && applied.status.code === 422
      ? differs(`an update would be refused: ${applied.message}`)
      : { object, reason: applied.message };
  }
  const fields = diffFields(comparable(live), comparable(applied)).filter(
    ({ path }) => !ignored.some((each) => path === each || path.startsWith(`${each}.`)),
  );
  const by = writersOf(
    live,
    fields.map(({ path }) => path),
    fieldManager,
  );
  return fields.length === 0
    ? undefined
    : { urn, object, fields: maskFields({ view: view(live) }, fields), by };
}

/** What only the API server writes. */
const serverFields = [
  ["status"],
  ...["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"].map((field) => [
    "metadata",
    field,
  ]),
];

function comparable(object: KubeObject): Fields {
  return serverFields.reduce((rest, path) => withoutValue(rest, path) as KubeObject, object);
}

/** An answer that is about this object alone; that the server cannot be reached ends the whole run. */
function refusal(error: unknown): ApiError | NoSuchKind {
  if (error instanceof ApiError || error instanceof NoSuchKind) {
    return error;
  }
  throw error;
}

/** `Kind namespace/name`, or without the namespace where there is none. */
function titleOf({ kind, metadata }: KubeObject): string {
  const { name, namespace } = metadata as { readonly name?: string; readonly namespace?: string };
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name ?? ""}`;
}

/**
 * The declared object with the live value in the place of each secret: the state has only its cipher text, so
 * another value of a secret is no difference here, but a key that is gone is one.
 */
function withLiveSecrets(declared: KubeObject, live: KubeObject): KubeObject {
  if (!isSecret(declared)) {
    return filled(declared, live, secretMask) as KubeObject;
  }
  const { stringData, ...rest } = declared;
  const values = isMap(stringData) ? stringData : {};
  // A Secret that is one secret as a whole does not tell its keys.
  const whole = stringData === secretMask || rest.data === secretMask;
  const given = isMap(rest.data) ? rest.data : {};
  const data = whole ? secretMask : { ...given, ...mapValues(values, () => secretMask) };
  const isEmpty = isMap(data) && Object.keys(data).length === 0;
  const secret = { ...rest, ...(isEmpty ? {} : { data }) };
  return filled(secret, live, Buffer.from("missing").toString("base64")) as KubeObject;
}

function filled(declared: unknown, live: unknown, missing: string): unknown {
  if (declared === secretMask) {
    return live ?? missing;
  }
  if (Array.isArray(declared)) {
    const items = Array.isArray(live) ? (live as readonly unknown[]) : [];
    return declared.map((item, index) => filled(item, items[index], missing));
  }
  if (!isMap(declared)) {
    return declared;
  }
  const from = isMap(live) ? live : {};
  return mapValues(declared, (value, key) => filled(value, from[key], missing));
}

function mapValues(map: Fields, change: (value: unknown, key: string) => unknown): Fields {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}
