import { expect } from "chai";
import { service, type Service } from "../../../components/apps/declaration";
import type { StackSettings } from "../../../components/apps/resolved";
import {
  kedaProblems,
  natsLagProblems,
  scaledObjectSpec,
  type KedaScaling,
} from "../../../components/apps/workload/event-scaling";
import { stream } from "../../../components/data";
import { chartFact } from "../../support/chart-facts";
import type { Recorded } from "../../support/mocks";
import { allFeatures } from "../../support/rooms";
import { schemaErrors } from "../../support/schemas";
import { at, deployWorkload } from "../fixtures";
import { deployShop, resolved, shop, web } from "../shop";

const target = { kind: "Deployment", name: "mailer" } as const;
const announced = stream("messages", { consumer: "mailer" });
const bounds = { min: 2, max: 10, fallback: 3 };
const natsLag = { stream: announced, lag: 100, ...bounds };
const keda: KedaScaling = {
  ...bounds,
  triggers: [
    { type: "prometheus", metadata: { query: "up" }, authentication: "prometheus" },
    { type: "cpu", metadata: { value: "70" } },
  ],
};

function mailer(changes: object = {}): Service {
  return service("mailer", {
    ...web,
    uses: { announced },
    rollout: { maxSurge: 1 },
    scaling: { natsLag: { ...natsLag, ...changes } },
  });
}

function deployMailer(
  settings: Partial<StackSettings> = {},
  declared = mailer(),
): Promise<Recorded> {
  return deployShop(settings, { ...shop, services: [declared] }, allFeatures);
}

describe("scaling on what waits in a stream", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deployMailer();
  });

  it("follows the queue of the declared consumer, and nothing else", () => {
    const { inputs } = recorded.find("ScaledObject", "mailer");
    expect(at(inputs, "spec.triggers")).to.deep.equal([
      {
        type: "a-queue",
        metadata: { queue: "stream/messages-mailer", lagThreshold: "100" },
      },
    ]);
    expect(at(inputs, "spec.scaleTargetRef")).to.deep.equal({
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "mailer",
    });
  });

  it("keeps what runs, and at least the fallback, while nobody answers", () => {
    expect(at(recorded.find("ScaledObject", "mailer").inputs, "spec.fallback")).to.deep.equal({
      failureThreshold: 3,
      replicas: 3,
      behavior: "currentReplicasIfHigher",
    });
  });

  it("leaves the number of pods to KEDA: no replicas, and no other autoscaler", () => {
    const { inputs, ignoreChanges } = recorded.find("Deployment", "mailer");
    expect(at(inputs, "spec")).to.not.have.property("replicas");
    expect(ignoreChanges).to.deep.equal(["spec.replicas"]);
    expect(recorded.all("HorizontalPodAutoscaler")).to.deep.equal([]);
  });

  it("protects the floor with a disruption budget", () => {
    expect(at(recorded.find("PodDisruptionBudget", "mailer").inputs, "spec.minAvailable")).to.equal(
      1,
    );
  });

  it("comes after its Deployment, and goes while KEDA can take its finalizer off", () => {
    const scaled = recorded.find("ScaledObject", "mailer");
    expect(scaled.dependencies).to.include(recorded.find("Deployment", "mailer").urn);
    expect(scaled.deletedWith).to.equal("");
  });

  it("takes over the autoscaler that a service had before, which has the service's name", () => {
    const { inputs } = recorded.find("ScaledObject", "mailer");
    expect(at(inputs, "metadata.annotations")).to.deep.equal({
      "scaledobject.keda.sh/transfer-hpa-ownership": "true",
    });
    expect(at(inputs, "spec.advanced.horizontalPodAutoscalerConfig.name")).to.equal("mailer");
  });

  it("may be given other bounds by the stack, or a fixed number of pods", async () => {
    const services = { mailer: { env: {}, scaling: { natsLag: { min: 4, max: 8, fallback: 5 } } } };
    const { inputs } = (await deployMailer({ services })).find("ScaledObject", "mailer");
    expect(at(inputs, "spec")).to.deep.include({ minReplicaCount: 4, maxReplicaCount: 8 });
    expect(at(inputs, "spec.fallback.replicas")).to.equal(5);
    expect(JSON.stringify(at(inputs, "spec.triggers"))).to.contain('"lagThreshold":"100"');

    const fixed = await deployMailer({ services: { mailer: { env: {}, scaling: { fixed: 2 } } } });
    expect(fixed.all("ScaledObject")).to.deep.equal([]);
    expect(at(fixed.find("Deployment", "mailer").inputs, "spec.replicas")).to.equal(2);
  });
});

