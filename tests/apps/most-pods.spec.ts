import { expect } from "chai";
import { mostPods } from "../../components/apps/most-pods";
import type { Schedule } from "../../components/apps/workload/cron-job";
import { maxSurge } from "../../components/apps/workload/rollout";
import { boundsOf } from "../../components/apps/workload/scaling";

const runsOf = (schedule: Schedule): number => mostPods({ kind: "CronJob", schedule });

describe("the most pods of a workload", () => {
  it("are those that its scaling allows and those that a rollout adds", () => {
    expect(mostPods({ scaling: { fixed: 3 }, rollout: { maxSurge: 1 } })).to.equal(4);
    expect(mostPods({ scaling: { hpa: { min: 2, max: 9 } }, rollout: { maxSurge: 3 } })).to.equal(
      12,
    );
    expect(mostPods({})).to.equal(boundsOf({}).ceiling + maxSurge({}));
  });

  it("are one where two would break something, and no spare one where each has a name", () => {
    expect(mostPods({ scaling: { singleton: "a file" } })).to.equal(1);
    expect(mostPods({ kind: "StatefulSet", scaling: { fixed: 3 } })).to.equal(3);
  });

  it("are one of a job, and none that is known of what runs on each node", () => {
    expect(mostPods({ kind: "Job" })).to.equal(1);
    expect(mostPods({ kind: "DaemonSet" })).to.equal(0);
  });

  it("are one of a scheduled job that waits for the run before, two where it takes its place", () => {
    const cron = "* * * * *";
    expect(runsOf({ cron })).to.equal(1);
    expect(runsOf({ cron, concurrency: "Replace" })).to.equal(2);
  });

  const beside: readonly (readonly [cron: string, runs: number])[] = [
    ["* * * * *", 30],
    ["*/15 * * * *", 2],
    ["0,40 * * * *", 2],
    ["5,10 * * * *", 6],
    ["10-12 * * * *", 30],
    ["7/20 * * * *", 2],
    ["30 6 * * *", 1],
    ["@hourly", 1],
  ];
  for (const [cron, runs] of beside) {
    it(`are ${String(runs)} of one that runs beside the one before for 30 minutes, at "${cron}"`, () => {
      expect(runsOf({ cron, concurrency: "Allow", deadline: "30m" })).to.equal(runs);
    });
  }

  it("follow the deadline of a run", () => {
    expect(runsOf({ cron: "@daily", concurrency: "Allow", deadline: "90m" })).to.equal(2);
    expect(runsOf({ cron: "*/15 * * * *", concurrency: "Allow", deadline: "15m" })).to.equal(1);
  });
});
