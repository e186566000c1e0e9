import { type ObjectView } from "../../policy/core/object";
import { fields } from "../../policy/core/fields";
import { indexSelectors, namespaceOf } from "../../policy/core/stack";
import { parseIntOrPercent, resolveCount } from "../../policy/kubernetes/int-or-percent";
import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { plus, podAmounts, scaleOf, nothing } from "../model/footprint";
import { isWithin } from "../model/immutable";
import { isNoise } from "../model/noise";
import { compareText } from "../model/order";
import { type Risk, riskOf } from "../model/risk";
import { rolloutPlan } from "../model/rollout-time";
import { type Snapshot, type StackObject, titleOf } from "../model/snapshot";
import { mountsClaims } from "../model/state";
import { byNamespace, exceeded, quotaOf, words as amountWords } from "./capacity";

/** A workload whose pods are replaced by new ones. */
export interface Restart {
  /** The workload. */
  readonly object: StackObject;
  /**
   * Its place in the order of the update, from 1; workloads of the same place roll at the same time. Undefined
   * when the dependencies are not known.
   */
  readonly place: number | undefined;
  /** The fields that make it roll. */
  readonly because: readonly string[];
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
      const { words, surge, downtime, seconds } = rolloutPlan(view, replicas);
      const asked = plus(usage.get(view.namespace)?.min ?? nothing, podAmounts(view), surge);
      const beyond = exceeded(asked, quotaOf(head, view.namespace));
      const blocking = budgets.selecting(namespaceOf(view), view.pod?.labels ?? {}).flat();
      return {
        object,
        place: ordered ? place(object.urn) : undefined,
        because: causes(change),
        how: words,
        seconds,
        downtime,
        blockers: beyond.map(
          (name) => `the quota of ${view.namespace} has no room for its ${amountWords[name]}`,
        ),
        notes: blocking
          .filter((budget) => hasNoRoom(budget, replicas))
          .map(
            ({ name }) =>
              `PodDisruptionBudget ${name} allows no eviction, so nodes cannot be drained`,
          ),
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
    ...found.flatMap(({ object, downtime, blockers, how }) => [
      ...blockers.map((blocker) =>
        riskOf(
          object,
          "quota",
          "medium",
          `its rollout cannot finish: ${blocker}`,
          "Raise the quota first.",
        ),
      ),
      ...(downtime
        ? [
            riskOf(
              object,
              "downtime",
              "medium",
              `it restarts with a gap (${how})`,
              "Use a rolling update with a surge, and two pods.",
            ),
          ]
        : []),
      ...(mountsClaims(object)
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
    ...silentSettings(found, comparison),
  ];
}

/** The fields below a pod template that differ, without those that follow from others; none when the pods stay. */
function causes({ object, before, after, fields: changed, action }: Change): readonly string[] {
  const rolls = ["Deployment", "StatefulSet", "DaemonSet"].some((kind) => object.view.is(kind));
  if (!rolls || before === undefined || after === undefined || action !== "update") {
    return [];
  }
  const found = changed.filter(({ path }) => isWithin(path, "spec.template"));
  const telling = found.filter((field) => !isNoise(field));
  return (telling.length > 0 ? telling : found).map(({ path }) => path);
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

/** ConfigMaps and Secrets that change in place while their readers keep running with the old content. */
function silentSettings(found: readonly Restart[], { head, changes }: Comparison): readonly Risk[] {
  const restarting = new Set(found.map(({ object }) => object));
  return changes
    .filter(
      ({ action, object }) =>
        (action === "update" || action === "replace") &&
        (object.view.is("ConfigMap") || object.view.is("Secret")),
    )
    .filter(({ fields: changed }) =>
      changed.some(({ path }) => /^(data|stringData|binaryData)\b/.test(path)),
    )
    .flatMap(({ object, action }) => {
      const readers = head.objects.filter(
        (other) =>
          other.view.namespace === object.view.namespace &&
          other.view.pod !== undefined &&
          !other.view.pod.completes &&
          !restarting.has(other) &&
          reads(other.view, object.view),
      );
      return readers.map((reader) =>
        riskOf(
          object,
          "restart",
          "low",
          `it ${action === "replace" ? "is made anew" : "changes in place"}, and ${titleOf(reader)} does not restart for it`,
          "Restart the reader, or name the object by its content.",
        ),
      );
    });
}

function reads({ pod }: ObjectView, { kind, name }: ObjectView): boolean {
  const [volume, key, source, reference] =
    kind === "ConfigMap"
      ? (["configMap", "name", "configMapRef", "configMapKeyRef"] as const)
      : (["secret", "secretName", "secretRef", "secretKeyRef"] as const);
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const inVolumes = list(pod?.spec["volumes"]).some(
    (item) => fields(fields(item)[volume])[key] === name,
  );
  const inContainers = (pod?.containers ?? []).some(
    ({ spec }) =>
      list(spec["envFrom"]).some((item) => fields(fields(item)[source])["name"] === name) ||
      list(spec["env"]).some(
        (item) => fields(fields(fields(item)["valueFrom"])[reference])["name"] === name,
      ),
  );
  return inVolumes || inContainers;
}
