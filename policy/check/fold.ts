import { type Finding } from "../core/finding";
import { type Rule } from "../core/rule";

/** A finding with the narrower ones that follow from it. */
export interface Folded {
  readonly finding: Finding;
  /** Ids of the rules whose findings on the same container or object it implies. */
  readonly implied: readonly string[];
}

/** Folds findings that a more general one on the same container or object implies. */
export function fold(findings: readonly Finding[], rules: readonly Rule[]): Folded[] {
  const implies = new Map(rules.map((rule) => [rule.id, new Set(rule.implies ?? [])]));
  const bySubject = new Map<string, Finding[]>();
  for (const finding of findings) {
    const subject = subjectOf(finding);
    const beside = bySubject.get(subject);
    if (beside === undefined) {
      bySubject.set(subject, [finding]);
    } else {
      beside.push(finding);
    }
  }
  return findings.flatMap((finding) => {
    const beside = bySubject.get(subjectOf(finding)) ?? [];
    if (beside.some((other) => covers(other, finding, implies))) {
      return [];
    }
    const narrower = beside.filter((other) => covers(finding, other, implies));
    return [{ finding, implied: [...new Set(narrower.map(({ rule }) => rule))] }];
  });
}

// A mandatory finding never disappears under an advisory one.
function covers(
  general: Finding,
  narrower: Finding,
  implies: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const strictEnough = general.enforcement === "mandatory" || narrower.enforcement === "advisory";
  // What is said of a pod is said of each of its containers.
  const sameSubject = general.container === "" || general.container === narrower.container;
  return sameSubject && strictEnough && implies.get(general.rule)?.has(narrower.rule) === true;
}

// Objects of a list may have no name, but each has its place.
const ITEM = /^(?:items\[\d+\]\.?)*/;

function subjectOf({ file, document, kind, namespace, name, path }: Finding): string {
  return [file, document, kind, namespace, name, ITEM.exec(path)?.[0] ?? ""].join("\0");
}
