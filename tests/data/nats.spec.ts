import { expect } from "chai";
import { stream } from "../../components/data";
import { Nats, routeCertificateSpec } from "../../components/data/nats";
import { tenantsOf } from "../../components/data/tenants";
import { chartFact } from "../support/chart-facts";
import { deploy, urnsOf, type Recorded } from "../support/mocks";
import { allFeatures, certificates, dataOf, environment, secretStores } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

const consume = stream("messages", { consumer: "mailer" });
const tenants = tenantsOf(
  [{ application: "shop", namespace: "shop-production", demand: consume }],
  "stream",
);

describe("Nats", () => {
  let recorded: Recorded;
  let nats: Nats;
  const install = (settings = dataOf().nats, retention: "keep" | "delete" = "keep") =>
    deploy(() => {
      nats = new Nats("bus", {
        settings,
        tenants,
        certificates,
        secretStores,
        monitoring: allFeatures.monitoring,
        environment,
        retention,
      });
    });
  before(async () => {
    recorded = await install();
  });

  it("gives an application its own user, in a Secret beside the servers", () => {
    expect(recorded.find("Secret", "nats-shop").inputs).to.deep.include({
      metadata: { name: "nats-shop", namespace: "nats" },
      stringData: {
        secret: {
          user: "shop",
          password: "paRandomValueForTests",
          url: "tls://shop:paRandomValueForTests@nats.nats.svc:4222",
        },
      },
    });
  });

  it("lets the application's reader read this Secret and no other", () => {
    expect(recorded.find("Role", "shop-secrets").inputs.rules).to.deep.equal([
      {
        apiGroups: [""],
        resources: ["secrets"],
        resourceNames: ["nats-shop", "nats-ca"],
        verbs: ["get"],
      },
    ]);
    expect(recorded.find("RoleBinding", "shop-secrets").inputs.subjects).to.deep.equal([
      { kind: "ServiceAccount", name: "secret-reader", namespace: "shop-production" },
    ]);
  });

  it("writes no password into the chart's values", () => {
    const { values } = recorded.find("Chart", "bus-chart").inputs;
    expect(JSON.stringify(values)).to.not.contain("aRandomValueForTests");
  });

  it("starts the servers after their certificate and their users' Secrets", () => {
    const { dependencies } = recorded.find("Chart", "bus-chart");
    expect(dependencies).to.include(recorded.find("Certificate", "nats-routes").urn);
    expect(dependencies).to.include(recorded.find("Secret", "nats-shop").urn);
  });

  it("looks every hour whether they are as declared, once they were made", () => {
    const check = recorded.find("CronJob", "nats-streams-check");
    expect(check.dependencies).to.include(recorded.find("Job", "bus-streams-job").urn);
  });

  it("makes the streams once the servers run, and hands a connection out after that", async () => {
    const job = recorded.find("Job", "bus-streams-job");
    expect(job.dependencies).to.include(recorded.find("Chart", "bus-chart").urn);
    expect(await urnsOf(nats.connect("shop", consume).ready)).to.include(job.urn);
  });

  it("is ready when the application's reader may read: a store that may not waits for minutes", async () => {
    expect(await urnsOf(nats.connect("shop", consume).ready)).to.include.members([
      recorded.find("Role", "shop-secrets").urn,
      recorded.find("RoleBinding", "shop-secrets").urn,
    ]);
  });

  it("hands out the Secret's keys, the stream and the servers", () => {
    expect(nats.connect("shop", consume)).to.deep.include({
      fields: {
        url: { kind: "secret", key: "url" },
        user: { kind: "secret", key: "user" },
        password: { kind: "secret", key: "password" },
        ca: { kind: "secret", key: "ca.crt" },
        stream: { kind: "plain", value: "messages" },
        consumer: { kind: "plain", value: "mailer" },
      },
      secret: {
        namespace: "nats",
        name: "nats-shop",
        keys: ["url", "user", "password", "ca.crt"],
        elsewhere: { "ca.crt": "nats-ca" },
      },
    });
    expect(nats.connect("shop", consume).peers)
      .to.have.nested.property("[0].ports")
      .that.eqls([4222]);
  });

  it("lets in the servers, the Job and the application, each by its port", () => {
    const { spec } = recorded.find("NetworkPolicy", "allow-servers").inputs;
    expect(JSON.stringify(spec)).to.contain('"kubernetes.io/metadata.name":"shop-production"');
    expect(spec)
      .to.have.property("ingress")
      .that.satisfies((rules: readonly { ports: readonly { port: number }[] }[]) =>
        expect(rules.map(({ ports }) => ports.map(({ port }) => port))).to.deep.equal([
          [6222],
          [4222],
          [4222],
          [7777],
        ]),
      );
  });

  it("lets KEDA ask how much waits, by the monitoring port alone", async () => {
    const scaler = { namespace: "keda", podLabels: { app: "keda-operator" } };
    const { spec } = (
      await deploy(() => {
        const settings = dataOf().nats;
        return new Nats("bus", {
          settings,
          tenants,
          scaler,
          certificates,
          secretStores,
          environment,
          retention: "keep",
        });
      })
    ).find("NetworkPolicy", "allow-servers").inputs;
    expect(spec).to.have.deep.nested.property("ingress[3]", {
      from: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "keda" } },
          podSelector: { matchLabels: { app: "keda-operator" } },
        },
      ],
      ports: [{ protocol: "TCP", port: 8222 }],
    });
  });

  it("says where a consumer's queue is, by names under which each server is found", () => {
    expect(nats.connect("shop", consume).scaleOn).to.deep.equal({
      type: "nats-jetstream",
      metadata: {
        natsServerMonitoringEndpoint: "nats-headless.nats.svc.cluster.local:8222",
        account: "APP",
        stream: "messages",
        consumer: "mailer",
        useHttps: "false",
      },
    });
    const publish = stream("messages", { publish: "msg.orders" });
    expect(nats.connect("shop", publish).scaleOn).to.equal(undefined);
  });

  it("lets servers out to each other only", () => {
    const { spec } = recorded.find("NetworkPolicy", "allow-servers").inputs;
    expect(spec).to.have.nested.property("egress[0].ports[0].port", 6222);
    expect(spec).to.have.property("egress").with.lengthOf(1);
  });

  it("protects the servers and keeps the namespace of their volumes when data is kept", async () => {
    const statefulSet = { apiVersion: "apps/v1", kind: "StatefulSet" };
    const chart = recorded.find("Chart", "bus-chart");
    const { opts } = await chart.transform("kubernetes:apps/v1:StatefulSet", "nats", statefulSet);
    expect(opts).to.include({ protect: true, retainOnDelete: true });
    expect(recorded.find("kubernetes:core/v1:Namespace", "nats").retainOnDelete).to.equal(true);
  });

  it("keeps nothing when data is not kept", async () => {
    const gone = await install(dataOf().nats, "delete");
    expect(gone.resources.filter((each) => each.protect || each.retainOnDelete)).to.deep.equal([]);
  });

  it("needs no certificate for one server that speaks no TLS, and hands none out", async () => {
    const single = await install(dataOf({ nats: { servers: 1, tls: false } }).nats);
    expect(nats.connect("shop", consume).fields.ca).to.deep.equal({ kind: "none" });
    expect(nats.connect("shop", consume).secret?.keys).to.not.include("ca.crt");
    expect(single.all("Certificate")).to.deep.equal([]);
  });
});

describe("the certificate of the routes", () => {
  const spec = routeCertificateSpec(3, "an-authority");

  it("names every server as the others dial it", () => {
    expect(spec.dnsNames).to.deep.equal([
      "nats-0.nats-headless",
      "nats-1.nats-headless",
      "nats-2.nats-headless",
    ]);
  });

  it("serves both ends of a route", () => {
    expect(spec.usages).to.include.members(["server auth", "client auth"]);
  });

  it("is one the real definition accepts", function () {
    const definition = chartFact(this, "cert-manager", "crds/certificates.yaml");
    expect(schemaErrors(definition, spec)).to.deep.equal([]);
  });
});
