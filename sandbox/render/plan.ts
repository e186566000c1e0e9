import { type PlannedResource } from "./resource";
import { isMap, maskObject } from "./secrets";

/** The type token of the resource that is the stack itself. */
export const stackType = "pulumi:pulumi:Stack";

/** What `pulumi preview --json --save-plan` leaves behind. */
export interface PreviewOutput {
  /** The content of the saved plan: the goal of each resource, with its inputs. */
  readonly plan: unknown;
  /** The JSON on standard output: the state of each resource, with secrets as one text. */
  readonly preview: unknown;
}

/**
 * Joins the two accounts of one preview. Inputs come from the plan, where a secret keeps its keys; what the
 * plan leaves out (retention, aliases, what is only read) comes from the preview's steps.
 * @throws when either is not of the known form, or the preview plans anything but to create.
 */
export function plannedResources({ plan, preview }: PreviewOutput): readonly PlannedResource[] {
  const goals = goalsOf(plan);
  return stepsOf(preview).flatMap((step) => {
    const state = step["newState"];
    const urn = step["urn"];
    if (!isMap(state) || typeof urn !== "string") {
      throw new Error(
        `The preview has the step "${String(step["op"])}" for ${String(urn)}, which is not one of an empty stack. ` +
          "Render previews against an empty backend; this is a defect of render.",
      );
    }
    return [resource(urn, state, goals.get(urn))];
  });
}

/** The outputs of the whole stack. @throws when the plan has none. */
export function plannedOutputs({ plan }: PreviewOutput): Readonly<Record<string, unknown>> {
  const resources = isMap(plan) ? Object.values(plan["resourcePlans"] ?? {}) : [];
  const stack = resources
    .filter(isMap)
    .find(({ goal }) => isMap(goal) && goal["type"] === stackType);
  const outputs = stack?.["state"];
  if (!isMap(outputs)) {
    throw new Error("The saved plan has no outputs of the stack. This is a defect of render.");
  }
  return outputs;
}

function resource(
  urn: string,
  state: Readonly<Record<string, unknown>>,
  goal: Readonly<Record<string, unknown>> | undefined,
): PlannedResource {
  const inputDiff = goal?.["inputDiff"];
  const adds = isMap(inputDiff) ? inputDiff["adds"] : undefined;
  const parent = state["parent"];
  return {
    urn,
    type: String(state["type"]),
    custom: state["custom"] === true,
    external: state["external"] === true,
    parent: typeof parent === "string" && parent !== "" ? parent : undefined,
    dependencies: texts(state["dependencies"]),
    aliases: texts(state["aliases"]),
    protect: state["protect"] === true,
    retainOnDelete: state["retainOnDelete"] === true,
    deleteBeforeReplace: goal?.["deleteBeforeReplace"] === true,
    inputs: maskObject(isMap(adds) ? adds : {}),
  };
}

function goalsOf(plan: unknown): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const resources = isMap(plan) ? plan["resourcePlans"] : undefined;
  if (!isMap(resources)) {
    throw new Error(
      'The saved plan has no "resourcePlans". Use the version of the Pulumi CLI that package.json names.',
    );
  }
  return new Map(
    Object.entries(resources).flatMap(([urn, entry]) => {
      const goal = isMap(entry) ? entry["goal"] : undefined;
      return isMap(goal) ? [[urn, goal] as const] : [];
    }),
  );
}

function stepsOf(preview: unknown): readonly Readonly<Record<string, unknown>>[] {
  const steps = isMap(preview) ? preview["steps"] : undefined;
  if (!Array.isArray(steps)) {
    throw new Error(
      'The preview\'s JSON has no "steps". Use the version of the Pulumi CLI that package.json names.',
    );
  }
  return steps.filter(isMap);
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string")
    : [];
}
