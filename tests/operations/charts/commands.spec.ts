import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { chartSource, type ChartCoordinates } from "../../../components/kit/chart";
import {
  bump,
  lock,
  outdated,
  vendor,
  verify,
  type Charts,
} from "../../../operations/charts/commands";
import { Helm } from "../../../operations/charts/helm";
import { cacheFolder, sandboxFolder } from "../../../sandbox/folder";
import { Failure } from "../../../sandbox/terminal/failure";
import { silentProgress } from "../../../sandbox/terminal/progress";
import { Toolchain } from "../../../sandbox/toolchain/toolchain";
import { scratchFolder } from "../../sandbox/scratch-folder";
import { LoopbackCharts, packageChart, type Packaged } from "../../support/loopback-charts";

const hook = `kind: Job
apiVersion: batch/v1
metadata:
  name: setup
  annotations: { "helm.sh/hook": post-install }
`;

describe("npm run charts", function () {
  this.timeout("2m");
  let helm = "";
  let server: LoopbackCharts;
  let places: { readonly http: string; readonly oci: string };
  let bus: Packaged;
  let newerBus: Packaged;
  let store: Packaged;
  const scratch = scratchFolder();
  let printed: string[] = [];

  before(async () => {
    const toolchain = new Toolchain(sandboxFolder(), silentProgress, cacheFolder(), true);
    helm = (await toolchain.helm()).path;
    bus = packageChart(helm, "bus", "1.0.0");
    newerBus = packageChart(helm, "bus", "2.1.0");
    store = packageChart(helm, "store", "1.0.0", hook);
    server = new LoopbackCharts([bus, newerBus, packageChart(helm, "bus", "1.2.0"), store]);
    places = await server.listen();
  });
  after(() => server.close());

  beforeEach(() => {
    printed = [];
  });

  /** Two charts, one from each kind of source, and what is recorded of them. */
  const charts = (
    digests: { readonly bus?: Packaged["digest"]; readonly store?: Packaged["digest"] } = {},
    changes: Partial<Charts> = {},
  ): Charts => {
    const table: Record<string, ChartCoordinates> = {
      bus: { repository: places.http, chart: "bus", version: "1.0.0", ...digestOf(digests.bus) },
      store: {
        repository: places.oci,
        chart: "store",
        version: "1.0.0",
        ...digestOf(digests.store),
      },
    };
    const file = join(scratch(), "charts.ts");
    writeFileSync(file, `export const charts = ${JSON.stringify(table)};\n`);
    return {
      table,
      hooks: { store: { "templates/app.yaml": "a Job of our own" } },
      helm: new Helm(helm),
      file,
      print: (text) => printed.push(text),
      ...changes,
    };
  };
  const digestOf = (digest: Packaged["digest"] | undefined) =>
    digest === undefined ? {} : { digest };
  const output = (): string => printed.join("\n");

  it("lock records the digests of a repository and of a registry, and of nothing it did not see", async () => {
    const given = charts();
    expect(await lock(given), output()).to.equal(0);
    const table = readFileSync(given.file, "utf8");
    expect(table).to.contain(bus.digest).and.to.contain(store.digest);
    expect(await lock(charts({ bus: bus.digest, store: store.digest }))).to.equal(0);
    expect(output()).to.contain("0 digests recorded");
  });

  it("lock fails, and keeps the digest, when the repository serves another archive", async () => {
    const given = charts({ bus: newerBus.digest, store: store.digest });
    const before = readFileSync(given.file, "utf8");
    expect(await lock(given)).to.equal(1);
    expect(output()).to.contain(`serves ${bus.digest}, the table says ${newerBus.digest}`);
    expect(readFileSync(given.file, "utf8")).to.equal(before);
  });

  it("lock says that it needs the repository, and records the others, where one is out of reach", async () => {
    const given = charts();
    const table = {
      ...given.table,
      bus: { repository: "http://127.0.0.1:9", chart: "bus", version: "1.0.0" },
    };
    expect(await lock({ ...given, table })).to.equal(1);
    expect(output()).to.contain("run it where it can be reached");
    expect(readFileSync(given.file, "utf8"))
      .to.contain(store.digest)
      .and.not.to.contain(bus.digest);
  });

  it("bump gives a chart the newest version and its digest, or the one named", async () => {
    const given = charts({ bus: bus.digest });
    expect(await bump(given, "bus"), output()).to.equal(0);
    expect(readFileSync(given.file, "utf8")).to.contain("2.1.0").and.to.contain(newerBus.digest);
    const refused = await bump(given, "bus", "9.9.9").catch((error: unknown) => String(error));
    expect(refused).to.contain("bus 9.9.9");
  });

  it("bump says so, and changes nothing, where the table has that version already", async () => {
    const table = { store: { ...charts().table.store, digest: store.digest } as ChartCoordinates };
    const given = charts({}, { table });
    const before = readFileSync(given.file, "utf8");
    expect(await bump(given, "store")).to.equal(0);
    expect(output()).to.equal("store: 1.0.0 is the newest version.");
    expect(await bump(given, "store", "1.0.0")).to.equal(0);
    expect(output()).to.contain("store: 1.0.0 is in the table.");
    expect(readFileSync(given.file, "utf8")).to.equal(before);
  });

  it("vendor fills a folder that slipway:charts.mirror reads, from the repositories or from a mirror", async () => {
    const folder = join(scratch(), "mirror");
    const locked = { bus: bus.digest, store: store.digest };
    expect(await vendor(charts(locked), folder), output()).to.equal(0);
    expect(readdirSync(folder)).to.have.members(["bus-1.0.0.tgz", "store-1.0.0.tgz"]);
    const { table } = charts(locked);
    for (const coordinates of Object.values(table)) {
      expect(existsSync(chartSource(coordinates, folder).chart)).to.equal(true);
    }
    const again = join(scratch(), "again");
    expect(await vendor(charts(locked, { mirror: places.oci }), again), output()).to.equal(0);
    expect(await verify(charts(locked), again), output()).to.equal(0);
  });

  it("verify names an archive that is missing, one that is another, and one that was never locked", async () => {
    const folder = join(scratch(), "mirror");
    mkdirSync(folder);
    writeFileSync(join(folder, "bus-1.0.0.tgz"), newerBus.archive);
    expect(await verify(charts({ bus: bus.digest }), folder)).to.equal(1);
    expect(output())
      .to.contain(`the archive is ${newerBus.digest}, the table says ${bus.digest}`)
      .and.to.contain("lacks store-1.0.0.tgz");
    expect(await verify(charts(), folder)).to.equal(1);
    expect(output()).to.contain("the archive holds bus 2.1.0");
    writeFileSync(join(folder, "bus-1.0.0.tgz"), bus.archive);
    writeFileSync(join(folder, "store-1.0.0.tgz"), store.archive);
    expect(await verify(charts({ bus: bus.digest }), folder), output()).to.equal(0);
    expect(output()).to.contain("No digest was ever recorded of store-1.0.0");
  });

  it("verify says where there is no folder, once, and how to make it", async () => {
    const folder = join(scratch(), "nowhere");
    const refused = await verify(charts(), folder).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Failure);
    expect(refused).to.include({ message: `There is no folder ${folder}.` });
  });

  it("outdated names a repository that has no chart of the name", async () => {
    const gone = { repository: places.http, chart: "gone", version: "1.0.0" };
    expect(await outdated(charts({}, { table: { gone } }))).to.equal(1);
    expect(output()).to.contain("→ The repository has no chart of that name");
  });

  it("verify refuses a hook that nobody has looked at, and a note on one that is gone", async () => {
    expect(await verify(charts({}, { hooks: {} }))).to.equal(1);
    expect(output()).to.contain("templates/app.yaml has a hook that nobody has looked at");
    const hooks = { bus: { "templates/job.yaml": "" }, store: { "templates/": "" } };
    expect(await verify(charts({}, { hooks }))).to.equal(1);
    expect(output()).to.contain("templates/job.yaml has no hook any more");
  });

  it("outdated lists what is newer, in its major version and at all, and where to read about it", async () => {
    expect(await outdated(charts()), output()).to.equal(0);
    expect(output()).to.match(/bus +1\.0\.0 +1\.2\.0 +2\.1\.0 +https:\/\/example\.com\/bus/);
    expect(output())
      .to.contain("1 chart to bump")
      .and.not.to.match(/^store/m);
  });

  it("a mirror's archive with another digest stops the program", () => {
    const folder = join(scratch(), "mirror");
    mkdirSync(folder);
    const coordinates = { repository: "", chart: "bus", version: "1.0.0", digest: bus.digest };
    writeFileSync(join(folder, "bus-1.0.0.tgz"), bus.archive);
    expect(chartSource(coordinates, folder).chart).to.contain("bus-1.0.0.tgz");
    writeFileSync(join(folder, "bus-1.0.0.tgz"), newerBus.archive);
    expect(() => chartSource(coordinates, folder)).to.throw(newerBus.digest);
  });
});
