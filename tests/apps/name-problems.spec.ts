import { expect } from "chai";
import { declarations } from "../../components/apps";
import { takenNamespaces } from "../../components/apps/name-problems";
import { deployStack } from "../support/stacks";

describe("the namespaces that no application may have", () => {
  it("are all that the platform and the data services make", async () => {
    const { recorded } = await deployStack("production", { preview: true });
    const ofApplications = declarations.map(({ name }): string => name);
    const made = recorded
      .all("kubernetes:core/v1:Namespace")
      .map(({ inputs }) => (inputs.metadata as { readonly name?: string }).name ?? "")
      .filter((name) => !ofApplications.includes(name));
    expect(made).to.include.members(["postgres", "cert-manager"]);
    expect(takenNamespaces).to.include.members(made);
  });
});
