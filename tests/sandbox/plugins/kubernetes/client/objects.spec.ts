import { expect } from "chai";
import { ApiError, NoSuchKind } from "../../../../../sandbox/plugins/kubernetes/client/api-error";
import { Discovery } from "../../../../../sandbox/plugins/kubernetes/client/discovery";
import { ApiHttp } from "../../../../../sandbox/plugins/kubernetes/client/http";
import { KubeObjects } from "../../../../../sandbox/plugins/kubernetes/client/objects";
import { type KubeObject } from "../../../../../sandbox/plugins/kubernetes/object/kube-object";
import { discoveryAnswer, FakeApi, type Answer } from "./fake-api";

const map: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "n" },
};
const role: KubeObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "r" },
};

describe("the objects of a cluster", () => {
  let api: FakeApi;
  afterEach(() => api.stop());

  async function objects(answer: Answer): Promise<KubeObjects> {
    api = await FakeApi.start(
      (request, response) => discoveryAnswer(request) ?? answer(request, response),
    );
    const http = new ApiHttp(api.access);
    return new KubeObjects(http, new Discovery(http));
  }
  const lastRequest = () => api.received.at(-1);

  it("are found by the plural of their kind, in their namespace or in none", async () => {
    const cluster = await objects(() => ({ body: map }));
    await cluster.get(map);
    expect(lastRequest()?.request).to.equal("GET /api/v1/namespaces/n/configmaps/a");
    await cluster.get(role);
    expect(lastRequest()?.request).to.equal(
      "GET /apis/rbac.authorization.k8s.io/v1/clusterroles/r",
    );
  });

  it("are asked for once when kinds are looked up", async () => {
    const cluster = await objects(() => ({ body: map }));
    await Promise.all([cluster.get(map), cluster.get(role), cluster.get(map)]);
    expect(api.received.filter(({ request }) => request === "GET /apis")).to.have.length(1);
  });

  it("are applied on the server under a field manager", async () => {
    const cluster = await objects(() => ({ body: map }));
    await cluster.apply(map, { fieldManager: "mine", force: false, dryRun: true });
    expect(lastRequest()).to.deep.include({
      request: "PATCH /api/v1/namespaces/n/configmaps/a?fieldManager=mine&dryRun=All&force=false",
      contentType: "application/apply-patch+yaml",
    });
    expect(JSON.parse(lastRequest()?.body ?? "")).to.deep.equal(map);
  });

  it("are deleted with what belongs to them", async () => {
    const cluster = await objects(() => ({ body: map }));
    await cluster.delete(map, "Foreground");
    expect(lastRequest()).to.deep.include({
      request: "DELETE /api/v1/namespaces/n/configmaps/a",
      body: '{"propagationPolicy":"Foreground"}',
    });
  });

  it("are of no kind the server does not serve, even when asked afresh", async () => {
    const cluster = await objects(() => ({ body: {} }));
    const failure = await cluster
      .get({ ...map, kind: "Nothing" })
      .then(() => undefined)
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(NoSuchKind);
    expect(api.received.filter(({ request }) => request === "GET /apis")).to.have.length(2);
  });

  it("are refused with the server's reason", async () => {
    const status = {
      reason: "NotFound",
      message: 'configmaps "a" not found',
      details: { kind: "configmaps" },
    };
    const cluster = await objects(() => ({ code: 404, body: status }));
    const failure = await cluster.get(map).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ApiError);
    expect((failure as ApiError).status).to.deep.equal({
      code: 404,
      reason: "NotFound",
      message: 'configmaps "a" not found',
      kind: "configmaps",
    });
  });

  it("are asked for again when the server is overloaded and says when", async () => {
    let refusals = 2;
    const cluster = await objects(() =>
      refusals-- > 0 ? { code: 429, headers: { "Retry-After": "0" }, body: {} } : { body: map },
    );
    expect(await cluster.get(map)).to.deep.equal(map);
  });

  it("of a list carry the kind that the server leaves out", async () => {
    const item = { metadata: { name: "a" } };
    const cluster = await objects(() => ({
      body: { items: [item], metadata: { resourceVersion: "7" } },
    }));
    const list = await cluster.list({ apiVersion: "v1", kind: "ConfigMap", namespace: "n" });
    expect(list).to.deep.equal({
      items: [{ apiVersion: "v1", kind: "ConfigMap", ...item }],
      version: "7",
    });
  });
});
