import { expect } from "chai";
import { SetupCheck } from "../../components/data/setup-check";
import type { SetupJobArgs } from "../../components/data/setup-job";
import { at } from "../apps/fixtures";
import { deploy, type Properties } from "../support/mocks";
import { setup } from "./setup";

const args: SetupJobArgs = { ...setup, script: "look at them" };

describe("the check of a set-up", () => {
  let inputs: Properties = {};
  before(async () => {
    const recorded = await deploy(() => new SetupCheck("things", args));
    inputs = recorded.find("CronJob", "make-things-check").inputs;
  });

  it("runs every hour under a name of its own, never twice at once", () => {
    expect(inputs.spec).to.include({ schedule: "17 * * * *", concurrencyPolicy: "Forbid" });
  });

  it("keeps the pod that says what differs", () => {
    expect(at(inputs, "spec.failedJobsHistoryLimit")).to.equal(1);
    expect(at(inputs, "spec.jobTemplate.spec.backoffLimit")).to.equal(1);
    expect(at(inputs, "spec.jobTemplate.spec.template.spec.restartPolicy")).to.equal("Never");
  });

  it("takes the ways that are open to the set-up's own pods", () => {
    expect(at(inputs, "spec.jobTemplate.spec.template.metadata.labels")).to.deep.equal({
      "app.kubernetes.io/name": "make-things",
    });
  });

  it("waits for its script, and for what the component waits for", async () => {
    const recorded = await deploy(() => {
      const first = new SetupCheck("first", args);
      new SetupCheck("things", args, { dependsOn: [first] });
    });
    const check = recorded.all("CronJob").find(({ name }) => name === "things-job");
    const script = recorded.all("ConfigMap").find(({ name }) => name === "things-script");
    const before = recorded.all("CronJob").find(({ name }) => name === "first-job");
    expect(check?.dependencies).to.include.members([script?.urn, before?.urn]);
  });
});
