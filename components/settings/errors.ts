import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";

/** One thing that is wrong in a stack file. */
export interface SettingsProblem {
  /** Where, as it is written in the file: `slipway:data.nats.servers`. */
  readonly path: string;
  /** What is wrong, what was found, and what it may be. */
  readonly message: string;
}

/** Says all problems in one text, a line each. */
export function problemsText(problems: readonly SettingsProblem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`;
  const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
  return [`The stack's configuration has ${count}:`, ...lines].join("\n");
}

/** Gives the keys that the schema knows at a path, for the nearest known one. */
export type KnownKeys = (path: readonly PropertyKey[]) => readonly string[];

/** Puts the schema library's findings into the words of the stack file. */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  knownKeys: KnownKeys,
): readonly SettingsProblem[] {
  return issues.flatMap((issue) => describe(issue, input, knownKeys, []));
}

function describe(
  issue: z.core.$ZodIssue,
  input: unknown,
  knownKeys: KnownKeys,
  prefix: readonly PropertyKey[],
): readonly SettingsProblem[] {
  const at = [...prefix, ...issue.path];
  const found = valueAt(input, at);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: pathText([...at, key]),
        message: unknownKeyText(key, knownKeys(at)),
      }));
    case "invalid_type":
      return [typeProblem(at, found, issue.expected, knownKeys(at))];
    case "invalid_value":
      return [problem(at, found, oneOf(issue.values))];
    case "too_small":
    case "too_big":
      return [problem(at, found, boundText(issue))];
    case "invalid_union":
      return describeUnion(issue, input, knownKeys, at, found);
    case "invalid_key":
    case "invalid_element":
      return issue.issues.flatMap((inner) => describe(inner, input, knownKeys, at));
    default:
      return [problem(at, found, issue.message)];
  }
}

function describeUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  input: unknown,
  knownKeys: KnownKeys,
  at: readonly PropertyKey[],
  found: unknown,
): readonly SettingsProblem[] {
  if (issue.inclusive !== false && issue.options !== undefined) {
    return [
      problem(at, found, oneOf(issue.options)),
      ...unknownSiblings(at.slice(0, -1), input, knownKeys),
    ];
  }
  // The one branch that the value was meant for says more than all of them together.
  const [meant, ...others] = issue.errors.filter((branch) => !branch.some(isOtherType));
  if (meant !== undefined && others.length === 0) {
    return meant.flatMap((inner) => describe(inner, input, knownKeys, at));
  }
  const expected = issue.errors.flatMap((branch) => branch.map(expectedText));
  return [problem(at, found, [...new Set(expected)].join(" or "))];
}

function isOtherType({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value");
}

function expectedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeText(issue.expected);
    case "invalid_value":
      return oneOf(issue.values);
    default:
      return issue.message;
  }
}

/** Without a kind no branch is tried, so the keys that none of them knows are looked for here. */
function unknownSiblings(
  at: readonly PropertyKey[],
  input: unknown,
  knownKeys: KnownKeys,
): readonly SettingsProblem[] {
  const known = knownKeys(at);
  return Object.keys(valueAt(input, at) ?? {})
    .filter((key) => !known.includes(key))
    .map((key) => ({ path: pathText([...at, key]), message: unknownKeyText(key, known) }));
}

/** A value of another type than the one that is wanted, and how it is written where only the writing is wrong. */
function typeProblem(
  at: readonly PropertyKey[],
  found: unknown,
  expected: string,
  keys: readonly string[],
): SettingsProblem {
  const isKeyless = found === undefined || expected !== "object" || keys.length === 0;
  const wanted = isKeyless ? typeText(expected) : `a map of ${keys.join(", ")}`;
  const { path, message } = problem(at, found, wanted);
  return { path, message: message + spelling(found, expected) };
}

/** How YAML would have taken a value for the type that is wanted. */
function spelling(found: unknown, expected: string): string {
  if (expected === "string" && (typeof found === "number" || typeof found === "boolean")) {
    return ` Write it in quotes: "${String(found)}".`;
  }
  const [, digits] = /^([0-9]+)%?$/.exec(typeof found === "string" ? found : "") ?? [];
  return digits !== undefined && ["number", "int"].includes(expected)
    ? ` Write the number alone: ${digits}.`
    : "";
}

