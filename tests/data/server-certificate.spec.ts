import { expect } from "chai";
import { serverNames, serviceMonitor } from "../../components/data/object-store";
import { ServerCertificate } from "../../components/data/server-certificate";
import { chartFact } from "../support/chart-facts";
import { deploy, urnsOf, type Recorded } from "../support/mocks";
import { certificates, secretStores } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

describe("the certificate that a data service shows", () => {
  let recorded: Recorded;
  let shown: ServerCertificate;
  before(async () => {
    recorded = await deploy(() => {
      shown = new ServerCertificate("bus-clients", {
        name: "nats-clients",
        namespace: "nats",
        dnsNames: ["nats.nats.svc"],
        authority: "nats-ca",
        certificates,
        secretStores,
      });
    });
  });

  it("is signed by the stack's authority, for a server alone", () => {
    expect(recorded.find("Certificate", "nats-clients").inputs.spec).to.deep.include({
      dnsNames: ["nats.nats.svc"],
      usages: ["digital signature", "server auth"],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "an-authority" },
    });
  });

  it("leaves its authority's certificate in a Secret of its own, without the servers' key", () => {
    expect(recorded.find("ExternalSecret", "nats-ca").inputs.spec).to.deep.include({
      secretStoreRef: { kind: "SecretStore", name: "nats" },
      data: [{ secretKey: "ca.crt", remoteRef: { key: "nats-clients", property: "ca.crt" } }],
    });
  });

  it("is read for that once it is there, by an account that may read nothing else", () => {
    expect(recorded.find("SecretStore", "nats").dependencies).to.include.members([
      recorded.find("Certificate", "nats-clients").urn,
      recorded.find("RoleBinding", "nats-ca-secrets").urn,
    ]);
    expect(recorded.find("Role", "nats-ca-secrets").inputs.rules).to.have.deep.nested.property(
      "[0].resourceNames",
      ["nats-clients"],
    );
  });

  it("is there for whoever waits for both Secrets", async () => {
    expect(await urnsOf(shown.ready)).to.deep.equal([
      recorded.find("Certificate", "nats-clients").urn,
      recorded.find("ExternalSecret", "nats-ca").urn,
    ]);
  });

  it("is made of objects that the real definitions accept", function () {
    for (const [kind, name, chart, definition] of [
      ["Certificate", "nats-clients", "cert-manager", "crds/certificates.yaml"],
      ["SecretStore", "nats", "external-secrets", "crds/secretstores.yaml"],
      ["ExternalSecret", "nats-ca", "external-secrets", "crds/externalsecrets.yaml"],
    ] as const) {
      const { spec } = recorded.find(kind, name).inputs;
      expect(schemaErrors(chartFact(this, chart, definition), spec, "v1")).to.deep.equal([]);
    }
  });
});

describe("MinIO's servers", () => {
  it("are known by the names that clients and they themselves dial", () => {
    expect(serverNames(4)).to.include.members([
      "minio.minio.svc",
      "minio-0.minio-svc.minio.svc",
      "minio-3.minio-svc.minio.svc",
    ]);
  });

  it("are scraped by TLS, as the authority's certificate proves", function () {
    const { spec, metadata } = serviceMonitor({ tls: true }, { release: "monitoring" });
    expect(metadata).to.deep.include({ labels: { release: "monitoring" } });
    expect(spec).to.have.deep.nested.property("endpoints[0]", {
      port: "https",
      path: "/minio/v2/metrics/node",
      scheme: "https",
      tlsConfig: {
        ca: { secret: { name: "minio-ca", key: "ca.crt" } },
        serverName: "minio.minio.svc",
      },
    });
    const fact = chartFact(this, "kube-prometheus-stack", "crds/servicemonitors.yaml");
    expect(schemaErrors(fact, spec)).to.deep.equal([]);
  });

  it("are scraped without where they speak none", () => {
    expect(serviceMonitor({ tls: false }, {}).spec).to.have.deep.nested.property("endpoints[0]", {
      port: "http",
      path: "/minio/v2/metrics/node",
    });
  });
});
