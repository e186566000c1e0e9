import { expect } from "chai";
import { PROFILES } from "../../policy/core/profile";
import { type Finding } from "../../policy/core/finding";
import { configFileContent, stackConfigFile } from "../../policy/pack/config-file";
import { resourceView } from "../../policy/pack/resource-view";
import { Session } from "../../policy/pack/session";
import { type RecordedResource } from "../support/mocks";
import { deployStack, stackNames } from "../support/stacks";

/** A stack as a preview shows it to the pack: what no provider has answered yet is unknown. */
async function previewOf(stack: string): Promise<readonly RecordedResource[]> {
  const { recorded } = await deployStack(stack, { preview: true });
  return recorded.resources;
}

function findingsOf(resources: readonly RecordedResource[], config: unknown): readonly Finding[] {
  const judge = new Session().configure(config);
  const objects = resources.flatMap(
    ({ type, urn, inputs, protect, dependencies }) =>
      resourceView({
        type,
        urn,
        props: inputs,
        opts: { protect },
        dependencies: dependencies.map((dependency) => ({ urn: dependency })),
      }) ?? [],
  );
  return judge.judge(objects);
}

function lines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, kind, name, path }) => `${rule}: ${kind} ${name}, ${path}`);
}

describe("the previews of the stacks", () => {
  it("hold values that are not known yet, so that the tests below can fail", async () => {
    const resources = await previewOf("sandbox");
    const unknown = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("04da6b54"));
    expect(unknown).not.to.have.lengthOf(0);
  });
});

for (const stack of stackNames) {
  describe(`the preview of the stack ${stack}`, () => {
    let resources: readonly RecordedResource[];

    before(async () => {
      resources = await previewOf(stack);
    });

    for (const profile of PROFILES) {
      it(`hides nothing from a rule of the profile ${profile}`, () => {
        const hidden = findingsOf(resources, { profile }).filter(({ rule }) =>
          ["unknown-value", "rule-error"].includes(rule),
        );
        expect(lines(hidden)).to.deep.equal([]);
      });
    }

    it("breaks no mandatory rule of the configuration that it is judged by", () => {
      const file = stackConfigFile(stack);
      const own = file === undefined ? {} : configFileContent(file);
      const mandatory = findingsOf(resources, own).filter(
        ({ enforcement }) => enforcement === "mandatory",
      );
      expect(lines(mandatory)).to.deep.equal([]);
    });

    if (stack.startsWith("sandbox")) {
      it("has nothing to say to somebody who tries it", () => {
        const file = stackConfigFile(stack);
        expect(file, "policy/stacks").to.be.a("string");
        const shown = findingsOf(resources, file === undefined ? {} : configFileContent(file));
        // The pods that the charts make, which the policies of their namespaces select, are not here.
        const unseen = ["exemptions", "network-policy-dangling"];
        expect(lines(shown.filter(({ rule }) => !unseen.includes(rule)))).to.deep.equal([]);
      });
    }
  });
}
