import { expect } from "chai";
import { service } from "../../components/apps/declaration";
import { external, externalProblems, type External } from "../../components/apps/external";
import { at } from "./fixtures";
import { deployShop, resolved, shop, web } from "./shop";

describe("what a service uses outside the cluster", () => {
  async function egressOf(used: External): Promise<unknown> {
    const orders = service("orders", { ...web, uses: { used } });
    const recorded = await deployShop({}, { ...shop, services: [orders] });
    return at(recorded.find("NetworkPolicy", "apps-shop-orders-paths").inputs, "spec.egress");
  }

  it("is reached at its addresses and ports, and nowhere else", async () => {
    const cidrs = ["203.0.113.0/24", "2001:db8::/32"];
    expect(await egressOf(external({ cidrs, ports: [443, 8443] }))).to.deep.equal([
      {
        to: [{ ipBlock: { cidr: "203.0.113.0/24" } }, { ipBlock: { cidr: "2001:db8::/32" } }],
        ports: [
          { protocol: "TCP", port: 443 },
          { protocol: "TCP", port: 8443 },
        ],
      },
    ]);
  });

  it("is anywhere on the internet when it says so, but in no private network", async () => {
    expect(await egressOf(external({ internet: true, port: 443 }))).to.deep.equal([
      {
        to: [
          {
            ipBlock: {
              cidr: "0.0.0.0/0",
              except: [
                "10.0.0.0/8",
                "100.64.0.0/10",
                "169.254.0.0/16",
                "172.16.0.0/12",
                "192.168.0.0/16",
              ],
            },
          },
          { ipBlock: { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] } },
        ],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
  });

  it("opens no way in", async () => {
    const uses = { payments: external({ cidrs: ["203.0.113.7/32"], port: 443 }) };
    const recorded = await deployShop(
      {},
      { ...shop, services: [service("orders", { ...web, uses })] },
    );
    const { inputs } = recorded.find("NetworkPolicy", "apps-shop-orders-paths");
    expect(at(inputs, "spec.ingress")).to.deep.equal([]);
  });
});

describe("what a service uses outside the cluster is refused", () => {
  function messages(cidr: string): readonly string[] {
    return externalProblems(external({ cidrs: [cidr], port: 443 })).map(({ message }) => message);
  }

  for (const cidr of ["203.0.113.0/24", "0.0.0.0/1", "2001:db8::/32", "::1/128"]) {
    it(`not as ${cidr}`, () => {
      expect(messages(cidr)).to.deep.equal([]);
    });
  }

  for (const cidr of [
    "203.0.113.0",
    "203.0.113.0/33",
    "203.0.113.0/",
    "203.0.113.0/08",
    "203.0.113/24",
    "203.0.113.0/24/1",
    "2001:db8::/129",
    "api.example.com",
    "",
  ]) {
    it(`as "${cidr}", which is no address range`, () => {
      expect(messages(cidr)).to.have.length(1);
      expect(messages(cidr)[0]).to.contain(`got "${cidr}"; it has to be an address and the length`);
    });
  }

  for (const cidr of ["0.0.0.0/0", "::/0", "8.8.8.8/0"]) {
    it(`as ${cidr}, which is everywhere without saying so`, () => {
      expect(messages(cidr)[0]).to.contain("or say { internet: true }");
    });
  }

  it("with an address inside the range, which network plugins read in different ways", () => {
    expect(messages("203.0.113.7/24")[0]).to.contain('or "203.0.113.7/32" for that one alone');
  });

  it("with no address or no port, which Kubernetes would read as all of them", () => {
    const problems = externalProblems(external({ cidrs: [], ports: [] }));
    expect(problems.map(({ field }) => field)).to.deep.equal(["cidrs", "ports"]);
  });

  for (const port of [0, 65_536, 1.5]) {
    it(`on port ${String(port)}`, () => {
      const [problem] = externalProblems(external({ internet: true, port }));
      expect(problem?.message).to.contain("a port is a whole number from 1 to 65535");
    });
  }

  it("before anything is deployed, by the name that the service gives it", () => {
    const uses = { payments: external({ cidrs: ["everywhere"], port: 443 }) };
    expect(() => resolved({}, { ...shop, services: [service("orders", { ...web, uses })] })).throws(
      /shop\/orders uses\.payments\.cidrs: got "everywhere"/,
    );
  });
});
