import { amountText } from "../model/amount-text";
import { actionWords } from "../model/change";
import { amountNames, type AmountName, type Amounts } from "../model/footprint";
import { titleOf } from "../model/snapshot";
import { type Risk, type RiskKind } from "../model/risk";
import { type Finding } from "../../policy/core/finding";
import { type PolicyFinding } from "../policy-findings";
import { type Report } from "../report";
import { type CapacityRow, moves, unlimitedOf, words as amountWords } from "../risks/capacity";
import { countWords } from "../risks/charts";
import { counted, durationText } from "./words";

/** One part of the page as a table, the same for every format. */
export interface Section {
  /** Its heading. */
  readonly title: string;
  /** A sentence above the table; empty when the table says it all. */
  readonly note: string;
  /** The headings of the columns. */
  readonly columns: readonly string[];
  /** The rows, the gravest first. */
  readonly rows: readonly Row[];
}

/** One row of a section. */
export interface Row {
  /** How it is marked: the weight of a risk, or nothing. */
  readonly level: Risk["level"] | "none";
  /** One text per column. */
  readonly cells: readonly string[];
}

/** The sections of a report in the order of the page; those with nothing to say are left out. */
export function sectionsOf(report: Report): readonly Section[] {
  return [
    problemSection(report),
    riskSection(report, "Data at risk", ["data"]),
    riskSection(report, "Replacements, refusals and deletions", [
      "immutable",
      "replacement",
      "deletion",
      "unfinished",
    ]),
    restartSection(report),
    riskSection(report, "Restarts to look at", ["downtime", "restart"]),
    riskSection(report, "Exposure and permissions", [
      "exposure",
      "permission",
      "network",
      "secret",
    ]),
    imageSection(report),
    chartSection(report),
    capacitySection(report),
    resourceSection(report),
    policySection(report),
  ].filter(({ rows }) => rows.length > 0);
}

function problemSection({ problems }: Report): Section {
  return {
    title: "The preview failed",
    note: "What is below is what the engine had planned until then.",
    columns: ["What it says"],
    rows: problems.map((problem) => ({ level: "high", cells: [problem] })),
  };
}

const levels: readonly Risk["level"][] = ["high", "medium", "low"];

function riskSection({ risks }: Report, title: string, kinds: readonly RiskKind[]): Section {
  const found = levels.flatMap((level) =>
    risks.filter((risk) => risk.level === level && kinds.includes(risk.kind)),
  );
  const withPath = found.some(({ safePath }) => safePath !== "");
  return {
    title,
    note: "",
    columns: ["Object", "What happens", ...(withPath ? ["Safe path"] : [])],
    rows: found.map(({ level, object, summary, safePath }) => ({
      level,
      cells: [object, summary, ...(withPath ? [safePath] : [])],
    })),
  };
}

function restartSection({ restarts }: Report): Section {
  return {
    title: "What restarts",
    note: `${
      restarts.some(({ place }) => place === undefined)
        ? "The order is not known: an event log holds no dependencies; give the stack's state with --state."
        : "In the order of the update; workloads of the same place roll at the same time."
    } The time is the most that their own probes and grace periods allow.`,
    columns: ["Workload", "Place", "How", "At most", "Because of", "Blocked by"],
    rows: restarts.map(({ place, object, how, seconds, because, blockers, notes }) => ({
      level: blockers.length > 0 ? "medium" : "none",
      cells: [
        titleOf(object),
        place === undefined ? "" : String(place),
        how,
        durationText(seconds),
        shortPaths(because),
        [...blockers, ...notes].join("; ") || "nothing",
      ],
    })),
  };
}

function shortPaths(paths: readonly string[], most = 3): string {
  const short = paths.map((path) => path.replace(/^spec\.template\.(spec\.)?/, ""));
  const first = short.slice(0, most).join(", ");
  return paths.length > most ? `${first} and ${paths.length - most} more` : first;
}

function imageSection({ images }: Report): Section {
  return {
    title: "Images",
    note: "",
    columns: ["Before", "After", "Containers", "Remarks"],
    rows: images.map(({ before, after, containers, remarks, level }) => ({
      level: level === "low" ? "none" : level,
      cells: [before ?? "(new)", after, firstOf(containers), remarks.join("; ")],
    })),
  };
}

function firstOf(items: readonly string[], most = 3): string {
  const first = items.slice(0, most).join(", ");
  return items.length > most ? `${first} and ${items.length - most} more` : first;
}

function chartSection({ charts }: Report): Section {
  return {
    title: "Charts",
    note: "",
    columns: ["Chart", "Before", "After", "Objects"],
    rows: charts.map(({ chart, before, after, counts }) => ({
      level: "medium",
      cells: [
        chart,
        before.join(", ") || "(none)",
        after.join(", ") || "(none)",
        countWords(counts),
      ],
    })),
  };
}

