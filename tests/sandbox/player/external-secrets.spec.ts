import { expect } from "chai";
import type { Action } from "../../../sandbox/player/action";
import { playExternalSecrets } from "../../../sandbox/player/external-secrets";
import {
  decode,
  encode,
  type KubernetesObject,
  type Secret,
} from "../../../sandbox/player/objects";
import { playSecretStores } from "../../../sandbox/player/secret-stores";
import { afterStatus, externalSecrets, now, object, worldOf } from "./world-of";

const valid = { conditions: [{ type: "Ready", status: "True", reason: "Valid", message: "" }] };
const account = { auth: { serviceAccount: { name: "reader" } } };
const store = object("SecretStore", "shop/data", {
  spec: { provider: { kubernetes: { remoteNamespace: "data", ...account } } },
  status: valid,
});
const source = object("Secret", "data/db-user", { data: encode({ uri: "pg://x", "a-b": "c" }) });

function externalSecret(spec: object) {
  const secretStoreRef = { kind: "SecretStore", name: "data" };
  return object("ExternalSecret", "shop/orders-db", { spec: { secretStoreRef, ...spec } });
}

const carried = externalSecret({
  data: [{ secretKey: "URL", remoteRef: { key: "db-user", property: "uri" } }],
});

function play(
  allowed: boolean,
  ...objects: readonly KubernetesObject[]
): Promise<readonly Action[]> {
  const reviewer = { mayRead: () => Promise.resolve(allowed) };
  return playExternalSecrets(worldOf(externalSecrets, ...objects), reviewer, now);
}

async function target(...objects: readonly KubernetesObject[]): Promise<Secret> {
  const [action] = await play(true, ...objects);
  expect(action).to.include({ do: "create" });
  return action?.object as Secret;
}

async function problem(...objects: readonly KubernetesObject[]): Promise<string> {
  const actions = await play(true, ...objects);
  expect(actions.map(({ do: what }) => what)).to.deep.equal(["mergeStatus"]);
  return JSON.stringify(actions[0]);
}