function problem(at: readonly PropertyKey[], found: unknown, expected: string): SettingsProblem {
  const path = pathText(at);
  // A key with nothing behind it.
  if (found === null) {
    return { path, message: `is empty; it has to be ${expected}.` };
  }
  return found === undefined
    ? { path, message: `is missing; it has to be ${expected}.` }
    : { path, message: `got ${show(found)}; it has to be ${expected}.` };
}

/**
 * Names the key that was probably meant: one whose spelling differs in at most a third of its letters.
 * Further away, the list of known keys helps more than a guess.
 */
export function unknownKeyText(key: string, known: readonly string[]): string {
  if (known.length === 0) {
    return "this key is not known here.";
  }
  // The keys of every kind are known at a place where one kind is chosen.
  if (known.includes(key)) {
    return "this key belongs to another kind than the one that is chosen here.";
  }
  const meant = meantKey(key, known);
  return meant === undefined
    ? `this key is not known; it may be ${known.join(", ")}.`
    : `this key is not known; did you mean "${meant}"?`;
}

/** The known key that was probably meant: our name of what others call so, or one that is written nearly so. */
export function meantKey(key: string, known: readonly string[]): string | undefined {
  const ourNameOf = (other: string | undefined): string | undefined => {
    const ours = other !== undefined && Object.hasOwn(otherNames, other) ? otherNames[other] : "";
    return known.find((name) => name === ours);
  };
  return (
    ourNameOf(key) ?? nearestOf(key, known) ?? ourNameOf(nearestOf(key, Object.keys(otherNames)))
  );
}

/** What Kubernetes and most charts call a thing for which our own name is another. */
const otherNames: Readonly<Record<string, string>> = {
  replicas: "scaling",
  replicaCount: "scaling",
  autoscaling: "scaling",
  hpa: "scaling",
  disruptionBudget: "scaling",
  podDisruptionBudget: "scaling",
  minReplicas: "min",
  maxReplicas: "max",
  requests: "typical",
  limits: "peak",
  environment: "env",
  envFrom: "config",
  storageClassName: "storageClass",
  livenessProbe: "probes",
  readinessProbe: "probes",
  startupProbe: "probes",
  httpGet: "http",
  tcpSocket: "tcp",
  periodSeconds: "period",
  timeoutSeconds: "timeout",
  strategy: "rollout",
  minReadySeconds: "minReady",
  updateStrategy: "rollout",
  lifecycle: "shutdown",
  terminationGracePeriodSeconds: "shutdown",
  ingress: "exposure",
  affinity: "placement",
  topologySpreadConstraints: "placement",
  volumeMounts: "volumes",
  volumeClaimTemplates: "claims",
  containerPort: "number",
  runAsUser: "user",
  activeDeadlineSeconds: "deadline",
  backoffLimit: "retries",
  concurrencyPolicy: "concurrency",
};

/** The known name that was probably meant; undefined where none is near. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  const swapped = known.find((other) => letters(other) === letters(name));
  const nearest = swapped ?? (known.length === 0 ? undefined : closest(name, known));
  return nearest !== undefined &&
    distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, name.length / 3)
    ? nearest
    : undefined;
}

/** Letters that changed places are one slip, which counts as two letters that are wrong. */
function letters(name: string): string {
  return [...name.toLowerCase()].sort().join("");
}

const typeNames: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  int: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
};

function typeText(expected: string): string {
  return typeNames[expected] ?? expected;
}

function boundText(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const bound = issue.code === "too_small" ? issue.minimum : issue.maximum;
  const direction = issue.code === "too_small" ? "at least" : "at most";
  switch (issue.origin) {
    case "string":
      return `a text of ${direction} ${String(bound)} characters`;
    case "array":
      return `a list of ${direction} ${String(bound)} entries`;
    default:
      return `${direction} ${String(bound)}`;
  }
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map(show);
  return shown.length < 2
    ? shown.join("")
    : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1) ?? ""}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Writes a path as it reads in a stack file: the first key carries the project's name. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key, index) => {
    if (index === 0) {
      return `slipway:${String(key)}`;
    }
    return typeof key === "number" ? `${text}[${String(key)}]` : `${text}.${String(key)}`;
  }, "");
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Readonly<Record<PropertyKey, unknown>>)[key]
        : undefined,
    input,
  );
}
