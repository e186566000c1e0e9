import { expect } from "chai";
import { service } from "../../../components/apps/declaration";
import { rotationAnnotations } from "../../../components/apps/workload/rotation";
import { database } from "../../../components/data";
import { allFeatures, features } from "../../support/rooms";
import { at, goodShape } from "../fixtures";
import { deployShop, ordering, resolved, shop, web } from "../shop";

const annotation = "secret.reloader.stakater.com/reload";

describe("the restart of pods whose credentials rotate", () => {
  async function annotationsOf(changes: object, having = allFeatures): Promise<unknown> {
    const audit = database("audit");
    const orders = service("orders", {
      ...web,
      uses: { ordering, audit },
      env: { DATABASE_URL: ordering.url, HOST: audit.host, LEVEL: "info" },
      migration: { args: ["migrate"], env: { DATABASE_URL: audit.url } },
      ...changes,
    });
    const recorded = await deployShop({}, { ...shop, services: [orders] }, having);
    expect(recorded.all("ExternalSecret")).to.have.length(2);
    return at(recorded.find("Deployment", "orders").inputs, "metadata.annotations");
  }

  it("follows exactly the Secrets that the pods read, not the migration's", async () => {
    expect(await annotationsOf({})).to.include({ [annotation]: "orders-database-orders" });
  });

  it("is left out where the stack has no Reloader, or the service does not want it", async () => {
    expect(await annotationsOf({}, features)).not.to.have.property(annotation);
    expect(await annotationsOf({ restartOnRotation: false })).not.to.have.property(annotation);
  });

  it("looks at every container of the pod, and names a Secret once", () => {
    const secret = (secretName: string) => ({ secretName, key: "uri" });
    const { resources, ports, probes } = goodShape;
    const image = "registry.example.com/acme/proxy:1";
    expect(
      rotationAnnotations({
        features: allFeatures,
        env: { A: secret("b"), B: secret("a"), C: secret("b") },
        initContainers: { warm: { resources, env: { D: secret("c") } } },
        sidecars: { proxy: { image, resources, ports, probes, env: { E: secret("d") } } },
      }),
    ).to.deep.equal({ [annotation]: "a,b,c,d" });
  });

  it("is not asked for where there is no Secret to follow", () => {
    expect(rotationAnnotations({ features: allFeatures, env: { LEVEL: "info" } })).to.equal(
      undefined,
    );
  });

  it("is refused where a service insists on it and the stack has no Reloader", () => {
    const insisting = service("orders", { ...web, restartOnRotation: true });
    expect(() => resolved({}, { ...shop, services: [insisting] })).to.throw(
      /shop\/orders restartOnRotation: needs slipway:platform\.reloader/,
    );
  });
});
