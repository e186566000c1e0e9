import { expect } from "chai";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { charts as chartTable } from "../../../components/charts";
import { type IndexEntry } from "../../../sandbox/render/objects";
import { placeholderSecret, placeholderTag } from "../../../sandbox/render/preview";
import { render } from "../../../sandbox/render/render";
import { silentProgress } from "../../../sandbox/terminal/progress";

const scratch = mkdtempSync(join(tmpdir(), "slipway-render-"));
const out = join(scratch, "out");

function renderProduction(charts?: string) {
  const folder = join(scratch, "sandbox");
  const given = charts === undefined ? {} : { charts };
  return render({
    stack: "production",
    out,
    folder,
    offline: true,
    progress: silentProgress,
    ...given,
  });
}

/** The text of every file of the rendering, by its path. */
function contents(): ReadonlyMap<string, string> {
  const files = readdirSync(out, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [file, readFileSync(file, "utf8")]));
}

function digest(): string {
  return createHash("sha256")
    .update(JSON.stringify([...contents()]))
    .digest("hex");
}

// The real program on the real engine, with an API server of its own.
describe("rendering the production stack", function () {
  this.timeout("10m");
  let index: readonly IndexEntry[] = [];
  let first = "";

  before(async () => {
    await renderProduction();
    index = JSON.parse(readFileSync(join(out, "index.json"), "utf8")) as readonly IndexEntry[];
    first = digest();
  });
  after(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  it("writes the objects of every chart and of the application", () => {
    const charts = new Set(index.map(({ chart }) => chart).filter((chart) => chart !== null));
    expect([...charts]).to.have.members(Object.values(chartTable).map(({ chart }) => chart));
    expect(index.map(({ kind, name }) => `${kind} ${name}`)).to.include.members([
      "PostgresCluster db",
      "StatefulSet nats",
      "Deployment orders",
    ]);
  });

  it("writes a file for each line of the index, and nothing else", () => {
    const files = [...contents().keys()].map((file) => file.slice(out.length + 1));
    expect(files).to.have.members(["index.json", ...index.map(({ file }) => file)]);
  });

  it("keeps the webhooks of a stack whose nodes are real", () => {
    const webhooks = index.filter(({ kind }) => kind === "ValidatingWebhookConfiguration");
    const text = webhooks.map(({ file }) => readFileSync(join(out, file), "utf8")).join("");
    expect(text).to.contain("failurePolicy");
  });

  it("says what is protected and retained", () => {
    const database = index.find(({ kind }) => kind === "PostgresCluster");
    expect(database).to.include({ protect: true, retainOnDelete: true, namespace: "postgres" });
  });

  it("gives each application image a marked placeholder", () => {
    const orders = index.find(({ kind, name }) => kind === "Deployment" && name === "orders");
    expect(readFileSync(join(out, orders?.file ?? ""), "utf8")).to.contain(`:${placeholderTag}`);
  });

  it("writes no generated password, but the keys of each Secret", () => {
    const text = [...contents().values()].join("\n");
    expect(text).not.to.contain(placeholderSecret);
    expect(text).not.to.contain(Buffer.from(placeholderSecret).toString("base64"));
    const secret = index.find(({ kind, name }) => kind === "Secret" && name === "nats-admin");
    expect(readFileSync(join(out, secret?.file ?? ""), "utf8")).to.match(/password: "\[secret\]"/);
  });

  it("writes the same bytes again", async () => {
    await renderProduction();
    expect(digest()).to.equal(first);
  });

  it("needs no state of the platform stack for a stack of applications beside it", async () => {
    const beside = join(scratch, "beside");
    const progress = silentProgress;
    await render({
      stack: "preview",
      out: beside,
      folder: join(scratch, "sandbox"),
      offline: true,
      progress,
    });
    const entries = JSON.parse(
      readFileSync(join(beside, "index.json"), "utf8"),
    ) as readonly IndexEntry[];
    expect([...new Set(entries.map(({ namespace }) => namespace))]).to.deep.equal([
      "storefront-template",
    ]);
    expect(entries.map(({ kind, name }) => `${kind} ${name}`)).to.include.members([
      "Deployment orders",
      "ExternalSecret orders-database-orders",
    ]);
  });

  it("fails with the engine's message and leaves the files when the preview fails", async () => {
    const empty = join(scratch, "no-charts");
    mkdirSync(empty);
    const error = await renderProduction(empty).catch((caught: unknown) => caught);
    expect(String(error)).to.contain("The preview of stack production failed");
    expect(String(error)).to.contain("holds neither");
    expect(digest()).to.equal(first);
  });
});
