import { expect } from "chai";
import { containerSecurityContext, podSecurityContext } from "../../components/kit/hardening";

describe("hardening", () => {
  it("runs a pod as a user other than root, under the runtime's seccomp profile", () => {
    expect(podSecurityContext()).to.deep.include({
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("runs it as the user that is asked for, whose group owns its volumes", () => {
    expect(podSecurityContext(1001)).to.include({
      runAsUser: 1001,
      runAsGroup: 1001,
      fsGroup: 1001,
    });
  });

  it("gives a volume's files to that group once, and not at every start", () => {
    expect(podSecurityContext()).to.include({ fsGroupChangePolicy: "OnRootMismatch" });
  });

  it("takes every capability, every way to more rights and the root file system from a container", () => {
    expect(containerSecurityContext()).to.deep.include({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
  });
});
