import { expect } from "chai";
import {
  connections,
  mayBeReached,
  mayReach,
  type Network,
  type NetworkPolicy,
  type Pods,
} from "./connectivity";

const web: Pods = {
  name: "shop/web",
  namespace: "shop",
  labels: { app: "web" },
  ports: [{ name: "http", number: 8080 }],
};
const store: Pods = {
  name: "data/store",
  namespace: "data",
  labels: { app: "store" },
  ports: [{ name: "sql", number: 5432 }, { number: 9187 }],
};

function network(...policies: readonly NetworkPolicy[]): Network {
  const named = (name: string) => ({ "kubernetes.io/metadata.name": name });
  return {
    pods: [web, store],
    policies,
    namespaces: { shop: named("shop"), data: { ...named("data"), tier: "data" } },
  };
}

function about(namespace: string, spec: NetworkPolicy["spec"]): NetworkPolicy {
  return { metadata: { namespace }, spec };
}

const others = (all: readonly string[]): readonly string[] =>
  all.filter((connection) => connection.startsWith("shop/web → data"));
const toStore = (...policies: readonly NetworkPolicy[]): readonly string[] =>
  others(connections(network(...policies)));

const sql = "shop/web → data/store:5432";
const metrics = "shop/web → data/store:9187";
const fromShop = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } };

describe("the evaluator of network policies", () => {
  it("allows everything where there is no policy", () => {
    expect(toStore()).to.deep.equal([sql, metrics]);
  });

  it("allows nothing in where a policy has no rule, and still everything out", () => {
    expect(toStore(about("data", { podSelector: {} }))).to.deep.equal([]);
    expect(connections(network(about("data", { podSelector: {} })))).to.include(
      "data/store → shop/web:8080",
    );
  });

  it("looks only at policies of the pods' own namespace that select them", () => {
    const nobody = about("data", { podSelector: { matchLabels: { app: "other" } } });
    expect(toStore(nobody, about("shop", { podSelector: {} }))).to.deep.equal([sql, metrics]);
  });

  it("needs the leave of both ends", () => {
    const open = about("data", { podSelector: {}, ingress: [{ from: [fromShop] }] });
    const shut = about("shop", { podSelector: {}, policyTypes: ["Egress"] });
    expect(toStore(open)).to.deep.equal([sql, metrics]);
    expect(toStore(open, shut)).to.deep.equal([]);
  });

  it("adds up the rules of all policies about the same pods", () => {
    const first = about("data", {
      podSelector: {},
      ingress: [{ from: [fromShop], ports: [{ port: 5432 }] }],
    });
    const second = about("data", {
      podSelector: {},
      ingress: [{ from: [fromShop], ports: [{ port: 9187 }] }],
    });
    expect(toStore(first)).to.deep.equal([sql]);
    expect(toStore(first, second)).to.deep.equal([sql, metrics]);
  });

  it("reads a rule without peers as everybody, and one without ports as every port", () => {
    expect(toStore(about("data", { ingress: [{}] }))).to.deep.equal([sql, metrics]);
    expect(toStore(about("data", { ingress: [{ from: [], ports: [] }] }))).to.deep.equal([
      sql,
      metrics,
    ]);
  });

  it("reads both selectors of one peer as both, and those of two peers as either", () => {
    const namespaceSelector = { matchLabels: { tier: "data" } };
    const podSelector = { matchLabels: { app: "web" } };
    const both = [{ namespaceSelector, podSelector }];
    const either = [{ namespaceSelector }, fromShop];
    expect(toStore(about("data", { ingress: [{ from: both }] }))).to.deep.equal([]);
    expect(toStore(about("data", { ingress: [{ from: either }] }))).to.deep.equal([sql, metrics]);
  });

  it("reads a selector of pods alone as pods of the policy's own namespace", () => {
    const from = [{ podSelector: { matchLabels: { app: "web" } } }];
    expect(toStore(about("data", { ingress: [{ from }] }))).to.deep.equal([]);
  });

  it("knows ports by name, by range, and by protocol", () => {
    const ports = (...list: NonNullable<NetworkPolicy["spec"]["ingress"]>[0]["ports"] & object[]) =>
      toStore(about("data", { ingress: [{ ports: list }] }));
    expect(ports({ port: "sql" })).to.deep.equal([sql]);
    expect(ports({ port: 5000, endPort: 6000 })).to.deep.equal([sql]);
    expect(ports({ protocol: "UDP", port: 5432 })).to.deep.equal([]);
  });

  it("takes a block of addresses for what is outside the cluster", () => {
    const to = [{ ipBlock: { cidr: "203.0.113.0/24", except: ["203.0.113.128/25"] } }];
    const cluster = network(about("shop", { policyTypes: ["Egress"], egress: [{ to }] }));
    expect(others(connections(cluster))).to.deep.equal([]);
    expect(mayReach(cluster, web, "203.0.113.7", 443)).to.equal(true);
    expect(mayReach(cluster, web, "203.0.113.200", 443)).to.equal(false);
    expect(mayReach(cluster, web, "198.51.100.1", 443)).to.equal(false);
  });

  it("says what may be reached from outside", () => {
    const anyone = about("shop", { ingress: [{ ports: [{ port: "http" }] }] });
    expect(mayBeReached(network(anyone), web, "198.51.100.1", 8080)).to.equal(true);
    const inside = about("shop", { ingress: [{ from: [fromShop] }] });
    expect(mayBeReached(network(inside), web, "198.51.100.1", 8080)).to.equal(false);
  });
});
