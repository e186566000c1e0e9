import type * as kubernetes from "@pulumi/kubernetes";
import { identityProblems, type CloudIdentity } from "../../kit/cloud-identity";
import { within, type Problem } from "../../kit/problem";

/** What a workload may do with some objects of its own namespace. */
export interface ApiRule {
  /**
   * The API group of the objects.
   * @default "" - the core group: pods, ConfigMaps and so on
   */
  readonly apiGroup?: string;
  /** The kinds of objects, in the plural: `"configmaps"`; never `"*"`. */
  readonly resources: readonly string[];
  /**
   * The names of the objects; `create`, `list` and `watch` cannot be limited to some.
   * @default - every object of these kinds
   */
  readonly names?: readonly string[];
  /** What it may do with them. */
  readonly verbs: readonly ("get" | "list" | "watch" | "create" | "update" | "patch" | "delete")[];
}

/** What a workload may do beyond its own containers; it has no right when nothing is said. */
export interface Access {
  /**
   * What it may do with the Kubernetes API. Its ServiceAccount's token is mounted only then.
   * @default - nothing
   */
  readonly apiAccess?: readonly ApiRule[];
  /**
   * Who it is to a cloud.
   * @default - nobody
   */
  readonly cloudIdentity?: CloudIdentity;
}

/** The rules of a workload's Role. */
export function roleRules(rules: readonly ApiRule[]): kubernetes.types.input.rbac.v1.PolicyRule[] {
  return rules.map(({ apiGroup = "", resources, names, verbs }) => ({
    apiGroups: [apiGroup],
    resources: [...resources],
    ...(names === undefined ? {} : { resourceNames: [...names] }),
    verbs: [...verbs],
  }));
}

/** Verbs that are asked before an object is named. */
const namelessVerbs: readonly string[] = ["create", "list", "watch"];

/** What is wrong with what a workload may do. */
export function accessProblems({ apiAccess = [], cloudIdentity }: Access): readonly Problem[] {
  return [
    ...apiAccess.flatMap((rule, index) => ruleProblems(`apiAccess[${String(index)}]`, rule)),
    ...(cloudIdentity === undefined
      ? []
      : within("cloudIdentity", identityProblems(cloudIdentity))),
  ];
}

function ruleProblems(field: string, { resources, names, verbs }: ApiRule): readonly Problem[] {
  const problems: Problem[] = [];
  if (resources.length === 0 || resources.some((resource) => resource.includes("*"))) {
    problems.push({
      field: `${field}.resources`,
      message: `got ${JSON.stringify(resources)}; name each kind of object, such as "configmaps": "*" would give the Secrets, too.`,
    });
  }
  if (verbs.length === 0) {
    problems.push({ field: `${field}.verbs`, message: "got none; name at least one." });
  }
  const nameless = names === undefined ? [] : verbs.filter((verb) => namelessVerbs.includes(verb));
  if (nameless.length > 0) {
    problems.push({
      field: `${field}.names`,
      message: `cannot limit ${nameless.join(" and ")}: put these into a rule without names.`,
    });
  }
  return problems;
}
