import { expect } from "chai";
import { jobTimeouts } from "../../../components/apps/workload/job";
import type { RolloutJobShape } from "../../../components/apps/workload/rollout-job";
import { workloadProblems } from "../../../components/apps/workload/workload-problems";
import { containerSecurityContext } from "../../../components/kit/hardening";
import type { Properties, RecordedResource } from "../../support/mocks";
import { at, deployWorkload, goodShape } from "../fixtures";

const migration = { command: ["/app/migrate"], args: ["up"] };

async function jobOf(
  changes: Parameters<typeof deployWorkload>[0],
  phase = "migration",
): Promise<RecordedResource> {
  return (await deployWorkload(changes)).find("Job", `shop-orders-${phase}`);
}

async function nameOf(changes: Parameters<typeof deployWorkload>[0], phase?: string) {
  return at((await jobOf(changes, phase)).inputs, "metadata.name");
}

function containerOf({ inputs }: RecordedResource): Properties {
  return (at(inputs, "spec.template.spec.containers") as readonly Properties[])[0] ?? {};
}

describe("a migration", () => {
  it("is there only when it is declared", async () => {
    expect((await deployWorkload()).all("Job")).to.deep.equal([]);
  });

  it("comes before the first pod of the new version, and is waited for", async () => {
    const recorded = await deployWorkload({ migration });
    const job = recorded.find("Job", "shop-orders-migration");
    expect(recorded.find("Deployment", "orders").dependencies).to.include(job.urn);
    expect(job.timeouts.create).to.equal(jobTimeouts({}).create);
  });

  it("starts after what the service needs", async () => {
    const recorded = await deployWorkload({ migration, config: { env: { LEVEL: "info" } } });
    expect(recorded.find("Job", "shop-orders-migration").dependencies).to.include.members([
      recorded.find("ServiceAccount", "orders").urn,
      recorded.find("ConfigMap", "shop-orders-config-env").urn,
    ]);
  });

  it("runs the service's image, hardened, with its environment and configuration", async () => {
    const job = await jobOf({
      migration: { ...migration, env: { LEVEL: "debug" } },
      env: { LEVEL: "info", URL: { secretName: "orders-database", key: "uri" } },
      config: { env: { REGION: "eu" } },
    });
    const container = containerOf(job);
    expect(container).to.deep.include({
      image: goodShape.image,
      command: ["/app/migrate"],
      args: ["up"],
      env: [
        { name: "LEVEL", value: "debug" },
        { name: "URL", valueFrom: { secretKeyRef: { name: "orders-database", key: "uri" } } },
      ],
    });
    expect(container.envFrom).to.have.length(1);
    expect(container.securityContext).to.deep.equal(containerSecurityContext());
    expect(at(job.inputs, "spec.template.spec")).to.include({
      restartPolicy: "Never",
      serviceAccountName: "orders",
    });
  });

  it("is the service to network policies, and not to its Service and budget", async () => {
    const { inputs } = await jobOf({ migration });
    expect(at(inputs, "spec.template.metadata.labels")).to.include({
      app: "orders",
      "app.kubernetes.io/name": "orders-migration",
      "app.kubernetes.io/component": "migration",
    });
  });

  it("is not done again for a change that does not touch it", async () => {
    const name = await nameOf({ migration });
    expect(await nameOf({ migration, scaling: { fixed: 5 } })).to.equal(name);
    expect(await nameOf({ migration, shutdown: { preStop: "20s" } })).to.equal(name);
  });

  const changes: readonly (readonly [string, Parameters<typeof deployWorkload>[0]])[] = [
    ["a new image", { migration, image: "registry.example.com/acme/shop/orders:1.4.3" }],
    ["another command", { migration: { ...migration, args: ["up", "--all"] } }],
    ["another database", { migration: { ...migration, env: { DATABASE: "other" } } }],
    ["another configuration", { migration, config: { env: { LEVEL: "debug" } } }],
    ["another retry", { migration: { ...migration, retry: 1 } }],
  ];
  for (const [change, changed] of changes) {
    it(`is done again for ${change}`, async () => {
      expect(await nameOf(changed)).to.not.equal(await nameOf({ migration }));
    });
  }

  it("takes the place of the one before it, so that the namespace stays tidy", async () => {
    const { name, inputs } = await jobOf({ migration: { ...migration, retry: 7 } });
    expect(name).to.equal("shop-orders-migration");
    expect(inputs.spec).to.not.have.property("ttlSecondsAfterFinished");
  });

  it("can be changed where it has no argument", async () => {
    const job = await jobOf({
      migration,
      transform: { migration: (args) => ({ ...args, metadata: { name: "fixed" } }) },
    });
    expect(at(job.inputs, "metadata.name")).to.equal("fixed");
  });
});

describe("a smoke test", () => {
  const smokeTest = { image: "docker.io/curlimages/curl:8.16.0", args: ["http://orders:8080"] };

  it("runs once the new version serves, from an image of its own", async () => {
    const recorded = await deployWorkload({ smokeTest });
    const job = recorded.find("Job", "shop-orders-smoke-test");
    expect(job.dependencies).to.include.members([
      recorded.find("Deployment", "orders").urn,
      recorded.find("Service", "orders").urn,
    ]);
    expect(containerOf(job)).to.include({ image: smokeTest.image });
  });

  it("runs again whenever the pods are other ones, and not when only their number is", async () => {
    const name = await nameOf({ smokeTest }, "smoke-test");
    expect(await nameOf({ smokeTest, shutdown: { preStop: "20s" } }, "smoke-test")).to.not.equal(
      name,
    );
    expect(await nameOf({ smokeTest, scaling: { fixed: 5 } }, "smoke-test")).to.equal(name);
  });
});

describe("a job beside a rollout is refused", () => {
  const problemsOf = (job: RolloutJobShape): readonly string[] =>
    workloadProblems({ ...goodShape, migration: job }).map(({ field }) => field);

  it("not when it is good", () => {
    expect(problemsOf(migration)).to.deep.equal([]);
  });

  it("when it is the service itself", () => {
    expect(problemsOf({})).to.deep.equal(["migration.command"]);
    expect(problemsOf({ command: [] })).to.deep.equal(["migration.command"]);
  });

  it("when it has no time, or resources that are none", () => {
    expect(problemsOf({ ...migration, deadline: "0s" })).to.deep.equal(["migration.deadline"]);
    const resources = { typical: { cpu: "fast", memory: "128Mi" } };
    expect(problemsOf({ ...migration, resources })).to.deep.equal([
      "migration.resources.typical.cpu",
    ]);
  });

  it("when its image has no version", () => {
    const smokeTest = { ...migration, image: "curl" };
    expect(workloadProblems({ ...goodShape, smokeTest })[0]?.field).to.equal("smokeTest.image");
  });

  it("when the service's name leaves no room for the Job's", () => {
    const service = "a".repeat(43);
    expect(workloadProblems({ ...goodShape, service })).to.deep.equal([]);
    const [problem] = workloadProblems({ ...goodShape, service, migration });
    expect(problem?.message).to.contain("at most 42");
  });
});
