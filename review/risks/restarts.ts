import { type ObjectView } from "../../policy/core/object";
import { indexSelectors, namespaceOf } from "../../policy/core/stack";
import { parseIntOrPercent, resolveCount } from "../../policy/kubernetes/int-or-percent";
import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { plus, podAmounts, scaleOf, nothing } from "../model/footprint";
import { contentBase } from "../model/content-name";
import { type FieldChange } from "../model/field-diff";
import { isWithin } from "../model/immutable";
import { isNoise } from "../model/noise";
import { compareText } from "../model/order";
import { type Risk, riskOf } from "../model/risk";
import { rolloutPlan, type RolloutPlan } from "../model/rollout-time";
import { type Snapshot, type StackObject, titleOf } from "../model/snapshot";
import { mountsClaims } from "../model/state";
import { byNamespace, exceeded, quotaOf, words as amountWords } from "./capacity";
import { quotaRefusals, quotaRemedy } from "./quota-demands";
import { silentSettings } from "./silent-settings";

/** A workload whose pods are replaced by new ones. */
export interface Restart {
  /** The workload. */
  readonly object: StackObject;
  /**
   * Its place in the order of the update, from 1; workloads of the same place roll at the same time. Undefined
   * when the dependencies are not known.
   */
  readonly place: number | undefined;
  /** The fields that make it roll; for another content of a ConfigMap or Secret, the keys of that. */
  readonly because: readonly string[];
  /** Whether it is deleted and made anew. */
  readonly replaced: boolean;
  /** How it rolls, in words. */
  readonly how: string;
  /** The longest it may take by its own budgets, in seconds; undefined when nobody can say. */
  readonly seconds: number | undefined;
  /** Whether at some moment no pod is ready. */
  readonly downtime: boolean;
  /** What keeps it from finishing, in words; none when nothing does. */
  readonly blockers: readonly string[];
  /** What else to know, such as a disruption budget without room; none when there is nothing. */
  readonly notes: readonly string[];
}

/** The workloads that roll, in the order in which the engine updates them. */
export function restarts(comparison: Comparison): readonly Restart[] {
  const { head, changes, ordered } = comparison;
  const renewed = new Map(
    changes
      .filter(({ action }) => action === "renew")
      .map((change) => [placeOf(change.object.view, change.object.view.name), change] as const),
  );
  const rolling = changes.filter((change) => causes(change).length > 0);
  const place = places(head, new Set(rolling.map(({ object }) => object.urn)));
  const budgets = indexSelectors(
    head.index.ofKind("PodDisruptionBudget"),
    ({ spec }) => spec["selector"],
  );
  const usage = byNamespace(head);
  return rolling
    .map((change): Restart => {
      const { object } = change;
      const { view } = object;
      const replicas = scaleOf(view, head).min;
      const plan = rolloutPlan(view, replicas);
      const replaced = change.action === "replace";
      const { words, surge, downtime, seconds } = replaced ? replacementPlan(plan) : plan;
      const asked = plus(usage.get(view.namespace)?.min ?? nothing, podAmounts(view), surge);
      const beyond = exceeded(asked, quotaOf(head, view.namespace));
      const blocking = budgets.selecting(namespaceOf(view), view.pod?.labels ?? {}).flat();
      return {
        object,
        place: ordered ? place(object.urn) : undefined,
        because: [...new Set(causes(change).flatMap((field) => becauseOf(field, view, renewed)))],
        replaced,
        how: words,
        seconds,
        downtime,
        blockers: [
          ...beyond.map(
            (name) => `the quota of ${view.namespace} has no room for its ${amountWords[name]}`,
          ),
          ...quotaRefusals(view, head),
        ],
        notes: [
          ...(replaced && change.before?.protect === true
            ? ["it is protected: the update stops at it"]
            : []),
          ...blocking
            .filter((budget) => hasNoRoom(budget, replicas))
            .map(
              ({ name }) =>
                `PodDisruptionBudget ${name} allows no eviction, so nodes cannot be drained`,
            ),
        ],
      };
    })
    .sort(
      (left, right) =>
        (left.place ?? 0) - (right.place ?? 0) ||
        compareText(titleOf(left.object), titleOf(right.object)),
    );
}

