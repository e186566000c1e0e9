import { expect } from "chai";
import fc from "fast-check";
import { deployRandom, randomApplication } from "../apps/random/application";
import { DryRun, definitions, type Manifest } from "./dry-run";
import { engine, get } from "./support";

const runs = process.env.SLIPWAY_LONG_TESTS === "1" ? 1000 : 100;

describe("any application that Slipway accepts, on the API server", function () {
  this.timeout("20m");

  let server: DryRun;
  const made: string[] = [];

  before(async () => {
    server = new DryRun();
    const there = await get("customresourcedefinitions");
    const names = new Set(there.map(({ metadata }) => metadata.name));
    const missing = (await definitions()).filter(({ metadata }) => !names.has(metadata.name));
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: namespaceMetadata };
    for (const object of [...missing, namespace]) {
      await server.keep(object);
      made.push(`${object.kind.toLowerCase()}/${object.metadata.name}`);
    }
    await server.awaitKinds(missing);
  });

  after(async () => {
    server.close();
    await engine.kubectl(["delete", ...made], { onOutput: () => undefined });
  });

  it("passes a strict dry run, without a warning", () =>
    fc.assert(
      fc.asyncProperty(randomApplication, async (application) => {
        const recorded = await deployRandom(application);
        fc.pre(recorded !== undefined);
        const objects = recorded.resources
          .filter(({ type }) => type.startsWith("kubernetes:"))
          .map(({ inputs }) => inputs as Manifest);
        const wrong = await server.judge(objects);
        expect(wrong, wrong.join("\n")).to.deep.equal([]);
      }),
      { numRuns: runs, maxSkipsPerRun: 20 },
    ));
});

/** As an application's own namespace is: what would not be let into it is warned of. */
const namespaceMetadata = {
  name: "shop",
  labels: {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  },
};
