import { actionOf, type PolicyConfig } from "./config";
import { Exemptions, objectName, type UsedExemption } from "./exemptions";
import { join } from "./fields";
import {
  EXEMPTION_EXPIRED,
  EXEMPTIONS_USED,
  RULE_ERROR,
  show,
  UNKNOWN_VALUE,
  type Finding,
} from "./finding";
import { IN_MEMORY, type ObjectView } from "./object";
import { managedContainers } from "./managed";
import { type ContainerRole, type ContainerView, type PodView } from "./pod";
import {
  type AnyRule,
  type ContainerRule,
  type ObjectRule,
  type PodRule,
  type Report,
  type Rule,
  type StackReport,
  type StackRule,
  type Topic,
} from "./rule";
import { type Settings } from "./settings";
import { Stack } from "./stack";
import { UnknownValueError } from "./unknown";
import { WORKLOAD_KINDS } from "./walk";

/** A rule that is on, with what its findings do. */
type Active<Kind extends AnyRule = AnyRule> = Kind & {
  readonly topic: Topic;
  readonly enforcement: Finding["enforcement"];
};

/** A rule that is on, over one view of an object. */
type Asked<View> = Active & {
  readonly check: (view: View, report: Report, settings: Settings) => void;
};

/** The rules that apply to one kind. */
interface Plan {
  readonly object: readonly Active<ObjectRule>[];
  readonly pod: readonly Active<PodRule>[];
  readonly container: Readonly<Record<ContainerRole, readonly Active<ContainerRule>[]>>;
}

/** What the rule at work is looking at. */
interface Subject {
  readonly object: ObjectView;
  readonly container: string;
  /** Path of the subject inside its object. */
  readonly path: string;
}

const NONE: readonly ContainerView[] = [];

/** Judges objects by the rules a configuration turns on. */
export class Judge {
  private readonly rules: readonly Active[];
  private readonly plans = new Map<string, Plan>();
  private readonly settings: Settings;
  private readonly exemptions: Exemptions;
  private readonly exemptNamespaces: ReadonlySet<string>;
  private findings: Finding[] = [];
  private rule: Active | undefined;
  private subject: Subject | undefined;

  constructor(
    rules: readonly Rule[],
    config: PolicyConfig,
    today = new Date().toISOString().slice(0, 10),
  ) {
    this.rules = rules.flatMap((rule) => {
      const enforcement = actionOf(rule, config);
      return enforcement === "off" ? [] : [{ ...rule, enforcement }];
    });
    this.settings = config.settings;
    this.exemptions = new Exemptions(config.exemptions, today);
    this.exemptNamespaces = new Set(config.exemptNamespaces);
  }

  /** Judges single objects, then the objects as one stack. */
  judge(objects: readonly ObjectView[]): readonly Finding[] {
    return [...objects.flatMap((object) => this.judgeObject(object)), ...this.judgeStack(objects)];
  }

  /** Every exemption of the configuration and how much it covered so far. */
  get exemptionsSeen(): readonly UsedExemption[] {
    return this.exemptions.all;
  }

  /** Findings of the rules that need one object only. */
  judgeObject(object: ObjectView): readonly Finding[] {
    if (this.exemptNamespaces.has(object.namespace)) {
      return [];
    }
    this.findings = [];
    const plan = this.planFor(object);
    this.ask(plan.object, object, { object, container: "", path: "" });
    if (object.pod !== undefined) {
      this.judgePod(plan, object.pod);
    }
    for (const container of object.builtIn ? NONE : managedContainers(object)) {
      this.judgeContainer(plan, container);
    }
    return this.uncovered(this.findings);
  }

  /** Findings of the rules that need several objects. */
  judgeStack(objects: readonly ObjectView[]): readonly Finding[] {
    this.findings = [];
    const stack = new Stack(objects);
    for (const rule of this.rules) {
      if (rule.judges === "stack") {
        this.judgeStackRule(rule, stack);
      }
    }
    return this.uncovered(this.findings);
  }