/** The restarts that a reviewer has to look at, and settings that change without one. */
export function restartRisks(found: readonly Restart[], comparison: Comparison): readonly Risk[] {
  return [
    ...found.flatMap(({ object, downtime, blockers, how, replaced }) => [
      ...blockers.map((blocker) =>
        riskOf(object, "quota", "medium", `its rollout cannot finish: ${blocker}`, quotaRemedy),
      ),
      // What is deleted and made anew is told with the field that asks for it.
      ...(downtime && !replaced
        ? [
            riskOf(
              object,
              "downtime",
              "medium",
              `it restarts with a gap (${how})`,
              scaleOf(object.view, comparison.head).min > 1
                ? "Use a rolling update with a surge."
                : "Use a rolling update with a surge, and two pods.",
            ),
          ]
        : []),
      ...(mountsClaims(object) && !replaced
        ? [
            riskOf(
              object,
              "restart",
              "medium",
              `it holds data and restarts (${how})`,
              "Check that its members are in sync before the update.",
            ),
          ]
        : []),
    ]),
    ...operatorRestarts(comparison),
    ...silentSettings(new Set(found.map(({ object }) => object)), comparison),
  ];
}

/** The fields below a pod template that differ, without those that follow from others; none when the pods stay. */
function causes({
  object,
  before,
  after,
  fields: changed,
  ...rest
}: Change): readonly FieldChange[] {
  const rolls = ["Deployment", "StatefulSet", "DaemonSet"].some((kind) => object.view.is(kind));
  if (!rolls || before === undefined || after === undefined) {
    return [];
  }
  if (rest.action === "replace") {
    return rest.immutable
      .filter(({ outcome }) => outcome === "replaced")
      .map(({ path }) => ({ path, before: undefined, after: undefined }));
  }
  if (rest.action !== "update") {
    return [];
  }
  const found = changed.filter(({ path }) => isWithin(path, "spec.template"));
  const telling = found.filter((field) => !isNoise(field));
  return telling.length > 0 ? telling : found;
}

/** A field that makes a workload roll; where it names an object by its content, what changes in that content. */
function becauseOf(
  { path, after }: FieldChange,
  { namespace }: ObjectView,
  renewed: ReadonlyMap<string, Change>,
): readonly string[] {
  const change = typeof after === "string" ? renewed.get(placeOf({ namespace }, after)) : undefined;
  const keys = (change?.fields ?? []).filter((field) => !isNoise(field)).map((field) => field.path);
  return change === undefined || keys.length === 0
    ? [path]
    : keys.map(
        (key) =>
          `${key} of ${change.object.view.kind} ${contentBase(change.object.view.name) ?? ""}`,
      );
}

function placeOf({ namespace }: Pick<ObjectView, "namespace">, name: string): string {
  return `${namespace}/${name}`;
}

/** What is deleted before it is made anew has no pod meanwhile. */
function replacementPlan({ words, seconds, downtime }: RolloutPlan): RolloutPlan {
  const pods = words.split(",")[0] ?? words;
  return {
    words: `${pods}, all deleted before the new ones start`,
    surge: 0,
    downtime: downtime || !words.startsWith("0 "),
    seconds,
  };
}

/** The place of each restart: one more than the last of those it waits for, directly or through others. */
function places(head: Snapshot, rolling: ReadonlySet<string>): (urn: string) => number {
  const known = new Map<string, number>();
  const placeOf = (urn: string): number => {
    const found = known.get(urn);
    if (found !== undefined) {
      return found;
    }
    known.set(urn, 0);
    const before = Math.max(0, ...(head.at(urn)?.dependsOn ?? []).map(placeOf));
    const place = before + (rolling.has(urn) ? 1 : 0);
    known.set(urn, place);
    return place;
  };
  return placeOf;
}

/** A budget that lets no pod be evicted. It does not stop a rollout, which evicts nothing. */
function hasNoRoom({ spec }: ObjectView, replicas: number): boolean {
  const most = parseIntOrPercent(spec["maxUnavailable"]);
  const least = parseIntOrPercent(spec["minAvailable"]);
  return (
    (most !== undefined && resolveCount(most, replicas, "up") === 0) ||
    (least !== undefined && replicas > 0 && resolveCount(least, replicas, "up") >= replicas)
  );
}

/** Fields of a PostgresCluster that make its operator restart the instances. */
const operatorFields =
  /^spec\.(image|instances\[[^\]]*\]\.(resources|containers|sidecars|affinity)|patroni|config|proxy)/;

function operatorRestarts({ changes }: Comparison): readonly Risk[] {
  return changes.flatMap(({ object, action, fields: changed }) => {
    const found = changed.find(({ path }) => operatorFields.test(path));
    return action === "update" &&
      found !== undefined &&
      object.view.is("postgres-operator.crunchydata.com/PostgresCluster")
      ? [
          riskOf(
            object,
            "restart",
            "medium",
            `its operator may restart the instances one by one for ${found.path}`,
            "Deploy it outside the busy hours; the primary changes once.",
          ),
        ]
      : [];
  });
}
