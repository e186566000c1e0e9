import { expect } from "chai";
import { deploymentSpec } from "../../../components/apps/workload/deployment";
import {
  digestOf,
  revisionDigest,
  type DeployedService,
  type Release,
  type WorkloadRelease,
} from "../../../components/apps/workload/release";
import {
  releasePlan,
  revisionArgs,
  revisionOf,
  type ReleasePlan,
} from "../../../components/apps/workload/release-plan";
import { Workload } from "../../../components/apps/workload/workload";
import type { DeploymentWorkload } from "../../../components/apps/workload/workload-args";
import { deploy, type Recorded } from "../../support/mocks";
import { goodShape, space } from "../fixtures";

const migration = { command: ["migrate"] };
const smokeTest = { command: ["test"] };
const args = (changes: Partial<DeploymentWorkload> = {}): DeploymentWorkload =>
  ({
    ...goodShape,
    migration,
    smokeTest,
    env: { LEVEL: "info" },
    ...changes,
  }) as DeploymentWorkload;

const running: Release = { ...revisionOf(args()), origin: "given" };
const failed: DeployedService = {
  release: running,
  before: { current: { ...running, image: "registry.example.com/acme/shop/orders:1.4.1" } },
  applied: true,
  failed: true,
  steps: ["migration", "controller"],
  again: [],
  spec: digestOf(deploymentSpec(args())),
};

const planOf = (
  release: Partial<WorkloadRelease>,
  changes: Partial<DeploymentWorkload> = {},
): ReleasePlan =>
  releasePlan(args({ ...changes, release: { origin: "given", bystander: true, ...release } }));

describe("a service whose last rollout failed", () => {
  it("is left as it is by a run that is about others", () => {
    expect(planOf({ deployed: failed })).to.deep.include({
      isLeft: true,
      annotations: {
        "slipway.dev/revision": revisionDigest(running),
        "slipway.dev/spec": failed.spec,
        "pulumi.com/skipAwait": "true",
      },
    });
  });

  it("is rolled out again by a run that is about it, or about none", () => {
    const plan = planOf({ deployed: failed, bystander: false });
    expect(plan.isLeft).to.equal(false);
    expect(plan.annotations).not.to.have.property("pulumi.com/skipAwait");
    expect(plan.job("smoke-test")).to.deep.equal({ isMade: true, annotations: {}, opts: {} });
  });

  it("has its Job that failed made anew under its name, whatever it is of the rollout", () => {
    const deployed: DeployedService = { ...failed, again: ["migration", "controller"] };
    const plan = planOf({ deployed, bystander: false });
    const annotations = { "pulumi.com/replaceUnready": "true" };
    const anew = { isMade: true, annotations, opts: { deleteBeforeReplace: true } };
    expect(plan.job("migration")).to.deep.equal(anew);
    expect(plan.job("smoke-test")).to.deep.equal({ isMade: true, annotations: {}, opts: {} });
    expect(plan.annotations).to.deep.include(annotations);
  });

  it("has its Job that failed left too by a run that is about others", () => {
    const { job } = planOf({ deployed: { ...failed, again: ["migration"] } });
    expect(job("migration").annotations).to.deep.equal({ "pulumi.com/skipAwait": "true" });
  });

  it("is rolled out again once anything of it has changed", () => {
    const changes: readonly Partial<DeploymentWorkload>[] = [
      { env: { LEVEL: "debug" } },
      { config: { env: { LEVEL: "debug" } } },
      { resources: { typical: { cpu: "200m", memory: "128Mi" } } },
    ];
    for (const change of changes) {
      expect(planOf({ deployed: failed }, change).isLeft).to.equal(false);
    }
  });

  it("has its jobs left too: neither made anew, nor waited for, nor run where there was none", () => {
    const { job } = planOf({ deployed: failed });
    expect(job("migration")).to.deep.equal({
      isMade: true,
      annotations: { "pulumi.com/skipAwait": "true" },
      opts: { ignoreChanges: ["metadata.name", "metadata.labels", "spec"] },
    });
    expect(job("smoke-test")).to.deep.include({ isMade: false });
  });

  it("is not left when it was only deployed well", () => {
    expect(planOf({ deployed: { ...failed, failed: false } }).isLeft).to.equal(false);
  });
});

describe("a service that was rolled back", () => {
  const deployed: DeployedService = { ...failed, failed: false };

  it("does not run the migration of a version older than its database", () => {
    const { job } = planOf({ deployed, origin: "rollback", bystander: false });
    expect(job("migration")).to.deep.equal({
      isMade: true,
      annotations: {},
      opts: { ignoreChanges: ["metadata.name", "metadata.labels", "spec"] },
    });
  });

  it("runs its smoke test", () => {
    const { job } = planOf({ deployed, origin: "rollback", bystander: false });
    expect(job("smoke-test")).to.deep.equal({ isMade: true, annotations: {}, opts: {} });
  });
});

describe("a revision", () => {
  it("gives the workload back what it was made of, in order", () => {
    const given = {
      image: goodShape.image,
      command: ["serve"],
      args: ["--all"],
      env: { Z: "1", A: { secretName: "orders", key: "uri" } },
      config: { env: { LEVEL: "info" } },
    };
    const restored = revisionArgs(revisionOf(args(given)));
    expect(restored).to.deep.equal(given);
    expect(Object.keys(restored.env ?? {})).to.deep.equal(["Z", "A"]);
  });
});

describe("a workload", () => {
  const made = (release?: WorkloadRelease): Promise<Recorded> =>
    deploy(() => new Workload("shop-orders", { ...args({ release }), namespace: space() }));

  it("records in the state what it runs, who chose it and what ran before", async () => {
    const pinned = "docker.io/library/orders:1";
    const deployed = { ...failed, failed: false };
    const release = { origin: "given", pinned, bystander: false, deployed } as const;
    const [component] = (await made(release)).all("slipway:apps:Workload");
    expect(component?.inputs).to.deep.equal({
      service: "shop/orders",
      release: { ...revisionOf(args()), origin: "given", pinned },
      before: failed.before,
    });
  });

  it("says on its Deployment which revision and which spec that is", async () => {
    const { inputs } = (await made()).find("Deployment", "orders");
    expect(inputs.metadata).to.deep.include({
      annotations: {
        "slipway.dev/revision": revisionDigest(running),
        "slipway.dev/spec": failed.spec,
      },
    });
  });

  it("left as it is, keeps the Job of its migration and is not waited for", async () => {
    const recorded = await made({ origin: "given", bystander: true, deployed: failed });
    const jobs = recorded.all("Job");
    expect(jobs.map(({ name }) => name)).to.deep.equal(["shop-orders-migration"]);
    expect(jobs[0]?.ignoreChanges).to.deep.equal(["metadata.name", "metadata.labels", "spec"]);
    expect(jobs[0]?.inputs.metadata).to.deep.include({
      annotations: { "pulumi.com/skipAwait": "true" },
    });
    expect(recorded.find("Deployment", "orders").inputs.metadata).to.have.nested.property(
      "annotations.pulumi\\.com/skipAwait",
      "true",
    );
  });
});
