import { expect } from "chai";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { RULES } from "../../policy/rules";
import { pathsExpected, pathsFound, SUITES } from "./support";

// Loading the specs files their cases; Mocha has loaded them already when the whole suite runs.
for (const spec of readdirSync(join(__dirname, "rules")).filter((name) =>
  name.endsWith(".spec.ts"),
)) {
  createRequire(__filename)(join(__dirname, "rules", spec));
}

describe("the tests of each rule", () => {
  for (const rule of RULES) {
    it(`notice when ${rule.id} is disabled`, () => {
      const suites = SUITES.filter((suite) => suite.rule.id === rule.id);
      const others = RULES.filter((other) => other.id !== rule.id);
      const noticed = suites.some((suite) =>
        suite.cases.some(
          (one) => String(pathsFound(suite, one, others)) !== String(pathsExpected(suite, one)),
        ),
      );
      expect(noticed, `a case fails without ${rule.id}`).to.equal(true);
    });
  }
});
