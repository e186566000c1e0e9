import { expect } from "chai";
import { Applications, demandsOf, readApplications } from "../../components/apps";
import { givenFeatures } from "../../components/apps/workload/feature-problems";
import { applicationSettings } from "../../components/settings/applications";
import { deploy, type Recorded } from "../support/mocks";
import { allFeatures } from "../support/rooms";
import { at, connectionTo, images, platform } from "./fixtures";

const settings = applicationSettings.parse({
  storefront: { host: "storefront-pr-12.example.com" },
});
const read = () =>
  readApplications(settings, {
    environment: "preview",
    previewName: "pr-12",
    images,
    features: givenFeatures(allFeatures),
  });

describe("an application in a preview environment", () => {
  let recorded: Recorded;

  before(async () => {
    recorded = await deploy(
      () =>
        new Applications("apps", {
          applications: read(),
          platform: { ...platform, features: allFeatures },
          data: { connect: (_application, demand) => connectionTo(demand) },
          pullSecrets: [],
          namespacesGiven: true,
        }),
    );
  });

  it("has all its objects in a namespace that ends in the preview's name", () => {
    const namespaces = recorded.resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ inputs }) => at(inputs, "metadata.namespace"));
    expect(namespaces.length).to.be.above(20);
    expect([...new Set(namespaces)]).to.deep.equal(["storefront-pr-12"]);
  });

  it("calls its services by their addresses there, and nobody else's", () => {
    const text = JSON.stringify(recorded.resources.map(({ inputs }) => inputs));
    expect(text).to.contain("products.storefront-pr-12.svc.cluster.local");
    expect(text).to.not.contain("storefront.svc");
  });

  it("is let in and out by network policies of that namespace", () => {
    const policies = recorded.all("NetworkPolicy").map(({ inputs }) => JSON.stringify(inputs));
    expect(policies.join()).to.contain('"kubernetes.io/metadata.name":"storefront-pr-12"');
    expect(policies.join()).to.not.contain('"kubernetes.io/metadata.name":"storefront"');
  });

  it("demands its data from there", () => {
    const namespaces = demandsOf(read()).map(({ namespace }) => namespace);
    expect([...new Set(namespaces)]).to.deep.equal(["storefront-pr-12"]);
  });
});
