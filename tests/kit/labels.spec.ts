import { expect } from "chai";
import fc from "fast-check";
import {
  applicationLabels,
  imageVersion,
  isLabelValue,
  selectorLabels,
  standardLabels,
  versionLabels,
} from "../../components/kit/labels";

const facts = {
  service: "orders",
  application: "shop",
  team: "checkout",
  environment: "production",
};

describe("labels", () => {
  it("say what an object is, whose it is and where it runs", () => {
    expect(standardLabels(facts)).to.deep.equal({
      "app.kubernetes.io/name": "orders",
      "app.kubernetes.io/instance": "orders",
      "app.kubernetes.io/part-of": "shop",
      "app.kubernetes.io/managed-by": "pulumi",
      app: "orders",
      team: "checkout",
      environment: "production",
    });
  });

  it("contain the selector, so that a selector finds its pods", () => {
    expect(standardLabels(facts)).to.include(selectorLabels("orders"));
  });

  it("name the application where an object belongs to it as a whole", () => {
    expect(applicationLabels(facts)).to.include({
      "app.kubernetes.io/name": "shop",
      team: "checkout",
      environment: "production",
    });
  });

  it("name the version that an image's tag names", () => {
    expect(versionLabels("registry.example.com:5000/acme/orders:1.4.2")).to.deep.equal({
      "app.kubernetes.io/version": "1.4.2",
      version: "1.4.2",
    });
  });

  it("name the start of a digest when there is no tag", () => {
    const image = `registry.example.com/acme/orders@sha256:${"ab12".repeat(16)}`;
    expect(imageVersion(image)).to.equal("sha256-ab12ab12ab12");
  });

  it("name the tag when there is a digest too", () => {
    expect(imageVersion(`acme/orders:1.4.2@sha256:${"0".repeat(64)}`)).to.equal("1.4.2");
  });

  it("are valid whatever the tag is", () => {
    const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
    fc.assert(
      fc.property(tag, (text) => {
        expect(isLabelValue(imageVersion(`registry.example.com/orders:${text}`))).to.equal(true);
      }),
    );
  });
});
