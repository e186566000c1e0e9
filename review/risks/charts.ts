import { tally, tallyText } from "../../sandbox/terminal/tally";
import { actionWords, type Action } from "../model/change";
import { type Comparison } from "../model/comparison";
import { compareText } from "../model/order";
import { type Risk } from "../model/risk";
import { type Snapshot } from "../model/snapshot";

/** A chart that comes, goes, or changes its version. */
export interface ChartBump {
  /** The chart's name. */
  readonly chart: string;
  /** Its versions before; none when it is new. */
  readonly before: readonly string[];
  /** Its versions after; none when it goes. */
  readonly after: readonly string[];
  /** How many of its objects change, by what happens to them. */
  readonly counts: Readonly<Partial<Record<Action, number>>>;
}

const actions = Object.keys(actionWords) as Action[];

/** The charts whose version changes. */
export function chartBumps({ base, head, changes }: Comparison): readonly ChartBump[] {
  const before = versionsOf(base);
  const after = versionsOf(head);
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort(compareText)
    .map((chart) => ({
      chart,
      before: [...(before.get(chart) ?? [])].sort(compareText),
      after: [...(after.get(chart) ?? [])].sort(compareText),
      counts: count(
        changes.filter(({ object }) => object.chart === chart).map(({ action }) => action),
      ),
    }))
    .filter((bump) => bump.before.join() !== bump.after.join());
}

/** Every bump is for a person to look at: the change was written by somebody else. */
export function chartRisks(bumps: readonly ChartBump[]): readonly Risk[] {
  return bumps.map(({ chart, before, after, counts }) => ({
    kind: "chart",
    level: isMajor(before[0], after[0]) ? "high" : "medium",
    object: chart,
    urn: "",
    summary: `${versionWords(before)} → ${versionWords(after)}: ${countWords(counts)}`,
    safePath: "",
  }));
}

/** `3 created, 12 updated`. */
export function countWords(counts: Readonly<Partial<Record<Action, number>>>): string {
  const named = actions.map((action) => [actionWords[action], counts[action] ?? 0] as const);
  return tallyText(named.filter(([, number]) => number > 0)) || "no object changes";
}

/** How many there are of each action. */
export function count(found: readonly Action[]): Readonly<Partial<Record<Action, number>>> {
  return Object.fromEntries(tally(found, actions));
}

/** The versions in the objects' own label, which Helm's conventions ask for: `helm.sh/chart: nats-2.14.2`. */
function versionsOf(snapshot: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { chart, view } of snapshot.objects) {
    if (chart === null) {
      continue;
    }
    const versions = found.get(chart) ?? new Set();
    found.set(chart, versions);
    const label = view.labels["helm.sh/chart"] ?? view.labels["chart"];
    if (label?.startsWith(`${chart}-`) === true) {
      versions.add(label.slice(chart.length + 1));
    }
  }
  return found;
}

function versionWords(versions: readonly string[]): string {
  return versions.length === 0 ? "(none)" : versions.join(", ");
}

function isMajor(before = "", after = ""): boolean {
  const major = (version: string): string | undefined => /^v?(\d+)\./.exec(version)?.[1];
  return (
    major(before) !== undefined && major(after) !== undefined && major(before) !== major(after)
  );
}
