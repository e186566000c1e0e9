import { expect } from "chai";
import {
  chooseImages,
  parseImages,
  type ChosenImage,
  type GivenImages,
  type ImageSupply,
} from "../../components/apps/images";
import type { Choice, DeployedService } from "../../components/apps/workload/release";

const noFile = (): never => {
  throw new Error("no file was to be read");
};
const digest = `sha256:${"0a".repeat(32)}`;

describe("the versions given at deploy time", () => {
  it("are none when nothing is given", () => {
    expect(parseImages(undefined, noFile)).to.deep.equal({ services: {} });
    expect(parseImages(" ", noFile)).to.deep.equal({ services: {} });
  });

  it("are pairs with commas between them; * is every service that is not named", () => {
    expect(parseImages(`shop/orders=1.4.2, shop/auth=${digest},*=1.4.0`, noFile)).to.deep.equal({
      services: { "shop/orders": "1.4.2", "shop/auth": digest },
      others: "1.4.0",
    });
  });

  it("can be JSON", () => {
    expect(parseImages('{"shop/orders": "1.4.2"}', noFile)).to.deep.equal({
      services: { "shop/orders": "1.4.2" },
    });
  });

  it("can be a JSON file", () => {
    const readFile = (path: string): string => (path === "out/images.json" ? '{"*": "2"}' : "{}");
    expect(parseImages("out/images.json", readFile)).to.deep.equal({ services: {}, others: "2" });
  });

  it("may be a tag with its digest", () => {
    const { services } = parseImages(`shop/orders=1.4.2@${digest}`, noFile);
    expect(services["shop/orders"]).to.equal(`1.4.2@${digest}`);
  });

  it("are refused with everything that is wrong with them", () => {
    const given = `orders=1.4.2,shop/auth=latest,shop/api=,shop/web=1.4.2${digest}`;
    expect(() => parseImages(given, noFile))
      .to.throw("What SLIPWAY_IMAGES names cannot be deployed:")
      .with.property("message")
      .that.contains("orders: it has to be <application>/<service>")
      .and.contains('shop/auth: got "latest"')
      .and.contains('shop/api: got ""')
      .and.contains('shop/web: got "1.4.2sha256:');
  });

  it("are refused when their JSON is none, or no object", () => {
    expect(() => parseImages('{"shop/orders"', noFile)).to.throw("its JSON is not JSON");
    expect(() => parseImages("a.json", () => "[]")).to.throw(
      'the file "a.json" has to be an object such as {"storefront/orders": "1.4.2"}.',
    );
    expect(() => parseImages('{"shop/orders": 1.4}', noFile)).to.throw("shop/orders: got 1.4;");
  });

  it("are refused when their file cannot be read", () => {
    expect(() => parseImages("gone.json", noFile)).to.throw(
      'the file "gone.json" cannot be read: no file was to be read.',
    );
  });
});

describe("the image of a service", () => {
  const supply = (changes: Partial<ImageSupply>): ImageSupply => ({
    registry: "registry.example.com/acme",
    pullSecrets: [],
    given: { services: {} },
    ...changes,
  });
  const chosen = (changes: Partial<ImageSupply>, pinned?: string): ChosenImage | undefined =>
    chooseImages([{ id: "shop/orders", pinned }], supply(changes))[0]?.chosen;

  it("is its own, at the version that was given", () => {
    expect(chosen({ given: { services: { "shop/orders": "1.4.2" } } })).to.deep.equal({
      image: "registry.example.com/acme/shop/orders:1.4.2",
      origin: "given",
    });
  });

  it("is its own at a digest", () => {
    expect(chosen({ given: { services: { "shop/orders": digest } } })?.image).to.equal(
      `registry.example.com/acme/shop/orders@${digest}`,
    );
  });

  it("is the pinned public one, whatever version the applications' own have", () => {
    const given = { services: {}, others: "1.4.0" };
    expect(chosen({ given }, "docker.io/library/redis:8.2.1")?.image).to.equal(
      "docker.io/library/redis:8.2.1",
    );
  });

  it("is the pinned public one at the version that was given for it by name", () => {
    const given = { services: { "shop/orders": "8.2.2" } };
    expect(chosen({ given }, `docker.io:443/library/redis:8.2.1@${digest}`)?.image).to.equal(
      "docker.io:443/library/redis:8.2.2",
    );
  });

  it("is its own at the version given for all others", () => {
    expect(chosen({ given: { services: {}, others: "1.4.0" } })?.image).to.equal(
      "registry.example.com/acme/shop/orders:1.4.0",
    );
  });

  it("is the stack's stand-in, with its arguments, when no version was given", () => {
    const standIn = { image: "registry.example.com/any:1", args: ["serve"] };
    expect(chosen({ default: standIn })).to.deep.equal({
      image: "registry.example.com/any:1",
      standIn: { args: ["serve"], jobArgs: ["serve"] },
      origin: "declared",
    });
  });

  it("stands in for a job with the arguments that let it end, where the stack names them", () => {
    const ending = { image: "registry.example.com/any:1", args: ["serve"], jobArgs: ["end"] };
    expect(chosen({ default: ending })?.standIn).to.deep.equal({
      args: ["serve"],
      jobArgs: ["end"],
    });
  });

  it("is missed with the way to give it", () => {
    expect(() => chosen({})).to.throw(
      'shop/orders: no version was given, now or before. Give it at deploy time: SLIPWAY_IMAGES="shop/orders=1.4.2"',
    );
  });

  it("is asked for without its repository where a whole reference is given", () => {
    const given = (version: string) => () => parseImages(`shop/orders=${version}`, noFile);
    expect(given("registry.example.com:5000/shop/orders:1.4.2")).to.throw(
      /, without its repository: "1\.4\.2"\.$/,
    );
    expect(given(`shop/orders@${digest}`)).to.throw(`without its repository: "${digest}".`);
    expect(given("shop/orders:latest")).to.throw(/"sha256:\.\.\."\.$/);
  });

  it("is refused when it is given for a service that is not deployed", () => {
    const given = { services: { "shop/ordres": "1.4.2" }, others: "1" };
    expect(() => chosen({ given })).to.throw(
      'SLIPWAY_IMAGES: names "shop/ordres", which is not deployed; did you mean "shop/orders"?',
    );
  });
});

