import { fields, isMap, list, strings, text, type Fields } from "../../policy/core/fields";
import { Failure } from "../../sandbox/terminal/failure";

// The engine writes one JSON object on each line, with one of its fields set for the kind of event:
// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go

/** A resource before or after a step. */
export interface StepState {
  /** Its URN; before a step it may be one that an alias joins to the present one. */
  readonly urn: string;
  /** Its type token. */
  readonly type: string;
  /** Whether a provider manages it; false for components. */
  readonly custom: boolean;
  /** Whether it is only read. */
  readonly external: boolean;
  /** URN of the resource above it; undefined at the top. */
  readonly parent: string | undefined;
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
  /** Whether the object stays in the cluster when the resource goes. */
  readonly retainOnDelete: boolean;
  /** Whether it is what an interrupted replacement left to be deleted. */
  readonly leftover: boolean;
  /** Whether somebody marked it for replacement. */
  readonly tainted: boolean;
  /** Reference of its provider. */
  readonly provider: string;
  /** Why its last creation or update did not finish; none when it did. */
  readonly unfinished: readonly string[];
  /** What the program gives it; secrets are masked by the engine. */
  readonly inputs: Fields;
}

/** One field that the provider found different. */
export interface DetailedEdit {
  /** The field, list items by their index: `spec.template.spec.containers[0].image`. */
  readonly path: string;
  /** Whether the object has to be made anew for it. */
  readonly replaces: boolean;
}

/** What the engine is about to do with one resource. */
export interface Step {
  /** Its word for it, such as `update` or `create-replacement`. */
  readonly op: string;
  /** URN of the resource. */
  readonly urn: string;
  /** The resource as the state has it; undefined when it is new. */
  readonly before: StepState | undefined;
  /** The resource as the program wants it; undefined when it goes. */
  readonly after: StepState | undefined;
  /** Top fields that force a replacement. */
  readonly keys: readonly string[];
  /** Every field that the provider found different. */
  readonly edits: readonly DetailedEdit[];
}

/** A violation that a policy pack reported. */
export interface PolicyEvent {
  /** URN of the resource; empty when it is about the stack. */
  readonly urn: string;
  /** Name of the policy; Slipway's pack gives the rule. */
  readonly policy: string;
  /** What it says, on one or more lines. */
  readonly message: string;
  /** Whether it stops the update. */
  readonly mandatory: boolean;
  /** Its severity as the pack names it; empty when it does not. */
  readonly severity: string;
}

/** An error that the engine or a provider reported. */
export interface EngineError {
  /** URN of the resource; empty when it is about the run. */
  readonly urn: string;
  /** What it says. */
  readonly message: string;
}

/** What an engine's event log tells of a preview. */
export interface EventLog {
  /** Every step, in the order of the log. */
  readonly steps: readonly Step[];
  /** Every violation. */
  readonly policy: readonly PolicyEvent[];
  /** Every error. */
  readonly errors: readonly EngineError[];
  /** Whether a policy pack judged the stack. */
  readonly judged: boolean;
  /** How the run ended; undefined when the log stops before its end. */
  readonly result: "succeeded" | "failed" | undefined;
}

/** A file that is not an event log of the engine. */
export class UnreadableLogError extends Failure {}

/**
 * Reads the event log of a preview.
 * @throws UnreadableLogError that names the line which is no event.
 */
export function readEventLog(content: string, file: string): EventLog {
  const steps: Step[] = [];
  const policy: PolicyEvent[] = [];
  const errors: EngineError[] = [];
  let judged = false;
  let result: EventLog["result"];
  content.split("\n").forEach((line, index) => {
    if (line.trim() === "") {
      return;
    }
    const event = parseEvent(line, file, index + 1);
    const { resourcePreEvent, policyEvent, diagnosticEvent, summaryEvent } = event;
    if (isMap(resourcePreEvent)) {
      steps.push(...readStep(fields(resourcePreEvent["metadata"])));
    } else if (isMap(policyEvent)) {
      policy.push(readPolicyEvent(policyEvent));
    } else if (isMap(diagnosticEvent)) {
      errors.push(...readError(diagnosticEvent));
    } else if (isMap(summaryEvent)) {
      judged = Object.keys(fields(summaryEvent["PolicyPacks"])).length > 0;
      result = text(summaryEvent["result"]) === "failed" ? "failed" : "succeeded";
    }
  });
  return { steps, policy, errors, judged: judged || policy.length > 0, result };
}

function parseEvent(line: string, file: string, number: number): Fields {
  try {
    const event: unknown = JSON.parse(line);
    if (isMap(event) && "sequence" in event) {
      return event;
    }
  } catch {
    // Told below, in the same words.
  }
  throw new UnreadableLogError(
    `${file}, line ${number}, is not an event of the Pulumi engine. ` +
      "Write the log with: PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log <file>",
  );
}

function readStep(metadata: Fields): readonly Step[] {
  const urn = text(metadata["urn"]);
  if (urn === undefined) {
    return [];
  }
  const op = text(metadata["op"]) ?? "";
  const before = readState(metadata["old"], metadata);
  const after = readState(metadata["new"], metadata);
  return [
    {
      op,
      urn,
      before,
      after: after ?? (op === "same" ? before : undefined),
      keys: strings(metadata["keys"]),
      edits: Object.entries(fields(metadata["detailedDiff"])).map(([path, edit]) => ({
        path,
        replaces: (text(fields(edit)["diffKind"]) ?? "").endsWith("-replace"),
      })),
    },
  ];
}

function readState(state: unknown, metadata: Fields): StepState | undefined {
  if (!isMap(state)) {
    return undefined;
  }
  const custom = state["custom"] === true;
  const parent = text(state["parent"]) ?? "";
  return {
    urn: text(state["urn"]) ?? text(metadata["urn"]) ?? "",
    type: text(state["type"]) ?? text(metadata["type"]) ?? "",
    custom,
    external: state["external"] === true,
    parent: parent === "" ? undefined : parent,
    protect: state["protect"] === true,
    retainOnDelete: state["retainOnDelete"] === true,
    leftover: state["delete"] === true,
    tainted: state["taint"] === true,
    provider: text(state["provider"]) ?? "",
    unfinished: list(state["initErrors"]).map(String),
    inputs: custom ? fields(state["inputs"]) : {},
  };
}

function readPolicyEvent(event: Fields): PolicyEvent {
  return {
    urn: text(event["resourceUrn"]) ?? "",
    policy: text(event["policyName"]) ?? "",
    message: plain(text(event["message"]) ?? ""),
    mandatory: text(event["enforcementLevel"]) === "mandatory",
    severity: text(event["severity"]) ?? "",
  };
}

function readError(event: Fields): readonly EngineError[] {
  return text(event["severity"]) === "error"
    ? [{ urn: text(event["urn"]) ?? "", message: plain(text(event["message"]) ?? "") }]
    : [];
}

/** Without the engine's marks for colours. */
function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
