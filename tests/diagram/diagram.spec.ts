import { expect } from "chai";
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { application, scheduledJob, service } from "../../components/apps/declaration";
import { external } from "../../components/apps/external";
import { resolveApplications } from "../../components/apps/resolve";
import { givenFeatures } from "../../components/apps/workload/feature-problems";
import { database, stream } from "../../components/data";
import { dotOf } from "../../diagram/dot";
import { mermaidOf } from "../../diagram/mermaid";
import { diagramOf, type Diagram } from "../../diagram/model";
import { stackDiagram } from "../../diagram/stack";
import { images } from "../apps/fixtures";
import { resources, web } from "../apps/shop";
import { measured } from "../support/rooms";

const orders = database("orders");
const announce = stream("messages", { publish: "msg.orders" });
const announced = stream("messages", { consumer: "mails" });
const cards = external({ cidrs: ["203.0.113.0/24"], port: 443 });

const products = service("products", { ...web, scaling: { hpa: { min: 2, max: 6 } } });
const shop = service("shop", {
  ...web,
  uses: { products, orders, announce, cards },
  exposure: { ingress: { paths: [{ path: "/shop" }, { path: "/cart" }] } },
});
const mails = scheduledJob("mails", {
  schedule: { cron: "@daily" },
  resources,
  uses: { announced },
});

/** The picture of an application of these services. */
function pictureOf(services: Parameters<typeof application>[0]["services"]): Diagram {
  const declaration = application({ name: "acme", team: "acme", services });
  const settings = { host: "acme.example.com", services: {} };
  const resolved = resolveApplications([{ declaration, settings }], {
    environment: "test",
    images,
    features: givenFeatures(measured),
  });
  return diagramOf("Acme", resolved);
}

const edgeTexts = ({ edges }: Diagram): readonly string[] =>
  edges.map(({ from, to, label }) => `${from} → ${to}${label === undefined ? "" : ` (${label})`}`);

describe("the picture of a stack", () => {
  const picture = pictureOf([products, shop, mails]);

  it("has a group for each application and each data service that is used", () => {
    expect(picture.groups.map(({ label, room }) => [label, room])).to.deep.equal([
      ["acme", "applications"],
      ["Postgres", "data"],
      ["NATS JetStream", "data"],
    ]);
  });

  it("says how many pods there are, and when a job runs", () => {
    expect(picture.groups[0]?.nodes.map(({ label, detail }) => [label, detail])).to.deep.equal([
      ["products", "2–6 pods"],
      ["shop", "2 pods"],
      ["mails", "@daily"],
    ]);
  });

  it("has an edge for each use, and for what is exposed", () => {
    expect(edgeTexts(picture)).to.have.members([
      "internet → edge",
      "edge → acme/shop (acme.example.com/shop\nacme.example.com/cart)",
      "acme/shop → acme/products",
      "acme/shop → database/orders",
      "acme/shop → stream/messages (publishes)",
      "acme/shop → external/cards/203.0.113.0/24, port 443",
      "acme/mails → stream/messages (consumes)",
    ]);
  });

  it("loses exactly the edge that a declaration loses", () => {
    const without = { ...shop, uses: { orders, announce, cards } };
    const gone = edgeTexts(picture).filter(
      (edge) => !edgeTexts(pictureOf([products, without, mails])).includes(edge),
    );
    expect(gone).to.deep.equal(["acme/shop → acme/products"]);
  });

  it("shows no way in where nothing is exposed", () => {
    const closed = pictureOf([products]);
    expect(closed.nodes).to.deep.equal([]);
    expect(closed.edges).to.deep.equal([]);
  });

  it("is one that Graphviz draws, with every name in it", async () => {
    const svg = (await Graphviz.load()).layout(dotOf(picture), "svg", "dot");
    for (const text of [
      "products",
      "shop",
      "mails",
      "messages",
      "cards",
      "acme.example.com/cart",
    ]) {
      expect(svg).to.contain(text);
    }
  });

  it("quotes what its languages would read otherwise", () => {
    const odd = { title: 'a "b" \\', nodes: [], groups: [], edges: [] };
    expect(dotOf(odd)).to.contain('label="a \\"b\\" \\\\"');
    const end = { id: "end", kind: "service", label: 'say "x"' } as const;
    expect(mermaidOf({ ...odd, nodes: [end] })).to.contain('n_end["say #quot;x#quot;"]');
  });

  it("is written for a code host with the same nodes and edges", () => {
    const markdown = mermaidOf(picture);
    expect(markdown.match(/-->/g)).to.have.property("length", picture.edges.length);
    expect(markdown).to.contain("subgraph group0").and.to.contain("flowchart LR");
  });
});

describe("the picture of a stack file", () => {
  it("refuses a stack that is not there, with those that are", () => {
    expect(() => stackDiagram("prodution")).to.throw('There is no stack "prodution"');
  });

  it("shows the four applications of production", () => {
    const labels = stackDiagram("production").groups.map(({ label }) => label);
    expect(labels).to.include.members([
      "storefront",
      "goreliable",
      "online-boutique",
      "fulfilment",
      "Postgres",
      "NATS JetStream",
      "MinIO",
    ]);
  });
});
