import { expect } from "chai";
import fc from "fast-check";
import { rolloutProblems, rolloutTimes } from "../../../components/apps/workload/rollout";
import type { Duration } from "../../../components/kit/duration";
import { startupBudgetSeconds, type Probes } from "../../../components/kit/probes";

const probes: Probes = {
  liveness: { http: { path: "/live", port: "http" } },
  readiness: { http: { path: "/ready", port: "http" } },
};
const two = { floor: 2, ceiling: 2 };

const span = (min: number, max: number): fc.Arbitrary<Duration> =>
  fc.integer({ min, max }).map((seconds): Duration => `${seconds}s`);

function secondsOf(timeout: string | undefined): number {
  return Number(/^([0-9]+)s$/.exec(timeout ?? "")?.[1]);
}

describe("the times of a rollout", () => {
  it("serve for 10 seconds after the end was asked for, and leave 30 to finish", () => {
    expect(rolloutTimes(probes, {}, {}, two)).to.include({
      preStopSeconds: 10,
      terminationGracePeriodSeconds: 40,
      minReadySeconds: 5,
    });
  });

  it("give the engine one wave for each pod of a rollout at full scale", () => {
    const wave = 120 + startupBudgetSeconds(probes) + 5;
    const rollout = { maxSurge: 1, minReady: "5s" } as const;
    const { timeouts } = rolloutTimes(probes, rollout, {}, { floor: 2, ceiling: 6 });
    expect(timeouts.update).to.equal(`${String(6 * wave + 60)}s`);
    expect(timeouts.create).to.equal(`${String(wave + 60)}s`);
  });

  it("have fewer waves when more pods surge", () => {
    const bounds = { floor: 2, ceiling: 6 };
    const one = rolloutTimes(probes, {}, {}, bounds).timeouts.update;
    const three = rolloutTimes(probes, { maxSurge: 3 }, {}, bounds).timeouts.update;
    expect(secondsOf(three)).to.be.below(secondsOf(one));
  });

  it("never kill a pod before preStop and drain are over", () => {
    fc.assert(
      fc.property(span(0, 600), span(1, 3600), (preStop, drain) => {
        const times = rolloutTimes(probes, {}, { preStop, drain }, two);
        expect(times.terminationGracePeriodSeconds).to.be.at.least(
          times.preStopSeconds + Number.parseInt(drain),
        );
        expect(secondsOf(times.timeouts.delete)).to.be.above(times.terminationGracePeriodSeconds);
      }),
    );
  });

  it("never give up before a pod had its time to start, and let the controller speak first", () => {
    fc.assert(
      fc.property(
        span(5, 3600),
        span(0, 120),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 10 }),
        (window, minReady, ceiling, maxSurge) => {
          const slow = { ...probes, startup: { window } };
          const bounds = { floor: 1, ceiling };
          const times = rolloutTimes(slow, { minReady, maxSurge }, {}, bounds);
          const start = startupBudgetSeconds(slow) + times.minReadySeconds;
          expect(times.progressDeadlineSeconds).to.be.above(start);
          expect(secondsOf(times.timeouts.create)).to.be.above(times.progressDeadlineSeconds);
          expect(secondsOf(times.timeouts.update)).to.be.above(times.progressDeadlineSeconds);
        },
      ),
    );
  });
});

describe("a rollout is refused", () => {
  it("without a spare pod, when no old one may be taken away", () => {
    const [problem] = rolloutProblems({ maxSurge: 0 });
    expect(problem?.message).to.match(/^got 0; it has to be a whole number, at least 1/);
  });

  it("not with one or more", () => {
    expect(rolloutProblems({})).to.deep.equal([]);
    expect(rolloutProblems({ maxSurge: 3 })).to.deep.equal([]);
  });
});