describe("scaling by KEDA", () => {
  it("shrinks as slowly as any autoscaler", () => {
    const spec = scaledObjectSpec(target, keda, keda.triggers);
    expect(at(spec, "advanced.horizontalPodAutoscalerConfig.behavior.scaleDown")).to.deep.equal({
      stabilizationWindowSeconds: 300,
      selectPolicy: "Max",
      policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
    });
  });

  it("says when the last pod goes only where it may go", () => {
    expect(scaledObjectSpec(target, keda, keda.triggers)).to.not.have.any.keys(
      "cooldownPeriod",
      "pollingInterval",
    );
    expect(scaledObjectSpec(target, { ...keda, min: 0 }, keda.triggers)).to.deep.include({
      minReplicaCount: 0,
      pollingInterval: 15,
      cooldownPeriod: 300,
    });
    const own = { ...keda, min: 0, cooldown: "1m", polling: "30s" } as const;
    expect(scaledObjectSpec(target, own, keda.triggers)).to.deep.include({
      pollingInterval: 30,
      cooldownPeriod: 60,
    });
  });

  it("hands each trigger its credentials by reference", () => {
    expect(scaledObjectSpec(target, keda, keda.triggers).triggers).to.deep.equal([
      {
        type: "prometheus",
        metadata: { query: "up" },
        authenticationRef: { name: "prometheus" },
      },
      { type: "cpu", metadata: { value: "70" } },
    ]);
  });

  it("is one that the real definition accepts", function () {
    const crd = chartFact(this, "keda", "crds/scaledobjects.yaml");
    const spec = scaledObjectSpec(target, { ...keda, min: 0 }, keda.triggers);
    expect(schemaErrors(crd, spec)).to.deep.equal([]);
  });

  it("can be changed by the workload's escape hatch", async () => {
    const recorded = await deployWorkload({
      scaling: { keda },
      features: allFeatures,
      transform: {
        scaledObject: (args) => ({ ...args, spec: { ...(args.spec as object), paused: true } }),
      },
    });
    expect(at(recorded.find("ScaledObject", "orders").inputs, "spec.paused")).to.equal(true);
  });
});

describe("scaling by KEDA is refused", () => {
  it("not when it is good", () => {
    expect(natsLagProblems(natsLag)).to.deep.equal([]);
    expect(natsLagProblems({ ...natsLag, min: 0, fallback: 1, cooldown: "1m" })).to.deep.equal([]);
    expect(kedaProblems(keda)).to.deep.equal([]);
  });

  const mistakes: readonly (readonly [what: string, changes: object, field: string])[] = [
    ["with a negative floor", { min: -1 }, "min"],
    ["with no room to grow", { max: 2, fallback: 2 }, "max"],
    ["with a fallback below the floor", { fallback: 1 }, "fallback"],
    ["with a fallback above the most pods", { fallback: 11 }, "fallback"],
    ["with a fallback of nothing", { min: 0, fallback: 0 }, "fallback"],
    ["with half a message for each pod", { lag: 0.5 }, "lag"],
    ["with an end of the last pod that never goes", { cooldown: "1m" }, "cooldown"],
    ["with a look for work that always has a pod", { polling: "1m" }, "polling"],
    ["with a pace that the API server refuses", { scaleUp: { period: "31m" } }, "scaleUp.period"],
  ];
  for (const [what, changes, field] of mistakes) {
    it(what, () => {
      const problems = natsLagProblems({ ...natsLag, ...changes });
      expect(problems.map((problem) => problem.field)).to.deep.equal([field]);
    });
  }

  it("on CPU and memory alone, which need no KEDA and have no fallback", () => {
    const triggers = [{ type: "cpu", metadata: { value: "70" } }];
    expect(kedaProblems({ ...keda, triggers })[0]?.message).to.contain("or use hpa");
    expect(kedaProblems({ ...keda, triggers: [] })).to.have.length(1);
  });

  it("where the stack has no KEDA, with the setting that brings it", () => {
    expect(() => resolved({}, { ...shop, services: [mailer()] })).to.throw(
      /shop\/mailer scaling\.natsLag: needs slipway:platform\.keda, which this stack does not have/,
    );
    const other = service("mailer", { ...web, scaling: { keda } });
    expect(() => resolved({}, { ...shop, services: [other] })).to.throw(
      /shop\/mailer scaling\.keda: needs slipway:platform\.keda/,
    );
  });

  it("where a workload is used by itself, and was given no KEDA", async () => {
    const error = await deployWorkload({ scaling: { keda } }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain("scaling.keda: needs slipway:platform.keda");
  });

  it("down to no pod, unless the stack allows it", async () => {
    const idle = mailer({ min: 0, fallback: 1 });
    await deployMailer({ minReplicas: 0 }, idle).then((recorded) => {
      expect(recorded.all("ScaledObject")).to.have.length(1);
      expect(recorded.all("PodDisruptionBudget")).to.deep.equal([]);
    });
    expect(() => resolved({}, { ...shop, services: [idle] }, new Set(["eventScaling"]))).to.throw(
      /shop\/mailer scaling: has a floor of 0; the stack asks for at least 1 \(minReplicas\)/,
    );
  });

  it("beyond the namespace's quota at its most pods", () => {
    const amount = { cpu: "1", memory: "4Gi" };
    const quota = { requests: amount, limits: amount, pods: 10, services: 5 };
    expect(() =>
      resolved({ quota }, { ...shop, services: [mailer()] }, new Set(["eventScaling"])),
    ).to.throw(/quota\.pods: allows 10, but .* need 11/);
  });

  it("on a consumer that is not in uses, where the compiler could not see it", () => {
    const uses: Record<string, never> = {};
    const astray = { ...mailer(), uses };
    expect(() => resolved({}, { ...shop, services: [astray] }, new Set(["eventScaling"]))).to.throw(
      /scaling\.natsLag\.stream: names stream\/messages-mailer, which is not in uses/,
    );
  });

  it("when the stack has bounds for what is not declared so", () => {
    const services = { mailer: { env: {}, scaling: { natsLag: { min: 1, max: 2 } } } };
    expect(() => resolved({ services }, { ...shop, services: [service("mailer", web)] })).to.throw(
      /shop\/mailer scaling\.natsLag: the stack's settings have bounds for it/,
    );
  });
});
