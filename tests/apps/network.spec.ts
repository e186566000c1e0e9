import { expect } from "chai";
import { service } from "../../components/apps/declaration";
import { at } from "./fixtures";
import { deployShop, shop, web } from "./shop";

describe("an application's network", () => {
  interface Rule {
    readonly from?: unknown;
    readonly to?: unknown;
    readonly ports: readonly { readonly port: number }[];
  }

  async function rulesOf(
    name: string,
    direction: "ingress" | "egress",
  ): Promise<readonly (readonly [peer: string, ports: readonly number[]])[]> {
    const { inputs } = (await deployShop()).find("NetworkPolicy", `apps-shop-${name}-paths`);
    return (at(inputs, `spec.${direction}`) as readonly Rule[]).map((rule) => [
      peerOf(rule),
      rule.ports.map(({ port }) => port),
    ]);
  }

  /** `namespace/label-value` of a rule's only peer. */
  function peerOf(rule: Rule): string {
    const [peer] = (rule.from ?? rule.to) as readonly {
      readonly namespaceSelector: { readonly matchLabels: Readonly<Record<string, string>> };
      readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    }[];
    return [
      ...Object.values(peer?.namespaceSelector.matchLabels ?? {}),
      ...Object.values(peer?.podSelector.matchLabels ?? {}),
    ].join("/");
  }

  it("opens what a service uses at both ends, and nothing else", async () => {
    expect(await rulesOf("orders", "egress")).to.deep.equal([
      ["shop/products", [8080, 9090]],
      ["database-space/database", [7000]],
    ]);
    expect(await rulesOf("products", "ingress")).to.deep.equal([
      ["shop/orders", [8080, 9090]],
      ["edge/controller", [8080]],
    ]);
    expect(await rulesOf("products", "egress")).to.deep.equal([]);
  });

  it("lets the edge reach what is exposed, and what it asks for authorisation", async () => {
    expect(await rulesOf("orders", "ingress")).to.deep.equal([["edge/controller", [8080]]]);
    expect(await rulesOf("auth", "ingress")).to.deep.equal([["edge/controller", [8080]]]);
  });

  it("lets a service out to the API server and to its cloud when it asks for them", async () => {
    const privileged = service("orders", {
      ...web,
      apiAccess: [{ resources: ["pods"], verbs: ["get"] }],
      cloudIdentity: { aws: { podIdentity: true } },
    });
    const recorded = await deployShop({}, { ...shop, services: [privileged] });
    const { inputs } = recorded.find("NetworkPolicy", "apps-shop-orders-paths");
    const rules = at(inputs, "spec.egress") as readonly Rule[];
    expect(rules.map(({ ports }) => ports.map(({ port }) => port))).to.deep.equal([
      [443, 6443],
      [443, 80],
    ]);
  });

  it("lets nobody reach a scheduled job", async () => {
    expect(await rulesOf("report", "ingress")).to.deep.equal([]);
    expect((await rulesOf("report", "egress")).map(([peer]) => peer)).to.deep.equal([
      "database-space/database",
      "stream-space/stream",
    ]);
  });
});
