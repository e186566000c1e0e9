import { expect } from "chai";
import { Namespace, type NamespaceArgs } from "../../components/kit/namespace";
import { deploy, type Recorded } from "../support/mocks";

function namespaceOf(changes: Partial<NamespaceArgs> = {}): Promise<Recorded> {
  return deploy(
    () => new Namespace("shop", { name: "shop", podSecurity: "restricted", ...changes }),
  );
}

describe("a namespace", () => {
  it("enforces, audits and warns about its Pod Security level", async () => {
    const { inputs } = (await namespaceOf()).find("Namespace", "shop-namespace");
    expect(inputs.metadata).to.deep.include({
      name: "shop",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    });
  });

  it("keeps its own labels beside those of Pod Security, and gives them to its policies", async () => {
    const recorded = await namespaceOf({ labels: { team: "checkout" } });
    for (const { inputs } of recorded.all("NetworkPolicy")) {
      expect(inputs.metadata).to.deep.include({ labels: { team: "checkout" } });
    }
    const { labels } = recorded.find("Namespace", "shop-namespace").inputs.metadata as {
      labels: Record<string, string>;
    };
    expect(labels).to.include({
      team: "checkout",
      "pod-security.kubernetes.io/enforce": "restricted",
    });
  });

  it("starts closed both ways, with a way out to DNS alone", async () => {
    const policies = (await namespaceOf()).all("NetworkPolicy").map(({ inputs }) => inputs.spec);
    expect(policies).to.have.length(2);
    expect(policies).to.deep.include({
      podSelector: { matchLabels: {} },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [],
    });
  });

  it("has no quota and no limits unless they are given", async () => {
    const recorded = await namespaceOf();
    expect(recorded.all("ResourceQuota")).to.deep.equal([]);
    expect(recorded.all("LimitRange")).to.deep.equal([]);
  });

  it("has the quota that is given", async () => {
    const quota = {
      requests: { cpu: "4", memory: "8Gi" },
      limits: { cpu: "8", memory: "16Gi" },
      pods: 20,
      services: 10,
    };
    const { inputs } = (await namespaceOf({ quota })).find("ResourceQuota", "quota");
    expect(inputs.spec).to.deep.equal({
      hard: {
        "requests.cpu": "4",
        "requests.memory": "8Gi",
        "limits.cpu": "8",
        "limits.memory": "16Gi",
        pods: "20",
        services: "10",
      },
    });
  });

  it("has the container limits that are given", async () => {
    const limits = {
      defaultRequest: { cpu: "100m", memory: "128Mi" },
      defaultLimit: { cpu: "500m", memory: "256Mi" },
    };
    const { inputs } = (await namespaceOf({ limits })).find("LimitRange", "limits");
    expect(inputs.spec).to.deep.equal({
      limits: [
        {
          type: "Container",
          defaultRequest: { cpu: "100m", memory: "128Mi" },
          default: { cpu: "500m", memory: "256Mi" },
        },
      ],
    });
  });

  it("takes its policies along when it is deleted", async () => {
    const recorded = await namespaceOf();
    const { urn } = recorded.find("Namespace", "shop-namespace");
    for (const policy of recorded.all("NetworkPolicy")) {
      expect(policy.deletedWith).to.equal(urn);
      expect(policy.dependencies).to.include(urn);
    }
  });

  it("is protected and kept when it is to be retained, and only then", async () => {
    const kept = (await namespaceOf({ retain: true })).find("Namespace", "shop-namespace");
    const other = (await namespaceOf()).find("Namespace", "shop-namespace");
    expect([kept.protect, kept.retainOnDelete]).to.deep.equal([true, true]);
    expect([other.protect, other.retainOnDelete]).to.deep.equal([false, false]);
  });

  it("leaves nothing but itself behind when it is retained: its policies are deleted on their own", async () => {
    const recorded = await namespaceOf({ retain: true });
    expect(recorded.all("NetworkPolicy").map(({ deletedWith }) => deletedWith)).to.deep.equal([
      "",
      "",
    ]);
  });

  it("that is there already stays as it is while it is open", async () => {
    const limits = { defaultRequest: amount, defaultLimit: amount };
    const recorded = await namespaceOf({ existing: "open", limits });
    const namespace = recorded.find("Namespace", "shop-namespace");
    expect(namespace.import).to.equal("shop");
    expect(namespace.ignoreChanges).to.deep.equal(["metadata", "spec"]);
    expect(recorded.all("NetworkPolicy")).to.deep.equal([]);
    expect(recorded.all("LimitRange")).to.deep.equal([]);
  });

  it("that is there already is closed like any other once its pods are ours", async () => {
    const recorded = await namespaceOf({ existing: "closed" });
    const namespace = recorded.find("Namespace", "shop-namespace");
    expect(namespace.import).to.equal("shop");
    expect(namespace.ignoreChanges).to.deep.equal([]);
    expect(recorded.all("NetworkPolicy")).to.have.length(2);
  });
});

const amount = { cpu: "100m", memory: "128Mi" } as const;
