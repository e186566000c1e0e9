import { expect } from "chai";
import { deployStack, type StackConfig } from "../support/stacks";

describe("an edit that the objects on the cluster cannot take", () => {
  const classOf = (config: StackConfig): StackConfig => {
    const data = config["slipway:data"] as Readonly<Record<string, object>>;
    const nats = { ...data["nats"], storage: { kind: "file", size: "40Gi" } };
    return { ...config, "slipway:data": { ...data, nats } };
  };
  /** The StatefulSet of the chart as it was deployed; mocks render no chart. */
  const natsServers = (storage: string) => ({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "nats", namespace: "nats" },
    spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage } } } }] },
  });

  it("is refused in an object of a chart, and let through where it is allowed by name", async () => {
    const exported = { deployment: { resources: [{ inputs: natsServers("20Gi") }] } };
    const edit = async (allowed: readonly string[]) => {
      const { recorded } = await deployStack("production", {
        preview: true,
        exported,
        change: (config) => ({ ...classOf(config), "slipway:allowReplacement": allowed }),
      });
      const chart = recorded.find("kubernetes:helm.sh/v4:Chart", "data-nats-chart");
      return chart.transform("kubernetes:apps/v1:StatefulSet", "nats", natsServers("40Gi"));
    };
    expect((await edit([])).opts.ignoreChanges).to.deep.equal(["spec.volumeClaimTemplates"]);
    expect((await edit(["StatefulSet/nats/nats"])).opts.ignoreChanges ?? []).to.deep.equal([]);
  });

  it("is refused in what the program declares, in all of it at once", async () => {
    const { recorded } = await deployStack("production", { preview: true });
    const resources = ["api-gateway", "notifications"].map((name) => {
      const { inputs } = recorded.find("Deployment", name);
      const spec = { ...(inputs.spec as object), selector: { matchLabels: { app: "other" } } };
      return { inputs: { ...inputs, spec } };
    });
    const exported = { deployment: { resources } };
    const refused = await deployStack("production", { preview: true, exported }).then(
      () => "",
      (error: unknown) => String(error),
    );
    const names = ["Deployment/goreliable/api-gateway", "Deployment/storefront/notifications"];
    for (const name of names) {
      expect(refused).to.contain(`${name} cannot be changed in place`);
    }
    expect(refused).to.contain("spec.selector");
    expect(refused).to.match(/slipway:allowReplacement: \["[^"]+", "[^"]+"\]/);
  });

  it("stops an update, which may follow no preview, before anything of it is registered", async () => {
    const { recorded } = await deployStack("production", { preview: true });
    const { inputs } = recorded.find("Deployment", "api-gateway");
    const before = { ...inputs, spec: { selector: { matchLabels: { app: "other" } } } };
    const exported = { deployment: { resources: [{ inputs: before }] } };
    const refused = await deployStack("production", { exported }).then(
      () => "",
      (error: unknown) => String(error),
    );
    expect(refused).to.contain("Deployment/goreliable/api-gateway cannot be changed in place");
  });
});
