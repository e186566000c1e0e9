import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { kindConfig, kindName } from "../../../sandbox/cluster/kind";
import { countNodes } from "../../../sandbox/cluster/nodes";
import { simulationFiles } from "../../../sandbox/cluster/simulation";
import { scratchFolder } from "../scratch-folder";

describe("the simulation of nodes", () => {
  const folder = scratchFolder();

  it("gives stages to kwok and applies everything else, ignoring other files", () => {
    writeFileSync(join(folder(), "a.yaml"), "apiVersion: kwok.x-k8s.io/v1alpha1\nkind: Stage\n");
    writeFileSync(join(folder(), "b.yaml"), "apiVersion: v1\nkind: Node\n");
    writeFileSync(join(folder(), "readme.md"), "apiVersion: v1\n");
    const { stages, objects } = simulationFiles(folder());
    expect(stages.map((file) => basename(file))).to.deep.equal(["a.yaml"]);
    expect(objects.map((file) => basename(file))).to.deep.equal(["b.yaml"]);
  });

  it("has stages and nodes in this checkout", () => {
    const { stages, objects } = simulationFiles();
    expect(stages.map((file) => basename(file))).to.include("pod-ready.yaml");
    expect(objects.map((file) => basename(file))).to.include("nodes.yaml");
  });

  it("counts a node as ready only by its Ready condition", () => {
    const node = (type: string, status: string) => ({ status: { conditions: [{ type, status }] } });
    const items = [
      node("Ready", "True"),
      node("Ready", "Unknown"),
      node("DiskPressure", "True"),
      {},
    ];
    expect(countNodes(JSON.stringify({ items }))).to.deep.equal({ total: 4, ready: 1 });
  });
});

describe("a kind cluster", () => {
  it("has the embedded cluster's zones", () => {
    const zones = kindConfig().match(/topology\.kubernetes\.io\/zone: \S+/g);
    expect(zones).to.deep.equal(
      ["a", "b", "c"].map((zone) => `topology.kubernetes.io/zone: sandbox-${zone}`),
    );
  });

  it("has a name of its own for each sandbox folder", () => {
    expect(kindName("/one")).to.match(/^slipway-[0-9a-f]{8}$/);
    expect(kindName("/one")).not.to.equal(kindName("/two"));
  });
});
