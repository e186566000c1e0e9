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
  it("reads and writes the objects of this bucket, and can do nothing else", () => {
    expect(bucketPolicy("pictures")).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
          Resource: ["arn:aws:s3:::pictures"],
        },
        {
          Effect: "Allow",
          Action: [
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
          ],
          Resource: ["arn:aws:s3:::pictures/*"],
        },
      ],
    });
  });
});
