import { readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { fields, text } from "../../../policy/core/fields";
import { checkout } from "../../../sandbox/folder";
import { fileNames } from "../../../sandbox/render/file-names";

const file = join(checkout, "docs", "argocd", "application-set.yaml");
const spec = fields(fields(parse(readFileSync(file, "utf8")))["spec"]);
const template = fields(fields(spec["template"])["spec"]);
const directory = fields(fields(template["source"])["directory"]);

const named = (kind: string, name: string) => ({ urn: name, kind, namespace: "shop", name });

describe("the hand-over to Argo CD", () => {
  it("reads every folder that render writes, but neither its index nor masked Secrets", function () {
    if (typeof matchesGlob !== "function") {
      // Node 20 has no globs of its own.
      this.skip();
    }
    const exclude = text(directory["exclude"]) ?? "";
    const files = fileNames([
      named("Deployment", "web"),
      named("Secret", "web"),
      named("SecretStore", "vault"),
      named("ExternalSecret", "web"),
    ]);
    expect(["index.json", ...files].filter((path) => !matchesGlob(path, exclude))).to.deep.equal([
      "shop/deployment-web.yaml",
      "shop/secretstore-vault.yaml",
      "shop/externalsecret-web.yaml",
    ]);
    expect(directory["recurse"]).to.equal(true);
  });

  it("deletes nothing because a file is gone", () => {
    expect(fields(fields(template["syncPolicy"])["automated"])["prune"]).to.equal(false);
  });
});
