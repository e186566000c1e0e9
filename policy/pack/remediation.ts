import { type PolicyConfigSchema, type ResourceValidationPolicy } from "@pulumi/policy";
import { isMap, strings, type MutableFields } from "../core/fields";
import { type Report, type Rule } from "../core/rule";
import { DEFAULT_SETTINGS } from "../core/settings";
import { view } from "../core/walk";
import { RULES } from "../rules";
import { rawProperties, resourceView } from "./resource-view";

/** Repairs that cannot break a workload by surprise; runAsNonRoot and a read-only root are made on request only. */
const SAFE: readonly string[] = [
  "allow-privilege-escalation",
  "capabilities-drop-all",
  "seccomp-required",
  "automount-token",
  "pdb-unhealthy-eviction",
  "required-labels",
  "hpa-scaledown",
  "namespace-pss-labels",
];

const REPAIRABLE = RULES.filter((rule) => rule.remedy !== undefined).map(({ id }) => id);

const SCHEMA = {
  properties: {
    rules: {
      type: "array",
      items: { type: "string", enum: REPAIRABLE },
      default: SAFE.filter((id) => REPAIRABLE.includes(id)),
      description: "Rules whose findings are repaired.",
    },
  },
} satisfies PolicyConfigSchema;

/** Off unless its level is set to `remediate` in the configuration of the stack. */
export const remediation: ResourceValidationPolicy = {
  name: "remediation",
  description: "Repairs what can be repaired without breaking a workload.",
  enforcementLevel: "disabled",
  configSchema: SCHEMA,
  remediateResource: (resource) => {
    const object = resourceView(resource);
    if (object === undefined) {
      return undefined;
    }
    const chosen = strings(resource.getConfig<{ rules?: string[] }>().rules ?? SAFE);
    return remedied(
      rawProperties(resource.props),
      RULES.filter(({ id }) => chosen.includes(id)),
    );
  },
};

/** A repaired copy of an object; undefined when no rule had anything to repair. */
export function remedied(
  properties: Readonly<Record<string, unknown>>,
  rules: readonly Rule[],
): MutableFields | undefined {
  const copy = clone(properties) as MutableFields;
  for (const rule of rules) {
    try {
      repair(rule, copy);
    } catch {
      // The validation that follows reports the rule's error; a remediation that throws would end the run.
      continue;
    }
  }
  return JSON.stringify(copy) === JSON.stringify(properties) ? undefined : copy;
}

// The views read the copy's own maps, so that a remedy may change them in place; it is asked only where the
// rule has something to report.
function repair(rule: Rule, copy: MutableFields): void {
  const object = view(copy);
  const { pod } = object;
  switch (rule.judges) {
    case "object":
      if (rule.kinds === undefined || rule.kinds.some((kind) => object.is(kind))) {
        whenReported(
          (report) => rule.check(object, report, DEFAULT_SETTINGS),
          () => rule.remedy?.(copy, object),
        );
      }
      return;
    case "stack":
      // A rule over the stack cannot be asked about one object; its remedy looks for itself.
      rule.remedy?.(copy, (pod?.spec ?? {}) as MutableFields);
      return;
    case "pod":
      if (pod !== undefined && !(pod.windows && rule.linuxOnly)) {
        whenReported(
          (report) => rule.check(pod, report, DEFAULT_SETTINGS),
          () => rule.remedy?.(pod.spec as MutableFields, pod),
        );
      }
      return;
    case "container":
      for (const container of pod?.containers ?? []) {
        if (!(pod?.windows && rule.linuxOnly) && rule.roles.includes(container.role)) {
          whenReported(
            (report) => rule.check(container, report, DEFAULT_SETTINGS),
            () => rule.remedy?.(container.spec as MutableFields, container),
          );
        }
      }
  }
}

function whenReported(check: (report: Report) => void, remedy: () => void): void {
  let reported = false;
  check(() => {
    reported = true;
  });
  if (reported) {
    remedy();
  }
}

// Not structuredClone: secrets and assets are objects of the SDK's own classes and must stay what they are.
function clone(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(clone);
  }
  if (
    isMap(value) &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  ) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clone(item)]));
  }
  return value;
}
