import { type MutableFields } from "./fields";
import { type ObjectView, type ResourceFacts } from "./object";
import { type ContainerRole, type ContainerView, type Place, type PodView } from "./pod";
import { type Settings } from "./settings";
import { type Stack } from "./stack";
import { WORKLOAD_KINDS } from "./walk";

export type Severity = "critical" | "high" | "medium" | "low";

/** What a finding does: stops the deployment, is only reported, or the rule is not asked at all. */
export type Action = "mandatory" | "advisory" | "off";

/** Themed policies of the CrossGuard pack; each dispatches to the rules of its topic. */
export type Topic =
  | "pss-baseline"
  | "pss-restricted"
  | "hardening"
  | "images"
  | "resources"
  | "probes"
  | "lifecycle"
  | "secrets"
  | "availability"
  | "networking"
  | "rbac"
  | "storage"
  | "jobs"
  | "metadata"
  | "helm";

/** Another checker that has the rule. */
export type Anchor =
  | "kube-linter"
  | "Polaris"
  | "kube-score"
  | "Checkov"
  | "Kyverno"
  | "Pod Security Standards"
  | "Datree"
  | "KubeSec"
  | "Trivy"
  | "Pulumi compliance policies";

/**
 * Reports one finding: the field's path relative to what is judged (or a place, as views give it), what it holds (undefined when it is missing; never a secret's value) and what it should be,
 * continuing the sentence "it should be …".
 */
export type Report = (where: string | Place, found: unknown, wanted: string) => void;

/**
 * Reports a finding of a rule over several objects; the path is relative to the object. A finding that is less
 * certain than the rule's others may be advisory whatever the rule is.
 */
export type StackReport = (
  object: ObjectView,
  path: string,
  found: unknown,
  wanted: string,
  enforcement?: "advisory",
) => void;

/** What every rule says of itself, whatever it judges. */
export interface RuleFacts<Example> {
  /** Stable id, kebab case. */
  readonly id: string;
  /** The sentence the rule asserts, starting with its subject: "Containers do not run privileged." */
  readonly assertion: string;
  /** Why it matters, one or two sentences. */
  readonly why: string;
  /** Address of the page that backs the reason. */
  readonly source: string;
  readonly severity: Severity;
  /** Action under the profile `production`. */
  readonly action: Action;
  /** What to change, in the imperative. */
  readonly fix: string;
  /**
   * Other checkers that have the rule.
   * @default - none of them
   */
  readonly anchors?: readonly Anchor[];
  /**
   * Ids of narrower rules whose finding on the same container or object follows from this one's; the text output folds them.
   * @default - none
   */
  readonly implies?: readonly string[];
  /**
   * Ids of rules that demand the contrary; the profile `all` leaves this rule out.
   * @default - none
   */
  readonly contradicts?: readonly string[];
  /** The smallest example that passes and the one that fails, for the reference and for a test. */
  readonly examples: { readonly pass: Example; readonly fail: Example };
  /**
   * Settings the examples need.
   * @default - the default settings
   */
  readonly exampleSettings?: Partial<Settings>;
  /**
   * What the engine knows of the examples' resources, for rules about resource options.
   * @default - nothing, as outside the engine
   */
  readonly exampleFacts?: {
    readonly pass: Partial<ResourceFacts>;
    readonly fail: Partial<ResourceFacts>;
  };
}

/** A fragment of a manifest. */
export type Fragment = Readonly<Record<string, unknown>>;

/** A rule over one object; its examples are whole objects. */
export interface ObjectRule extends RuleFacts<Fragment> {
  readonly judges: "object";
  /** Kinds as `ObjectView.is` reads them; undefined for every kind. */
  readonly kinds: readonly string[] | undefined;
  readonly check: (object: ObjectView, report: Report, settings: Settings) => void;
  readonly remedy?: (object: MutableFields, view: ObjectView) => void;
}

/** A rule over the pod of a workload; its examples are fields of a pod spec. */
export interface PodRule extends RuleFacts<Fragment> {
  readonly judges: "pod";
  readonly kinds: readonly string[];
  readonly linuxOnly: boolean;
  readonly check: (pod: PodView, report: Report, settings: Settings) => void;
  readonly remedy?: (podSpec: MutableFields, pod: PodView) => void;
}

/** A rule over each container; its examples are fields of a container. */
export interface ContainerRule extends RuleFacts<Fragment> {
  readonly judges: "container";
  readonly kinds: readonly string[];
  readonly roles: readonly ContainerRole[];
  readonly linuxOnly: boolean;
  readonly check: (container: ContainerView, report: Report, settings: Settings) => void;
  readonly remedy?: (container: MutableFields, view: ContainerView) => void;
}

/** A rule that needs several objects; its examples are lists of objects. */
export interface StackRule extends RuleFacts<readonly Fragment[]> {
  readonly judges: "stack";
  /** Kinds a finding may name. */
  readonly kinds: readonly string[];
  readonly check: (stack: Stack, report: StackReport, settings: Settings) => void;
  /** Repairs one object of the stack; the pod spec is empty when the object runs no pod. */
  readonly remedy?: (object: MutableFields, podSpec: MutableFields) => void;
}

export type AnyRule = ObjectRule | PodRule | ContainerRule | StackRule;

/** A rule with the theme it belongs to. */
export type Rule = AnyRule & { readonly topic: Topic };

/** Long-running and short-lived containers alike: what every security rule visits. */
export const ALL_CONTAINERS = ["init", "sidecar", "regular", "ephemeral"] as const;
/** Containers that run as long as the pod. */
export const RUNNING_CONTAINERS = ["sidecar", "regular"] as const;
/** Containers of `spec.containers` only. */
export const REGULAR_CONTAINERS = ["regular"] as const;

/** Kinds whose pods keep running. */
export const SERVING_KINDS = WORKLOAD_KINDS.filter((kind) => kind !== "Job" && kind !== "CronJob");

type Defaulted<Full, Keys extends keyof Full> = Omit<Full, Keys | "judges"> &
  Partial<Pick<Full, Keys>>;

/** A rule over one object of the given kinds. */
export function objectRule(rule: Omit<ObjectRule, "judges">): ObjectRule {
  return { ...rule, judges: "object" };
}

/** A rule over the pod of every workload kind, unless it names kinds. */
export function podRule(rule: Defaulted<PodRule, "kinds" | "linuxOnly">): PodRule {
  return { kinds: WORKLOAD_KINDS, linuxOnly: false, ...rule, judges: "pod" };
}

/** A rule over every container of every workload kind, unless it names kinds or roles. */
export function containerRule(
  rule: Defaulted<ContainerRule, "kinds" | "linuxOnly" | "roles">,
): ContainerRule {
  return {
    kinds: WORKLOAD_KINDS,
    linuxOnly: false,
    roles: ALL_CONTAINERS,
    ...rule,
    judges: "container",
  };
}

/** A rule over the whole stack. */
export function stackRule(rule: Omit<StackRule, "judges">): StackRule {
  return { ...rule, judges: "stack" };
}

/** Gives the rules of one file their theme. */
export function rulesOf(topic: Topic, rules: readonly AnyRule[]): readonly Rule[] {
  return rules.map((rule) => ({ ...rule, topic }));
}
