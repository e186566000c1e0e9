import { fields, maps, strings, text } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { grantsOf } from "../../policy/kubernetes/grants";
import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { type Risk, type RiskLevel, riskOf } from "../model/risk";

/** Rights that roles gain, and subjects that gain roles. */
export function permissions({ changes }: Comparison): readonly Risk[] {
  return changes.flatMap((change) => [
    ...widerRoles(change),
    ...newSubjects(change),
    ...tokens(change),
  ]);
}

function widerRoles({ object, before, after }: Change): readonly Risk[] {
  const gained = difference(rightsOf(after?.view), rightsOf(before?.view));
  return gained.length === 0
    ? []
    : [riskOf(object, "permission", levelOf(gained), `may now ${shorten(gained)}`)];
}

/** Every right of a role as one text: `get secrets`, `* deployments (apps)`, `get secrets "db"`. */
function rightsOf(view: ObjectView | undefined): readonly string[] {
  if (view === undefined || !(view.is("Role") || view.is("ClusterRole"))) {
    return [];
  }
  const resources = grantsOf(view).flatMap(({ verbs, resources, apiGroups, resourceNames }) =>
    verbs.flatMap((verb) =>
      resources.flatMap((resource) =>
        apiGroups.flatMap((group) => {
          const what = `${verb} ${resource}${group === "" ? "" : ` (${group})`}`;
          return resourceNames.length === 0
            ? [what]
            : resourceNames.map((name) => `${what} "${name}"`);
        }),
      ),
    ),
  );
  const paths = maps(view.raw["rules"]).flatMap((rule) =>
    strings(rule["verbs"]).flatMap((verb) =>
      strings(rule["nonResourceURLs"]).map((url) => `${verb} ${url}`),
    ),
  );
  return [...resources, ...paths];
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
  return maps(view.raw["subjects"]).map((subject) => {
    const namespace = text(subject["namespace"]);
    const name = `${namespace === undefined ? "" : `${namespace}/`}${text(subject["name"]) ?? ""}`;
    return `gives ${text(subject["kind"]) ?? "a subject"} ${name} the ${text(role["kind"]) ?? "role"} ${text(role["name"]) ?? ""}`;
  });
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
const grave =
  /^(\*|escalate|bind|impersonate) | \*( |$)|^(get|list|watch|create|\*) (secrets|pods\/exec|serviceaccounts\/token)/;

function levelOf(rights: readonly string[]): RiskLevel {
  return rights.some((right) => grave.test(right)) ? "high" : "medium";
}

function shorten(rights: readonly string[], most = 6): string {
  const first = rights.slice(0, most).join(", ");
  return rights.length > most ? `${first} and ${rights.length - most} more` : first;
}

function difference(after: readonly string[], before: readonly string[]): readonly string[] {
  const known = new Set(before);
  return [...new Set(after)].filter((item) => !known.has(item));
}
