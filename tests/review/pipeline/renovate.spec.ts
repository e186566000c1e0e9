import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { charts } from "../../../components/charts";
import { checkout } from "../../../sandbox/folder";

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
}

const read = (file: string): string => readFileSync(join(checkout, file), "utf8");
const { customManagers } = JSON.parse(read("renovate.json")) as {
  readonly customManagers: readonly Manager[];
};

/** What the managers of a file find in it, as `name version`. */
function found(file: string): readonly string[] {
  return customManagers
    .filter(({ managerFilePatterns }) =>
      managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)),
    )
    .flatMap(({ matchStrings }) => matchStrings)
    .flatMap((pattern) => [...read(file).matchAll(new RegExp(pattern, "g"))])
    .map(({ groups = {} }) => `${groups["depName"] ?? groups["chart"]} ${groups["currentValue"]}`)
    .sort();
}

describe("the configuration of Renovate", () => {
  it("finds every chart with its version", () => {
    const expected = Object.values(charts).map(({ chart, version }) => `${chart} ${version}`);
    expect(found("components/charts.ts")).to.deep.equal(expected.sort());
  });

  it("finds the images that a stack file names", () => {
    expect(found("Pulumi.sandbox.yaml")).to.deep.equal([
      "registry.k8s.io/e2e-test-images/agnhost 2.53",
    ]);
  });

  it("finds the images of the pipeline", () => {
    expect(found(".gitlab-ci.yml").map((image) => image.split(" ")[0])).to.deep.equal([
      "aquasec/trivy",
      "node",
    ]);
  });
});
