import { expect } from "chai";
import {
  claimCondition,
  definitionCondition,
  quotaCondition,
  secretCondition,
  volumeCondition,
} from "../../../../../sandbox/plugins/kubernetes/await/storage";
import { judge, kubeObject, reasons, warning } from "./snapshots";

describe("a claim", () => {
  const claim = (phase: string) =>
    kubeObject("PersistentVolumeClaim", { spec: { storageClassName: "fast" }, status: { phase } });
  const storageClass = (volumeBindingMode: string) =>
    kubeObject("StorageClass", { volumeBindingMode }, { name: "fast" });

  it("is ready when it is bound", () => {
    expect(judge(claimCondition, claim("Bound")).outcome).to.equal("ready");
  });

  it("waits while it is pending, and says why", () => {
    const event = warning(claim("Pending"), "ProvisioningFailed", "no such class");
    const verdict = judge(claimCondition, claim("Pending"), [storageClass("Immediate"), event]);
    expect(reasons(verdict)).to.include("ProvisioningFailed: no such class");
  });

  it("does not wait for its first consumer", () => {
    const verdict = judge(claimCondition, claim("Pending"), [storageClass("WaitForFirstConsumer")]);
    expect(verdict.outcome).to.equal("ready");
  });
});

describe("other objects without pods", () => {
  it("a volume is ready when it is available or bound", () => {
    const volume = (phase: string) => kubeObject("PersistentVolume", { status: { phase } });
    expect(judge(volumeCondition, volume("Available")).outcome).to.equal("ready");
    expect(judge(volumeCondition, volume("Pending")).outcome).to.equal("waiting");
  });

  it("a quota is ready when its limits are in force", () => {
    const quota = (hard: string) =>
      kubeObject("ResourceQuota", {
        spec: { hard: { pods: "5" } },
        status: { hard: { pods: hard } },
      });
    expect(judge(quotaCondition, quota("5")).outcome).to.equal("ready");
    expect(judge(quotaCondition, quota("4")).outcome).to.equal("waiting");
  });

  it("a Secret is ready at once, unless it is a token that has to be written", () => {
    const type = "kubernetes.io/service-account-token";
    expect(judge(secretCondition, kubeObject("Secret", { type: "Opaque" })).outcome).to.equal(
      "ready",
    );
    expect(judge(secretCondition, kubeObject("Secret", { type })).outcome).to.equal("waiting");
    const written = kubeObject("Secret", { type, data: { token: "eA==" } });
    expect(judge(secretCondition, written).outcome).to.equal("ready");
  });

  it("a definition is ready when it is established, and fails when its names are taken", () => {
    const definition = (type: string, status: string) =>
      kubeObject("CustomResourceDefinition", {
        status: { conditions: [{ type, status, reason: "Conflict", message: "taken" }] },
      });
    expect(judge(definitionCondition, definition("Established", "True")).outcome).to.equal("ready");
    expect(judge(definitionCondition, definition("NamesAccepted", "True")).outcome).to.equal(
      "waiting",
    );
    const taken = judge(definitionCondition, definition("NamesAccepted", "False"));
    expect(taken).to.deep.equal({ outcome: "failed", reasons: ["[Conflict] taken"] });
  });
});
