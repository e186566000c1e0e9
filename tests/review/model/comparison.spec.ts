import { expect } from "chai";
import { compareStacks } from "../../../review/model/comparison";
import { type StackObject } from "../../../review/model/snapshot";
import { deployment, named, object, stack, statefulSet } from "../stack";

function actions(before: readonly StackObject[], after: readonly StackObject[]): readonly string[] {
  return compareStacks(stack(...before), stack(...after)).changes.map(
    ({ action, object: { view } }) => `${action} ${view.kind} ${view.name}`,
  );
}

function configMap(name: string, data: Readonly<Record<string, string>>) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: named(name), immutable: true, data };
}

describe("comparing two versions of a stack", () => {
  it("finds nothing between equal versions", () => {
    expect(actions([object(deployment())], [object(deployment())])).to.deep.equal([]);
  });

  it("tells created, updated and deleted objects apart", () => {
    const before = [object(deployment()), object(deployment({ name: "old" }))];
    const after = [
      object(deployment({ spec: { replicas: 5 } })),
      object(deployment({ name: "young" })),
    ];
    expect(actions(before, after)).to.deep.equal([
      "delete Deployment old",
      "update Deployment orders",
      "create Deployment young",
    ]);
  });

  it("finds an update where only the engine's options differ", () => {
    const before = object(statefulSet(), { protect: true });
    const { changes } = compareStacks(stack(before), stack(object(statefulSet())));
    expect(changes[0]?.options).to.deep.equal([{ path: "(protect)", before: true, after: false }]);
  });

  it("finds a replacement when a name changes under the same address", () => {
    const urn = "urn:pulumi:production::slipway::t::orders";
    const before = object(deployment(), { urn });
    const after = object(deployment({ name: "sales" }), { urn });
    expect(actions([before], [after])).to.deep.equal(["replace Deployment sales"]);
  });

  it("finds the same object under another address", () => {
    const before = object(deployment(), { urn: "urn:pulumi:production::slipway::t::a" });
    const after = object(deployment(), { urn: "urn:pulumi:production::slipway::t::b" });
    expect(actions([before], [after])).to.deep.equal(["readdress Deployment orders"]);
  });

  it("knows an object of another stack by its address", () => {
    const staging = object(deployment(), { urn: "urn:pulumi:staging::slipway::t::a" });
    const production = object(deployment(), { urn: "urn:pulumi:production::slipway::t::a" });
    expect(actions([staging], [production])).to.deep.equal([]);
  });

  it("follows an alias to the former address", () => {
    const before = object(deployment(), { urn: "urn:pulumi:production::slipway::t::a" });
    const after = object(deployment(), {
      urn: "urn:pulumi:production::slipway::t::b",
      aliases: [before.urn],
    });
    expect(actions([before], [after])).to.deep.equal([]);
  });

  it("knows an object that is named by its content", () => {
    const before = object(configMap("orders-config-0123456789", { level: "info" }));
    const after = object(configMap("orders-config-9876543210", { level: "debug" }));
    expect(actions([before], [after])).to.deep.equal(["renew ConfigMap orders-config-9876543210"]);
  });

  it("does not take a claim with a number in its name for one named by its content", () => {
    const claim = (name: string) =>
      object({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: named(name), spec: {} });
    expect(actions([claim("data-0123456789")], [claim("data-9876543210")])).to.deep.equal([
      "delete PersistentVolumeClaim data-0123456789",
      "create PersistentVolumeClaim data-9876543210",
    ]);
  });

  it("keeps the order whatever order the objects came in", () => {
    const objects = ["c", "a", "b"].map((name) => object(deployment({ name })));
    expect(actions([], objects)).to.deep.equal(actions([], [...objects].reverse()));
  });
});