  /** A finding for each exemption past its date. */
  expired(): readonly Finding[] {
    return this.exemptions.all
      .filter(({ expired }) => expired)
      .map(({ exemption }) => ({
        ...blank(EXEMPTION_EXPIRED, "high", "mandatory"),
        name: exemption.object,
        found: exemption.expires ?? "",
        message: `the exemption of ${exemption.object} from ${exemption.rules.join(", ")} expired on ${exemption.expires ?? ""} (${exemption.reason})`,
        fix: "Repair the object, or review the exemption and give it a new date.",
      }));
  }

  /**
   * One finding that lists the exemptions which covered something; none when there were none. In short, those of
   * reviewed files are counted by file: they change with the file alone, which says the reason of each.
   */
  exemptionsUsed(form: "full" | "short"): readonly Finding[] {
    const used = this.exemptions.all.filter(({ covered }) => covered > 0);
    if (used.length === 0) {
      return [];
    }
    const listed = used.filter(({ exemption }) => form === "full" || exemption.file === undefined);
    const counted = used.filter((each) => !listed.includes(each));
    const lines = [...listed.map(inFull), ...(counted.length === 0 ? [] : [inShort(counted)])];
    const where =
      counted.length === 0
        ? ""
        : " The reviewed files say the reason of each; with CI=true all are listed here.";
    return [
      {
        ...blank(EXEMPTIONS_USED, "low", "advisory"),
        found: String(used.length),
        message: `${used.length} exemptions apply:${lines.map((line) => `\n  - ${line}`).join("")}`,
        fix: `Review the list whenever it grows.${where}`,
      },
    ];
  }

  private judgePod(plan: Plan, pod: PodView): void {
    const { object, windows } = pod;
    this.ask(applicable(plan.pod, windows), pod, { object, container: "", path: pod.path });
    for (const container of pod.containers) {
      this.judgeContainer(plan, container, windows);
    }
  }

  private judgeContainer(plan: Plan, container: ContainerView, windows = false): void {
    const { name, path, pod } = container;
    this.ask(applicable(plan.container[container.role], windows), container, {
      object: pod.object,
      container: name,
      path,
    });
  }

  private judgeStackRule(rule: Active<StackRule>, stack: Stack): void {
    const report: StackReport = (object, path, found, wanted, enforcement) => {
      // Beside other objects a patch is incomplete; only what it grants is judged as it stands.
      const judged = !object.patch || rule.topic === "rbac";
      if (judged && !this.exemptNamespaces.has(object.namespace)) {
        const active = enforcement === undefined ? rule : { ...rule, enforcement };
        this.add(active, { object, container: "", path: "" }, path, found, wanted);
      }
    };
    this.rule = rule;
    this.subject = undefined;
    try {
      rule.check(stack, report, this.settings);
    } catch (error) {
      this.findings.push(failure(rule, undefined, error));
    }
  }

  private readonly report: Report = (where, found, wanted) => {
    const { rule, subject } = this;
    if (rule !== undefined && subject !== undefined) {
      const place =
        typeof where === "string"
          ? { container: subject.container, path: join(subject.path, where) }
          : where;
      this.add(rule, { ...subject, container: place.container }, place.path, found, wanted);
    }
  };

  private ask<View>(rules: readonly Asked<View>[], view: View, subject: Subject): void {
    this.subject = subject;
    for (const rule of rules) {
      this.rule = rule;
      try {
        rule.check(view, this.report, this.settings);
      } catch (error) {
        this.findings.push(failure(rule, subject, error));
      }
    }
  }

  private add(rule: Active, subject: Subject, path: string, found: unknown, wanted: string): void {
    const { object, container } = subject;
    // A patch leaves out what it does not change, so nothing in it is missing.
    if (object.patch && found === undefined) {
      return;
    }
    const shown = show(found);
    const who = container === "" ? "" : `container "${container}": `;
    const { file, document, base } = object.source;
    this.findings.push({
      rule: rule.id,
      severity: rule.severity,
      enforcement: rule.enforcement,
      file,
      document,
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      container,
      path: join(base, path),
      found: shown,
      message: `${who}${path} is ${shown}; it should be ${wanted}`,
      fix: rule.fix,
    });
  }

  private uncovered(findings: readonly Finding[]): readonly Finding[] {
    return findings.filter((finding) => !this.exemptions.covers(finding));
  }

