import { expect } from "chai";
import type { DeployedService } from "../../components/apps/workload/release";
import type { ExplainedController } from "../../operations/explain";
import { age, serviceStatus, statusTable, type ServiceStatus } from "../../operations/status";

const controller = {
  service: "shop/orders",
  kind: "Deployment",
  namespace: "shop",
  name: "orders",
} as const;
const object = {
  metadata: { creationTimestamp: new Date("2030-01-01T00:00:00Z") },
  spec: { template: { spec: { containers: [{ name: "orders", image: "orders:1" }] } } },
} as ExplainedController["object"];
const replicas = { ready: 2, wanted: 2 };

const statusOf = (
  changes: Partial<ExplainedController> = {},
  deployed: Partial<DeployedService> = {},
): ServiceStatus =>
  serviceStatus(
    { controller, object, progress: { state: "complete", replicas }, pods: [], ...changes },
    new Map([["shop/orders", deployed as DeployedService]]),
  );

describe("the status of a service", () => {
  it("is healthy when its rollout is complete", () => {
    expect(statusOf()).to.deep.equal({
      service: "shop/orders",
      image: "orders:1",
      ready: 2,
      wanted: 2,
      since: "2030-01-01T00:00:00.000Z",
      healthy: true,
    });
  });

  it("says why it is not, by its pod first and its controller next", () => {
    const problem = { reason: "ImagePullBackOff", container: "orders" };
    const status = statusOf({
      progress: { state: "failed", replicas, detail: "ProgressDeadlineExceeded" },
      pods: [
        { name: "orders-1", log: [] },
        { name: "orders-2", problem, log: [] },
      ],
    });
    expect(status).to.deep.include({
      healthy: false,
      reason: "ImagePullBackOff (container orders); ProgressDeadlineExceeded",
    });
  });

  it("takes no pod that is ending for a fault of a complete rollout", () => {
    const pods = [{ name: "old", problem: { reason: "Terminating" }, log: [] }];
    expect(statusOf({ pods })).to.include({ healthy: true });
  });

  it("tells of a migration or a smoke test that failed while its pods serve", () => {
    expect(statusOf({}, { failed: true })).to.deep.include({
      healthy: false,
      reason: "it serves, but a step of its last rollout failed",
    });
  });

  it("tells of an object that is gone from the cluster", () => {
    const progress = {
      state: "failed",
      detail: "the Deployment shop/orders is not in the cluster",
    };
    const status = statusOf({ object: undefined, progress: progress as never });
    expect(status).to.deep.equal({
      service: "shop/orders",
      image: "",
      healthy: false,
      reason: progress.detail,
    });
  });
});

describe("the table of services", () => {
  const now = new Date("2030-01-01T03:00:00Z");

  it("has a line for each, in columns", () => {
    const job = { service: "shop/report", image: "report:10", healthy: false, reason: "it failed" };
    expect(statusTable([statusOf(), job], { now }).split("\n")).to.deep.equal([
      "SERVICE      IMAGE      READY  SINCE   HEALTH",
      "shop/orders  orders:1   2/2    3h ago  healthy",
      "shop/report  report:10  -      -       it failed",
    ]);
  });

  it("is cut to a terminal, with the end of each image and what is wrong below its service", () => {
    const image = "registry.example.com/acme/team/orders:1.9.1";
    const digest = `registry.example.com/acme/report@sha256:${"0123456789abcdef".repeat(4)}`;
    const reason = "pod report-x: it cannot pull its image, for nobody has pushed it so far";
    const job = { service: "shop/report", image: digest, healthy: false, reason };
    expect(
      statusTable([{ ...statusOf(), image }, job], { now, width: 60 }).split("\n"),
    ).to.deep.equal([
      "SERVICE      IMAGE                  READY  SINCE   HEALTH",
      "shop/orders  …me/team/orders:1.9.1  2/2    3h ago  healthy",
      "shop/report  …@sha256:0123456789ab  -      -       unhealthy",
      "    pod report-x: it cannot pull its image, for nobody has",
      "    pushed it so far",
      "",
      "Images are cut to the width of the terminal: --wide shows",
      "them whole.",
    ]);
  });

  it("is whole at a terminal that is wide enough", () => {
    expect(statusTable([statusOf()], { now, width: 52 })).to.equal(
      statusTable([statusOf()], { now }),
    );
  });

  it("says so when there is none", () => {
    expect(statusTable([])).to.equal("This stack has no services.");
  });

  it("gives ages in their largest unit", () => {
    const ages = [0, 59, 60, 3599, 3600, 86_399, 86_400, 1_000_000].map((seconds) =>
      age(new Date(now.getTime() - seconds * 1000), now),
    );
    expect(ages).to.deep.equal(["0s", "59s", "1m", "59m", "1h", "23h", "1d", "11d"]);
  });
});
