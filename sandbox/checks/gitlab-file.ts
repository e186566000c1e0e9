import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { checkout } from "../folder";

/** What GitLab's own schema finds wrong with the text of a `.gitlab-ci.yml`; nothing when it fits. */
export function gitlabProblems(text: string): readonly string[] {
  const schema = JSON.parse(
    readFileSync(join(checkout, "schemas", "gitlab-ci.schema.json"), "utf8"),
  ) as object;
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  // GitLab merges YAML's << keys before it reads the file.
  return validate(parse(text, { merge: true }))
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message }) =>
          `.gitlab-ci.yml: ${instancePath === "" ? "/" : instancePath} ${message ?? "is wrong"}`,
      );
}
