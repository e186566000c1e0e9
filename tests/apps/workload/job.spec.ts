import { expect } from "chai";
import { jobName, jobProblems, jobSpec, jobTimeouts } from "../../../components/apps/workload/job";

const template = { spec: { containers: [] } };

describe("a job", () => {
  it("is tried twice more, within ten minutes, and is kept when it has ended", () => {
    expect(jobSpec({}, template)).to.deep.equal({
      backoffLimit: 2,
      activeDeadlineSeconds: 600,
      template,
    });
  });

  it("is waited for a little longer than it may take", () => {
    expect(jobTimeouts({ deadline: "5m" })).to.deep.equal({ create: "480s", update: "480s" });
  });

  it("has the same name for the same work, and another for other work", () => {
    const name = jobName("orders-migration", { image: "a:1" }, 0);
    expect(name).to.match(/^orders-migration-[0-9a-f]{10}$/);
    expect(jobName("orders-migration", { image: "a:1" }, 0)).to.equal(name);
    expect(jobName("orders-migration", { image: "a:2" }, 0)).to.not.equal(name);
    expect(jobName("orders-migration", { image: "a:1" }, 1)).to.not.equal(name);
  });
});

describe("a job's limits are refused", () => {
  it("not when nothing is said", () => {
    expect(jobProblems({})).to.deep.equal([]);
  });

  it("when they leave no time", () => {
    expect(jobProblems({ deadline: "0s" })[0]).to.have.property("field", "deadline");
  });

  for (const retries of [-1, 1.5]) {
    it(`when it is to be tried again ${String(retries)} times`, () => {
      expect(jobProblems({ retries })[0]?.message).to.contain(`got ${String(retries)}`);
    });
  }
});
