import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { deployedObjects, ImmutableGuard } from "../../components/kit/immutable-guard";

type Manifest = Readonly<Record<string, unknown>>;

function manifest(apiVersion: string, kind: string, fields: Manifest): Manifest {
  const namespace = /Class|Cluster/.test(kind) ? {} : { namespace: "shop" };
  return { apiVersion, kind, metadata: { name: "x", ...namespace }, ...fields };
}

/** Why an edit of what is deployed is refused; empty where it is not. */
function refusal(before: Manifest, after: Manifest, allowed: readonly string[] = []): string {
  const state = { deployment: { resources: [{ inputs: before }] } };
  const guard = new ImmutableGuard({ deployed: deployedObjects(state), allowed });
  try {
    guard.check(after, {});
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

const claim = (size: string, name = "data"): Manifest => ({
  volumeClaimTemplates: [
    { metadata: { name }, spec: { resources: { requests: { storage: size } } } },
  ],
});
const template = (image: string, more: Manifest = {}): Manifest => ({
  template: { spec: { containers: [{ name: "x", image }], ...more } },
});

describe("an edit of a field that cannot change", () => {
  // A spec before this one may have left the SDK in a preview, which gathers edits instead of refusing the first.
  before(() =>
    pulumi.runtime.setMocks({
      newResource: ({ name }) => ({ id: name, state: {} }),
      call: () => ({}),
    }),
  );

  for (const [what, apiVersion, kind, before, after] of [
    [
      "the claim templates of a StatefulSet",
      "apps/v1",
      "StatefulSet",
      { spec: claim("1Gi") },
      { spec: claim("2Gi") },
    ],
    [
      "the Service of a StatefulSet",
      "apps/v1",
      "StatefulSet",
      { spec: { serviceName: "a" } },
      { spec: { serviceName: "b" } },
    ],
    [
      "the selector of a Deployment",
      "apps/v1",
      "Deployment",
      { spec: { selector: { a: "1" } } },
      { spec: { selector: { a: "2" } } },
    ],
    [
      "the template of a Job",
      "batch/v1",
      "Job",
      { spec: template("quay.io/a/b:1") },
      { spec: template("quay.io/a/b:2") },
    ],
    [
      "the parameters of a StorageClass",
      "storage.k8s.io/v1",
      "StorageClass",
      { parameters: { type: "ssd" } },
      { parameters: { type: "hdd" } },
    ],
    [
      "the provisioner of a StorageClass",
      "storage.k8s.io/v1",
      "StorageClass",
      { provisioner: "a" },
      { provisioner: "b" },
    ],
    [
      "the class of a claim",
      "v1",
      "PersistentVolumeClaim",
      { spec: { storageClassName: "a" } },
      { spec: { storageClassName: "b" } },
    ],
    ["the address of a Service", "v1", "Service", { spec: { clusterIP: "None" } }, { spec: {} }],
    [
      "the role of a RoleBinding",
      "rbac.authorization.k8s.io/v1",
      "RoleBinding",
      { roleRef: { name: "a" } },
      { roleRef: { name: "b" } },
    ],
    [
      "the data of an immutable ConfigMap",
      "v1",
      "ConfigMap",
      { immutable: true, data: { a: "1" } },
      { immutable: true, data: { a: "2" } },
    ],
    ["the type of a Secret", "v1", "Secret", { type: "Opaque" }, { type: "kubernetes.io/tls" }],
  ] as const) {
    it(`is refused for ${what}, with the safe path, unless it is allowed by name`, () => {
      const [was, is] = [before, after].map((fields) => manifest(apiVersion, kind, fields));
      const text = refusal(was ?? {}, is ?? {});
      const name = kind === "StorageClass" ? "StorageClass/x" : `${kind}/shop/x`;
      expect(text)
        .to.contain(`${name} cannot be changed in place`)
        .and.to.match(/→ [A-Z]/);
      expect(text).to.contain(`slipway:allowReplacement: ["${name}"]`);
      expect(refusal(was ?? {}, is ?? {}, [name])).to.equal("");
      expect(refusal(was ?? {}, was ?? {})).to.equal("");
    });
  }

  it("is refused for a smaller claim whatever is allowed: the API server refuses it", () => {
    const sized = (storage: string): Manifest =>
      manifest("v1", "PersistentVolumeClaim", { spec: { resources: { requests: { storage } } } });
    const text = refusal(sized("2Gi"), sized("1Gi"), ["PersistentVolumeClaim/shop/x"]);
    expect(text).to.contain("a volume cannot shrink").and.not.to.contain("allowReplacement");
    expect(refusal(sized("1Gi"), sized("2Gi"))).to.equal("");
  });

  it("is none when only the order of keys and what is null differ", () => {
    const before = { spec: { selector: { a: "1", b: "2" } } };
    const after = { spec: { selector: { b: "2", a: "1", c: null } } };
    expect(
      refusal(manifest("apps/v1", "Deployment", before), manifest("apps/v1", "Deployment", after)),
    ).to.equal("");
  });

  it("is none when a Job takes the same image from a mirror", () => {
    const job = (image: string, more: Manifest = {}): Manifest =>
      manifest("batch/v1", "Job", { spec: template(image, more) });
    const mirrored = job("mirror.example.com/all/docker.io/natsio/nats-box:1", {
      imagePullSecrets: [{ name: "mirror" }],
    });
    expect(refusal(job("natsio/nats-box:1"), mirrored)).to.equal("");
    expect(refusal(job("natsio/nats-box:2"), mirrored)).to.contain("spec.template");
  });

  it("is none for an object that is new, of a custom kind, being removed, or another stack's", () => {
    const job = manifest("batch/v1", "Job", { spec: template("a:1") });
    const edited = manifest("batch/v1", "Job", { spec: template("a:2") });
    for (const state of [
      {},
      { deployment: { resources: [{ inputs: job, delete: true }] } },
      { deployment: { resources: [{ inputs: job, external: true }] } },
    ]) {
      const guard = new ImmutableGuard({ deployed: deployedObjects(state), allowed: [] });
      expect(() => {
        guard.check(edited, {});
      }).not.to.throw();
    }
    const custom = (clusterIP: string) =>
      manifest("serving.knative.dev/v1", "Service", { spec: { clusterIP } });
    expect(refusal(custom("a"), custom("b"))).to.equal("");
  });

  it("says nothing of what a Secret holds, which is encrypted in the state", () => {
    const secret = (a: unknown): Manifest =>
      manifest("v1", "Secret", { immutable: true, data: { a } });
    expect(refusal(secret({ ciphertext: "x" }), secret("b"))).to.equal("");
  });
});
