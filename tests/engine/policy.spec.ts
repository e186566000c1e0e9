import { join } from "node:path";
import { expect } from "chai";
import { program, root, type Run } from "./support";

describe("the policy pack on the engine", function () {
  this.timeout("3m");

  const preview = (fault: string): Promise<Run> =>
    program("planted", ["preview", "--policy-pack", join(root, "policy")], {
      "planted:fault": fault,
      "planted:charts": join(root, "sandbox", "charts"),
    });

  it("lets a workload with probes and limits pass", async () => {
    const { code, text } = await preview("none");
    expect(code, text).to.equal(0);
  });

  it("stops a preview at a missing memory limit, naming rule, container and fix", async () => {
    const { code, text } = await preview("memory-limit");
    expect(code, text).to.not.equal(0);
    expect(text)
      .to.contain("memory-limit")
      .and.to.contain('"web"')
      .and.to.match(/limits\.memory/);
  });

  it("stops a preview at a missing readiness probe, naming rule, container and fix", async () => {
    const { code, text } = await preview("readiness-probe");
    expect(code, text).to.not.equal(0);
    expect(text)
      .to.contain("readiness-probe")
      .and.to.contain('"web"')
      .and.to.match(/readinessProbe/);
  });

  it("judges the objects inside a chart, by the values it was given", async () => {
    const { code, text } = await preview("chart-limits");
    expect(code, text).to.not.equal(0);
    expect(text).to.contain("memory-limit").and.to.contain("StatefulSet");
  });
});
