import { expect } from "chai";
import { Reloader } from "../../components/platform/reloader";
import { reloaderValues } from "../../components/platform/reloader-values";
import { standInValues, unknownKeys } from "../support/chart-facts";
import { deploy } from "../support/mocks";
import { environment } from "../support/rooms";

const { reloader } = reloaderValues({ replicas: 2 });

describe("the values of Reloader", () => {
  it("restart only what asks for it, by an annotation that no container sees", () => {
    expect(reloader).to.include({ autoReloadAll: false, reloadStrategy: "annotations" });
  });

  it("leave alone ConfigMaps, which are named by their content, and Jobs, which would run again", () => {
    expect(reloader).to.include({ ignoreConfigMaps: true, ignoreJobs: true, ignoreCronJobs: true });
  });

  it("elect a leader among several pods; one pod needs no election", () => {
    expect(reloader.enableHA).to.equal(true);
    expect(reloaderValues({ replicas: 1 }).reloader.enableHA).to.equal(false);
  });

  it("run its pods restricted, limited, spread and with a disruption budget", () => {
    expect(reloader.readOnlyRootFileSystem).to.equal(true);
    expect(reloader.podDisruptionBudget).to.deep.equal({ enabled: true, minAvailable: 1 });
    expect(reloader.deployment).to.deep.include({
      replicas: 2,
      containerSecurityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      },
    });
    expect(reloader.deployment.resources.limits).to.deep.equal({ cpu: "80m", memory: "256Mi" });
    expect(reloader.deployment.topologySpreadConstraints).to.have.lengthOf(2);
  });

  it("take a pod out before they restart it", () => {
    // The chart's liveness probe has five.
    expect(reloader.deployment.readinessProbe.failureThreshold).to.be.lessThan(5);
  });

  it("are keys the chart knows", () => {
    expect(unknownKeys({ reloader }, standInValues("reloader"))).to.deep.equal([]);
  });
});

describe("Reloader", () => {
  it("reaches the API server and nothing else", async () => {
    const recorded = await deploy(
      () => new Reloader("reloader", { replicas: 2, environment, retention: "keep" }),
    );
    expect(recorded.find("NetworkPolicy", "allow-api-server").inputs.spec).to.deep.equal({
      podSelector: { matchLabels: { app: "reloader-reloader", release: "reloader" } },
      policyTypes: ["Egress"],
      egress: [{ ports: [443, 6443].map((port) => ({ protocol: "TCP", port })) }],
    });
  });
});
