import { expect } from "chai";
import { cronJobSpec, scheduleProblems } from "../../../components/apps/workload/cron-job";

const template = { spec: { containers: [] } };

describe("a scheduled job", () => {
  it("runs in UTC, never beside itself, and not when it is five minutes late", () => {
    expect(cronJobSpec({ cron: "0 6 * * *" }, template)).to.deep.include({
      schedule: "0 6 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 300,
    });
  });

  it("tries a failed run twice more, within half an hour", () => {
    expect(cronJobSpec({ cron: "@daily" }, template).jobTemplate).to.deep.equal({
      spec: { backoffLimit: 2, activeDeadlineSeconds: 1800, template },
    });
  });

  it("keeps three runs of each outcome", () => {
    expect(cronJobSpec({ cron: "@daily" }, template)).to.include({
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
  });

  it("does what its schedule says instead", () => {
    const spec = cronJobSpec(
      {
        cron: "*/5 * * * *",
        timeZone: "Europe/Berlin",
        concurrency: "Replace",
        startingDeadline: "30s",
        deadline: "4m",
        retries: 0,
      },
      template,
    );
    expect(spec).to.deep.include({
      timeZone: "Europe/Berlin",
      concurrencyPolicy: "Replace",
      startingDeadlineSeconds: 30,
      jobTemplate: { spec: { backoffLimit: 0, activeDeadlineSeconds: 240, template } },
    });
  });
});

describe("a schedule is refused", () => {
  for (const cron of ["0 6 * * *", "*/15 8-18 * * mon-fri", "0,30 1 1 */3 ?", "@daily"]) {
    it(`not when it is "${cron}"`, () => {
      expect(scheduleProblems({ cron })).to.deep.equal([]);
    });
  }

  for (const cron of ["", "daily", "@often", "0 6 * *", "0 0 6 * * *", "CRON_TZ=UTC 0 6 * * *"]) {
    it(`when it is "${cron}"`, () => {
      const [problem] = scheduleProblems({ cron });
      expect(problem?.field).to.equal("cron");
      expect(problem?.message).to.contain(`got "${cron}"`);
    });
  }

  it("when its time zone does not exist", () => {
    const [problem] = scheduleProblems({ cron: "@daily", timeZone: "Europe/Berlinn" });
    expect(problem?.field).to.equal("timeZone");
  });

  it("when it may start so late only that the controller would miss it", () => {
    const [problem] = scheduleProblems({ cron: "@daily", startingDeadline: "9s" });
    expect(problem?.field).to.equal("startingDeadline");
  });

  it("when it is to be tried again a fraction of a time", () => {
    const [problem] = scheduleProblems({ cron: "@daily", retries: 0.5 });
    expect(problem?.field).to.equal("retries");
  });
});
