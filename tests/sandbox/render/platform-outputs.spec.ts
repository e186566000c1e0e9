import { expect } from "chai";
import { plannedOutputs } from "../../../sandbox/render/plan";
import { stateWith } from "../../../sandbox/render/platform-outputs";

const goal = { type: "pulumi:pulumi:Stack" };

describe("what a planned stack hands out", () => {
  it("is what its plan says of the stack itself", () => {
    const plan = {
      resourcePlans: {
        namespace: { goal: { type: "kubernetes:core/v1:Namespace" }, state: { id: "1" } },
        stack: { goal, state: { tenants: { storefront: {} } } },
      },
    };
    expect(plannedOutputs({ plan, preview: {} })).to.deep.equal({ tenants: { storefront: {} } });
  });

  it("is missing in a plan without it, which is an error", () => {
    for (const plan of [undefined, { resourcePlans: {} }, { resourcePlans: { stack: { goal } } }]) {
      expect(() => plannedOutputs({ plan, preview: {} })).to.throw("no outputs of the stack");
    }
  });

  it("is put down as the state of a stack that has nothing else", () => {
    expect(stateWith("staging", { urls: {} })).to.have.deep.nested.property(
      "deployment.resources",
      [
        {
          urn: "urn:pulumi:staging::slipway::pulumi:pulumi:Stack::slipway-staging",
          custom: false,
          type: "pulumi:pulumi:Stack",
          outputs: { urls: {} },
        },
      ],
    );
  });
});
