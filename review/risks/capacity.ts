import { fields } from "../../policy/core/fields";
import { parseQuantity } from "../../policy/core/quantity";
import { amountText } from "../model/amount-text";
import { type Comparison } from "../model/comparison";
import {
  amountNames,
  footprintOf,
  nothing,
  plus,
  type AmountName,
  type Amounts,
  type Footprint,
} from "../model/footprint";
import { compareText } from "../model/order";
import { type Risk, riskOf } from "../model/risk";
import { type Snapshot } from "../model/snapshot";

/** What the pods of a namespace ask for, before and after. */
export interface CapacityRow {
  /** The namespace. */
  readonly namespace: string;
  /** What its pods ask for now. */
  readonly before: Footprint;
  /** What they would ask for. */
  readonly after: Footprint;
  /** What its quotas allow; an amount without a quota is missing. */
  readonly quota: Partial<Record<AmountName, number>>;
}

/** Capacity of a stack. */
export interface Capacity {
  /** The namespaces whose amounts change, by name. */
  readonly rows: readonly CapacityRow[];
  /** The whole stack, unchanged namespaces included. */
  readonly total: { readonly before: Footprint; readonly after: Footprint };
}

/** The quota's names of the amounts: a bare `cpu` means requests. */
const quotaKeys: Readonly<Record<AmountName, readonly string[]>> = {
  pods: ["pods", "count/pods"],
  cpuRequests: ["requests.cpu", "cpu"],
  cpuLimits: ["limits.cpu"],
  memoryRequests: ["requests.memory", "memory"],
  memoryLimits: ["limits.memory"],
};

/** Sums what all pods ask for, per namespace and in all. */
export function capacity({ base, head }: Comparison): Capacity {
  const before = byNamespace(base);
  const after = byNamespace(head);
  const namespaces = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  const rows = namespaces.map((namespace) => ({
    namespace,
    before: before.get(namespace) ?? empty,
    after: after.get(namespace) ?? empty,
    quota: quotaOf(head, namespace),
  }));
  return {
    rows: rows.filter((row) => differs(row.before, row.after)),
    total: { before: sum([...before.values()]), after: sum([...after.values()]) },
  };
}

/** Namespaces whose pods come to ask for more than their quota allows. */
export function quotaRisks({ base, head }: Comparison): readonly Risk[] {
  const after = byNamespace(head);
  const before = byNamespace(base);
  return head.index.ofKind("ResourceQuota").flatMap((view) => {
    const quota = head.of(view);
    const allowed = quotaOf(head, view.namespace);
    const asked = after.get(view.namespace)?.max ?? nothing;
    const was = before.get(view.namespace)?.max ?? nothing;
    const formerly = quotaOf(base, view.namespace);
    return quota === undefined
      ? []
      : exceeded(asked, allowed)
          .filter((name) => !exceeded(was, formerly).includes(name))
          .map((name) =>
            riskOf(
              quota,
              "quota",
              "medium",
              `at full scale ${view.namespace} asks for ${amountText(name, asked[name])} of ${words[name]}, but its quota allows ${amountText(name, allowed[name] ?? 0)}: pods beyond it are refused`,
              "Raise the quota, or lower the maximum of an autoscaler.",
            ),
          );
  });
}

export const words: Readonly<Record<AmountName, string>> = {
  pods: "pods",
  cpuRequests: "CPU requests",
  cpuLimits: "CPU limits",
  memoryRequests: "memory requests",
  memoryLimits: "memory limits",
};

const empty: Footprint = { min: nothing, max: nothing };

/** The amounts that are more than a quota allows. */
export function exceeded(
  asked: Amounts,
  allowed: Partial<Record<AmountName, number>>,
): readonly AmountName[] {
  return amountNames.filter((name) => asked[name] > (allowed[name] ?? Number.POSITIVE_INFINITY));
}

/** What pods of each namespace ask for. */
export function byNamespace(snapshot: Snapshot): ReadonlyMap<string, Footprint> {
  const found = new Map<string, Footprint>();
  for (const { view } of snapshot.objects) {
    const footprint = footprintOf(view, snapshot);
    if (footprint !== undefined) {
      found.set(view.namespace, sum([found.get(view.namespace) ?? empty, footprint]));
    }
  }
  return found;
}

/** What the quotas of a namespace allow: the strictest of each amount. */
export function quotaOf(
  snapshot: Snapshot,
  namespace: string,
): Partial<Record<AmountName, number>> {
  const allowed: { -readonly [Name in AmountName]?: number } = {};
  for (const { spec } of snapshot.index.ofKind("ResourceQuota", namespace)) {
    const hard = fields(spec["hard"]);
    for (const name of amountNames) {
      for (const key of quotaKeys[name]) {
        const value = parseQuantity(hard[key]);
        if (value !== undefined) {
          allowed[name] = Math.min(value, allowed[name] ?? value);
        }
      }
    }
  }
  return allowed;
}

function sum(footprints: readonly Footprint[]): Footprint {
  return footprints.reduce(
    (total, { min, max }) => ({ min: plus(total.min, min), max: plus(total.max, max) }),
    empty,
  );
}

function differs(before: Footprint, after: Footprint): boolean {
  return amountNames.some((name) => moves(name, before, after));
}

/** Says whether an amount, or the number of pods without a limit of it, differs at either scale. */
export function moves(name: AmountName, before: Footprint, after: Footprint): boolean {
  return (["min", "max"] as const).some(
    (scale) =>
      before[scale][name] !== after[scale][name] ||
      unlimitedOf(name, before[scale]) !== unlimitedOf(name, after[scale]),
  );
}

/** How many pods have no limit of an amount; none where the amount is no limit. */
export function unlimitedOf(name: AmountName, amounts: Amounts): number {
  return name === "cpuLimits"
    ? amounts.withoutCpuLimit
    : name === "memoryLimits"
      ? amounts.withoutMemoryLimit
      : 0;
}
