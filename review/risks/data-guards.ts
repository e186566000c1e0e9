import { fields, isMap, list, maps, text } from "../../policy/core/fields";
import { parseQuantity } from "../../policy/core/quantity";
import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { type FieldChange } from "../model/field-diff";
import { isWithin } from "../model/immutable";
import { type Risk, riskOf } from "../model/risk";
import { heldData } from "../model/state";

/** Edits that lose no data by themselves but take away what protects it: retention, backups, space, members. */
export function dataGuards({ changes }: Comparison): readonly Risk[] {
  return changes.flatMap((change) =>
    change.before === undefined || change.after === undefined
      ? []
      : [
          ...weakerOptions(change),
          ...weakerPolicies(change),
          ...fewerBackups(change),
          ...(heldData(change.object) === undefined ? [] : smallerData(change)),
        ],
  );
}

function weakerOptions(change: Change): readonly Risk[] {
  return change.options
    .filter(({ path, before }) => path !== "(deleteBeforeReplace)" && before === true)
    .map(({ path }) =>
      riskOf(
        change.object,
        "data",
        "high",
        path === "(protect)"
          ? "it is no longer protected: a later change can delete it"
          : "it is no longer retained: when its resource goes, the object goes too",
        "Keep slipway:retention at keep unless the data is to go.",
      ),
    );
}

function weakerPolicies(change: Change): readonly Risk[] {
  return change.fields
    .filter(
      ({ path, after }) =>
        after === "Delete" && /reclaimPolicy|ReclaimPolicy|RetentionPolicy/.test(path),
    )
    .map(({ path }) =>
      riskOf(
        change.object,
        "data",
        "high",
        `${path} becomes Delete: volumes go with what uses them`,
        "Keep Retain for anything that is not rebuilt from elsewhere.",
      ),
    );
}

function fewerBackups(change: Change): readonly Risk[] {
  if (!change.object.view.is("postgres-operator.crunchydata.com/PostgresCluster")) {
    return [];
  }
  const before = backups(change.before?.view.spec);
  const after = new Set(backups(change.after?.view.spec));
  return before
    .filter((backup) => !after.has(backup))
    .map((backup) =>
      riskOf(
        change.object,
        "data",
        "high",
        `the backup ${backup} is taken away`,
        "Add the new repository or schedule first, wait for a full backup in it, then remove the old one.",
      ),
    );
}

/** Repositories and their schedules, as texts. */
function backups(spec: unknown): readonly string[] {
  const repositories = maps(fields(fields(fields(spec)["backups"])["pgbackrest"])["repos"]);
  return repositories.flatMap((repository) => {
    const name = text(repository["name"]) ?? "";
    const place = placeOf(repository);
    const schedules = fields(repository["schedules"]);
    return [
      `repository ${name}`,
      ...(place === undefined ? [] : [`repository ${name} in ${place}`]),
      ...Object.keys(schedules).map((kind) => `schedule ${kind} of ${name}`),
    ];
  });
}

/** Where a repository is: what is left at another place is not restored from, and a volume is deleted. */
function placeOf(repository: Readonly<Record<string, unknown>>): string | undefined {
  if (repository["volume"] !== undefined) {
    return "its volume";
  }
  const held = ["s3", "gcs", "azure"].flatMap((kind) => {
    const place = fields(repository[kind]);
    return text(place["bucket"]) ?? text(place["container"]) ?? [];
  });
  return held.length === 0 ? undefined : `the bucket ${held.join()}`;
}

function smallerData(change: Change): readonly Risk[] {
  return change.fields.flatMap((field) => [
    ...shrunkStorage(change, field),
    ...fewerMembers(change, field),
    ...otherMajor(change, field),
  ]);
}

function shrunkStorage(change: Change, { path, before, after }: FieldChange): readonly Risk[] {
  const shrinks =
    path.endsWith("requests.storage") && (parseQuantity(after) ?? 0) < (parseQuantity(before) ?? 0);
  return shrinks && !change.object.view.is("PersistentVolumeClaim")
    ? [
        riskOf(
          change.object,
          "data",
          "high",
          `${path} shrinks from ${String(before)} to ${String(after)}; a volume cannot shrink`,
          "Keep the size, or build a second, smaller one and move the data.",
        ),
      ]
    : [];
}

function fewerMembers(change: Change, { path, before, after }: FieldChange): readonly Risk[] {
  const members = /^spec\.(replicas|instances\[[^\]]*\]\.replicas|pools\[[^\]]*\]\.servers)$/.test(
    path,
  );
  if (members && typeof before === "number" && Number(after ?? 1) < before) {
    return [
      riskOf(
        change.object,
        "data",
        "high",
        `its members go from ${before} to ${String(after ?? 1)}: copies of the data are removed, and a quorum may be lost`,
        "Move streams, objects or the leader off the members that go, one member at a time.",
      ),
    ];
  }
  const removed = /^spec\.(instances|pools)\[[^\]]*\]$/.test(path) && after === undefined;
  return removed && (isMap(before) || list(before).length > 0)
    ? [
        riskOf(
          change.object,
          "data",
          "high",
          `the instance set ${path} is removed with its volumes`,
          "Add the new set first and let it catch up before this one goes.",
        ),
      ]
    : [];
}

function otherMajor(change: Change, { path, before, after }: FieldChange): readonly Risk[] {
  return isWithin(path, "spec.postgresVersion") && typeof before === "number"
    ? [
        riskOf(
          change.object,
          "data",
          "high",
          `PostgreSQL ${before} becomes ${String(after)}: the data files of one major version do not fit another`,
          "Take a backup, then upgrade with a PGUpgrade resource while the cluster is shut down.",
        ),
      ]
    : [];
}
