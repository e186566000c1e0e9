import { fields, maps, strings, text, type Fields } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { grantsOf } from "../../policy/kubernetes/grants";
import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { type Risk, type RiskLevel, riskOf } from "../model/risk";
import { type Snapshot, type StackObject } from "../model/snapshot";

/** Rights that roles gain, and subjects that gain roles. */
export function permissions({ changes, head }: Comparison): readonly Risk[] {
  return changes.flatMap((change) => [
    ...widerRoles(change, head),
    ...newSubjects(change),
    ...tokens(change),
  ]);
}

/** One verb on one thing: `get` on `secrets`, `deployments (apps)`, `secrets "db"` or a URL. */
interface Right {
  readonly verb: string;
  readonly what: string;
}

function widerRoles({ object, before, after }: Change, head: Snapshot): readonly Risk[] {
  const known = new Set(rightsOf(before?.view).map(({ verb, what }) => `${verb} ${what}`));
  const held = before === undefined ? [] : holdersOf(object, head);
  const gained = rightsOf(after?.view).filter(({ verb, what }) => !known.has(`${verb} ${what}`));
  return gained.length === 0
    ? []
    : [
        riskOf(
          object,
          "permission",
          levelOf(gained),
          `may now ${rightsText(gained)}${held.length === 0 ? "" : `; held by ${held.join(", ")}`}`,
        ),
      ];
}

/** Who has a role that was there before; who gets a new one is told by its binding. */
function holdersOf({ view }: StackObject, head: Snapshot): readonly string[] {
  const found = ["RoleBinding", "ClusterRoleBinding"]
    .flatMap((kind) => head.index.ofKind(kind))
    .filter(({ raw, namespace }) => {
      const role = fields(raw["roleRef"]);
      const near = view.is("ClusterRole") || namespace === view.namespace;
      return near && role["kind"] === view.kind && role["name"] === view.name;
    })
    .flatMap(({ raw }) => maps(raw["subjects"]).map(subjectText));
  return [...new Set(found)];
}

function rightsOf(view: ObjectView | undefined): readonly Right[] {
  if (view === undefined || !(view.is("Role") || view.is("ClusterRole"))) {
    return [];
  }
  const onResources = grantsOf(view).flatMap(({ verbs, resources, apiGroups, resourceNames }) =>
    resources.flatMap((resource) =>
      apiGroups.flatMap((group) => {
        const what = `${resource}${group === "" ? "" : ` (${group})`}`;
        const things = resourceNames.map((name) => `${what} "${name}"`);
        return each(verbs, things.length === 0 ? [what] : things);
      }),
    ),
  );
  const onPaths = maps(view.raw["rules"]).flatMap((rule) =>
    each(strings(rule["verbs"]), strings(rule["nonResourceURLs"])),
  );
  return [...onResources, ...onPaths];
}

function each(verbs: readonly string[], things: readonly string[]): readonly Right[] {
  return things.flatMap((what) => verbs.map((verb) => ({ verb, what })));
}

function newSubjects({ object, before, after }: Change): readonly Risk[] {
  const gained = difference(bindingsOf(after?.view), bindingsOf(before?.view));
  return gained.map((binding) => riskOf(object, "permission", "medium", binding));
}

function bindingsOf(view: ObjectView | undefined): readonly string[] {
  if (view === undefined || !(view.is("RoleBinding") || view.is("ClusterRoleBinding"))) {
    return [];
  }
  const role = fields(view.raw["roleRef"]);
  return maps(view.raw["subjects"]).map(
    (subject) =>
      `gives ${subjectText(subject)} the ${text(role["kind"]) ?? "role"} ${text(role["name"]) ?? ""}`,
  );
}

/** A subject in words: `ServiceAccount shop/orders`. */
function subjectText(subject: Fields): string {
  const namespace = text(subject["namespace"]);
  const name = `${namespace === undefined ? "" : `${namespace}/`}${text(subject["name"]) ?? ""}`;
  return `${text(subject["kind"]) ?? "a subject"} ${name}`;
}

function tokens({ object, before, after }: Change): readonly Risk[] {
  const mounts = (view: ObjectView | undefined): boolean =>
    (view?.is("ServiceAccount") === true ? view.raw : (view?.pod?.spec ?? {}))[
      "automountServiceAccountToken"
    ] !== false;
  return before !== undefined && after !== undefined && !mounts(before.view) && mounts(after.view)
    ? [riskOf(object, "permission", "medium", "its pods now get the token of their ServiceAccount")]
    : [];
}

/** Rights that lead to all others, or to what others keep secret. */
function isGrave({ verb, what }: Right): boolean {
  return (
    /^(escalate|bind|impersonate)$/.test(verb) ||
    what.startsWith("*") ||
    /^(secrets|pods\/exec|serviceaccounts\/token)( \(|$)/.test(what)
  );
}

function levelOf(rights: readonly Right[]): RiskLevel {
  return rights.some(isGrave) ? "high" : "medium";
}

/** Rights in words, those on one thing together and the gravest first: `get, list secrets; get pods`. */
function rightsText(rights: readonly Right[], most = 4): string {
  const verbs = new Map<string, string[]>();
  for (const { verb, what } of [...rights.filter(isGrave), ...rights]) {
    const known = verbs.get(what) ?? [];
    verbs.set(what, known.includes(verb) ? known : [...known, verb]);
  }
  const texts = [...verbs].map(([what, list]) => `${list.join(", ")} ${what}`);
  const first = texts.slice(0, most).join("; ");
  return texts.length > most ? `${first}; and rights on ${texts.length - most} more` : first;
}

function difference(after: readonly string[], before: readonly string[]): readonly string[] {
  const known = new Set(before);
  return [...new Set(after)].filter((item) => !known.has(item));
}
