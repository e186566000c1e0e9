import { expect } from "chai";
import { EngineLog } from "../../../../sandbox/plugins/rpc/engine-log";
import { create, read, remove, update } from "../../../../sandbox/plugins/kubernetes/operations";
import { Session } from "../../../../sandbox/plugins/kubernetes/session";
import { readSettings } from "../../../../sandbox/plugins/kubernetes/settings";
import { type PlainMap, type PropertyMap } from "../../../../sandbox/plugins/rpc/values";
import { discoveryAnswer, FakeApi, type Answer } from "./client/fake-api";

const URN = "urn:pulumi:dev::shop::kubernetes:core/v1:ConfigMap::config";
const inputs = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "n" },
  data: { key: "1" },
};
const run = { urn: URN, preview: false, timeoutSeconds: 5 };
const preview = { ...run, preview: true };

/** The object as the server has it, with fields owned by the one who created it. */
function live(more: PlainMap = {}): PlainMap {
  const fieldsV1 = { "f:data": { "f:key": {} } };
  return {
    ...inputs,
    metadata: {
      ...inputs.metadata,
      uid: "u",
      resourceVersion: "1",
      managedFields: [{ manager: "pulumi-kubernetes", operation: "Update", fieldsV1 }],
    },
    ...more,
  };
}

describe("an operation on a resource", () => {
  let api: FakeApi;
  afterEach(() => api.stop());

  async function connect(answer: Answer, settings: PropertyMap = {}): Promise<Session> {
    api = await FakeApi.start((request, response) =>
      request === "GET /version"
        ? { body: { gitVersion: "v1.36.3" } }
        : (discoveryAnswer(request) ?? answer(request, response)),
    );
    const kubeconfig = JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "k" } }],
      clusters: [{ name: "k", cluster: { server: api.access.server } }],
    });
    return Session.open(readSettings({ kubeconfig, ...settings }), new EngineLog(undefined));
  }
  const writes = () =>
    api.received.map(({ request }) => request).filter((request) => !request.startsWith("GET"));
  const refused = (code: number, reason: string, kind = "configmaps") => ({
    code,
    body: { reason, message: `${kind} "a" ${reason}`, details: { kind } },
  });
  const messageOf = (operation: Promise<unknown>): Promise<string> =>
    operation.then(
      () => expect.fail("it succeeded"),
      (error: unknown) => (error as Error).message,
    );

  it("creates an object and keeps its inputs and its field manager", async () => {
    const session = await connect(() => ({ body: live() }));
    const { id, properties } = await create(session, run, inputs);
    expect(id).to.equal("n/a");
    expect(properties["__inputs"]).to.deep.equal(inputs);
    expect(properties["__fieldManager"]).to.match(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(writes()).to.deep.equal([
      "POST /api/v1/namespaces/n/configmaps?fieldManager=pulumi-kubernetes",
    ]);
  });

  it("says what to do when the object exists already", async () => {
    const session = await connect(() => refused(409, "AlreadyExists"));
    const message = await messageOf(create(session, run, inputs));
    expect(message).to.include("was not successfully created");
    expect(message).to.include("pulumi import");
  });

  it("updates an existing object on request", async () => {
    const session = await connect(() => ({ body: live() }), { upsertExistingObjects: "true" });
    await create(session, run, inputs);
    expect(writes()[0]).to.match(
      /^PATCH .*fieldManager=pulumi-kubernetes-[0-9a-f]{8}&force=false$/,
    );
  });

  it("computes in a preview what the server would make of the object", async () => {
    const session = await connect(() => ({ body: live({ status: { phase: "x" } }) }));
    const { id, properties } = await create(session, preview, inputs);
    expect(id).to.equal("");
    expect(properties["metadata"]).to.have.property("uid", "u");
    expect(properties).to.not.have.property("status");
    expect(writes()[0]).to.include("dryRun=All");
  });

  for (const [problem, code, reason, kind] of [
    ["the namespace is not there yet", 404, "NotFound", "namespaces"],
    ["the object exists already", 409, "AlreadyExists", "configmaps"],
    ["dry runs are not allowed", 403, "Forbidden", "configmaps"],
  ] as const) {
    it(`returns the inputs of a preview when ${problem}`, async () => {
      const session = await connect(() => refused(code, reason, kind));
      expect((await create(session, preview, inputs)).properties).to.deep.equal(inputs);
    });
  }

  it("returns the inputs of a preview when the kind is not served yet", async () => {
    const session = await connect(() => refused(500, "InternalError"));
    const custom = { ...inputs, apiVersion: "example.com/v1", kind: "Thing" };
    expect((await create(session, preview, custom)).properties).to.deep.equal(custom);
    expect(writes()).to.deep.equal([]);
  });

  it("tries again to create an object whose namespace is on its way", async () => {
    let refusals = 1;
    const session = await connect(() =>
      refusals-- > 0 ? refused(404, "NotFound", "namespaces") : { body: live() },
    );
    expect((await create(session, run, inputs)).id).to.equal("n/a");
  });

  it("takes over the fields of the create before the first apply", async () => {
    const session = await connect(() => ({ body: live() }));
    const { properties: state } = await create(session, run, inputs);
    await update(session, run, state, { ...inputs, data: { key: "2" } }, []);
    const [, takeOver, apply] = api.received.filter(({ request }) => !request.startsWith("GET"));
    expect(takeOver?.contentType).to.equal("application/json-patch+json");
    expect(apply?.contentType).to.equal("application/apply-patch+yaml");
    expect(apply?.request).to.include(`fieldManager=${String(state["__fieldManager"])}`);
    expect(JSON.parse(apply?.body ?? "")).to.deep.include({ data: { key: "2" } });
  });

  it("explains a conflict with another field manager", async () => {
    const session = await connect((request) =>
      request.includes("force=") ? refused(409, "Conflict") : { body: live() },
    );
    const message = await messageOf(update(session, run, {}, inputs, []));
    expect(message).to.include("field conflict");
    expect(message).to.include("ignoreChanges");
  });

  it("reads an object's changes into its inputs", async () => {
    const session = await connect(() => ({ body: live({ data: { key: "drifted", other: "x" } }) }));
    const state = { ...live(), __inputs: inputs, __fieldManager: "m" } as PropertyMap;
    const outcome = await read(session, run, "n/a", state, inputs);
    expect(outcome.inputs?.["data"]).to.deep.equal({ key: "drifted" });
    expect(outcome.properties["__fieldManager"]).to.equal("m");
  });

  it("reads an object nobody has in the state whole", async () => {
    const session = await connect(() => ({ body: live() }));
    const outcome = await read(session, run, "n/a", {}, {});
    expect(outcome.inputs).to.deep.equal(inputs);
  });

  it("reads nothing when the object is gone", async () => {
    const session = await connect(() => refused(404, "NotFound"));
    expect((await read(session, run, "n/a", {}, inputs)).id).to.equal("");
  });

  it("deletes an object that is gone already", async () => {
    const session = await connect(() => refused(404, "NotFound"));
    await remove(session, run, { ...live(), __inputs: inputs } as PropertyMap);
    expect(writes()).to.deep.equal(["DELETE /api/v1/namespaces/n/configmaps/a"]);
  });
});

