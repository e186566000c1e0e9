import { expect } from "chai";
import { bucket } from "../../components/data";
import { bucketFiles, bucketPolicy, bucketUsers } from "../../components/data/buckets";

describe("the users of buckets", () => {
  it("are one for each bucket of each application", () => {
    const users = bucketUsers({
      application: "shop",
      namespace: "shop",
      demands: [bucket("pictures"), bucket("invoices")],
    });
    expect(users).to.deep.equal([
      { name: "shop-pictures", bucket: "pictures" },
      { name: "shop-invoices", bucket: "invoices" },
    ]);
  });

  it("share a bucket that two applications demand, each with its own policy", () => {
    const files = bucketFiles([
      { name: "shop-pictures", bucket: "pictures" },
      { name: "blog-pictures", bucket: "pictures" },
    ]);
    expect(Object.keys(files)).to.have.members([
      "bucket.pictures",
      "policy.shop-pictures.json",
      "policy.blog-pictures.json",
    ]);
  });
});

describe("the policy of a bucket", () => {
  const { Statement: statements } = bucketPolicy("pictures");

  it("is about this bucket and its objects, and no other", () => {
    expect(statements.flatMap(({ Resource }) => Resource)).to.deep.equal([
      "arn:aws:s3:::pictures",
      "arn:aws:s3:::pictures/*",
    ]);
  });

  it("names every action, so that none of the administration is in it", () => {
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.includes("*"))).to.deep.equal([]);
    expect(actions).to.include.members(["s3:GetObject", "s3:PutObject", "s3:ListBucket"]);
    expect(actions).to.not.include("s3:DeleteBucket");
  });
});
