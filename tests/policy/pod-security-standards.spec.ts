import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { DEFAULT_CONFIG, settingsUnder } from "../../policy/core/config";
import { Judge } from "../../policy/core/evaluate";
import { type Fields } from "../../policy/core/fields";
import { walk } from "../../policy/core/walk";
import { RULES } from "../../policy/rules";

/** The implementation that the API server uses, with the pods it tests itself by: every version, both levels. */
const ORACLE = "k8s.io/pod-security-admission@v0.37.2";

const LEVELS = {
  baseline: { profile: "baseline", topics: ["pss-baseline"] },
  restricted: { profile: "production", topics: ["pss-baseline", "pss-restricted"] },
} as const;

/** Folder of the oracle's test data; undefined when there is no Go, or no module proxy to ask. */
function testData(): string | undefined {
  const { stdout, error } = spawnSync("go", ["mod", "download", "-json", ORACLE], {
    cwd: tmpdir(),
    encoding: "utf8",
  });
  const module =
    error === undefined && stdout !== "" ? (JSON.parse(stdout) as { Dir?: string }) : {};
  return module.Dir === undefined ? undefined : join(module.Dir, "test", "testdata");
}

describe("the Pod Security Standards' own pods", () => {
  let folder: string | undefined;

  before(function () {
    this.timeout(60_000);
    folder = testData();
    if (folder === undefined) {
      console.log(`      needs Go and its module proxy, to fetch ${ORACLE}; not run here`);
      this.skip();
    }
  });

  for (const level of ["baseline", "restricted"] as const) {
    it(`are judged alike in every version of the ${level} level`, () => {
      const disagreements: string[] = [];
      let count = 0;
      for (const version of readdirSync(join(folder ?? "", level))) {
        for (const outcome of ["pass", "fail"] as const) {
          for (const { name, rules } of judged(
            join(folder ?? "", level, version, outcome),
            level,
            version,
          )) {
            count += 1;
            if ((rules.length === 0) !== (outcome === "pass")) {
              disagreements.push(`${version}/${outcome}/${name}: ${rules.join(", ")}`);
            }
          }
        }
      }
      expect(disagreements).to.deep.equal([]);
      expect(count).to.be.greaterThan(1000);
    });
  }
});

function judged(
  folder: string,
  level: keyof typeof LEVELS,
  version: string,
): { name: string; rules: string[] }[] {
  const { profile, topics } = LEVELS[level];
  const rules = RULES.filter(({ topic }) => (topics as readonly string[]).includes(topic));
  const settings = { ...settingsUnder(profile), podSecurityVersion: version };
  const judge = new Judge(rules, { ...DEFAULT_CONFIG, settings });
  return readdirSync(folder).map((name) => {
    const pod = load(readFileSync(join(folder, name), "utf8")) as Fields;
    return { name, rules: judge.judge(walk(pod)).map(({ rule }) => rule) };
  });
}
