import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { readObjectsOf } from "../../components/kit/live-objects";
import { FakeApi } from "../sandbox/plugins/kubernetes/client/fake-api";

const identity = "0c0e6b1e-6d4b-4b0e-9f6e-2b7a1f0c9d55";
const context = "production";
const secret = { apiVersion: "v1", kind: "Secret", namespace: "nats", name: "nats-admin" };

const coreResources = {
  kind: "APIResourceList",
  groupVersion: "v1",
  resources: [
    { name: "namespaces", kind: "Namespace", namespaced: false, verbs: ["get"] },
    { name: "secrets", kind: "Secret", namespaced: true, verbs: ["get"] },
  ],
};

/** What the API server answers, by request; everything else is not found. */
const answers: Record<string, { code?: number; body: unknown }> = {
  "GET /api/v1": { body: coreResources },
  "GET /api/v1/namespaces/kube-system": {
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", uid: identity } },
  },
  "GET /api/v1/namespaces/nats/secrets/nats-admin": {
    body: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "nats-admin", labels: { "slipway.dev/stack": "production" } },
      data: { password: Buffer.from("opensTheData").toString("base64") },
    },
  },
  "GET /api/v1/namespaces/nats/secrets/hidden": { code: 403, body: { message: "forbidden" } },
};

describe("reading what is on the cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-live-"));
  const ambient = process.env.KUBECONFIG;
  let api: FakeApi;

  before(async () => {
    api = await FakeApi.start((request) => ({
      headers: { "content-type": "application/json" },
      ...(answers[request] ?? { code: 404, body: { message: "not found" } }),
    }));
    const kubeconfig = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "another",
      clusters: [
        { name: "c", cluster: { server: api.access.server, "insecure-skip-tls-verify": true } },
      ],
      users: [{ name: "u", user: {} }],
      contexts: [{ name: context, context: { cluster: "c", user: "u" } }],
    };
    writeFileSync(join(folder, "config"), stringify(kubeconfig));
    process.env.KUBECONFIG = join(folder, "config");
  });
  after(async () => {
    if (ambient === undefined) {
      delete process.env.KUBECONFIG;
    } else {
      process.env.KUBECONFIG = ambient;
    }
    await api.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("asks nothing before an object is asked for", () => {
    readObjectsOf({ context, identity });
    expect(api.received).to.deep.equal([]);
  });

  it("gives the labels of an object, and what a Secret holds, through the named context", async () => {
    expect(await readObjectsOf({ context, identity })(secret)).to.deep.equal({
      labels: { "slipway.dev/stack": "production" },
      data: { password: "opensTheData" },
    });
  });

  it("finds nothing where there is no such object, or no such kind yet", async () => {
    const read = readObjectsOf({ context, identity });
    expect(await read({ ...secret, name: "absent" })).to.equal(undefined);
    expect(await read({ ...secret, kind: "Other" })).to.equal(undefined);
    expect(await read({ ...secret, apiVersion: "example.com/v1" })).to.equal(undefined);
  });

  it("is refused on another cluster, with both identities", async () => {
    const other = "11111111-2222-4333-8444-555555555555";
    const error: unknown = await readObjectsOf({ context, identity: other })(secret).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain(identity).and.to.contain(other);
  });

  it("says what may not be read: it could be overwritten unseen", async () => {
    const error: unknown = await readObjectsOf({ context, identity })({
      ...secret,
      name: "hidden",
    }).catch((reason: unknown) => reason);
    expect(String(error)).to.contain("The Secret nats/hidden cannot be read").and.to.contain("403");
  });
});