  private planFor(object: ObjectView): Plan {
    const runsPods = object.pod !== undefined;
    const key = `${object.apiVersion}/${object.kind}/${runsPods}`;
    let plan = this.plans.get(key);
    if (plan === undefined) {
      plan = this.makePlan(object);
      this.plans.set(key, plan);
    }
    return plan;
  }

  private makePlan(object: ObjectView): Plan {
    // A custom kind that runs pods (an Argo Rollout, a Knative Service) is judged like a Deployment, and
    // one that runs Jobs like a Job.
    const known = object.builtIn && (WORKLOAD_KINDS as readonly string[]).includes(object.kind);
    const podKind = known ? object.kind : object.pod?.completes === true ? "Job" : "Deployment";
    const covers = (kinds: readonly string[]): boolean =>
      kinds.some((kind) => object.is(kind)) ||
      (!known && object.pod !== undefined && WORKLOAD_KINDS.every((kind) => kinds.includes(kind)));
    const inPod = this.rules.filter((rule) => rule.kinds?.includes(podKind));
    const ofRole = (role: ContainerRole): Active<ContainerRule>[] =>
      inPod
        .filter((rule) => rule.judges === "container")
        .filter(({ roles }) => roles.includes(role));
    return {
      object: this.rules
        .filter((rule) => rule.judges === "object")
        .filter(({ kinds }) => kinds === undefined || covers(kinds)),
      pod: inPod.filter((rule) => rule.judges === "pod"),
      container: {
        regular: ofRole("regular"),
        init: ofRole("init"),
        sidecar: ofRole("sidecar"),
        ephemeral: ofRole("ephemeral"),
        managed: ofRole("managed"),
      },
    };
  }
}

function inFull({ exemption, covered }: UsedExemption): string {
  const { object, rules, reason } = exemption;
  return `${object}: ${rules.join(", ")} (${countOf(covered)}): ${reason}`;
}

/** Reviewed exemptions by their file: how many apply, and to how many findings. */
function inShort(used: readonly UsedExemption[]): string {
  const files = new Map<string, UsedExemption[]>();
  for (const each of used) {
    const file = each.exemption.file ?? "";
    files.set(file, [...(files.get(file) ?? []), each]);
  }
  const counts = [...files].map(([file, of]) => {
    const covered = of.reduce((sum, each) => sum + each.covered, 0);
    return `${file} ${of.length} (${countOf(covered)})`;
  });
  return `reviewed in policy/exemptions: ${counts.join(", ")}`;
}

function countOf(findings: number): string {
  return findings === 1 ? "1 finding" : `${findings} findings`;
}

function applicable<Kind extends { readonly linuxOnly: boolean }>(
  rules: readonly Kind[],
  windows: boolean,
): readonly Kind[] {
  return windows ? rules.filter(({ linuxOnly }) => !linuxOnly) : rules;
}

function blank(
  rule: string,
  severity: Finding["severity"],
  enforcement: Finding["enforcement"],
): Omit<Finding, "found" | "message" | "fix"> {
  return { rule, severity, enforcement, ...place(undefined), container: "", path: "" };
}

function place(
  object: ObjectView | undefined,
): Pick<Finding, "file" | "document" | "kind" | "namespace" | "name"> {
  const { file, document } = object?.source ?? IN_MEMORY;
  const { kind, namespace, name } = object ?? { kind: "", namespace: "", name: "" };
  return { file, document, kind, namespace, name };
}

function failure(rule: Active, subject: Subject | undefined, error: unknown): Finding {
  const object = subject?.object;
  const where = object === undefined ? "the stack" : objectName(object);
  if (error instanceof UnknownValueError) {
    return {
      ...blank(UNKNOWN_VALUE, "low", "advisory"),
      ...place(object),
      container: subject?.container ?? "",
      path: error.path,
      found: "not known yet",
      message: `${rule.id} could not judge ${where}: ${error.path} is not known before the deployment`,
      fix: "Give the field a plain value instead of another resource's output.",
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    ...blank(RULE_ERROR, rule.severity, "advisory"),
    ...place(object),
    container: subject?.container ?? "",
    path: subject?.path ?? "",
    found: reason,
    message: `rule error: ${rule.id} failed on ${where}: ${reason}`,
    fix: "Report the object to the maintainers of the policy pack; the other rules were applied.",
  };
}
