import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { simulationFiles } from "../../../sandbox/cluster/simulation";

interface KwokObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly podCIDR?: string;
    readonly resourceRef?: { readonly apiGroup: string; readonly kind: string };
  };
}

const { stages, objects } = simulationFiles();

function read(files: readonly string[]): readonly KwokObject[] {
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS() as KwokObject),
  );
}

describe("the kwok stages", () => {
  it("have the names of their files", () => {
    const named = stages.map((file) => join(file, "..", `${read([file])[0]?.metadata.name}.yaml`));
    expect(named).to.deep.equal([...stages]);
  });

  it("play only what the API server always serves: kwok ends when a kind is unknown at its start", () => {
    const played = read(stages).map(({ spec }) => spec.resourceRef);
    expect(played.filter((ref) => ref?.apiGroup !== "v1")).to.deep.equal([]);
    expect(new Set(played.map((ref) => ref?.kind))).to.deep.equal(
      new Set(["Node", "Pod", "Service"]),
    );
  });
});

describe("the simulated nodes", () => {
  const nodes = read(objects).filter(({ kind }) => kind === "Node");
  const distinct = (values: readonly (string | undefined)[]): number => new Set(values).size;

  it("are three, in three zones, with pod addresses of their own", () => {
    expect(nodes).to.have.length(3);
    const zones = nodes.map(({ metadata }) => metadata.labels?.["topology.kubernetes.io/zone"]);
    expect(distinct(zones)).to.equal(3);
    expect(distinct(nodes.map(({ spec }) => spec.podCIDR))).to.equal(3);
  });

  it("are marked as kwok's", () => {
    const marks = nodes.map(({ metadata }) => metadata.annotations?.["kwok.x-k8s.io/node"]);
    expect(marks).to.deep.equal(["fake", "fake", "fake"]);
  });

  it("have the hostname that spread constraints look at", () => {
    const hosts = nodes.map(({ metadata }) => metadata.labels?.["kubernetes.io/hostname"]);
    expect(hosts).to.deep.equal(nodes.map(({ metadata }) => metadata.name));
  });
});
