import { expect } from "chai";
import {
  defaultDeny,
  from,
  fromAnywhere,
  networkPolicy,
  to,
  toAnyPod,
  toAnywhere,
  toDns,
} from "../../components/kit/network-policy";

const callers = { namespace: "shop", podLabels: { app: "orders" } };

describe("a network policy", () => {
  it("names only the direction that it has rules for", () => {
    expect(networkPolicy({ pods: {}, egress: [toDns()] }).policyTypes).to.deep.equal(["Egress"]);
    expect(networkPolicy({ pods: {}, ingress: [] })).to.deep.equal({
      podSelector: { matchLabels: {} },
      policyTypes: ["Ingress"],
      ingress: [],
    });
  });

  it("denies both directions for every pod when nothing is allowed", () => {
    expect(defaultDeny()).to.deep.equal({
      podSelector: { matchLabels: {} },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [],
    });
  });

  it("lets in pods with labels of one namespace, on named ports", () => {
    expect(from(callers, [4222])).to.deep.equal({
      from: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
          podSelector: { matchLabels: { app: "orders" } },
        },
      ],
      ports: [{ protocol: "TCP", port: 4222 }],
    });
  });

  it("lets out to a peer on the peer's ports", () => {
    const rule = to({ namespace: "nats", podLabels: { app: "nats" }, ports: [4222, 8222] });
    expect(rule.ports).to.deep.equal([
      { protocol: "TCP", port: 4222 },
      { protocol: "TCP", port: 8222 },
    ]);
  });

  it("lets out to every pod of the cluster, and to nothing outside it", () => {
    expect(toAnyPod()).to.deep.equal({ to: [{ namespaceSelector: {} }] });
  });

  it("asks DNS over UDP and TCP, in the cluster's own DNS only", () => {
    const rule = toDns();
    expect(rule.ports).to.deep.equal([
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ]);
    expect(rule.to).to.have.length(1);
  });

  it("refuses a path without a port, which Kubernetes would read as every port", () => {
    expect(() => from(callers, [])).to.throw(
      'The network path from pods app=orders of namespace "shop" names no port',
    );
    expect(() => to({ ...callers, ports: [] })).to.throw("names no port");
    expect(() => fromAnywhere([])).to.throw("names no port");
    expect(() => toAnywhere([])).to.throw("names no port");
  });
});
