import { expect } from "chai";
import type { ChartObject } from "../../components/kit/chart";
import {
  evictUnhealthyPods,
  manageBudgets,
  onContainer,
  onPodSpec,
  skipServiceAwait,
} from "../../components/kit/object-transforms";

const deployment: ChartObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "app" },
  spec: {
    replicas: 2,
    template: {
      metadata: { labels: { app: "app" } },
      spec: {
        serviceAccountName: "app",
        containers: [
          { name: "main", image: "main:1", resources: { limits: { cpu: "1" } } },
          { name: "side", image: "side:1" },
        ],
      },
    },
  },
};
const target = { kind: "Deployment", name: "app" } as const;

describe("a change to a container", () => {
  const changed = onContainer(
    { ...target, container: "main" },
    { livenessProbe: { tcpSocket: { port: 80 } }, resources: { limits: { memory: "1Gi" } } },
  );

  it("adds its fields to those the chart rendered", () => {
    expect(changed(deployment)).to.have.deep.nested.property("spec.template.spec.containers[0]", {
      name: "main",
      image: "main:1",
      livenessProbe: { tcpSocket: { port: 80 } },
      resources: { limits: { cpu: "1", memory: "1Gi" } },
    });
  });

  it("leaves the other containers and the rest of the object alone", () => {
    const result = changed(deployment);
    expect(result).to.have.deep.nested.property("spec.template.spec.containers[1]", {
      name: "side",
      image: "side:1",
    });
    expect(result).to.have.nested.property("spec.replicas", 2);
    expect(result).to.have.nested.property("spec.template.metadata.labels.app", "app");
  });

  for (const [other, object] of Object.entries({
    "another kind": { ...deployment, kind: "StatefulSet" },
    "another name": { ...deployment, metadata: { name: "other" } },
    "an object without pods": { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "app" } },
  })) {
    it(`leaves ${other} alone`, () => {
      expect(changed(object)).to.equal(object);
    });
  }

  it("changes nothing in the object it is given", () => {
    const before = structuredClone(deployment);
    changed(deployment);
    expect(deployment).to.deep.equal(before);
  });
});

describe("a change to a pod", () => {
  it("adds its fields and keeps the containers", () => {
    const changed = onPodSpec(target, { automountServiceAccountToken: false })(deployment);
    expect(changed).to.have.nested.property(
      "spec.template.spec.automountServiceAccountToken",
      false,
    );
    expect(changed).to.have.nested.property("spec.template.spec.containers").with.lengthOf(2);
  });
});

describe("the await of Services", () => {
  const service = (spec: object): ChartObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "app", annotations: { kept: "yes" } },
    spec,
  });

  for (const spec of [{}, { type: "ClusterIP" }, { clusterIP: "None" }]) {
    it(`is skipped for ${JSON.stringify(spec)}, and other annotations stay`, () => {
      expect(skipServiceAwait(service(spec))).to.have.deep.nested.property("metadata.annotations", {
        kept: "yes",
        "pulumi.com/skipAwait": "true",
      });
    });
  }

  it("stays for a load balancer, whose address others need", () => {
    const loadBalancer = service({ type: "LoadBalancer" });
    expect(skipServiceAwait(loadBalancer)).to.equal(loadBalancer);
  });
});

describe("a disruption budget", () => {
  it("does not keep a drain from evicting a pod that is not ready", () => {
    const budget: ChartObject = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      spec: { maxUnavailable: 1 },
    };
    expect(evictUnhealthyPods(budget)).to.have.deep.property("spec", {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });

  it("puts a disruption budget under one field manager, and nothing else", () => {
    const budget = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "app" },
    };
    expect(manageBudgets(budget).metadata).to.deep.equal({
      name: "app",
      annotations: { "pulumi.com/patchFieldManager": "slipway" },
    });
    expect(manageBudgets(deployment)).to.equal(deployment);
  });
});
