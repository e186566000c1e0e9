import { expect } from "chai";
import { DEFAULT_CONFIG } from "../../policy/core/config";
import { Judge } from "../../policy/core/evaluate";
import { steps } from "../../policy/core/fields";
import { type Finding } from "../../policy/core/finding";
import { type ResourceFacts } from "../../policy/core/object";
import { type Fragment, type Rule } from "../../policy/core/rule";
import { DEFAULT_SETTINGS, type Settings } from "../../policy/core/settings";
import { walk } from "../../policy/core/walk";
import { RULES } from "../../policy/rules";

/** Where a rule's edits land: the good objects, and the path that edits are relative to in the first one. */
export interface Subject {
  readonly objects: readonly Fragment[];
  /** Path of the spoiled thing inside the first object; empty for the object itself. */
  readonly base: string;
}

/**
 * Fields to set, by path; undefined removes the field. A plain path is relative to the subject's base,
 * `/metadata.name` to the first object, `1/spec.replicas` to the second object.
 */
export type Edits = Readonly<Record<string, unknown>>;

/** One expectation about one rule. */
export interface Case {
  readonly title: string;
  readonly edits: Edits;
  /** Paths of the findings that are expected, absolute in their objects; undefined: the edited path. */
  readonly at: readonly string[] | undefined;
  readonly settings: Partial<Settings>;
  /** What the engine knows of every object; undefined outside it. */
  readonly facts: Partial<ResourceFacts> | undefined;
}

/** Optional parts of a case. */
export interface CaseOptions {
  /**
   * Paths of the expected findings, written like the paths of edits.
   * @default - the path of the first edit
   */
  readonly at?: string | readonly string[];
  /** @default - the default settings */
  readonly settings?: Partial<Settings>;
  /** @default - nothing, as outside the engine */
  readonly facts?: Partial<ResourceFacts>;
}

/** The rule reports the object. */
export function fails(
  title: string,
  edits: Edits,
  { at, settings = {}, facts }: CaseOptions = {},
): Case {
  return {
    title: `reports ${title}`,
    edits,
    at: at === undefined ? Object.keys(edits).slice(0, 1) : [at].flat(),
    settings,
    facts,
  };
}

/** The rule accepts the object. */
export function passes(
  title: string,
  edits: Edits,
  { settings = {}, facts }: CaseOptions = {},
): Case {
  return { title: `accepts ${title}`, edits, at: [], settings, facts };
}

/** The rule does not apply to the object. */
export function skips(
  title: string,
  edits: Edits,
  { settings = {}, facts }: CaseOptions = {},
): Case {
  return { title: `leaves ${title} alone`, edits, at: [], settings, facts };
}

/** A rule's cases, kept so that the mutation test can replay them. */
export interface Suite {
  readonly rule: Rule;
  readonly subject: Subject;
  readonly cases: readonly Case[];
}

export const SUITES: Suite[] = [];

/** Tests one rule: the good subject passes, then each case spoils it a little. */
export function describeRule(id: string, subject: Subject, cases: readonly Case[]): void {
  const rule = RULES.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    throw new Error(`There is no rule "${id}".`);
  }
  const suite = { rule, subject, cases: [passes("the good example", {}), ...cases] };
  SUITES.push(suite);
  describe(id, () => {
    for (const one of suite.cases) {
      it(one.title, () => {
        expect(pathsFound(suite, one, [rule])).to.deep.equal(pathsExpected(suite, one));
      });
    }
  });
}

/** Paths of the findings of one case under the given rules. */
export function pathsFound(
  { subject, rule }: Suite,
  { edits, settings, facts }: Case,
  rules: readonly Rule[],
): string[] {
  const findings = judge(edit(subject, edits), rules, settings, facts);
  return findings
    .filter((finding) => finding.rule === rule.id)
    .map(({ path }) => path)
    .sort();
}

export function pathsExpected({ subject }: Suite, { at }: Case): string[] {
  return (at ?? []).map((path) => locate(subject, path).path).sort();
}

/** All findings over objects, every given rule turned on. */
export function judge(
  objects: readonly Fragment[],
  rules: readonly Rule[],
  settings: Partial<Settings> = {},
  facts?: Partial<ResourceFacts>,
): readonly Finding[] {
  const config = {
    ...DEFAULT_CONFIG,
    rules: Object.fromEntries(rules.map(({ id }) => [id, "mandatory" as const])),
    settings: { ...DEFAULT_SETTINGS, ...settings },
  };
  const views = objects.flatMap((object) =>
    walk(object, facts === undefined ? {} : { resource: resourceOf(object, facts) }),
  );
  return new Judge(rules, config).judge(views);
}

/** A resource as the engine describes it, by kind and name. */
function resourceOf(object: Fragment, facts: Partial<ResourceFacts>): ResourceFacts {
  const { name = "" } = (object["metadata"] ?? {}) as { name?: string };
  const type = `kubernetes:${String(object["apiVersion"])}:${String(object["kind"])}`;
  const urn = `urn:pulumi:production::shop::${type}::${name}`;
  return { urn, type, protect: false, dependencies: [], stack: "production", ...facts };
}

/** The subject's objects with the edits applied to a copy. */
export function edit(subject: Subject, edits: Edits): Fragment[] {
  // Through JSON, as a structured clone would keep parts that two places share, and edit both.
  const objects = JSON.parse(JSON.stringify(subject.objects)) as Record<string, unknown>[];
  for (const [written, given] of Object.entries(edits)) {
    // A later edit may go into what this one puts there.
    const value = structuredClone(given);
    const { index, path } = locate(subject, written);
    const keys = steps(path);
    const last = keys.pop();
    let holder = objects[index] as Record<string | number, unknown>;
    for (const [at, key] of keys.entries()) {
      const next = keys[at + 1] ?? last;
      holder = (holder[key] ??= typeof next === "number" ? [] : {}) as Record<
        string | number,
        unknown
      >;
    }
    if (last === undefined) {
      objects[index] = value as Record<string, unknown>;
    } else if (value === undefined) {
      delete holder[last];
    } else {
      holder[last] = value;
    }
  }
  return objects;
}

function locate({ base }: Subject, written: string): { index: number; path: string } {
  const slash = /^(\d*)\//.exec(written);
  if (slash !== null) {
    return { index: Number(slash[1]), path: written.slice(slash[0].length) };
  }
  const separator = base === "" || written === "" || written.startsWith("[") ? "" : ".";
  return { index: 0, path: base + separator + written };
}
