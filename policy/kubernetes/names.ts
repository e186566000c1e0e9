import { has, text } from "../core/fields";
import { type ObjectView } from "../core/object";

/** What is wrong with an object's name. */
export interface NameFlaw {
  readonly field: "name" | "generateName";
  readonly found: unknown;
  readonly wanted: string;
}

interface NameForm {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly description: string;
}

const LETTERS = "lowercase letters, digits and hyphens";

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
const SUBDOMAIN: NameForm = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  longest: 253,
  description: `at most 253 ${LETTERS}, in parts joined by dots`,
};
const LABEL: NameForm = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  description: `at most 63 ${LETTERS}`,
};
const SERVICE_LABEL: NameForm = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  description: `at most 63 ${LETTERS}, the first a letter`,
};
// The controller appends 11 characters to the names of its Jobs.
const CRON_JOB: NameForm = { ...SUBDOMAIN, longest: 52, description: `at most 52 ${LETTERS}` };
const PATH_SEGMENT: NameForm = {
  pattern: /^(?!\.{1,2}$)[^/%]+$/,
  longest: 253,
  description: "without `/` and `%`",
};

const FORMS: Readonly<Record<string, NameForm>> = {
  Namespace: LABEL,
  Service: SERVICE_LABEL,
  CronJob: CRON_JOB,
  Role: PATH_SEGMENT,
  ClusterRole: PATH_SEGMENT,
  RoleBinding: PATH_SEGMENT,
  ClusterRoleBinding: PATH_SEGMENT,
};

/** Groups whose objects are files for a tool, not objects of a cluster. */
const FILE_GROUPS = ["kustomize.config.k8s.io", "kind.x-k8s.io", "helm.sh"];

/** The first thing wrong with the name of an object; undefined when it is valid. */
export function nameFlaw(object: ObjectView): NameFlaw | undefined {
  const { metadata, kind, group, builtIn, resource } = object;
  if (kind === "" || object.isList || FILE_GROUPS.includes(group)) {
    return undefined;
  }
  const field = has(metadata, "name") && metadata["name"] !== "" ? "name" : "generateName";
  const found = metadata[field];
  const form = (builtIn ? FORMS[kind] : undefined) ?? SUBDOMAIN;
  if (found === undefined || found === null || found === "") {
    // The engine names what the program leaves unnamed.
    return resource === undefined
      ? { field: "name", found: undefined, wanted: form.description }
      : undefined;
  }
  const name = text(found);
  // The API server appends five characters to a generated name, so it may end in a hyphen or a dot.
  const whole = field === "generateName" ? `${name ?? ""}x` : name;
  const valid = whole !== undefined && whole.length <= form.longest && form.pattern.test(whole);
  return valid ? undefined : { field, found, wanted: form.description };
}
