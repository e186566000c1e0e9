import { expect } from "chai";
import { renderObjects } from "../../../sandbox/render/objects";
import { plannedResources } from "../../../sandbox/render/plan";
import { type RecordedResource, recordedPreview, secret, urn } from "./recorded";

const nats = urn("slipway:data:Nats", "data-nats");
const chart = urn("slipway:data:Nats$kubernetes:helm.sh/v4:Chart", "data-nats-chart");
const statefulSet = urn("kubernetes:apps/v1:StatefulSet", "data-nats-chart:nats/nats");
const namespace = urn("kubernetes:core/v1:Namespace", "data-nats-namespace");

const resources: readonly RecordedResource[] = [
  {
    urn: urn("pulumi:pulumi:Stack", "slipway-production"),
    type: "pulumi:pulumi:Stack",
    custom: false,
  },
  { urn: nats, type: "slipway:data:Nats", custom: false },
  {
    urn: urn("kubernetes:core/v1:Namespace", "cluster-identity"),
    type: "kubernetes:core/v1:Namespace",
    external: true,
    inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } },
  },
  {
    urn: urn("random:index/randomPassword:RandomPassword", "p"),
    type: "random:index/randomPassword:RandomPassword",
    inputs: { length: 32 },
  },
  {
    urn: namespace,
    type: "kubernetes:core/v1:Namespace",
    parent: nats,
    inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "nats" } },
  },
  {
    urn: chart,
    type: "kubernetes:helm.sh/v4:Chart",
    custom: false,
    parent: nats,
  },
  {
    urn: statefulSet,
    type: "kubernetes:apps/v1:StatefulSet",
    parent: chart,
    dependencies: [namespace, nats],
    protect: true,
    retainOnDelete: true,
    deleteBeforeReplace: true,
    inputs: {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "nats", namespace: "nats", labels: { "helm.sh/chart": "nats-2.14.2" } },
      spec: { replicas: 3, token: secret("canary") },
    },
  },
];

const rendering = renderObjects(plannedResources(recordedPreview(resources)));

describe("objects of a preview", () => {
  it("are the managed Kubernetes objects: no component, no other provider's resource, nothing read", () => {
    expect(rendering.objects.map(({ entry }) => entry.file)).to.deep.equal([
      "_cluster/namespace-nats.yaml",
      "nats/statefulset-nats.yaml",
    ]);
  });

  it("say where they come from and how the engine treats them", () => {
    expect(rendering.objects[1]?.entry).to.deep.equal({
      urn: statefulSet,
      type: "kubernetes:apps/v1:StatefulSet",
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      namespace: "nats",
      name: "nats",
      component: "slipway:data:Nats::data-nats",
      chart: "nats",
      parent: chart,
      dependsOn: [namespace, nats],
      aliases: [],
      protect: true,
      retainOnDelete: true,
      deleteBeforeReplace: true,
      file: "nats/statefulset-nats.yaml",
    });
  });

  it("belong to no chart when the program declares them", () => {
    expect(rendering.objects[0]?.entry).to.include({
      chart: null,
      namespace: null,
      protect: false,
    });
  });

  it("hold no secret", () => {
    expect(rendering.objects[1]?.manifest).to.have.nested.property("spec.token", "[secret]");
  });

  it("come with the components and charts they belong to", () => {
    expect(rendering.components).to.deep.equal(["slipway:data:Nats::data-nats"]);
    expect(rendering.charts).to.deep.equal(["nats"]);
  });

  it("do not depend on the order in which the engine met them", () => {
    const reversed = plannedResources(recordedPreview([...resources].reverse()));
    expect(renderObjects(reversed)).to.deep.equal(rendering);
  });

  it("are refused from a preview of a stack that holds something already", () => {
    const { plan } = recordedPreview([]);
    const preview = { steps: [{ op: "delete", urn: namespace, oldState: {} }] };
    expect(() => plannedResources({ plan, preview })).to.throw(
      /"delete" for .*data-nats-namespace/,
    );
  });

  it("are refused from documents of another form", () => {
    expect(() => plannedResources({ plan: {}, preview: { steps: [] } })).to.throw("resourcePlans");
    expect(() => plannedResources({ plan: { resourcePlans: {} }, preview: [] })).to.throw(
      '"steps"',
    );
  });
});