describe("the image of a service that was deployed before", () => {
  const own = "registry.example.com/acme/shop/orders";
  const redis = "docker.io/library/redis:8.2.1";
  const choose = (
    deployed: DeployedService,
    changes: Partial<ImageSupply> = {},
    pinned?: string,
  ): ChosenImage | undefined =>
    chooseImages([{ id: "shop/orders", pinned }], {
      registry: "registry.example.com/acme",
      pullSecrets: [],
      given: { services: {} },
      deployed: new Map([["shop/orders", deployed]]),
      ...changes,
    })[0]?.chosen;
  const running = (image: string, choice: Partial<Choice> = {}): DeployedService => ({
    release: { image, env: [], origin: "given", ...choice },
    before: {},
    applied: true,
    failed: false,
    steps: ["controller"],
    again: [],
  });

  it("keeps the version that was given then", () => {
    expect(choose(running(`${own}:1.4.2`))).to.deep.equal({
      image: `${own}:1.4.2`,
      origin: "given",
    });
  });

  it("keeps it at a digest, and at a tag with its digest", () => {
    for (const version of [`@${digest}`, `:1.4.2@${digest}`]) {
      expect(choose(running(own + version))?.image).to.equal(own + version);
    }
  });

  it("keeps it before the stand-in", () => {
    const changes = { default: { image: "registry.example.com/any:1", args: ["serve"] } };
    expect(choose(running(`${own}:1.4.2`), changes)?.image).to.equal(`${own}:1.4.2`);
  });

  it("gives way to the version that is given now, for it or for all others", () => {
    const named: GivenImages = { services: { "shop/orders": "1.5.0" } };
    for (const given of [named, { services: {}, others: "1.5.0" }]) {
      expect(choose(running(`${own}:1.4.2`), { given })?.image).to.equal(`${own}:1.5.0`);
    }
  });

  it("keeps the version when the stack's registry is another one by now", () => {
    expect(choose(running("old.example.com:5000/acme/shop/orders:1.4.2"))?.image).to.equal(
      `${own}:1.4.2`,
    );
  });

  it("follows the pinned image of its declaration, where no version was given", () => {
    const deployed = running(redis, { origin: "declared", pinned: redis });
    expect(choose(deployed, {}, "docker.io/library/redis:8.2.2")?.image).to.equal(
      "docker.io/library/redis:8.2.2",
    );
  });

  it("keeps the version given in place of the pinned one until another is pinned", () => {
    const deployed = running("docker.io/library/redis:8.2.9", { pinned: redis });
    expect(choose(deployed, {}, redis)?.image).to.equal("docker.io/library/redis:8.2.9");
    expect(choose(deployed, {}, "docker.io/library/redis:8.4.0")?.image).to.equal(
      "docker.io/library/redis:8.4.0",
    );
  });

  it("keeps what its pods run when the last run never got as far as to change them", () => {
    const { release } = running(`${own}:1.5.0`);
    const current = running(`${own}:1.4.2`).release;
    const deployed = { ...running(""), release, before: { current }, applied: false };
    expect(choose(deployed)?.image).to.equal(`${own}:1.4.2`);
  });

  it("keeps the version of a first deployment that never got as far as to start it", () => {
    expect(choose({ ...running(`${own}:1.4.2`), applied: false, steps: [] })?.image).to.equal(
      `${own}:1.4.2`,
    );
  });

  it("is the one it is rolled back to, and is kept from then on", () => {
    const { release: target } = running(`${own}:1.4.1`);
    const rollback = { service: "shop/orders", target };
    const chosen = choose(running(`${own}:1.4.2`), { rollback });
    expect(chosen).to.deep.equal({ image: `${own}:1.4.1`, origin: "rollback" });
    expect(choose(running(`${own}:1.4.1`, { origin: "rollback" }))).to.deep.equal(chosen);
  });
});
