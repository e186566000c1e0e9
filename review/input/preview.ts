import { fields, isMap, strings, text, type Fields } from "../../policy/core/fields";
import { view } from "../../policy/core/walk";
import { renderObjects, type RenderedObject } from "../../sandbox/render/objects";
import { nameOfUrn, type PlannedResource } from "../../sandbox/render/resource";
import { maskObject } from "../../sandbox/render/secrets";
import { compare, single, type Change } from "../model/change";
import { byPlace, unpaired, type Comparison } from "../model/comparison";
import { type Decision } from "../model/decision";
import { type EngineAccount, type OtherResource } from "../model/engine";
import { maskText } from "../model/mask";
import { Snapshot, type StackObject } from "../model/snapshot";
import { type EngineError, type EventLog, type Step, type StepState } from "./event-log";
import { findingsOf } from "./policy-events";

/** A preview as the report reads it. */
export interface Preview {
  /** The stack as the state has it and as it would be. */
  readonly comparison: Comparison;
  /** What only the engine can tell. */
  readonly account: EngineAccount;
}

/** Dependencies by URN: an event log has none. */
export type Dependencies = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the dependencies out of what `pulumi preview --json --show-sames` or `pulumi stack export` prints; undefined
 * when it is neither. A state has them as of the last update: what rolls is in it, and what is new rolls nothing.
 */
