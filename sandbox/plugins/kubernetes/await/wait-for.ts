import { jsonpath, type JSONPathQuery, type JSONValue } from "json-p3";
import { type Plain } from "../../rpc/values";
import { WAIT_FOR } from "../object/annotations";
import { annotationOf, listAt, numberAt, textAt, type KubeObject } from "../object/kube-object";
import { EVENT, type Condition, type Verdict } from "./condition";
import { warnings } from "./pods";

/** The condition a program demands by the annotation pulumi.com/waitFor; undefined without one. */
export function demandedCondition(inputs: KubeObject): Condition | undefined {
  const annotation = annotationOf(inputs, WAIT_FOR);
  if (annotation === "") {
    return undefined;
  }
  const checks = expressions(annotation).map(parseExpression);
  return {
    relatedKinds: [EVENT],
    judge: (snapshot) => {
      const verdicts = checks.map((check) => check(snapshot.object));
      const open = verdicts.filter((verdict) => verdict.outcome === "waiting");
      const [first] = open;
      return first === undefined
        ? { outcome: "ready" }
        : {
            ...first,
            reasons: [
              ...open.flatMap((verdict) => verdict.reasons),
              ...warnings(snapshot, [snapshot.object]),
            ],
          };
    },
  };
}

type Check = (object: KubeObject) => Exclude<Verdict, { outcome: "failed" }>;

/** @param annotation one expression, or a JSON list of them */
function expressions(annotation: string): readonly string[] {
  let list: unknown;
  try {
    list = JSON.parse(annotation);
  } catch {
    return [annotation];
  }
  if (!Array.isArray(list) || list.length === 0 || !list.every((e) => typeof e === "string")) {
    throw new Error(
      `The annotation ${WAIT_FOR} is ${annotation}; it may be one expression or a JSON list of at least one.`,
    );
  }
  return list;
}

function parseExpression(expression: string): Check {
  if (expression.startsWith("jsonpath=")) {
    return parseJsonPath(expression.slice("jsonpath=".length));
  }
  if (expression.startsWith("condition=")) {
    const [type = "", status = "True"] = expression.slice("condition=".length).split("=");
    return conditionCheck(type, status);
  }
  throw new Error(
    `The annotation ${WAIT_FOR} holds "${expression}"; it may start with "jsonpath=" or "condition=".`,
  );
}

/** @param text `{.path}`, which must select something, or `{.path}=value` */
function parseJsonPath(text: string): Check {
  // Filters compare with "==", which is part of the path.
  const match = /^\{\s*(.*?)\s*\}(?:=([^=].*))?$/s.exec(text);
  if (match?.[1] === undefined) {
    throw new Error(
      `The annotation ${WAIT_FOR} holds "jsonpath=${text}"; it may be jsonpath={.path} or jsonpath={.path}=value.`,
    );
  }
  const [, path, wanted] = match;
  const query = compile(path);
  return (object) => {
    if (isStale(object)) {
      return waiting(`Waiting for the controller to see this version of the object`);
    }
    const [found] = query.query(object as unknown as JSONValue).values() as readonly Plain[];
    if (found === undefined) {
      return waiting(
        `Waiting for {${path}}${wanted === undefined ? "" : `=${wanted}`}: it selects nothing`,
      );
    }
    if (wanted === undefined) {
      return { outcome: "ready", status: `Found {${path}}` };
    }
    if (typeof found === "object" && found !== null) {
      throw new Error(
        `{${path}} selects ${JSON.stringify(found)}; only a single value can equal "${wanted}".`,
      );
    }
    return String(found) === wanted
      ? { outcome: "ready", status: `Found {${path}}=${wanted}` }
      : waiting(`Waiting for {${path}}=${wanted} (found "${String(found)}")`);
  };
}

function compile(path: string): JSONPathQuery {
  try {
    return jsonpath.compile(path.startsWith("$") ? path : `$${path}`);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The annotation ${WAIT_FOR} holds the JSONPath {${path}}, which cannot be read: ${problem}`,
    );
  }
}

/** The named condition with the wanted status, about this version of the object; case does not count. */
function conditionCheck(type: string, wanted: string): Check {
  return (object) => {
    const condition = listAt(object, "status", "conditions").find(
      (entry) => textAt(entry, "type").toLowerCase() === type.toLowerCase(),
    );
    if (condition === undefined) {
      return waiting(
        `Waiting for the condition ${type}=${wanted}: the object has none of that type`,
      );
    }
    const observed =
      numberAt(condition, "observedGeneration") ?? numberAt(object, "status", "observedGeneration");
    if (observed !== undefined && observed < generation(object)) {
      return waiting(`Generation ${observed} is less than expected ${generation(object)}`);
    }
    const status = textAt(condition, "status");
    const message = textAt(condition, "message");
    return status.toLowerCase() === wanted.toLowerCase()
      ? { outcome: "ready", status: `Found condition ${type}=${status}` }
      : waiting(
          `Resource has condition ${type}=${status} (want ${wanted})${message === "" ? "" : `: ${message}`}`,
        );
  };
}

function waiting(status: string): Exclude<Verdict, { outcome: "failed" | "ready" }> {
  return { outcome: "waiting", status, reasons: [status] };
}

function generation(object: KubeObject): number {
  return numberAt(object, "metadata", "generation") ?? 0;
}

function isStale(object: KubeObject): boolean {
  const observed = numberAt(object, "status", "observedGeneration");
  return observed !== undefined && observed < generation(object);
}
