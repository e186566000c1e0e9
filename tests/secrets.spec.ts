import { expect } from "chai";
import type { Properties, RecordedResource } from "./support/mocks";
import { deployStack, stackNames, type DeployedStack } from "./support/stacks";

/** What stands for every secret value; each form is one in which it could leave the program. */
const canary = "Canary5ecret+Value";
const forms = [canary, Buffer.from(canary).toString("base64"), encodeURIComponent(canary)];

/** Every value that a provider makes up and keeps secret. */
function secretState(type: string, inputs: Properties): Properties {
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      return { result: canary, bcryptHash: canary };
    case "pulumi:index:Stash":
      return { output: inputs.input };
    default:
      return {};
  }
}

/** The paths at which a value holds the canary, apart from what is marked as a secret. */
function leaks(value: unknown, path: string): readonly string[] {
  if (typeof value === "string") {
    return forms.some((form) => value.includes(form)) ? [path] : [];
  }
  if (typeof value !== "object" || value === null || isMarked(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, below]) => leaks(below, `${path}.${key}`));
}

/** The paths at which a value is marked as a secret. */
function marked(value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return isMarked(value)
    ? [path]
    : Object.entries(value).flatMap(([key, below]) => marked(below, `${path}.${key}`));
}

/** The mocks give a marked value as `{ secret: value }`; Kubernetes has fields of that name that hold a text. */
function isMarked(value: object): boolean {
  return (
    Object.keys(value).join() === "secret" &&
    forms.some((form) => JSON.stringify(value).includes(form))
  );
}

/** Where a secret value may be: in a Secret, and in what remembers it, encrypted, for the next run. */
function mayHold({ type }: RecordedResource): boolean {
  return type === "kubernetes:core/v1:Secret" || type === "pulumi:index:Stash";
}

for (const stack of stackNames) {
  describe(`the secrets of the stack ${stack}`, () => {
    let deployed: DeployedStack;

    before(async () => {
      deployed = await deployStack(stack, { preview: true, state: secretState });
    });

    it("are in no property that the state or a preview shows", () => {
      const { resources } = deployed.recorded;
      expect(resources.flatMap(({ urn, inputs }) => leaks(inputs, urn))).to.deep.equal([]);
    });

    it("are, marked as such, in nothing but Secrets", () => {
      const holders = deployed.recorded.resources.filter(
        (resource) => marked(resource.inputs, "").length > 0,
      );
      expect(holders.filter((holder) => !mayHold(holder)).map(({ urn }) => urn)).to.deep.equal([]);
      // A stack of applications alone has Secrets made by External Secrets only.
      const hasData = deployed.recorded.all("slipway:data:DataServices").length > 0;
      expect(holders.length > 0).to.equal(hasData);
    });

    it("are in no output", () => {
      const text = JSON.stringify(deployed.outputs);
      expect(forms.filter((form) => text.includes(form))).to.deep.equal([]);
    });
  });
}
