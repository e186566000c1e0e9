import { expect } from "chai";
import { pendingIn } from "../../../../operations/doctor/doctor";
import { findsEach, withMore } from "../examination";

const creating = {
  urn: "urn:pulumi:p::slipway::t::shop-migration",
  type: "creating",
  object: {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "migration", namespace: "shop" },
  },
};

describe("an examination of the state", () => {
  findsEach([
    [
      "an interrupted operation",
      () => withMore("pending", { urn: "urn:pulumi:p::slipway::t::shop-orders", type: "creating" }),
      "pending operations",
      "high",
      "shop-orders",
      /while it was creating/,
      /^pulumi cancel .* refresh --yes --clear-pending-creates --stack production; then update again$/,
    ],
    [
      "an interrupted creation of an object that is there",
      () => withMore("pending", { ...creating, exists: true }),
      "pending operations",
      "high",
      "shop-migration",
      /; the Job shop\/migration is in the cluster/,
      /; then take it .*: PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack production --target 'urn:.*shop-migration'$/,
    ],
    [
      "an interrupted creation of an object that is not there",
      () => withMore("pending", { ...creating, exists: false }),
      "pending operations",
      "high",
      "shop-migration",
      /; the Job shop\/migration is not in the cluster/,
      /; then update again$/,
    ],
  ]);

  it("takes the names of what was being created out of the state, and nothing else", () => {
    const inputs = { ...creating.object, spec: { secret: "s3cr3t" } };
    const resource = { urn: creating.urn, type: "kubernetes:batch/v1:Job", inputs };
    const other = { resource: { urn: "urn:other", inputs: { length: 20 } }, type: "creating" };
    const pending_operations = [{ resource, type: "creating" }, other];
    expect(pendingIn({ deployment: { pending_operations } })).to.deep.equal([
      creating,
      { urn: "urn:other", type: "creating" },
    ]);
  });
});