function capacitySection({ capacity, risks }: Report): Section {
  const { rows, total } = capacity;
  const exceeded = risks.filter(({ kind }) => kind === "quota");
  return {
    title: "Capacity",
    note: "What all pods ask for at the smallest and the largest scale. A DaemonSet counts as one pod.",
    columns: ["Namespace", "What", "Smallest", "Largest", "Quota"],
    rows: [
      ...exceeded.map(({ object, summary, level }) => ({
        level,
        cells: [object, summary, "", "", ""],
      })),
      ...rows.flatMap(capacityRows),
      ...(rows.length === 0 ? [] : capacityRows({ namespace: "all", quota: {}, ...total })),
    ],
  };
}

function capacityRows({ namespace, before, after, quota }: CapacityRow): readonly Row[] {
  return amountNames
    .filter((name) => moves(name, before, after))
    .map((name) => ({
      level: "none",
      cells: [
        namespace,
        amountWords[name],
        fromTo(name, before.min, after.min),
        fromTo(name, before.max, after.max),
        quota[name] === undefined ? "" : amountText(name, quota[name]),
      ],
    }));
}

function fromTo(name: AmountName, before: Amounts, after: Amounts): string {
  const [from, to] = [limitText(name, before), limitText(name, after)];
  return from === to ? to : `${from} → ${to}`;
}

/** An amount, and how many pods no limit holds: `1 GiB and 2 pods without a limit`. */
function limitText(name: AmountName, amounts: Amounts): string {
  const unlimited = unlimitedOf(name, amounts);
  const rest = unlimited === 0 ? "" : ` and ${counted(unlimited, "pod")} without a limit`;
  return `${amountText(name, amounts[name])}${rest}`;
}

function resourceSection({ resources }: Report): Section {
  return {
    title: "Other resources",
    note: "",
    columns: ["Resource", "What happens", "Because of"],
    rows: resources.map(({ type, name, action, because }) => ({
      level: "none",
      cells: [`${type.split(":").at(-1) ?? type} ${name}`, actionWords[action], because.join(", ")],
    })),
  };
}

const stateOrder = ["new", "existing", "fixed"] as const;

function policySection({ policy: all, changes }: Report): Section {
  const mandatory = (finding: PolicyFinding): boolean =>
    finding.finding.enforcement === "mandatory";
  const deleted = new Set(
    changes.filter(({ action }) => action === "delete").map(({ object }) => objectOf(object.view)),
  );
  const policy = all.filter(
    ({ state, finding }) => state !== "fixed" || !deleted.has(objectOf(finding)),
  );
  const gone = all.length - policy.length;
  const shown = policy
    .filter((finding) => finding.state !== "existing" || mandatory(finding))
    .sort(
      (left, right) =>
        Number(mandatory(right)) - Number(mandatory(left)) ||
        stateOrder.indexOf(left.state) - stateOrder.indexOf(right.state),
    );
  const existing = policy.filter(({ state }) => state === "existing").length;
  return {
    title: "Policy findings",
    note: [
      ...(existing === 0
        ? []
        : [
            `${existing} ${existing === 1 ? "finding was" : "findings were"} there before; of these only mandatory ones are listed.`,
          ]),
      ...(gone === 0 ? [] : [`${gone} ${gone === 1 ? "goes" : "go"} with deleted objects.`]),
    ].join(" "),
    columns: ["State", "Rule", "Object", "Finding", "Fix"],
    rows: sameFindings(shown).map((group) => {
      const [{ state, finding }] = group;
      return {
        level: state === "fixed" ? "none" : finding.enforcement === "mandatory" ? "high" : "low",
        cells: [
          `${state}, ${finding.enforcement}`,
          group.map((one) => one.finding.rule).join(", "),
          objectOf(finding) || "the whole stack",
          finding.message,
          state === "fixed" ? "" : finding.fix,
        ],
      };
    }),
  };
}

function objectOf({ kind, namespace, name }: Pick<Finding, "kind" | "namespace" | "name">): string {
  return [kind, [namespace, name].filter(Boolean).join("/")].filter(Boolean).join(" ");
}

/** Findings with those together that say the same of the same object: several rules may ask for one field. */
function sameFindings(
  findings: readonly PolicyFinding[],
): readonly (readonly [PolicyFinding, ...PolicyFinding[]])[] {
  const groups = new Map<string, [PolicyFinding, ...PolicyFinding[]]>();
  for (const one of findings) {
    const { enforcement, message } = one.finding;
    const key = [one.state, enforcement, objectOf(one.finding), message].join("\0");
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [one]);
    } else {
      group.push(one);
    }
  }
  return [...groups.values()];
}
