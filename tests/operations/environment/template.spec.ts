import { expect } from "chai";
import { parse } from "yaml";
import {
  encryptionOf,
  environmentFile,
  readTemplate,
  stackOf,
} from "../../../operations/environment/template";

const text = `# A template.
secretsprovider: awskms://alias/pulumi
encryptedkey: of-the-template
config:
  slipway:environment: preview
  slipway:cluster: { context: staging }
  slipway:platformStack: acme/slipway/staging
  slipway:previewEnvironment: { name: template, slot: 1 }
  slipway:images: { pullSecrets: [registry] }
  slipway:applications:
    storefront: { host: storefront.preview.example.com }
    fulfilment: { host: orders.preview.example.com }
`;

describe("the template of preview environments", () => {
  it("says which applications there are, beside which platform, and what pulls their images", () => {
    expect(readTemplate("preview", text)).to.deep.equal({
      stack: "preview",
      platformStack: "acme/slipway/staging",
      environment: "preview",
      applications: ["storefront", "fulfilment"],
      pullSecrets: ["registry"],
      simulated: false,
    });
  });

  it("has to be a stack of applications with a preview's name, or it is refused", () => {
    for (const [key, line] of Object.entries({
      "slipway:previewEnvironment": "  slipway:previewEnvironment: { name: template, slot: 1 }\n",
      "slipway:platformStack": "  slipway:platformStack: acme/slipway/staging\n",
    })) {
      expect(() => readTemplate("staging", text.replace(line, ""))).to.throw(
        `Pulumi.staging.yaml is no template of preview environments: it has no ${key}.`,
      );
    }
  });
});

describe("an environment's stack file", () => {
  it("has its name and its slot, and its name in each host below one wildcard", () => {
    const { config } = parse(environmentFile(text, "pr-12", 2)) as {
      config: Readonly<Record<string, unknown>>;
    };
    expect(config["slipway:previewEnvironment"]).to.deep.equal({ name: "pr-12", slot: 2 });
    expect(config["slipway:applications"]).to.deep.equal({
      storefront: { host: "storefront-pr-12.preview.example.com" },
      fulfilment: { host: "orders-pr-12.preview.example.com" },
    });
  });

  it("encrypts by its own stack's key and never by the template's", () => {
    const made = parse(environmentFile(text, "pr-12", 2)) as object;
    expect(made).to.include({ secretsprovider: "awskms://alias/pulumi" });
    expect(made).to.not.have.property("encryptedkey");
    expect(parse(environmentFile(text, "pr-12", 2, { encryptionsalt: "v1:s" }))).to.include({
      encryptionsalt: "v1:s",
    });
  });

  it("is refused where a host leaves no room for the name", () => {
    const long = text.replace("host: storefront.", `host: ${"s".repeat(60)}.`);
    expect(() => environmentFile(long, "pr-12", 2)).to.throw("has more than 63 letters");
  });

  it("gets back from the state what its stack encrypts with", () => {
    const state = (type: string, kept: object) => ({
      deployment: { secrets_providers: { type, state: kept } },
    });
    expect(encryptionOf(state("passphrase", { salt: "v1:s" }))).to.deep.equal({
      encryptionsalt: "v1:s",
    });
    expect(encryptionOf(state("cloud", { url: "awskms://a", encryptedkey: "k" }))).to.deep.equal({
      secretsprovider: "awskms://a",
      encryptedkey: "k",
    });
    expect(encryptionOf(state("service", {}))).to.deep.equal({});
    expect(encryptionOf({})).to.deep.equal({});
  });
});

describe("the name of an environment", () => {
  it("follows its template's in the name of its stack", () => {
    expect(stackOf({ stack: "preview" }, "pr-12")).to.equal("preview-pr-12");
  });

  for (const name of ["PR-12", "12", "pr_12", "-pr", "pr-", "", "a".repeat(31), "a/b", "pr 1"]) {
    it(`is refused as "${name}"`, () => {
      expect(() => stackOf({ stack: "preview" }, name)).to.throw("cannot be the name");
    });
  }
});
