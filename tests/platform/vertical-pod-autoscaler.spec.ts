import { expect } from "chai";
import type { ChartObject } from "../../components/kit/chart";
import { VerticalPodAutoscaler } from "../../components/platform/vertical-pod-autoscaler";
import {
  verticalPodAutoscalerTransforms,
  verticalPodAutoscalerValues,
} from "../../components/platform/vertical-pod-autoscaler-values";
import { standInValues, unknownKeys } from "../support/chart-facts";
import { deploy, type Recorded } from "../support/mocks";
import { environment, platformOf } from "../support/rooms";

const values = verticalPodAutoscalerValues({ replicas: 2 });

describe("the values of the vertical pod autoscaler", () => {
  it("install nothing that changes a pod", () => {
    expect(values.updater.enabled).to.equal(false);
    expect(values.admissionController.enabled).to.equal(false);
  });

  it("elect a leader among several pods; one pod needs no election", () => {
    expect(values.recommender.leaderElection.enabled).to.equal(true);
    const { recommender } = verticalPodAutoscalerValues({ replicas: 1 });
    expect(recommender.leaderElection.enabled).to.equal(false);
  });

  it("keep one pod in a drain, and block none where there is one pod", () => {
    expect(values.recommender.podDisruptionBudget).to.deep.equal({
      enabled: true,
      minAvailable: 1,
    });
    const { recommender } = verticalPodAutoscalerValues({ replicas: 1 });
    expect(recommender.podDisruptionBudget).to.deep.equal({ enabled: false });
  });

  it("run the recommender restricted and limited, which the chart leaves out", () => {
    expect(values.podSecurityContext).to.deep.equal({ seccompProfile: { type: "RuntimeDefault" } });
    expect(values.containerSecurityContext).to.deep.include({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(values.recommender.resources.limits).to.deep.equal({ cpu: "200m", memory: "1000Mi" });
  });

  it("are keys the chart knows", () => {
    expect(unknownKeys(values, standInValues("vertical-pod-autoscaler"))).to.deep.equal([]);
  });
});

describe("the recommender's Deployment", () => {
  const probe = { periodSeconds: 10, failureThreshold: 3 };
  const containers = [{ name: "recommender", livenessProbe: probe, readinessProbe: probe }];
  const rendered: ChartObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "vertical-pod-autoscaler-recommender" },
    spec: { template: { spec: { containers } } },
  };
  const changed = verticalPodAutoscalerTransforms.reduce(
    (object, change) => change(object),
    rendered,
  );

  it("is spread over zones and hosts, which the chart has no value for", () => {
    expect(changed)
      .to.have.nested.property("spec.template.spec.topologySpreadConstraints")
      .with.lengthOf(2);
  });

  it("takes a pod out before it restarts it, and gives a busy one three seconds to answer", () => {
    const path = "spec.template.spec.containers[0]";
    expect(changed).to.have.deep.nested.property(`${path}.livenessProbe`, {
      periodSeconds: 10,
      failureThreshold: 6,
      timeoutSeconds: 3,
    });
    expect(changed).to.have.deep.nested.property(`${path}.readinessProbe`, {
      ...probe,
      timeoutSeconds: 3,
    });
  });
});

describe("VerticalPodAutoscaler", () => {
  let recorded: Recorded;
  before(async () => {
    recorded = await deploy(
      () => new VerticalPodAutoscaler("vpa", { replicas: 2, environment, retention: "keep" }),
    );
  });

  it("reaches the API server and nothing else", () => {
    expect(recorded.find("NetworkPolicy", "allow-api-server").inputs.spec).to.deep.equal({
      podSelector: {
        matchLabels: {
          "app.kubernetes.io/name": "vertical-pod-autoscaler",
          "app.kubernetes.io/instance": "vertical-pod-autoscaler",
          "app.kubernetes.io/component": "recommender",
        },
      },
      policyTypes: ["Egress"],
      egress: [{ ports: [443, 6443].map((port) => ({ protocol: "TCP", port })) }],
    });
  });

  it("is refused where nobody measures what pods use, unless the cluster has it already", () => {
    const settings = { verticalPodAutoscaler: { replicas: 2 } };
    expect(() => platformOf(settings)).to.throw("left out where metricsServer is");
    expect(() => platformOf({ ...settings, metricsServer: "installed" })).not.to.throw();
    expect(() => platformOf({ verticalPodAutoscaler: "installed" })).not.to.throw();
  });
});
