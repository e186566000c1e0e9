import { expect } from "chai";
import type { DeclaredObject } from "../../../operations/drift/declared";
import { dryRun, type DriftReport } from "../../../operations/drift/dry-run";
import { ApiError, NoSuchKind } from "../../../sandbox/plugins/kubernetes/client/api-error";
import type { ApplyOptions } from "../../../sandbox/plugins/kubernetes/client/objects";
import type { KubeObject } from "../../../sandbox/plugins/kubernetes/object/kube-object";

const fieldManager = "pulumi-kubernetes-1";

function deployment(spec: object, metadata: object = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "orders", namespace: "shop", ...metadata },
    spec,
  } as unknown as KubeObject;
}

function declare(object: KubeObject, ignored: readonly string[] = []): DeclaredObject {
  return { urn: "urn:orders", object, fieldManager, ignored };
}

function status(code: number, message: string): ApiError {
  return new ApiError({ code, reason: "", message });
}

/** An API server with one object, which merges what is applied into the top of its spec and data. */
class OneObject {
  readonly applied: { readonly object: KubeObject; readonly options: ApplyOptions }[] = [];

  constructor(
    private readonly live: KubeObject | Error,
    private readonly refusal?: Error,
  ) {}

  get(): Promise<KubeObject> {
    return this.live instanceof Error ? Promise.reject(this.live) : Promise.resolve(this.live);
  }

  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    this.applied.push({ object, options });
    const live = this.live as unknown as Record<string, object>;
    const merged = { ...live };
    for (const part of ["spec", "data"]) {
      if (object[part] !== undefined) {
        merged[part] = { ...live[part], ...(object[part] as object) };
      }
    }
    return this.refusal === undefined
      ? Promise.resolve({ ...merged, metadata: { ...live["metadata"], generation: 9 } } as never)
      : Promise.reject(this.refusal);
  }

  run(declared: DeclaredObject): Promise<DriftReport> {
    return dryRun(this, [declared]);
  }
}

