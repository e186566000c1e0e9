import { containsSecret, isMap, Secret, type PropertyMap } from "../../rpc/values";

/**
 * Marks as secret in `outputs` what is secret in `inputs`. Within maps the marks stay as fine as they
 * are; a list with one secret in it becomes secret as a whole, because the server may reorder it. The
 * data of a Kubernetes Secret is always secret.
 */
export function markSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  if (outputs["kind"] === "Secret") {
    return wrap(outputs, ["data", "stringData"]);
  }
  const marked = { ...outputs };
  for (const [key, input] of Object.entries(inputs)) {
    const output = outputs[key];
    if (output === undefined) {
      continue;
    }
    if (isMap(output) && isMap(input)) {
      marked[key] = markSecrets(output, input);
    } else if (!(output instanceof Secret) && containsSecret(input)) {
      marked[key] = new Secret(output);
    }
  }
  return marked;
}

function wrap(outputs: PropertyMap, keys: readonly string[]): PropertyMap {
  const marked = { ...outputs };
  for (const key of keys) {
    const value = outputs[key];
    if (value !== undefined && !(value instanceof Secret)) {
      marked[key] = new Secret(value);
    }
  }
  return marked;
}
