import { type PolicyConfig } from "../policy/core/config";
import { type Change } from "./model/change";
import { compareStacks, type Comparison } from "./model/comparison";
import { noEngine, type EngineAccount, type OtherResource } from "./model/engine";
import { compareText } from "./model/order";
import { riskKinds, type Risk, type RiskKind, type RiskLevel } from "./model/risk";
import { type Snapshot } from "./model/snapshot";
import { policyFindings, reviewedConfig, type PolicyFinding } from "./policy-findings";
import { capacity, quotaRisks, type Capacity } from "./risks/capacity";
import { chartBumps, chartRisks, type ChartBump } from "./risks/charts";
import { dataGuards } from "./risks/data-guards";
import { dataLoss } from "./risks/data-loss";
import { deletions } from "./risks/deletions";
import { engineRisks } from "./risks/engine";
import { exposure } from "./risks/exposure";
import { imageMoves, imageRisks, type ImageMove } from "./risks/images";
import { network } from "./risks/network";
import { permissions } from "./risks/permissions";
import { refusedPods } from "./risks/quota-demands";
import { replacements } from "./risks/replacements";
import { restartRisks, restarts, type Restart } from "./risks/restarts";
import { secretReferences } from "./risks/secret-references";
import { verdictOf, type Verdict } from "./verdict";

/** Everything a report shows, before it is written down. */
export interface Report {
  /** The name of the stack; empty when neither version has an object. */
  readonly stack: string;
  /** What to do with the change, in one line. */
  readonly verdict: Verdict;
  /** Every risk, by kind, the gravest first. */
  readonly risks: readonly Risk[];
  /** Every object that changes. */
  readonly changes: readonly Change[];
  /** Workloads that roll, in order. */
  readonly restarts: readonly Restart[];
  /** Images that move. */
  readonly images: readonly ImageMove[];
  /** Charts that change their version. */
  readonly charts: readonly ChartBump[];
  /** What the pods ask for, before and after. */
  readonly capacity: Capacity;
  /** Policy findings of both versions, as new, fixed or existing. */
  readonly policy: readonly PolicyFinding[];
  /** Resources that change and are no Kubernetes objects; none when no engine was asked. */
  readonly resources: readonly OtherResource[];
  /** Why the preview failed, in the engine's words; none when it did not. */
  readonly problems: readonly string[];
}

/** Classifiers that need nothing but the comparison. */
const classifiers: readonly ((comparison: Comparison) => readonly Risk[])[] = [
  dataLoss,
  dataGuards,
  replacements,
  deletions,
  exposure,
  permissions,
  network,
  secretReferences,
  quotaRisks,
  refusedPods,
];

/** Compares two versions of a stack and says what a reviewer has to know. */
export function reviewStacks(base: Snapshot, head: Snapshot, config?: PolicyConfig): Report {
  return reviewOf(compareStacks(base, head), noEngine, config);
}

/**
 * Says what a reviewer has to know of a change, with what the engine alone knows where it was asked. It is
 * judged by the stack's own configuration of the policy pack unless another is given.
 */
export function reviewOf(
  comparison: Comparison,
  account: EngineAccount = noEngine,
  given?: PolicyConfig,
): Report {
  const { base, head, changes } = comparison;
  const stack = stackOf(head) ?? stackOf(base) ?? "";
  const config = given ?? reviewedConfig(stack);
  const rolling = restarts(comparison);
  const images = imageMoves(comparison);
  const charts = chartBumps(comparison);
  const policy = policyFindings(comparison, config, account.findings);
  const risks = [
    ...classifiers.flatMap((classify) => classify(comparison)),
    ...restartRisks(rolling, comparison),
    ...imageRisks(images),
    ...chartRisks(charts),
    ...policyRisks(policy),
    ...engineRisks(account),
  ].sort(byWeight);
  return {
    stack,
    verdict: verdictOf({ changes, risks, policy, restarts: rolling, ...account }),
    risks,
    changes,
    restarts: rolling,
    images,
    charts,
    capacity: capacity(comparison),
    policy,
    resources: account.resources,
    problems: account.problems,
  };
}

/** New findings of advisory rules are for a person; mandatory ones fail the review by themselves. */
function policyRisks(policy: readonly PolicyFinding[]): readonly Risk[] {
  return policy
    .filter(({ state, finding }) => state === "new" && finding.enforcement !== "mandatory")
    .map(({ finding }) => ({
      kind: "policy",
      level: finding.severity === "critical" || finding.severity === "high" ? "medium" : "low",
      object: [finding.kind, [finding.namespace, finding.name].filter(Boolean).join("/")].join(" "),
      urn: "",
      summary: `${finding.rule}: ${finding.message}`,
      safePath: finding.fix,
    }));
}

const kindOrder = Object.keys(riskKinds) as RiskKind[];
const levelOrder: readonly RiskLevel[] = ["high", "medium", "low"];

function byWeight(left: Risk, right: Risk): number {
  return (
    kindOrder.indexOf(left.kind) - kindOrder.indexOf(right.kind) ||
    levelOrder.indexOf(left.level) - levelOrder.indexOf(right.level) ||
    compareText(left.object, right.object) ||
    compareText(left.summary, right.summary)
  );
}

function stackOf({ objects }: Snapshot): string | undefined {
  return objects[0]?.urn.split("::")[0]?.split(":")[2];
}
