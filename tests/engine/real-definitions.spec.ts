import { join } from "node:path";
import { expect } from "chai";
import { parseAllDocuments } from "yaml";
import { postgresClusterSpec } from "../../components/data/postgres-cluster";
import { openSandbox } from "../../sandbox/sandbox";
import { chartFacts, type ChartFact } from "../support/chart-facts";
import { renderCharts } from "../support/rendered-charts";
import { bucketInMinio, dataOf } from "../support/rooms";
import { deployStack } from "../support/stacks";
import { DryRun, type Manifest } from "./dry-run";
import { engine } from "./support";

const definitions = chartFacts(/^[^/]+\/crds\/[^/]+\.yaml$/);
const examples = chartFacts(/\/(stores|postgrescluster|scaledobject)\.example\.yaml$/);

/** Two versions of one definition: the chart's own, and that of the release after it. */
const newer = /postgresclusters-6/;

/** Kinds of the stack's whose definitions are not among the charts' files. */
const undefinedKinds = ["Alertmanager", "Prometheus"];

describe("the custom resources, by the charts' real definitions on the API server", function () {
  this.timeout("10m");

  // The API server of the other tests has the stand-ins' definitions.
  const other = openSandbox({ dir: join(engine.folder.root, "definitions"), offline: true });
  let server: DryRun;
  const namespaces = new Set(["default"]);

  before(async function () {
    if (definitions.length === 0) {
      console.info("      the real charts' files are not on this machine: not compared");
      this.skip();
    }
    await other.up({ cluster: "embedded" });
    server = new DryRun(other.kubeconfig);
    await keep(definitions.filter(({ path }) => !newer.test(path)));
  });

  after(async () => {
    if (definitions.length > 0) {
      server.close();
      await other.reset();
    }
  });

  for (const stack of ["staging", "production"]) {
    it(`accept each of the stack ${stack}, and each of its charts'`, async () => {
      const resources = await customResources(stack);
      const unserved = resources.filter((resource) => !resource.served);
      expect(new Set(unserved.map(({ object }) => object.kind))).to.deep.equal(
        new Set(undefinedKinds),
      );
      const served = resources.filter((resource) => resource.served);
      expect(new Set(served.map(({ object }) => object.kind)).size).to.be.greaterThan(8);
      expect(await judge(served.map(({ object }) => object))).to.deep.equal([]);
    });
  }

  for (const example of examples) {
    it(`accept the charts' example ${example.path}`, async () => {
      expect(await judge(documents(example))).to.deep.equal([]);
    });
  }

  it("refuse a field that they do not know", async () => {
    const metadata = { name: "misspelt", namespace: "default" };
    const spec = { secretName: "misspelt", issuerRef: { name: "any" }, dnsName: ["example.com"] };
    const said = await judge([
      { apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata, spec },
    ]);
    expect(said.join("\n")).to.contain("spec.dnsName: field not declared in schema");
  });

  it("accept the PostgresClusters by the definition of the operator's next release, too", async () => {
    const declared = (await customResources("production"))
      .map(({ object }) => object)
      .filter(({ kind }) => kind === "PostgresCluster");
    const clusters = declared.flatMap((cluster) => [cluster, inBucket(cluster)]);
    await keep(definitions.filter(({ path }) => newer.test(path)));
    expect(clusters).not.to.have.lengthOf(0);
    expect(await judge(clusters)).to.deep.equal([]);
  });

  async function keep(facts: readonly ChartFact[]): Promise<void> {
    const objects = facts.flatMap(documents);
    await Promise.all(objects.map((object) => server.keep(object)));
    await server.awaitKinds(objects);
  }

  /** What the server says against the objects, in namespaces that are made for it. */
  async function judge(objects: readonly Manifest[]): Promise<readonly string[]> {
    for (const { metadata } of objects) {
      const { namespace = "default" } = metadata;
      if (!namespaces.has(namespace)) {
        namespaces.add(namespace);
        await server.keep({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
      }
    }
    return server.judge(objects);
  }

  /** What a stack and its charts have of kinds that an API server knows by a definition only. */
  async function customResources(
    stack: string,
  ): Promise<readonly { readonly object: Manifest; readonly served: boolean }[]> {
    const { recorded } = await deployStack(stack, { preview: true });
    const own = recorded.resources
      .filter(({ type }) => type.startsWith("kubernetes:") && !type.includes("helm.sh"))
      .map(({ inputs }) => inputs as Manifest);
    const ofCharts = (await renderCharts(recorded)).flatMap(({ objects }) => objects);
    const custom = [...own, ...ofCharts].filter(isCustom);
    return Promise.all(
      custom.map(async (object) => ({ object, served: await server.serves(object) })),
    );
  }
});

/** The cluster with its backups in a bucket, and a start from those of another. */
function inBucket(cluster: Manifest): Manifest {
  const { postgres } = dataOf({
    postgres: {
      backups: { kind: "objectStore" },
      dataSource: { kind: "objectStore", path: "/old", to: "latest" },
    },
  });
  const spec = postgresClusterSpec(postgres, [], { bucket: bucketInMinio });
  return { ...cluster, metadata: { ...cluster.metadata, name: "in-bucket" }, spec };
}

/** Kubernetes' own groups have no dot or end in `k8s.io`. */
function isCustom({ apiVersion }: { readonly apiVersion: string }): boolean {
  const [group = ""] = apiVersion.split("/");
  return group.includes(".") && !group.endsWith(".k8s.io");
}

function documents(fact: ChartFact): readonly Manifest[] {
  return parseAllDocuments(fact.read()).map((document) => document.toJS() as Manifest);
}
