import { expect } from "chai";
import {
  advance,
  historyOf,
  imagesOf,
  recordOf,
  revisionDigest,
  rollbackTarget,
  runningRelease,
  type DeployedService,
  type Release,
} from "../../../components/apps/workload/release";

const release = (version: string, changes: Partial<Release> = {}): Release => ({
  image: `registry.example.com/orders:${version}`,
  env: [{ name: "LEVEL", value: "info" }],
  origin: "given",
  ...changes,
});
const [v1, v2, v3] = [release("1"), release("2"), release("3")] as const;

/** A service whose last run asked for a release and got it. */
const deployed = (changes: Partial<DeployedService> = {}): DeployedService => ({
  release: v2,
  before: { current: v1 },
  applied: true,
  failed: false,
  steps: ["controller"],
  again: [],
  ...changes,
});
const failedRollout = deployed({ failed: true });
const neverReached = deployed({ applied: false });
const failedMigration = deployed({ applied: false, failed: true });

describe("the digest of a revision", () => {
  const base = release("1", {
    config: { env: { A: "1", B: "2" }, files: { mountPath: "/etc/a", contents: { "a.txt": "a" } } },
  });

  it("is the same for the same image and configuration, however the keys are ordered", () => {
    const reordered = { ...base, config: { ...base.config, env: { B: "2", A: "1" } } };
    expect(revisionDigest(reordered)).to.equal(revisionDigest(base));
  });

  it("does not depend on who chose the version", () => {
    expect(revisionDigest({ ...base, origin: "rollback", pinned: "x:1" } as Release)).to.equal(
      revisionDigest(base),
    );
  });

  it("is another one whenever anything that runs is", () => {
    const changes: readonly Partial<Release>[] = [
      { image: "registry.example.com/orders:2" },
      { command: ["serve"] },
      { args: ["serve"] },
      { env: [] },
      { env: [{ name: "LEVEL", value: { secretName: "info", key: "level" } }] },
      { config: { ...base.config, env: { A: "1" } } },
      { config: { env: base.config?.env } },
      { config: { ...base.config, files: { mountPath: "/etc/b", contents: { "a.txt": "a" } } } },
      { config: { ...base.config, files: { mountPath: "/etc/a", contents: { "a.txt": "b" } } } },
    ];
    const digests = [base, ...changes.map((change) => ({ ...base, ...change }))].map(
      revisionDigest,
    );
    expect(new Set(digests).size).to.equal(changes.length + 1);
  });

  it("follows the order of the variables, of which one may refer to those before it", () => {
    const variables = [
      { name: "A", value: "a" },
      { name: "B", value: "$(A)" },
    ];
    expect(revisionDigest({ ...base, env: variables })).not.to.equal(
      revisionDigest({ ...base, env: [...variables].reverse() }),
    );
  });
});

describe("the history of a service", () => {
  it("counts a release once it was rolled out to its end", () => {
    expect(historyOf(deployed())).to.deep.equal({ current: v2, previous: v1 });
    expect(historyOf(failedRollout)).to.deep.equal({ current: v1 });
    expect(historyOf(neverReached)).to.deep.equal({ current: v1 });
  });

  it("changes the predecessor only with the image; it keeps the configuration it ended with", () => {
    const configured = { ...v2, env: [{ name: "LEVEL", value: "debug" }] };
    const history = advance({ current: v2, previous: v1 }, configured);
    expect(history).to.deep.equal({ current: configured, previous: v1 });
    expect(advance(history, v3)).to.deep.equal({ current: v3, previous: configured });
  });
});

describe("what the pods of a service run", () => {
  it("is what the last run asked for, healthy or not", () => {
    expect(runningRelease(deployed())).to.equal(v2);
    expect(runningRelease(failedRollout)).to.equal(v2);
  });

  it("is what ran before, where the last run never changed them", () => {
    expect(runningRelease(failedMigration)).to.equal(v1);
  });
});

describe("the record of a run", () => {
  it("puts what was rolled out before the release", () => {
    expect(recordOf("shop/orders", v3, deployed())).to.deep.equal({
      service: "shop/orders",
      release: v3,
      before: { current: v2, previous: v1 },
    });
  });

  it("is the same when nothing changes, so that an unchanged stack has no changes", () => {
    expect(recordOf("shop/orders", v2, deployed())).to.deep.equal({
      service: "shop/orders",
      release: v2,
      before: { current: v1 },
    });
  });

  it("forgets a release that failed, once another one is asked for", () => {
    expect(recordOf("shop/orders", v3, failedRollout).before).to.deep.equal({ current: v1 });
  });

  it("of a first run has nothing before it", () => {
    expect(recordOf("shop/orders", v1, undefined).before).to.deep.equal({});
  });
});

describe("a rollback", () => {
  it("goes to the predecessor", () => {
    expect(rollbackTarget(deployed())).to.equal(v1);
  });

  it("goes to what was rolled out last, when the rollout or the migration after it failed", () => {
    expect(rollbackTarget(failedRollout)).to.equal(v1);
    expect(rollbackTarget(failedMigration)).to.equal(v1);
  });

  it("goes to the predecessor of what runs, when the last run stopped before this service", () => {
    const before = { current: v2, previous: v1 };
    expect(rollbackTarget(deployed({ release: v3, before, applied: false }))).to.equal(v1);
  });

  it("done twice, comes back to where it began", () => {
    const back: Release = { ...v1, origin: "rollback" };
    const record = recordOf("shop/orders", back, deployed());
    expect(rollbackTarget(deployed(record))).to.equal(v2);
  });

  it("of a failed release leaves the one before as the predecessor", () => {
    const failed = deployed({
      release: v3,
      before: { current: v2, previous: v1 },
      failed: true,
    });
    const record = recordOf("shop/orders", v2, failed);
    expect(historyOf(deployed(record))).to.deep.equal({ current: v2, previous: v1 });
  });

  it("has nowhere to go from a first image", () => {
    expect(rollbackTarget(deployed({ before: {} }))).to.equal(undefined);
    expect(rollbackTarget(deployed({ before: {}, failed: true }))).to.equal(undefined);
  });
});

describe("the images that the stack hands out", () => {
  it("are the current one and the one before", () => {
    expect(imagesOf(v3.image, deployed())).to.deep.equal({
      current: v3.image,
      previous: v2.image,
    });
  });

  it("name the same predecessor while the image stays", () => {
    expect(imagesOf(v2.image, deployed())).to.deep.equal({
      current: v2.image,
      previous: v1.image,
    });
  });

  it("name no predecessor of a first image", () => {
    expect(imagesOf(v1.image, undefined)).to.deep.equal({ current: v1.image });
  });
});