export function readDependencies(printed: string): Dependencies | undefined {
  const content = fields(parseJson(printed));
  const resources = fields(content["deployment"])["resources"] ?? content["steps"];
  return Array.isArray(resources)
    ? new Map(
        resources.filter(isMap).flatMap((entry) => {
          const state = entry["newState"] ?? entry["oldState"] ?? entry;
          const urn = text(entry["urn"]);
          return urn !== undefined && isMap(state)
            ? [[urn, strings(state["dependencies"])] as const]
            : [];
        }),
      )
    : undefined;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** What a preview is about, from its event log and, where it is at hand, from its JSON. */
export function readPreview(log: EventLog, dependencies?: Dependencies): Preview {
  const moves = movesOf(log.steps);
  const before = objectsOf(
    moves.flatMap((move) => move.before ?? []),
    dependencies,
  );
  const after = objectsOf(
    moves.flatMap((move) => move.after ?? []),
    dependencies,
  );
  const [base, head] = [new Snapshot([...before.values()]), new Snapshot([...after.values()])];
  const changes = changesOf(moves, before, after);
  return {
    comparison: { base, head, changes, ordered: dependencies !== undefined },
    account: {
      findings: log.judged ? findingsOf(log.policy, head) : undefined,
      resources: moves.flatMap(otherResource),
      unfinished: moves.flatMap(({ before: state, urn }) => {
        const object = after.get(urn);
        return object !== undefined && state !== undefined && state.unfinished.length > 0
          ? [{ object, reasons: state.unfinished.map(maskText) }]
          : [];
      }),
      leftovers: log.steps.filter(isLeftover).map(({ urn }) => urn),
      // Where the engine planned the deletion before it refused it, the change itself tells.
      refused: log.errors
        .filter(isProtection)
        .map(({ urn }) => urn)
        .filter((urn) => !changes.some(({ before: from }) => from?.urn === urn)),
      problems: problemsOf(log),
    },
  };
}

/** What happens to one resource, from all steps about it. */
interface Move {
  readonly urn: string;
  readonly action: "same" | "create" | "import" | "update" | "replace" | "delete";
  readonly before: StepState | undefined;
  readonly after: StepState | undefined;
  readonly keys: readonly string[];
  readonly edits: Step["edits"];
}

/** The engine's words for its steps; those that are missing change nothing in the cluster. */
const actions: Readonly<Record<string, Move["action"]>> = {
  same: "same",
  create: "create",
  import: "import",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  "delete-replaced": "replace",
};

function movesOf(steps: readonly Step[]): readonly Move[] {
  const moves = new Map<string, Move>();
  for (const step of steps) {
    const action = Object.hasOwn(actions, step.op) ? actions[step.op] : undefined;
    if (action === undefined || isLeftover(step)) {
      continue;
    }
    const known = moves.get(step.urn);
    moves.set(step.urn, {
      urn: step.urn,
      action,
      before: known?.before ?? step.before,
      after: known?.after ?? step.after,
      keys: step.keys.length > 0 ? step.keys : (known?.keys ?? []),
      edits: step.edits.length > 0 ? step.edits : (known?.edits ?? []),
    });
  }
  return [...moves.values()];
}

function isLeftover({ op, before }: Step): boolean {
  return op === "delete" && before?.leftover === true;
}

/** The Kubernetes objects among some resources, by their URN. */
function objectsOf(
  states: readonly StepState[],
  dependencies: Dependencies | undefined,
): ReadonlyMap<string, StackObject> {
  const resources = states.map((state): PlannedResource => ({
    ...state,
    dependencies: dependencies?.get(state.urn) ?? [],
    aliases: [],
    deleteBeforeReplace: false,
    inputs: isObject(state.inputs) ? maskObject(state.inputs) : {},
  }));
  return new Map(
    renderObjects(resources).objects.map((object) => [object.entry.urn, stackObject(object)]),
  );
}

function isObject(inputs: Fields): boolean {
  return text(inputs["apiVersion"]) !== undefined && text(inputs["kind"]) !== undefined;
}

function stackObject({ entry, manifest }: RenderedObject): StackObject {
  const { urn, type, dependsOn, protect } = entry;
  const stack = urn.split("::")[0]?.split(":")[2] ?? "";
  const resource = { urn, type, protect, dependencies: dependsOn, stack };
  return {
    ...entry,
    fingerprint: JSON.stringify(manifest),
    view: view(manifest, { resource, patch: type.endsWith("Patch") }),
  };
}

function changesOf(
  moves: readonly Move[],
  before: ReadonlyMap<string, StackObject>,
  after: ReadonlyMap<string, StackObject>,
): readonly Change[] {
  const changes: Change[] = [];
  const fresh: StackObject[] = [];
  const gone = new Set<StackObject>();
  for (const move of moves) {
    const from = move.before === undefined ? undefined : before.get(move.before.urn);
    const to = after.get(move.urn);
    if (from !== undefined && to !== undefined) {
      const change = compare(from, to, true, decisionOf(move));
      changes.push(...(change === undefined ? [] : [change]));
    } else if (to !== undefined && move.action === "import") {
      changes.push(single("import", to));
    } else if (to !== undefined) {
      fresh.push(to);
    } else if (from !== undefined) {
      gone.add(from);
    }
  }
  return [...changes, ...unpaired(fresh, gone)].sort(byPlace);
}

function decisionOf({ action, before, after, edits, keys }: Move): Decision {
  const op = action === "same" || action === "replace" ? action : "update";
  const forced = edits.some(({ replaces }) => replaces) || keys.length > 0;
  const cause = before?.tainted === true ? "mark" : movedProvider(before, after);
  return {
    op,
    edits:
      edits.length > 0 ? edits : keys.map((path) => ({ path, replaces: action === "replace" })),
    cause: forced ? undefined : cause,
  };
}

function movedProvider(
  before: StepState | undefined,
  after: StepState | undefined,
): Decision["cause"] {
  return before?.provider === after?.provider ? "dependency" : "provider";
}

function otherResource({
  urn,
  action,
  before,
  after,
  edits,
  keys,
}: Move): readonly OtherResource[] {
  const state = after ?? before;
  if (state === undefined || !state.custom || state.external || isObject(state.inputs)) {
    return [];
  }
  const because = edits.length > 0 ? edits.map(({ path }) => path) : keys;
  // A provider goes with what it made; only one that is replaced or leaves says something.
  const expected = state.type.startsWith("pulumi:providers:") && action !== "replace";
  return action === "same" || expected
    ? []
    : [{ urn, type: state.type, name: nameOfUrn(urn), action, because }];
}

function isProtection({ urn, message }: EngineError): boolean {
  return urn !== "" && /cannot be (deleted|replaced)\b[^]*\bprotected/.test(message);
}

/** Says whether an error only tells that the run was stopped for another one. */
function isConsequence(message: string): boolean {
  return /context canceled|client connection is closing/.test(message);
}

/** What the API server says when another field manager has written what is applied, up to the provider's own advice. */
const conflict =
  /had an apply conflict: Apply failed with \d+ conflicts?: ([^]*?)(?:\. Leave the field |$)/;

/** An error with names in the place of URNs. */
function inWords(message: string): string {
  const [, fields] = conflict.exec(message) ?? [];
  if (fields !== undefined) {
    return `somebody else wrote its fields: ${fields.trim().replace(/\s+/g, " ")}.\nTake them back for one run with PULUMI_K8S_ENABLE_PATCH_FORCE=true, or leave them to their writer (ignoreChanges).`;
  }
  return message
    .replace(/^Preview failed: /, "")
    .replace(/"(urn:pulumi:[^"]+)"/g, (_, urn: string) => `"${nameOfUrn(urn)}"`);
}

/** What stopped the preview, in the engine's words. Violations of policies are told by themselves. */
function problemsOf({ result, errors, policy }: EventLog): readonly string[] {
  const causes = errors.filter(({ message }) => !isConsequence(message));
  const general = /^(preview|update) failed$/;
  const told = (causes.length > 0 ? causes : errors)
    .filter(({ message }) => !general.test(message))
    .map(({ urn, message }) => {
      const where = urn === "" ? "" : `${nameOfUrn(urn)}: `;
      return maskText(where + inWords(message));
    });
  if (result === undefined) {
    return [...told, "The event log stops before the preview did."];
  }
  return result === "failed" && told.length === 0 && !policy.some(({ mandatory }) => mandatory)
    ? ["The preview failed without saying why; run pulumi preview to see it."]
    : told;
}
