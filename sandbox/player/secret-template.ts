/** The functions of External Secrets' templates that are played. */
const functions: ReadonlyMap<string, (value: string) => string> = new Map([
  ["toString", (value: string) => value],
  ["b64enc", (value: string) => Buffer.from(value).toString("base64")],
  ["b64dec", (value: string) => Buffer.from(value, "base64").toString()],
  ["trim", (value: string) => value.trim()],
  ["urlquery", encodeURIComponent],
]);

const expression = /\{\{-?\s*(.*?)\s*-?\}\}/g;
const reference = /^(?:\.([\w]+)|index \. "([^"]+)")((?:\s*\|\s*\w+)*)$/;

/** A template that is not played, or that asks for a value that is not there. */
export class TemplateProblem extends Error {}

/**
 * Fills a template of an ExternalSecret: `{{ .key }}` and `{{ index . "a-key" }}`, with a few functions behind a bar.
 * @throws TemplateProblem for anything else that Go's templates can do
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(expression, (whole, content: string) => {
    const [, field, indexed, pipeline = ""] = reference.exec(content) ?? [];
    const key = field ?? indexed;
    if (key === undefined) {
      throw new TemplateProblem(`the sandbox does not play the template expression ${whole}`);
    }
    const value = values[key];
    if (value === undefined) {
      throw new TemplateProblem(`could not execute template: map has no entry for key "${key}"`);
    }
    return pipeline
      .split("|")
      .map((name) => name.trim())
      .filter((name) => name !== "")
      .reduce((result, name) => {
        const apply = functions.get(name);
        if (apply === undefined) {
          throw new TemplateProblem(`the sandbox does not play the template function ${name}`);
        }
        return apply(result);
      }, value);
  });
}
