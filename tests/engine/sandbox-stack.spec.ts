import { expect } from "chai";
import { get, pulumi } from "./support";

/** Counts that say a workload serves, by kind: what it should have and what it has. */
function available(object: Awaited<ReturnType<typeof get>>[number]): boolean {
  const wanted = object.spec?.replicas;
  const ready = object.kind === "Deployment" ? "availableReplicas" : "readyReplicas";
  return wanted === 0 || object.status?.[ready] === wanted;
}

describe("the sandbox stack", function () {
  this.timeout("10m");

  it("comes up in one run on an empty cluster, with the policy pack on", async () => {
    const { code, text } = await pulumi("up", "--stack", "sandbox", "--yes");
    expect(code, text).to.equal(0);
  });

  it("has every workload available", async () => {
    const workloads = await get("deployments,statefulsets", "--all-namespaces");
    const down = workloads.filter((workload) => !available(workload));
    expect(down.map(({ metadata }) => metadata.name)).to.deep.equal([]);
    expect(workloads.map(({ metadata }) => metadata.name)).to.include.members([
      "cert-manager",
      "external-secrets",
      "ingress-nginx-controller",
      "pgo",
      "nats",
      "minio",
      "auth",
      "products",
      "orders",
      "notifications",
    ]);
  });

  it("holds the database's custom resource", async () => {
    const [database] = await get("postgrescluster", "db", "--namespace", "postgres");
    expect(database?.spec).to.have.property("postgresVersion", 17);
  });

  it("changes nothing when it is brought up again", async () => {
    const { code, text } = await pulumi("up", "--stack", "sandbox", "--yes", "--expect-no-changes");
    expect(code, text).to.equal(0);
  });

  it("is destroyed whole, custom resources before the operator that cleans up after them", async () => {
    const { code, text } = await pulumi("destroy", "--stack", "sandbox", "--yes");
    expect(code, text).to.equal(0);
    const namespaces = (await get("namespaces")).map(({ metadata }) => metadata.name);
    expect(namespaces).to.have.members([
      "default",
      "kube-node-lease",
      "kube-public",
      "kube-system",
    ]);
  });

  it("comes up again after it was destroyed", async () => {
    const { code, text } = await pulumi("up", "--stack", "sandbox", "--yes");
    expect(code, text).to.equal(0);
  });
});