describe("an operation on a cluster that does not answer", () => {
  const kubeconfig = JSON.stringify({
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k" } }],
    clusters: [{ name: "k", cluster: { server: "http://127.0.0.1:1" } }],
  });
  const connect = (settings: PropertyMap = {}): Promise<Session> =>
    Session.open(readSettings({ kubeconfig, ...settings }), new EngineLog(undefined));
  const failureOf = (operation: Promise<unknown>): Promise<string> =>
    operation.then(
      () => expect.fail("it succeeded"),
      (error: unknown) => (error as Error).message,
    );

  it("previews the inputs", async () => {
    expect((await create(await connect(), preview, inputs)).properties).to.deep.equal(inputs);
  });

  it("creates and reads nothing, and says so", async () => {
    const session = await connect();
    expect(await failureOf(create(session, run, inputs))).to.include("unreachable");
    expect(await failureOf(read(session, run, "n/a", {}, inputs))).to.include("unreachable");
  });

  it("forgets objects on request only", async () => {
    expect(await failureOf(remove(await connect(), run, {}))).to.include("DELETE_UNREACHABLE");
    const forgetful = await connect({ deleteUnreachable: "true" });
    await remove(forgetful, run, {});
    expect((await read(forgetful, run, "n/a", {}, inputs)).id).to.equal("");
  });

  it("keeps the state on request", async () => {
    const session = await connect({ skipUpdateUnreachable: "true" });
    const state = { kept: "yes" };
    expect((await read(session, run, "n/a", state, inputs)).properties).to.equal(state);
  });
});
