import { fields, has, isMap, list, maps, scalarText, text, type Fields } from "./fields";
import { peek } from "./unknown";

/** Labels of an object or of a pod template: only those whose value is a string. */
export type Labels = Readonly<Record<string, string>>;

/** The string-valued labels of `metadata.labels`; numbers and booleans are written as text, as YAML readers meant them. */
export function readLabels(value: unknown): Labels {
  const map = fields(value);
  const labels = Object.create(null) as Record<string, string>;
  for (const key of Object.keys(map)) {
    const label = peek(map, key);
    if (typeof label === "string") {
      labels[key] = label;
    } else if (typeof label === "number" || typeof label === "boolean") {
      labels[key] = String(label);
    }
  }
  return labels;
}

/**
 * True when a label selector (`matchLabels` and `matchExpressions`) selects the labels. An absent selector
 * selects nothing, an empty one everything.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function matchesSelector(selector: unknown, labels: Labels): boolean {
  if (!isMap(selector)) {
    return false;
  }
  return (
    matchesLabels(selector["matchLabels"], labels) &&
    maps(selector["matchExpressions"]).every((expression) => matchesExpression(expression, labels))
  );
}

/** True when every pair of a plain map selector (a Service's `spec.selector`) is among the labels. */
export function matchesLabels(pairs: unknown, labels: Labels): boolean {
  const wanted = readLabels(pairs);
  for (const key in wanted) {
    if (labels[key] !== wanted[key]) {
      return false;
    }
  }
  return true;
}

function matchesExpression(expression: Fields, labels: Labels): boolean {
  const key = text(expression["key"]) ?? "";
  const values = list(expression["values"]).map(scalarText);
  const value = has(labels, key) ? labels[key] : undefined;
  switch (expression["operator"]) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

/** True when the selector has no condition at all. */
export function isEmptySelector(selector: unknown): boolean {
  const map = fields(selector);
  return (
    Object.keys(fields(map["matchLabels"])).length === 0 &&
    list(map["matchExpressions"]).length === 0
  );
}