describe("a dry run of the declared objects", () => {
  it("finds nothing where an update would change nothing but what the server counts", async () => {
    const live = deployment({ replicas: 2, paused: false }, { generation: 3, uid: "u" });
    const report = await new OneObject(live).run(declare(deployment({ replicas: 2 })));
    expect(report).to.deep.equal({ drifts: [], compared: 1, notCompared: [] });
  });

  it("only asks, under the provider's own field manager", async () => {
    const api = new OneObject(deployment({ replicas: 2 }));
    await api.run(declare(deployment({ replicas: 2 })));
    expect(api.applied.map(({ options }) => options)).to.deep.equal([
      { dryRun: true, fieldManager, force: true },
    ]);
  });

  it("names the field that was edited, and who wrote it when", async () => {
    const written = (manager: string, time: string, fields: object, more: object = {}) => ({
      manager,
      time,
      operation: "Update",
      fieldsV1: fields,
      ...more,
    });
    const live = deployment(
      { replicas: 3, template: { image: "b" } },
      {
        managedFields: [
          written(fieldManager, "2030-01-01T00:00:00Z", { "f:spec": { "f:replicas": {} } }),
          written(
            "kubectl",
            "2030-01-03T00:00:00Z",
            { "f:spec": { "f:replicas": {} } },
            { subresource: "scale" },
          ),
          written("kubectl-edit", "2030-01-02T00:00:00Z", { "f:spec": { "f:replicas": {} } }),
          written("kubectl-label", "2030-01-04T00:00:00Z", { "f:metadata": { "f:labels": {} } }),
        ],
      },
    );
    const report = await new OneObject(live).run(declare(deployment({ replicas: 2 })));
    expect(report.drifts).to.deep.equal([
      {
        urn: "urn:orders",
        object: "Deployment shop/orders",
        fields: [{ path: "spec.replicas", before: 3, after: 2 }],
        by: [
          { manager: "kubectl", time: "2030-01-03T00:00:00Z", yields: false },
          { manager: "kubectl-edit", time: "2030-01-02T00:00:00Z", yields: true },
        ],
      },
    ]);
  });

  it("finds who wrote a field of one container among several", async () => {
    const containers = (image: string) => [
      { name: "app", image: "a" },
      { name: "proxy", image },
    ];
    const item = (name: string) => ({ [`k:{"name":"${name}"}`]: { "f:image": {} } });
    const entry = (manager: string, name: string) => ({
      manager,
      time: "2030-01-01T00:00:00Z",
      operation: "Update",
      fieldsV1: { "f:spec": { "f:containers": item(name) } },
    });
    const live = deployment(
      { containers: containers("b") },
      { managedFields: [entry("kubectl-set", "proxy"), entry("kubectl-edit", "app")] },
    );
    const { drifts } = await new OneObject(live).run(
      declare(deployment({ containers: containers("a") })),
    );
    expect(drifts[0]?.fields.map(({ path }) => path)).to.deep.equal([
      "spec.containers[proxy].image",
    ]);
    expect(drifts[0]?.by.map(({ manager }) => manager)).to.deep.equal(["kubectl-set"]);
  });

  it("leaves to others what the program leaves to them", async () => {
    const report = await new OneObject(deployment({ replicas: 7 })).run(
      declare(deployment({ replicas: 2 }), ["spec.replicas"]),
    );
    expect(report.drifts).to.deep.equal([]);
  });

  for (const [title, error] of [
    ["an object", status(404, "not found")],
    ["a kind", new NoSuchKind("example.com/v1", "Queue")],
  ] as const) {
    it(`tells of ${title} that is gone`, async () => {
      const { drifts } = await new OneObject(error).run(declare(deployment({})));
      expect(drifts.map(({ problem }) => problem)).to.deep.equal(["it is gone from the cluster"]);
    });
  }

  it("tells of an object that has become one which no update can bring back", async () => {
    const api = new OneObject(deployment({}), status(422, "spec.selector: field is immutable"));
    const { drifts } = await api.run(declare(deployment({})));
    expect(drifts[0]?.problem).to.equal(
      "an update would be refused: spec.selector: field is immutable",
    );
  });

  for (const [title, live, refusal] of [
    ["read", status(403, "cannot get"), undefined],
    ["try to change", deployment({}), status(403, "cannot patch")],
  ] as const) {
    it(`says which object it may not ${title}`, async () => {
      const report = await new OneObject(live, refusal).run(declare(deployment({})));
      expect(report).to.deep.equal({
        drifts: [],
        compared: 0,
        notCompared: [
          { object: "Deployment shop/orders", reason: refusal?.message ?? (live as Error).message },
        ],
      });
    });
  }

  it("ends when the server cannot be reached", async () => {
    const error = await new OneObject(new Error("no route")).run(declare(deployment({}))).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.have.property("message", "no route");
  });

  describe("of a Secret", () => {
    const secret = (content: object): KubeObject => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "token", namespace: "shop" },
      ...content,
    });

    for (const [title, content] of [
      ["one by one", { stringData: { user: "[secret]" } }],
      ["in its encoded form", { data: { user: "[secret]" } }],
      ["as a whole", { stringData: "[secret]" }],
    ] as const) {
      it(`does not compare values that are secret ${title}`, async () => {
        const api = new OneObject(secret({ data: { user: "Y2FuYXJ5" } }));
        expect((await api.run(declare(secret(content)))).drifts).to.deep.equal([]);
        expect(api.applied[0]?.object).to.have.deep.property("data", { user: "Y2FuYXJ5" });
        expect(api.applied[0]?.object).to.not.have.property("stringData");
      });
    }

    it("tells of a key that is gone, without a value", async () => {
      const api = new OneObject(secret({ data: { user: "Y2FuYXJ5" } }));
      const { drifts } = await api.run(
        declare(secret({ stringData: { user: "[secret]", password: "[secret]" } })),
      );
      expect(drifts[0]?.fields).to.deep.equal([
        { path: "data.password", before: undefined, after: "[secret]" },
      ]);
    });
  });
});
