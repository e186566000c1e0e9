import { fields, maps, strings, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { matchesSelector } from "../core/selectors";
import { namespaceOf, type Stack } from "../core/stack";

export const RBAC_GROUP = "rbac.authorization.k8s.io";

/** One entry of a role's `rules`. */
export interface Grant {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Names the grant is limited to; empty for all. */
  readonly resourceNames: readonly string[];
  /** Path of the entry inside the role. */
  readonly path: string;
}

/** What a grant is searched for; a wildcard in the grant matches unless `exact` says otherwise. */
export interface Access {
  /** Resources, of which the grant must name one; undefined for any. */
  readonly resources?: readonly string[];
  /** Verbs, of which the grant must name one; undefined for any. */
  readonly verbs?: readonly string[];
  /** API groups, of which the grant must name one; undefined for any. */
  readonly apiGroups?: readonly string[];
  /** True when the resource `*` does not count, because `rbac-wildcard` reports it already. */
  readonly namedResources?: boolean;
}

/** The grants of a Role or ClusterRole. */
export function grantsOf(role: ObjectView): readonly Grant[] {
  return maps(role.raw["rules"]).map((rule, index) => ({
    apiGroups: strings(rule["apiGroups"]),
    resources: strings(rule["resources"]),
    verbs: strings(rule["verbs"]),
    resourceNames: strings(rule["resourceNames"]),
    path: `rules[${index}]`,
  }));
}

/** True when the grant covers one of the resources with one of the verbs. */
export function grants(grant: Grant, access: Access): boolean {
  return (
    covers(grant.verbs, access.verbs) &&
    covers(grant.apiGroups, access.apiGroups) &&
    coversResource(grant.resources, access)
  );
}

function covers(granted: readonly string[], wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || granted.some((item) => item === "*" || wanted.includes(item));
}

function coversResource(granted: readonly string[], access: Access): boolean {
  const { resources, namedResources = false } = access;
  if (resources === undefined) {
    return true;
  }
  return granted.some((item) => {
    if (item === "*" || item === "*/*") {
      return !namedResources;
    }
    // `*/exec` is the subresource of every resource (RBAC knows no other partial wildcard).
    const subresource = item.startsWith("*/") ? item.slice(1) : undefined;
    return resources.some(
      (wanted) => wanted === item || (subresource !== undefined && wanted.endsWith(subresource)),
    );
  });
}

/** True when the grant allows everything on everything, by wildcards or by all seven verbs. */
export function isUnlimited({ apiGroups, resources, verbs }: Grant): boolean {
  return apiGroups.includes("*") && resources.includes("*") && allVerbs(verbs);
}

const EVERY_VERB = ["get", "list", "watch", "create", "update", "patch", "delete"];

function allVerbs(verbs: readonly string[]): boolean {
  return verbs.includes("*") || EVERY_VERB.every((verb) => verbs.includes(verb));
}

/** A binding with the roles it hands out, as far as the stack holds them. */
export interface Binding {
  readonly object: ObjectView;
  readonly roleRef: Fields;
  /** The bound role, and the roles that it aggregates. */
  readonly roles: readonly ObjectView[];
}

/** The RoleBindings and ClusterRoleBindings of a stack. */
export function bindingsOf(stack: Stack): readonly Binding[] {
  const clusterRoles = new Map(stack.ofKind("ClusterRole").map((role) => [role.name, role]));
  const resolve = (object: ObjectView): Binding => {
    const roleRef = fields(object.raw["roleRef"]);
    const name = text(roleRef["name"]) ?? "";
    const role =
      roleRef["kind"] === "Role"
        ? stack.find("Role", namespaceOf(object), name)
        : clusterRoles.get(name);
    const roles = role === undefined ? [] : [role, ...aggregatedBy(role, clusterRoles)];
    return { object, roleRef, roles };
  };
  return [...stack.ofKind("ClusterRoleBinding"), ...stack.ofKind("RoleBinding")].map(resolve);
}

function aggregatedBy(
  role: ObjectView,
  clusterRoles: ReadonlyMap<string, ObjectView>,
): ObjectView[] {
  const selectors = maps(fields(role.raw["aggregationRule"])["clusterRoleSelectors"]);
  if (selectors.length === 0) {
    return [];
  }
  return [...clusterRoles.values()].filter(
    (other) =>
      other !== role && selectors.some((selector) => matchesSelector(selector, other.labels)),
  );
}

/** True for what Kubernetes and the managed clusters install themselves. */
export function isSystemObject({ name }: ObjectView): boolean {
  return name.startsWith("system:") || name === "gce:podsecuritypolicy:calico-sa";
}
