import { expect } from "chai";
import { type StackObject } from "../../../review/model/snapshot";
import { markdownOf } from "../../../review/page/markdown";
import { deployment, named, object } from "../stack";
import { review, risksOf } from "./verdict";

const running = (image: string): StackObject => object(deployment({ container: { image } }));
const move = (before: string, after: string) => review([running(before)], [running(after)]);
const registry = "registry.example.com/acme/orders";

describe("images", () => {
  it("that move to the next version are told once for all their containers, and are no risk", () => {
    const both = (tag: string) => [
      object(deployment({ container: { image: `${registry}:${tag}` } })),
      object(deployment({ name: "worker", container: { image: `${registry}:${tag}` } })),
    ];
    const report = review(both("1.4.0"), both("1.5.0"));
    expect(report.images).to.deep.equal([
      {
        before: `${registry}:1.4.0`,
        after: `${registry}:1.5.0`,
        containers: ["Deployment shop/orders: api", "Deployment shop/worker: api"],
        remarks: [],
        level: "low",
      },
    ]);
    expect(report.verdict.outcome).to.equal("nothing-risky");
  });

  it("do not move when another workload of the stack ran them before", () => {
    const before = [object(deployment())];
    const after = [object(deployment({ name: "renamed" }))];
    expect(review(before, after).images).to.deep.equal([]);
    expect(review([], after).images.map(({ before: from }) => from)).to.deep.equal([undefined]);
  });

  it("from another registry are named in the verdict", () => {
    const report = move(`${registry}:1.4.0`, "docker.io/acme/orders:1.4.0");
    expect(report.verdict.line).to.contain("images (Deployment shop/orders: api)");
    expect(risksOf(report, "image")[0]).to.contain(
      "another registry (registry.example.com → docker.io)",
    );
  });

  for (const [what, before, after, remark] of [
    ["that go back", `${registry}:1.10.0`, `${registry}:1.9.3`, "an older version"],
    [
      "that lose their digest",
      `${registry}:1@sha256:${"a".repeat(64)}`,
      `${registry}:1`,
      "no longer pinned by a digest",
    ],
    ["whose tag moves", `${registry}:1.4.0`, `${registry}:latest`, "a tag that moves"],
    [
      "of another repository",
      `${registry}:1.4.0`,
      "registry.example.com/evil/orders:1.5.0",
      "another repository",
    ],
  ] as const) {
    it(`${what} are told as ${remark}`, () => {
      expect(risksOf(move(before, after), "image")[0]).to.contain(remark);
    });
  }
});

describe("charts", () => {
  const chartObject = (version: string, image: string) =>
    object(
      {
        ...deployment({ name: "cert-manager", container: { image } }),
        metadata: named("cert-manager", "cert-manager", {
          labels: { "helm.sh/chart": `cert-manager-${version}` },
        }),
      },
      { chart: "cert-manager" },
    );

  it("that change their version are named in the verdict with what changes in their objects", () => {
    const report = review(
      [chartObject("v1.21.1", "c:1.21.1")],
      [chartObject("v1.22.0", "c:1.22.0")],
    );
    expect(report.verdict.line).to.contain("charts (cert-manager)");
    expect(report.charts).to.deep.equal([
      { chart: "cert-manager", before: ["v1.21.1"], after: ["v1.22.0"], counts: { update: 1 } },
    ]);
  });

  it("weigh more when their major version changes", () => {
    const [risk] = review([chartObject("v1.21.1", "c:1")], [chartObject("v2.0.0", "c:1")]).risks;
    expect(risk).to.include({ kind: "chart", level: "high" });
  });

  it("are not told when only their values change", () => {
    expect(
      review([chartObject("v1.21.1", "c:1.0.0")], [chartObject("v1.21.1", "c:1.0.1")]).charts,
    ).to.deep.equal([]);
  });
});

describe("capacity", () => {
  const autoscaler = (maxReplicas: number) =>
    object({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: named("orders"),
      spec: {
        minReplicas: 2,
        maxReplicas,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" },
      },
    });
  const quota = object({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: named("quota"),
    spec: { hard: { "requests.cpu": "1" } },
  });

  it("is told at the smallest and the largest scale, before and after, beside the quota", () => {
    const { capacity } = review(
      [object(deployment()), quota],
      [object(deployment()), autoscaler(8), quota],
    );
    const [row] = capacity.rows;
    expect(row?.before.max.pods).to.equal(3);
    expect(row?.after.min.pods).to.equal(2);
    expect(row?.after.max.pods).to.equal(8);
    expect(row?.after.max.cpuRequests).to.be.closeTo(0.8, 1e-9);
    expect(row?.quota).to.deep.equal({ cpuRequests: 1 });
  });

  it("tells how many pods have no limit, in words and by the number", () => {
    const unlimited = object(deployment({ container: { resources: { limits: { cpu: "1" } } } }));
    const report = review([object(deployment())], [unlimited]);
    expect(report.capacity.rows[0]?.after.min).to.include({
      withoutMemoryLimit: 3,
      withoutCpuLimit: 0,
    });
    expect(markdownOf(report)).to.contain(
      "| shop | memory limits | 768 MiB → 0 MiB and 3 pods without a limit |",
    );
  });

  it("beyond the quota is named in the verdict, once it is new", () => {
    const report = review(
      [object(deployment()), autoscaler(8), quota],
      [object(deployment()), autoscaler(20), quota],
    );
    expect(report.verdict.line).to.contain("quota (ResourceQuota shop/quota)");
    expect(risksOf(report, "quota")[0]).to.contain(
      "asks for 2 cores of CPU requests, but its quota allows 1 core",
    );
    const same = [object(deployment()), autoscaler(20), quota];
    expect(review(same, same).risks).to.deep.equal([]);
  });
});
