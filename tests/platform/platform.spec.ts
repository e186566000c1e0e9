import { expect } from "chai";
import { ServedApi } from "../../components/kit/served-api";
import { Platform } from "../../components/platform";
import { deploy, type Recorded } from "../support/mocks";
import { environment, platformOf } from "../support/rooms";

describe("Platform", () => {
  let recorded: Recorded;
  let platform: Platform;
  before(async () => {
    recorded = await deploy(() => {
      platform = new Platform("platform", {
        settings: platformOf(),
        environment,
        retention: "keep",
      });
    });
  });

  it("installs cert-manager, ingress-nginx, External Secrets and PGO", () => {
    const charts = recorded.all("Chart").map(({ inputs }) => inputs.chart);
    expect(charts).to.have.members([
      "cert-manager",
      "ingress-nginx",
      "external-secrets",
      "oci://registry.developers.crunchydata.com/crunchydata/pgo",
    ]);
  });

  it("gives each chart an exact version", () => {
    for (const { inputs } of recorded.all("Chart")) {
      expect(inputs.version).to.match(/^v?[0-9]+\.[0-9]+\.[0-9]+$/);
    }
  });

  it("runs every controller under the restricted Pod Security Standard", () => {
    const levels = recorded.all("Namespace").map(({ inputs }) => inputs.metadata);
    const objects = levels.filter((metadata) => metadata !== undefined);
    expect(objects).to.have.lengthOf(4);
    for (const metadata of objects) {
      expect(metadata)
        .to.have.property("labels")
        .that.includes({ "pod-security.kubernetes.io/enforce": "restricted" });
    }
  });

  it("installs the edge after the authority that signs its webhook's certificate", () => {
    const edge = recorded.find("Chart", "platform-ingress-nginx-chart");
    const authority = recorded.find("ClusterIssuer", platform.certificates.clusterIssuer);
    expect(edge.dependencies).to.include(authority.urn);
  });

  it("has the stack's own authority sign what is reached from outside when nobody else is named", () => {
    expect(platform.edge.clusterIssuer).to.equal(platform.certificates.clusterIssuer);
  });

  it("has the named issuer sign what is reached from outside", async () => {
    let other: Platform | undefined;
    await deploy(() => {
      other = new Platform("platform", {
        settings: platformOf({ certManager: { replicas: 2, issuer: "lets-encrypt" } }),
        environment,
        retention: "keep",
      });
    });
    expect(other?.edge.clusterIssuer).to.equal("lets-encrypt");
    expect(other?.certificates.clusterIssuer).to.equal("slipway-ca");
  });

  it("has a Certificate wait for cert-manager's API, and the others' objects for theirs", () => {
    const served = recorded.all("ServedApi").map(({ name }) => name);
    expect(served).to.have.members([
      "platform-cert-manager-api",
      "platform-ingress-nginx-api",
      "platform-external-secrets-api",
      "platform-pgo-api",
    ]);
    for (const controller of [
      platform.certificates,
      platform.edge,
      platform.secretStores,
      platform.postgresOperator,
    ]) {
      const ready = controller?.ready ?? [];
      expect(ready.filter((resource) => resource instanceof ServedApi)).to.have.lengthOf(1);
    }
  });

  it("has every chart wait for the class of its pods", () => {
    const { urn } = recorded.find("PriorityClass", "slipway-platform");
    for (const { name, dependencies } of recorded.all("Chart")) {
      expect(dependencies, name).to.include(urn);
    }
  });

  it("hands out, for each controller, what to depend on", () => {
    const { certificates, edge, secretStores, postgresOperator } = platform;
    for (const controller of [certificates, edge, secretStores, postgresOperator]) {
      expect(controller?.ready).to.not.have.lengthOf(0);
    }
  });
});
