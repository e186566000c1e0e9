import { expect } from "chai";
import { jobTimeouts } from "../../../components/apps/workload/job";
import {
  pullSeconds,
  reportSeconds,
  rolloutTimes,
} from "../../../components/apps/workload/rollout";
import { workloadProblems } from "../../../components/apps/workload/workload-problems";
import { startupBudgetSeconds } from "../../../components/kit/probes";
import {
  at,
  deployDaemon,
  deployOnce,
  deployStateful,
  deployWorkload,
  goodOnce,
  goodShape,
  goodStateful,
} from "../fixtures";

describe("a stateful workload", () => {
  it("is protected and outlives its stack with its volumes, unless the stack keeps nothing", async () => {
    const kept = (await deployStateful()).find("StatefulSet", "orders");
    const gone = (await deployStateful({ retention: "delete" })).find("StatefulSet", "orders");
    expect(kept).to.include({ protect: true, retainOnDelete: true });
    expect(gone).to.include({ protect: false, retainOnDelete: false });
  });

  it("goes with its stack when its pods have no volumes", async () => {
    const recorded = await deployStateful({ claims: {} });
    expect(recorded.find("StatefulSet", "orders")).to.include({ retainOnDelete: false });
  });

  it("gives each pod a name and a volume of its own, and keeps the volumes", async () => {
    const recorded = await deployStateful({ scaling: { fixed: 3 } });
    const { inputs } = recorded.find("StatefulSet", "orders");
    expect(inputs.spec).to.deep.include({
      replicas: 3,
      serviceName: "orders-headless",
      podManagementPolicy: "OrderedReady",
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    });
    expect(at(inputs, "spec.volumeClaimTemplates")).to.have.deep.nested.property("[0].spec", {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "5Gi" } },
    });
    const name = at(inputs, "spec.volumeClaimTemplates.0.metadata.name");
    expect(at(inputs, "spec.template.spec.containers.0.volumeMounts")).to.deep.include({
      name,
      mountPath: "/var/lib/orders",
    });
  });

  it("does with its volumes what it says instead", async () => {
    const recorded = await deployStateful({
      claims: {
        "/data": { size: "1Gi", storageClass: "fast", accessMode: "ReadWriteOncePod" },
      },
      claimRetention: { whenScaled: "Delete" },
      podManagement: "Parallel",
    });
    const { inputs } = recorded.find("StatefulSet", "orders");
    expect(at(inputs, "spec.volumeClaimTemplates.0.spec")).to.deep.include({
      accessModes: ["ReadWriteOncePod"],
      storageClassName: "fast",
    });
    expect(inputs.spec).to.deep.include({
      podManagementPolicy: "Parallel",
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Delete" },
    });
  });

  it("has a Service that balances and one that names pods, those that are not ready too", async () => {
    const recorded = await deployStateful();
    expect(recorded.find("Service", "shop-orders-service").inputs.spec).to.not.have.property(
      "clusterIP",
    );
    const headless = recorded.find("Service", "shop-orders-headless-service").inputs;
    expect(at(headless, "metadata.name")).to.equal("orders-headless");
    expect(headless.spec).to.include({ clusterIP: "None", publishNotReadyAddresses: true });
  });

  it("spreads its pods by the label that its controller gives them", async () => {
    const { inputs } = (await deployStateful()).find("StatefulSet", "orders");
    expect(
      at(inputs, "spec.template.spec.topologySpreadConstraints.0.matchLabelKeys"),
    ).to.deep.equal(["controller-revision-hash"]);
  });

  it("waits for one pod after the other, or for all at once where they start so", async () => {
    const shutdown = { preStop: "10s", drain: "30s" } as const;
    const args = { scaling: { fixed: 3 }, shutdown, minReady: "5s" } as const;
    const start = pullSeconds + startupBudgetSeconds(goodStateful.probes) + 5;
    const update = `${String(3 * (start + 40) + reportSeconds)}s`;
    const ordered = (await deployStateful(args)).find("StatefulSet", "orders");
    expect(ordered.timeouts).to.include({
      create: `${String(3 * start + reportSeconds)}s`,
      update,
    });
    const parallel = await deployStateful({ ...args, podManagement: "Parallel" });
    expect(parallel.find("StatefulSet", "orders").timeouts).to.include({
      create: `${String(start + reportSeconds)}s`,
      update,
    });
  });

  it("is what its autoscaler scales, and has a budget", async () => {
    const recorded = await deployStateful({ scaling: { hpa: { min: 3, max: 5 } } });
    const { inputs } = recorded.find("HorizontalPodAutoscaler", "orders");
    expect(at(inputs, "spec.scaleTargetRef")).to.deep.equal({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      name: "orders",
    });
    expect(recorded.find("StatefulSet", "orders").ignoreChanges).to.deep.equal(["spec.replicas"]);
    expect(recorded.all("PodDisruptionBudget")).to.have.length(1);
  });

  it("is migrated first", async () => {
    const recorded = await deployStateful({ migration: { command: ["/migrate"] } });
    expect(recorded.find("StatefulSet", "orders").dependencies).to.include(
      recorded.find("Job", "shop-orders-migration").urn,
    );
  });
});

