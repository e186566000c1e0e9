import { DEFAULT_CONFIG, type PolicyConfig } from "../../../policy/core/config";
import { RULES } from "../../../policy/rules";
import { readEventLog } from "../../../review/input/event-log";
import { readPreview } from "../../../review/input/preview";
import { reviewOf, type Report } from "../../../review/report";
import { type Manifest } from "../stack";

/** No rule is on, so that a test sees nothing but the risks it is about. */
const silent: PolicyConfig = {
  ...DEFAULT_CONFIG,
  rules: Object.fromEntries(RULES.map(({ id }) => [id, "off"])),
};

/** A step of the engine as a test writes it. */
export interface TestStep {
  readonly op: string;
  /** The object before, as the program gave it then. */
  readonly before?: Manifest;
  /** The object after. */
  readonly after?: Manifest;
  /** Fields of the resource's state beside its inputs, on both sides. */
  readonly state?: Manifest;
  /** Fields of the state before only. */
  readonly stateBefore?: Manifest;
  /** The provider's own account of what differs. */
  readonly detailedDiff?: Manifest;
  readonly keys?: readonly string[];
  /** @default - made of the object's type and name */
  readonly urn?: string;
  /** @default - made of the object's kind */
  readonly type?: string;
}

/** One line of an event log. */
export function event(kind: string, content: Manifest): string {
  return JSON.stringify({ sequence: 0, timestamp: 0, [kind]: content });
}

/** The line of a step. */
export function stepEvent(step: TestStep): string {
  const manifest = (step.after ?? step.before ?? {}) as {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly metadata?: { readonly name: string };
  };
  const { apiVersion = "v1", kind = "", metadata = { name: "" } } = manifest;
  const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const type = step.type ?? `kubernetes:${group}:${kind}`;
  const urn = step.urn ?? urnOf(type, metadata.name);
  const stateOf = (inputs: Manifest | undefined, more: Manifest = {}) =>
    inputs === undefined
      ? null
      : { type, urn, custom: true, parent: "", provider: "one", inputs, ...step.state, ...more };
  return event("resourcePreEvent", {
    metadata: {
      op: step.op,
      urn,
      type,
      old: stateOf(step.before, step.stateBefore),
      new: stateOf(step.after),
      keys: step.keys ?? null,
      detailedDiff: step.detailedDiff ?? null,
    },
  });
}

/** The URN of a resource in these tests. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:production::slipway::${type}::${name}`;
}

/** The end of a run. */
export function summary(result = "succeeded"): string {
  return event("summaryEvent", { resourceChanges: {}, PolicyPacks: {}, result });
}

/** Reviews a log made of these lines; without an end of its own it ends well. */
export function reviewLog(...lines: readonly string[]): Report {
  const ended = lines.some((line) => line.includes('"summaryEvent"'));
  const log = readEventLog([...lines, ...(ended ? [] : [summary()])].join("\n"), "events.jsonl");
  const { comparison, account } = readPreview(log);
  return reviewOf(comparison, account, silent);
}

/** Reviews a preview of these steps. */
export function reviewSteps(...steps: readonly TestStep[]): Report {
  return reviewLog(...steps.map(stepEvent));
}
