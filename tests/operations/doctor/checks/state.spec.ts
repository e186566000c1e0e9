import { findsEach, withMore } from "../examination";

describe("an examination of the state", () => {
  findsEach([
    [
      "an interrupted operation",
      () => withMore("pending", { urn: "urn:pulumi:p::slipway::t::shop-orders", type: "creating" }),
      "pending operations",
      "high",
      "shop-orders",
      /while it was creating/,
      /^pulumi cancel .* refresh --yes --clear-pending-creates --stack production/,
    ],
  ]);
});
