import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Component } from "../../components/kit/component";
import { deploy } from "../support/mocks";

class Pair extends Component {
  constructor(name: string, child: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("kit", "Pair", name, opts);
    new kubernetes.core.v1.ConfigMap(child, { metadata: { name: "pair" } }, { parent: this });
    this.registerOutputs();
  }
}

describe("a component", () => {
  it("says its room and its class in its type", async () => {
    const recorded = await deploy(() => new Pair("pair", "pair-left"));
    expect(recorded.find("slipway:kit:Pair", "pair").urn).to.contain("slipway:kit:Pair::pair");
  });

  it("is the parent of its children", async () => {
    const recorded = await deploy(() => new Pair("pair", "pair-left"));
    expect(recorded.find("ConfigMap", "pair-left").parent).to.match(/Pair::pair$/);
  });

  it("refuses a child whose name does not start with its own", () => {
    return deploy(() => new Pair("pair", "left")).then(
      () => expect.fail("the child was accepted"),
      (error: unknown) => {
        expect(String(error)).to.contain('its name must start with "pair-"');
      },
    );
  });
});
