import { expect } from "chai";
import { footprintOf } from "../../../review/model/footprint";
import { deployment, named, object, postgresCluster, stack, type Manifest } from "../stack";

const gibibyte = 2 ** 30;

function footprint(manifest: Manifest, ...others: readonly Manifest[]) {
  const subject = object(manifest);
  return footprintOf(subject.view, stack(subject, ...others.map((other) => object(other))));
}

const job = (kind: string, spec: Manifest): Manifest => ({
  apiVersion: "batch/v1",
  kind,
  metadata: named("migrate"),
  spec,
});
const template = {
  spec: { containers: [{ name: "a", resources: { requests: { cpu: "500m" } } }] },
};

describe("what pods ask for", () => {
  it("is what one pod asks for, times its replicas", () => {
    const found = footprint(deployment());
    expect(found?.min.cpuRequests).to.be.closeTo(0.3, 1e-9);
    expect(found?.min).to.include({ pods: 3, cpuLimits: 3, memoryLimits: 0.75 * gibibyte });
    expect(found?.max).to.deep.equal(found?.min);
  });

  it("follows a KEDA ScaledObject down to none and up to its maximum", () => {
    const scaled = {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: named("orders"),
      spec: { minReplicaCount: 0, maxReplicaCount: 7, scaleTargetRef: { name: "orders" } },
    };
    const found = footprint(deployment(), scaled);
    expect([found?.min.pods, found?.max.pods]).to.deep.equal([0, 7]);
  });

  it("is nothing for a Job at its smallest, and its parallel pods at its largest", () => {
    const found = footprint(job("Job", { parallelism: 3, template }));
    expect([found?.min.pods, found?.max.pods, found?.max.cpuRequests]).to.deep.equal([0, 3, 1.5]);
    const scheduled = footprint(job("CronJob", { jobTemplate: { spec: { template } } }));
    expect([scheduled?.min.pods, scheduled?.max.pods]).to.deep.equal([0, 1]);
  });

  it("counts the pods that the operator makes of a PostgresCluster", () => {
    const cluster = postgresCluster({
      proxy: {
        pgBouncer: { replicas: 2, resources: { requests: { cpu: "250m", memory: "0.5Gi" } } },
      },
    });
    expect(footprint(cluster)?.min).to.include({
      pods: 5,
      cpuRequests: 3 * 0.5 + 2 * 0.25,
      memoryRequests: 4 * gibibyte,
    });
  });

  it("is unknown for what runs no pods", () => {
    expect(footprint({ apiVersion: "v1", kind: "Service", metadata: named("a") })).to.equal(
      undefined,
    );
  });
});
