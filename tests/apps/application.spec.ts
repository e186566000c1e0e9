import type * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { Application } from "../../components/apps/application";
import {
  service,
  statefulService,
  type ApplicationDeclaration,
} from "../../components/apps/declaration";
import { demandsOf } from "../../components/apps/resolve";
import { givenFeatures } from "../../components/apps/workload/feature-problems";
import { deploy, type Properties, type Recorded } from "../support/mocks";
import { allFeatures } from "../support/rooms";
import { at, connectionTo, orderOf, platform } from "./fixtures";
import { auth, deployShop, events, ordering, resolved, settings, shop, web } from "./shop";

describe("an application", () => {
  it("puts each service after those it uses, and the others where they stand", () => {
    expect(orderOf(resolved())).to.deep.equal(["products", "orders", "report", "auth"]);
  });

  it("demands each thing once, however many services use it", () => {
    expect(demandsOf([resolved()]).map(({ demand }) => demand.key)).to.deep.equal([
      ordering.key,
      events.key,
    ]);
  });

  it("starts a service after the service it uses", async () => {
    const recorded = await deployShop();
    const used = recorded.find("Deployment", "products").urn;
    expect(recorded.find("Deployment", "orders").dependencies).to.include(used);
    expect(recorded.find("Deployment", "auth").dependencies).to.not.include(used);
  });

  it("has a restricted namespace of its name, with the quota and limits of the stack", async () => {
    const amount = { cpu: "40", memory: "80Gi" };
    const quota = { requests: amount, limits: amount, pods: 200, services: 10 };
    const recorded = await deployShop({ quota });
    const namespace = recorded.find("Namespace", "shop");
    expect(at(namespace.inputs, "metadata.labels")).to.include({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    expect(recorded.all("ResourceQuota")).to.have.length(1);
    expect((await deployShop()).all("ResourceQuota")).to.deep.equal([]);
  });

  it("keeps its namespace while a service of it has volumes, and deletes what else is in it", async () => {
    const cart = statefulService("cart", { ...web, claims: { "/data": { size: "1Gi" } } });
    const holding = { ...shop, services: [cart, auth] };
    const services = { cart: { env: {} }, auth: { env: {} } };
    const recorded = await deployShop({ services }, holding);
    expect(recorded.find("Namespace", "shop")).to.include({ protect: true, retainOnDelete: true });
    expect(recorded.find("Deployment", "auth")).to.include({ protect: false, deletedWith: "" });

    const empty = await deployShop();
    const { urn, protect } = empty.find("Namespace", "shop");
    expect(protect).to.equal(false);
    expect(empty.find("Deployment", "auth").deletedWith).to.equal(urn);
  });

  it("says on every object whose it is and where it runs", async () => {
    const objects = (await deployShop()).resources.filter(({ type }) =>
      type.startsWith("kubernetes:"),
    );
    expect(objects).to.not.have.length(0);
    for (const { name, inputs } of objects) {
      expect(at(inputs, "metadata.labels"), name).to.include({
        "app.kubernetes.io/part-of": "shop",
        team: "checkout",
        environment: "test",
      });
    }
  });

  it("closes no network of a namespace that still has pods of before", async () => {
    const recorded = await deployShop({ existingNamespace: "open" });
    expect(recorded.all("NetworkPolicy")).to.deep.equal([]);
    expect(recorded.find("Namespace", "shop").import).to.equal("shop");
  });

  it("pulls its images with the stack's Secrets", async () => {
    const { inputs } = (await deployShop()).find("Deployment", "orders");
    expect(at(inputs, "spec.template.spec.imagePullSecrets")).to.deep.equal([{ name: "registry" }]);
  });

  it("hands out the URL of its host, and none when nothing is exposed", async () => {
    const inside: ApplicationDeclaration = { ...shop, services: [auth] };
    const urls: (string | undefined)[] = [];
    await deploy(() => {
      for (const application of [resolved(), resolved({}, inside)]) {
        const args = { application, platform, connect: connectionTo, pullSecrets: [] };
        urls.push(new Application(`apps-${String(urls.length)}`, args).url);
      }
    });
    expect(urls).to.deep.equal(["https://shop.example.com", undefined]);
  });
});

describe("an application's objects", () => {
  it("are changed as the transform of a service says, which no other service has", async () => {
    const services = shop.services.map((declared) =>
      declared.name === "orders" && declared.kind === "Deployment"
        ? service("orders", { ...declared, transform: { service: withTrafficKeptInZone } })
        : declared,
    );
    const recorded = await deployShop({}, { ...shop, services });
    const distribution = (name: string): unknown =>
      at(recorded.find("Service", name).inputs, "spec.trafficDistribution");
    expect(distribution("orders")).to.equal("PreferSameZone");
    expect(distribution("products")).to.equal(undefined);
    expect(at(recorded.find("Service", "orders").inputs, "spec.type")).to.equal("ClusterIP");
  });

  function withTrafficKeptInZone({
    spec,
    ...args
  }: kubernetes.core.v1.ServiceArgs): kubernetes.core.v1.ServiceArgs {
    return { ...args, spec: { ...spec, trafficDistribution: "PreferSameZone" } };
  }
});

describe("an application's environment", () => {
  function envOf(recorded: Recorded, name: string): unknown {
    const { inputs } = recorded.find("Deployment", name);
    return (at(inputs, "spec.template.spec.containers") as readonly Properties[])[0]?.env;
  }

  it("has credentials by reference, addresses as they are, and texts", async () => {
    expect(envOf(await deployShop(), "orders")).to.deep.equal([
      {
        name: "DATABASE_URL",
        valueFrom: { secretKeyRef: { name: "orders-database-orders", key: "uri" } },
      },
      { name: "PRODUCTS", value: "products.shop.svc.cluster.local:9090" },
      { name: "LEVEL", value: "info" },
    ]);
  });

  it("has the number under which a Service answers; the network policy, that of the pods", async () => {
    const emails = service("auth", {
      ...web,
      ports: { http: { number: 8080, service: 5000 } },
    });
    const caller = service("orders", {
      ...web,
      uses: { emails },
      env: { EMAILS: emails.address.http },
    });
    const recorded = await deployShop({}, { ...shop, services: [emails, caller] });
    expect(envOf(recorded, "orders")).to.deep.equal([
      { name: "EMAILS", value: "auth.shop.svc.cluster.local:5000" },
    ]);
    const { inputs } = recorded.find("NetworkPolicy", "apps-shop-orders-paths");
    expect(at(inputs, "spec.egress")).to.have.nested.property("[0].ports[0].port", 8080);
  });

  it("can be changed by the stack", async () => {
    const services = { ...settings.services, orders: { env: { LEVEL: "debug", TRACE: "1" } } };
    const env = envOf(await deployShop({ services }), "orders");
    expect(env).to.deep.include({ name: "LEVEL", value: "debug" });
    expect(env).to.deep.include({ name: "TRACE", value: "1" });
  });
});

describe("an application's scaling", () => {
  it("keeps the metrics that its team declares where the stack only moves the bounds", () => {
    const pods = { http_requests_per_second: "1000" };
    const scaled = service("orders", { ...web, scaling: { hpa: { min: 2, max: 4, pods } } });
    const { services } = resolved(
      { services: { orders: { env: {}, scaling: { hpa: { min: 3, max: 20 } } } } },
      { ...shop, services: [scaled] },
      givenFeatures(allFeatures),
    );
    expect(services[0]?.shape).to.have.deep.property("scaling", { hpa: { min: 3, max: 20, pods } });
  });
});

describe("an application's Secrets", () => {
  it("are carried over with only the keys that the service reads", async () => {
    const { inputs } = (await deployShop()).find("ExternalSecret", "orders-database-orders");
    expect(inputs.spec).to.deep.equal({
      refreshInterval: "1h",
      secretStoreRef: { kind: "SecretStore", name: "database-space" },
      target: { name: "orders-database-orders", creationPolicy: "Owner" },
      data: [
        { secretKey: "uri", remoteRef: { key: "secret-of-database-orders", property: "uri" } },
      ],
    });
  });

  it("are not carried to a service that reads none of a connection's", async () => {
    const names = (await deployShop())
      .all("ExternalSecret")
      .map(({ inputs }) => at(inputs, "metadata.name"));
    expect(names).to.have.members(["orders-database-orders", "report-stream-messages-publish"]);
  });

  it("are read through one store for each namespace that holds some", async () => {
    const recorded = await deployShop();
    const stores = recorded.all("SecretStore").map(({ inputs }) => inputs);
    expect(stores.map((store) => at(store, "metadata.name"))).to.have.members([
      "database-space",
      "stream-space",
    ]);
    for (const store of stores) {
      expect(at(store, "spec.provider.kubernetes.auth.serviceAccount.name")).to.equal(
        "secret-reader",
      );
      expect(at(store, "spec.provider.kubernetes.remoteNamespace")).to.equal(
        at(store, "metadata.name"),
      );
    }
  });

  it("are there before a pod starts, and go while their operator runs", async () => {
    const recorded = await deployShop();
    const secret = recorded.find("ExternalSecret", "orders-database-orders");
    expect(at(secret.inputs, "metadata.annotations")).to.deep.equal({
      "pulumi.com/waitFor": "condition=Ready",
    });
    expect(recorded.find("Deployment", "orders").dependencies).to.include(secret.urn);
    expect(secret.deletedWith).to.equal("");
  });
});

describe("an application's edge", () => {
  it("asks the deciding service by its address inside the cluster", async () => {
    const { inputs } = (await deployShop()).find("Ingress", "products-authz");
    expect(at(inputs, "metadata.annotations")).to.deep.include({
      "nginx.ingress.kubernetes.io/auth-url": "http://auth.shop.svc.cluster.local:8080/authz",
    });
  });

  it("waits for no Ingress, which the address of a load balancer may keep for minutes", async () => {
    const ingresses = (await deployShop()).all("Ingress");
    expect(ingresses).to.not.have.length(0);
    for (const { name, inputs } of ingresses) {
      expect(inputs.metadata, name).to.have.nested.property(
        "annotations.pulumi\\.com/skipAwait",
        "true",
      );
    }
  });

  it("has one certificate for the host, which every Ingress uses", async () => {
    const recorded = await deployShop();
    const [certificate, ...more] = recorded.all("Certificate");
    expect(more).to.deep.equal([]);
    expect(at(certificate?.inputs ?? {}, "spec")).to.deep.include({
      secretName: "shop-tls",
      dnsNames: ["shop.example.com"],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "an-authority" },
    });
    for (const { inputs } of recorded.all("Ingress")) {
      expect(at(inputs, "spec.tls")).to.deep.equal([
        { hosts: ["shop.example.com"], secretName: "shop-tls" },
      ]);
    }
  });

  it("has its certificate signed by the issuer that the stack names", async () => {
    const recorded = await deployShop({ clusterIssuer: "letsencrypt" });
    expect(at(recorded.find("Certificate", "shop-tls").inputs, "spec.issuerRef")).to.deep.include({
      name: "letsencrypt",
    });
  });
});
