import { expect } from "chai";
import { diffResource, type DiffArgs } from "../../../../../sandbox/plugins/kubernetes/diff/diff";
import { withValue } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { type Plain, type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

const deployment: PlainMap = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: { spec: {} } },
};

function diff(oldInputs: PlainMap, newInputs: PlainMap, more: Partial<DiffArgs> = {}) {
  return diffResource({
    oldInputs,
    newInputs,
    live: oldInputs,
    namespaced: true,
    ignoreChanges: [],
    mutable: { configMaps: false, secrets: false },
    ...more,
  });
}

/** Diffs an object with one value changed. */
function changed(object: PlainMap, path: string, value: Plain, more: Partial<DiffArgs> = {}) {
  return diff(object, withValue(object, path.split("."), value), more);
}

describe("the diff of a resource", () => {
  it("finds nothing when the inputs are the same", () => {
    expect(diff(deployment, deployment)).to.deep.equal({
      changes: [],
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  it("updates a Deployment's template in place", () => {
    const { changes, replaces } = changed(deployment, "spec.template.spec.hostNetwork", true);
    expect(changes.map(({ path }) => path)).to.deep.equal(["spec.template.spec.hostNetwork"]);
    expect(replaces).to.deep.equal([]);
  });

  it("replaces a Deployment whose selector changes, the old one first", () => {
    const { replaces, deleteBeforeReplace } = changed(
      deployment,
      "spec.selector.matchLabels.app",
      "x",
    );
    expect(replaces).to.deep.equal(["spec.selector.matchLabels.app"]);
    expect(deleteBeforeReplace).to.equal(true);
  });

  it("keeps the old object until the new one stands when the name changes", () => {
    const { replaces, deleteBeforeReplace } = changed(deployment, "metadata.name", "shop-web");
    expect(replaces).to.deep.equal(["metadata.name"]);
    expect(deleteBeforeReplace).to.equal(false);
  });

  it("keeps the old object until the new one stands when the namespace changes", () => {
    const { replaces, deleteBeforeReplace } = changed(deployment, "metadata.namespace", "other");
    expect(replaces).to.deep.equal(["metadata.namespace"]);
    expect(deleteBeforeReplace).to.equal(false);
  });

  it("takes an absent namespace for the default one", () => {
    const inDefault = withValue(deployment, ["metadata", "namespace"], "default");
    const { changes } = diff(inDefault, { ...deployment, metadata: { name: "web" } });
    expect(changes).to.deep.equal([]);
  });

  it("does not look at the namespace of a kind that has none", () => {
    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "a" },
    };
    const { changes } = diff(role, withValue(role, ["metadata", "namespace"], "x"), {
      namespaced: false,
    });
    expect(changes).to.deep.equal([]);
  });

  it("leaves out what ignoreChanges covers", () => {
    const { changes } = changed(deployment, "spec.replicas", 5, {
      ignoreChanges: ["spec.replicas"],
    });
    expect(changes).to.deep.equal([]);
  });

  it("lets a program write down the name the provider chose", () => {
    const nameless = { ...deployment, metadata: { namespace: "shop" } };
    const { changes } = diff(nameless, deployment, { live: deployment });
    expect(changes).to.deep.equal([]);
  });

  const cases: readonly [string, PlainMap, string, Plain][] = [
    [
      "a StatefulSet's claim templates",
      set({ volumeClaimTemplates: [] }),
      "spec.volumeClaimTemplates",
      [{}],
    ],
    ["a StatefulSet's service name", set({ serviceName: "a" }), "spec.serviceName", "b"],
    ["a Job's template", job(), "spec.template.spec.image", "x:2"],
    ["a ConfigMap's data", data("ConfigMap"), "data.key", "new"],
    ["a Secret's data", data("Secret"), "data.key", "bmV3"],
    ["a RoleBinding's role", binding(), "roleRef.name", "other"],
    ["a claim's storage class", claim(), "spec.storageClassName", "other"],
  ];
  for (const [what, object, path, value] of cases) {
    it(`replaces an object for ${what}`, () => {
      expect(changed(object, path, value).replaces).to.have.length(1);
    });
  }

  it("grows a claim in place", () => {
    expect(changed(claim(), "spec.resources.requests.storage", "2Gi").replaces).to.deep.equal([]);
  });

  it("changes data in place when the provider allows it", () => {
    const mutable = { configMaps: true, secrets: true };
    expect(changed(data("ConfigMap"), "data.key", "new", { mutable }).replaces).to.deep.equal([]);
    expect(changed(data("Secret"), "data.key", "bmV3", { mutable }).replaces).to.deep.equal([]);
  });

  it("replaces data that the object itself says is immutable, whatever the provider allows", () => {
    const mutable = { configMaps: true, secrets: true };
    const object = { ...data("ConfigMap"), immutable: true };
    expect(changed(object, "data.key", "new", { mutable }).replaces).to.deep.equal(["data.key"]);
  });
});

function set(spec: PlainMap): PlainMap {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "a", namespace: "b" },
    spec,
  };
}

function job(): PlainMap {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "a", namespace: "b" },
    spec: { template: { spec: { image: "x:1" } } },
  };
}

function data(kind: string): PlainMap {
  return { apiVersion: "v1", kind, metadata: { name: "a", namespace: "b" }, data: { key: "b2xk" } };
}

function binding(): PlainMap {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "a", namespace: "b" },
    roleRef: { name: "role" },
  };
}

function claim(): PlainMap {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "a", namespace: "b" },
    spec: { storageClassName: "fast", resources: { requests: { storage: "1Gi" } } },
  };
}