describe("a played ExternalSecret", () => {
  it("really copies what the kubernetes provider holds, into a Secret it owns", async () => {
    const secret = await target(store, source, carried);
    expect(decode(secret)).to.deep.equal({ URL: "pg://x" });
    expect(secret.metadata).to.include({ namespace: "shop", name: "orders-db" });
    expect(secret.metadata.ownerReferences?.[0]).to.include({
      name: "orders-db",
      controller: true,
    });
  });

  it("reads by the rights of the store's account", async () => {
    const actions = await play(false, store, source, carried);
    expect(JSON.stringify(actions))
      .to.include("system:serviceaccount:shop:reader")
      .and.include("forbidden");
  });

  it("is synced once the target holds the values, and is then left alone", async () => {
    const secret = await target(store, source, carried);
    const [report, ...more] = await play(true, store, source, carried, secret);
    expect(more).to.deep.equal([]);
    expect(report).to.include({ do: "mergeStatus" });
    expect(JSON.stringify(report)).to.include('"reason":"SecretSynced"');
    const done = afterStatus(carried, report);
    expect(await play(true, store, source, done, secret)).to.deep.equal([]);
  });

  it("carries a change of the source, and removes what it no longer asks for", async () => {
    const secret = await target(store, source, carried);
    const stale = { ...secret, data: encode({ URL: "old", GONE: "x" }) };
    const [action] = await play(true, store, source, carried, stale);
    expect(action).to.include({ do: "merge", object: stale });
    expect((action as { fields: Secret }).fields.data).to.deep.equal({
      ...encode({ URL: "pg://x" }),
      GONE: null,
    });
  });

  it("fills templates with the values", async () => {
    const template = { data: { DSN: '{{ index . "a-b" }}?x={{ .uri | b64enc }}' } };
    const all = externalSecret({
      target: { template },
      dataFrom: [{ extract: { key: "db-user" } }],
    });
    expect(decode(await target(store, source, all))).to.deep.equal({ DSN: "c?x=cGc6Ly94" });
  });

  it("renames keys by their patterns", async () => {
    const rewrite = [{ regexp: { source: "^(.)-(.)$", target: "${2}_$1" } }];
    const all = externalSecret({ dataFrom: [{ extract: { key: "db-user" }, rewrite }] });
    expect(Object.keys(decode(await target(store, source, all))).sort()).to.deep.equal([
      "b_a",
      "uri",
    ]);
  });

  it("gets made-up values, always the same, from a provider that is not asked", async () => {
    const vault = object("ClusterSecretStore", "vault", {
      spec: { provider: { vault: {} } },
      status: valid,
    });
    const secretStoreRef = { kind: "ClusterSecretStore", name: "vault" };
    const asked = externalSecret({
      secretStoreRef,
      data: [{ secretKey: "pw", remoteRef: { key: "a", property: "b" } }],
    });
    const first = decode(await target(vault, asked));
    expect(first["pw"]).to.match(/^[A-Za-z0-9]{24}$/);
    expect(decode(await target(vault, asked))).to.deep.equal(first);
  });

  it("keeps a generated password", async () => {
    const generatorRef = { kind: "Password", name: "strong" };
    const drawn = externalSecret({ dataFrom: [{ sourceRef: { generatorRef } }] });
    const secret = await target(drawn);
    const actions = await play(true, drawn, secret);
    expect(actions.map(({ do: what }) => what)).to.deep.equal(["mergeStatus"]);
  });

  it("says which store, Secret or property is missing", async () => {
    expect(await problem(carried)).to.include('could not get SecretStore \\"data\\"');
    expect(await problem(store, carried)).to.include('secrets \\"db-user\\" not found');
    const wrong = externalSecret({
      data: [{ secretKey: "x", remoteRef: { key: "db-user", property: "nope" } }],
    });
    expect(await problem(store, source, wrong)).to.include("property nope does not exist");
  });

  it("says what is not played instead of guessing", async () => {
    const template = { data: { X: "{{ range . }}{{ end }}" } };
    const ranged = externalSecret({
      target: { template },
      dataFrom: [{ extract: { key: "db-user" } }],
    });
    expect(await problem(store, source, ranged)).to.include(
      "does not play the template expression",
    );
    const found = externalSecret({ dataFrom: [{ find: { name: { regexp: "." } } }] });
    expect(await problem(store, found)).to.include("does not play dataFrom.find");
  });

  it("does not take a Secret that somebody else owns", async () => {
    const ownerReferences = [
      { apiVersion: "v1", kind: "Other", name: "o", uid: "u", controller: true },
    ];
    const taken = object("Secret", "shop/orders-db", { data: {} }, { ownerReferences });
    expect(await problem(store, source, carried, taken)).to.include("owned by another Other");
  });

  it("waits for External Secrets", async () => {
    const reviewer = { mayRead: () => Promise.resolve(true) };
    expect(await playExternalSecrets(worldOf(store, source, carried), reviewer, now)).to.deep.equal(
      [],
    );
  });
});

describe("a played SecretStore", () => {
  const bare = object("SecretStore", "shop/data", { spec: { provider: { vault: {} } } });

  it("is valid, and is then left alone", () => {
    const [report] = playSecretStores(worldOf(externalSecrets, bare), now);
    expect(JSON.stringify(report)).to.include('"reason":"Valid"');
    const done = afterStatus(bare, report);
    expect(playSecretStores(worldOf(externalSecrets, done), now)).to.deep.equal([]);
  });

  it("fails on request", () => {
    const labels = { "sandbox.slipway.dev/fail": "InvalidProviderConfig" };
    const failing = { ...bare, metadata: { ...bare.metadata, labels } };
    expect(JSON.stringify(playSecretStores(worldOf(externalSecrets, failing), now))).to.include(
      '"reason":"InvalidProviderConfig"',
    );
  });
});
