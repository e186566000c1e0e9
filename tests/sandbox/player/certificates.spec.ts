import { expect } from "chai";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { playCertificates } from "../../../sandbox/player/certificates";
import { playIssuers } from "../../../sandbox/player/issuers";
import {
  decode,
  encode,
  type KubernetesObject,
  type Secret,
} from "../../../sandbox/player/objects";
import { issueCertificate } from "../../../sandbox/player/x509";
import { certManager, now, object, worldOf } from "./world-of";

const ready = { conditions: [{ type: "Ready", status: "True", reason: "IsReady", message: "" }] };
const selfSigned = object("Issuer", "web/own", { spec: { selfSigned: {} }, status: ready });
const names = ["shop.example", "www.shop.example"];

function certificateFrom(issuer: string, fields: object = {}) {
  return object("Certificate", "web/shop", {
    spec: {
      secretName: "shop-tls",
      issuerRef: { name: issuer },
      dnsNames: names,
      duration: "24h",
      privateKey: { algorithm: "ECDSA" },
      ...fields,
    },
  });
}

function pair(secret: Secret) {
  const values = decode(secret);
  return { certificate: values["tls.crt"] ?? "", privateKey: values["tls.key"] ?? "" };
}

async function issued(...objects: readonly KubernetesObject[]): Promise<Secret> {
  const [action] = await playCertificates(worldOf(certManager, ...objects), now);
  expect(action).to.include({ do: "create" });
  return action?.object as Secret;
}

describe("a played Certificate", () => {
  it("is a real one, for the names and the time it was asked for", async () => {
    const secret = await issued(selfSigned, certificateFrom("own"));
    const { certificate: pem, privateKey } = pair(secret);
    const certificate = new X509Certificate(pem);
    expect(certificate.checkPrivateKey(createPrivateKey(privateKey))).to.equal(true);
    expect(names.map((name) => certificate.checkHost(name))).to.deep.equal(names);
    expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).to.equal(
      86_400_000,
    );
    expect(secret.type).to.equal("kubernetes.io/tls");
  });

  it("says in its Secret where it comes from, and does not own the Secret unless the controller is told to", async () => {
    const secret = await issued(selfSigned, certificateFrom("own"));
    expect(secret.metadata.annotations).to.include({
      "cert-manager.io/alt-names": names.join(","),
      "cert-manager.io/issuer-name": "own",
    });
    expect(secret.metadata.ownerReferences).to.equal(undefined);
  });

  it("is signed by the CA of a CA issuer", async () => {
    const authority = await issueCertificate(
      {
        commonName: "root",
        organizations: ["sandbox"],
        dnsNames: [],
        ipAddresses: [],
        isCA: true,
        notBefore: new Date(now),
        notAfter: new Date("2027-01-01T00:00:00Z"),
      },
      "RSA",
    );
    const key = { "tls.crt": authority.certificate, "tls.key": authority.privateKey };
    const keys = object("Secret", "web/root", { data: encode(key) });
    const issuer = object("Issuer", "web/ca", {
      spec: { ca: { secretName: "root" } },
      status: ready,
    });
    const secret = await issued(issuer, keys, certificateFrom("ca"));
    const root = new X509Certificate(authority.certificate);
    const leaf = new X509Certificate(pair(secret).certificate);
    expect(leaf.verify(root.publicKey)).to.equal(true);
    expect(leaf.checkIssued(root)).to.equal(true);
    expect(decode(secret)["ca.crt"]).to.equal(authority.certificate);
  });

  it("is ready once its Secret holds it, and issued anew for other names", async () => {
    const certificate = certificateFrom("own");
    const secret = await issued(selfSigned, certificate);
    const [report, ...more] = await playCertificates(
      worldOf(certManager, selfSigned, certificate, secret),
      now,
    );
    expect(more).to.deep.equal([]);
    expect(report).to.include({ do: "mergeStatus", object: certificate });
    expect(JSON.stringify(report))
      .to.include('"reason":"Ready"')
      .and.include('"notAfter":"2026-01-02T');
    const renamed = certificateFrom("own", { dnsNames: ["other.example"] });
    const [again] = await playCertificates(worldOf(certManager, selfSigned, renamed, secret), now);
    expect(again).to.include({ do: "merge", object: secret });
  });

  it("waits for its issuer", async () => {
    const actions = await playCertificates(worldOf(certManager, certificateFrom("missing")), now);
    expect(actions.map(({ do: what }) => what)).to.deep.equal(["mergeStatus"]);
    expect(JSON.stringify(actions)).to.include('"status":"False"').and.include('\\"missing\\"');
  });

  it("waits for cert-manager", async () => {
    expect(await playCertificates(worldOf(selfSigned, certificateFrom("own")), now)).to.deep.equal(
      [],
    );
  });

  it("of another group's issuer is not played", async () => {
    const foreign = certificateFrom("own", { issuerRef: { name: "own", group: "example.com" } });
    expect(await playCertificates(worldOf(certManager, selfSigned, foreign), now)).to.deep.equal(
      [],
    );
  });
});

describe("a played issuer", () => {
  const ca = object("Issuer", "web/ca", { spec: { ca: { secretName: "root" } } });

  it("of a CA is ready when its key pair is there, and says what is missing before", () => {
    const [waiting] = playIssuers(worldOf(certManager, ca), now);
    expect(JSON.stringify(waiting)).to.include("ErrGetKeyPair").and.include('\\"root\\" not found');
    const keys = object("Secret", "web/root", { data: encode({ "tls.crt": "c", "tls.key": "k" }) });
    const [done] = playIssuers(worldOf(certManager, ca, keys), now);
    expect(JSON.stringify(done)).to.include("KeyPairVerified").and.include('"status":"True"');
  });

  it("of the cluster finds its Secrets in the controller's namespace", () => {
    const clusterWide = object("ClusterIssuer", "ca", { spec: { ca: { secretName: "root" } } });
    const keys = object("Secret", "cert-manager/root", {
      data: encode({ "tls.crt": "c", "tls.key": "k" }),
    });
    const [done] = playIssuers(worldOf(certManager, clusterWide, keys), now);
    expect(JSON.stringify(done)).to.include("KeyPairVerified");
  });

  it("is left alone once it is ready, and fails on request", () => {
    const observed = { conditions: [{ ...ready.conditions[0], observedGeneration: 1 }] };
    const own = { ...selfSigned, status: observed };
    expect(playIssuers(worldOf(certManager, own), now)).to.deep.equal([]);
    const failing = object(
      "Issuer",
      "web/own",
      { spec: { selfSigned: {} } },
      { annotations: { "sandbox.slipway.dev/fail": "Down" } },
    );
    expect(JSON.stringify(playIssuers(worldOf(certManager, failing), now))).to.include(
      '"reason":"Down"',
    );
  });
});