describe("a workload on each node", () => {
  it("takes an old pod away when the new one serves, a tenth of the nodes at a time", async () => {
    const { inputs, timeouts } = (await deployDaemon()).find("DaemonSet", "orders");
    expect(at(inputs, "spec.updateStrategy")).to.deep.equal({
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: "10%" },
    });
    const tenWaves = { floor: 10, ceiling: 10 };
    const rollout = { maxSurge: 1 };
    expect(timeouts).to.include(rolloutTimes(goodShape.probes, rollout, {}, tenWaves).timeouts);
  });

  it("has probes and a Service, and neither a budget nor a wish where to run", async () => {
    const recorded = await deployDaemon();
    const { inputs } = recorded.find("DaemonSet", "orders");
    expect(at(inputs, "spec.template.spec.containers.0")).to.have.property("readinessProbe");
    expect(at(inputs, "spec.template.spec")).to.not.have.property("topologySpreadConstraints");
    expect(recorded.all("Service")).to.have.length(1);
    expect(recorded.all("PodDisruptionBudget")).to.deep.equal([]);
  });
});

describe("a job's workload", () => {
  it("runs once to its end, and is waited for", async () => {
    const { inputs, timeouts } = (await deployOnce()).find("Job", "shop-orders-job");
    expect(inputs.spec).to.deep.include({ backoffLimit: 0, activeDeadlineSeconds: 3600 });
    expect(at(inputs, "spec.template.spec.restartPolicy")).to.equal("Never");
    expect(timeouts.create).to.equal(jobTimeouts(goodOnce.run).create);
  });

  it("runs again for another image or another retry", async () => {
    const nameOf = async (changes: Parameters<typeof deployOnce>[0]): Promise<unknown> =>
      at((await deployOnce(changes)).find("Job", "shop-orders-job").inputs, "metadata.name");
    const name = await nameOf({});
    expect(name).to.match(/^orders-[0-9a-f]{10}$/);
    expect(await nameOf({})).to.equal(name);
    expect(await nameOf({ image: "registry.example.com/a:2" })).to.not.equal(name);
    expect(await nameOf({ run: { ...goodOnce.run, retry: 1 } })).to.not.equal(name);
  });

  it("is refused with no time", () => {
    const run = { deadline: "0s" } as const;
    expect(workloadProblems({ ...goodOnce, run })[0]?.field).to.equal("run.deadline");
  });
});

describe("a workload may run on some nodes only", () => {
  const nodes = {
    nodeSelector: { "kubernetes.io/arch": "arm64" },
    tolerations: [{ key: "gpu", value: "yes", effect: "NoSchedule" }, { key: "spot" }],
  } as const;

  it("by their labels, and by the taints it accepts", async () => {
    const { inputs } = (await deployWorkload(nodes)).find("Deployment", "orders");
    expect(at(inputs, "spec.template.spec.nodeSelector")).to.deep.equal(nodes.nodeSelector);
    expect(at(inputs, "spec.template.spec.tolerations")).to.deep.equal([
      { key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" },
      { key: "spot", operator: "Exists" },
    ]);
  });

  it("not by labels that no node has", () => {
    const nodeSelector = { disk: "very fast" };
    expect(workloadProblems({ ...goodShape, nodeSelector })[0]?.field).to.equal(
      'nodeSelector["disk"]',
    );
  });
});

describe("a stateful workload is refused", () => {
  const problemsOf = (changes: object): readonly string[] =>
    workloadProblems({ ...goodStateful, ...changes }).map(({ field }) => field);

  it("not when it is good", () => {
    expect(problemsOf({})).to.deep.equal([]);
  });

  it("when a volume has no path or no size", () => {
    expect(problemsOf({ claims: { data: { size: "1Gi" } } })).to.deep.equal(['claims["data"]']);
    expect(problemsOf({ claims: { "/data": { size: "big" } } })).to.deep.equal([
      'claims["/data"].size',
    ]);
  });

  it("when its scaling is none, or its name too long", () => {
    expect(problemsOf({ scaling: { fixed: 0 } })).to.deep.equal(["scaling.fixed"]);
    expect(problemsOf({ service: "a".repeat(53) })).to.deep.equal(["service"]);
  });
});
