import { expect } from "chai";
import { deployment, named, object, type Manifest } from "../stack";
import { review, risksOf } from "./verdict";

const ingress = (
  host: string,
  more: {
    readonly name?: string;
    readonly className?: string;
    readonly tls?: boolean;
    readonly annotations?: Record<string, string>;
  } = {},
) =>
  object({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: named(more.name ?? "orders", "shop", { annotations: more.annotations ?? {} }),
    spec: {
      ingressClassName: more.className ?? "nginx",
      rules: [
        {
          host,
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "orders" } } }],
          },
        },
      ],
      ...(more.tls === false ? {} : { tls: [{ hosts: [host] }] }),
    },
  });

const role = (...rules: readonly Record<string, readonly string[]>[]) =>
  object({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: named("orders"),
    rules: rules.map((rule) => ({ apiGroups: [""], ...rule })),
  });

const policy = (
  name: string,
  rules: readonly Manifest[],
  podSelector: Manifest = { matchLabels: { "app.kubernetes.io/name": "orders" } },
) =>
  object({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: named(name),
    spec: { podSelector, policyTypes: ["Ingress"], ingress: rules },
  });
const from = (app: string, port: number) => ({
  from: [{ podSelector: { matchLabels: { app } } }],
  ports: [{ port }],
});

describe("exposure", () => {
  it("of a new host is named in the verdict", () => {
    const report = review([ingress("a.example.com")], [ingress("b.example.com")]);
    expect(report.verdict.line).to.contain("exposure (Ingress shop/orders)");
    expect(risksOf(report, "exposure")).to.deep.equal([
      "Ingress shop/orders: opens b.example.com/ → orders, without a login",
    ]);
  });

  it("grows when a login, a limit or TLS goes", () => {
    const auth = { "nginx.ingress.kubernetes.io/auth-url": "https://auth" };
    const report = review(
      [ingress("a.example.com", { annotations: auth })],
      [ingress("a.example.com", { tls: false })],
    );
    expect(risksOf(report, "exposure")).to.deep.equal([
      "Ingress shop/orders: is served without TLS",
      "Ingress shop/orders: loses its guard nginx.ingress.kubernetes.io/auth-url",
    ]);
  });

  it("says whether callers log in and are encrypted", () => {
    const auth = { "nginx.ingress.kubernetes.io/auth-url": "https://auth" };
    expect(
      risksOf(
        review([], [ingress("a.example.com", { annotations: auth, tls: false })]),
        "exposure",
      ),
    ).to.deep.equal([
      "Ingress shop/orders: opens a.example.com/ → orders, with a login, without TLS",
    ]);
  });

  it("of a path that another Ingress still serves is refused, and the one that goes is succeeded", () => {
    const report = review([ingress("a.example.com")], [ingress("a.example.com", { name: "shop" })]);
    expect(risksOf(report, "exposure")).to.deep.equal([
      "Ingress shop/shop: opens a.example.com/ → orders, without a login",
      "Ingress shop/shop: serves a.example.com/ as Ingress shop/orders still does: the admission webhook of ingress-nginx refuses the second one",
    ]);
    expect(risksOf(report, "deletion")).to.deep.equal([
      "Ingress shop/orders: it is deleted: its hosts and paths are served by Ingress shop/shop",
    ]);
    const canary = { "nginx.ingress.kubernetes.io/canary": "true" };
    const beside = [
      ingress("a.example.com"),
      ingress("a.example.com", { name: "shop", annotations: canary }),
      ingress("a.example.com", { name: "inside", className: "internal" }),
    ];
    expect(risksOf(review([ingress("a.example.com")], beside), "exposure").join()).not.to.contain(
      "still does",
    );
    const elsewhere = [ingress("b.example.com", { name: "shop" })];
    expect(risksOf(review([ingress("a.example.com")], elsewhere), "deletion")).to.deep.equal([
      "Ingress shop/orders: it is deleted: its hosts are no longer served",
    ]);
  });

  it("grows when a Service becomes a load balancer", () => {
    const service = (type: string) =>
      object({ apiVersion: "v1", kind: "Service", metadata: named("orders"), spec: { type } });
    expect(
      risksOf(review([service("ClusterIP")], [service("LoadBalancer")]), "exposure"),
    ).to.have.length(1);
    expect(
      risksOf(review([service("LoadBalancer")], [service("ClusterIP")]), "exposure"),
    ).to.deep.equal([]);
  });
});

describe("permissions", () => {
  it("that a role gains are named in the verdict, each verb and resource", () => {
    const report = review(
      [role({ resources: ["pods"], verbs: ["get"] })],
      [role({ resources: ["pods"], verbs: ["get", "delete"] })],
    );
    expect(report.verdict.line).to.contain("permissions (Role shop/orders)");
    expect(risksOf(report, "permission")).to.deep.equal(["Role shop/orders: may now delete pods"]);
  });

  it("that a role gains are told with who holds it", () => {
    const binding = (kind: string, namespace: string) =>
      object({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: named("orders", namespace),
        roleRef: { kind, name: "orders" },
        subjects: [{ kind: "ServiceAccount", namespace, name: "runner" }],
      });
    const told = (...bindings: readonly ReturnType<typeof binding>[]) =>
      risksOf(
        review([role(), ...bindings], [role({ resources: ["pods"], verbs: ["get"] }), ...bindings]),
        "permission",
      );
    expect(told(binding("Role", "shop"))).to.deep.equal([
      "Role shop/orders: may now get pods; held by ServiceAccount shop/runner",
    ]);
    expect(told(binding("Role", "other"), binding("ClusterRole", "shop"))).to.deep.equal([
      "Role shop/orders: may now get pods",
    ]);
  });

  it("to read Secrets weigh more and are named first", () => {
    const [risk] = review(
      [role()],
      [role({ resources: ["pods", "secrets"], verbs: ["get", "list"] })],
    ).risks;
    expect(risk).to.include({
      level: "high",
      summary: "may now get, list secrets; get, list pods",
    });
  });

  it("that a role loses, or that are only written otherwise, are no risk", () => {
    const wide = role({ resources: ["pods", "services"], verbs: ["get"] });
    const split = role(
      { resources: ["services"], verbs: ["get"] },
      { resources: ["pods"], verbs: ["get"] },
    );
    expect(review([wide], [split]).risks).to.deep.equal([]);
    expect(review([wide], [role({ resources: ["pods"], verbs: ["get"] })]).risks).to.deep.equal([]);
  });

  it("grow with a new subject of a binding and with a mounted token", () => {
    const binding = (...names: readonly string[]) =>
      object({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: named("orders"),
        roleRef: { kind: "Role", name: "orders" },
        subjects: names.map((name) => ({ kind: "ServiceAccount", namespace: "shop", name })),
      });
    expect(risksOf(review([binding("a")], [binding("a", "b")]), "permission")).to.deep.equal([
      "RoleBinding shop/orders: gives ServiceAccount shop/b the Role orders",
    ]);
    const account = (automountServiceAccountToken: boolean) =>
      object({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: named("orders"),
        automountServiceAccountToken,
      });
    expect(risksOf(review([account(false)], [account(true)]), "permission")).to.have.length(1);
  });
});

describe("the network", () => {
  const orders = object(deployment());

  it("is named in the verdict when a policy opens a connection", () => {
    const report = review(
      [policy("p", [from("web", 80)]), orders],
      [policy("p", [from("web", 80), from("web", 9090)]), orders],
    );
    expect(report.verdict.line).to.contain("network (NetworkPolicy shop/p)");
    expect(risksOf(report, "network")).to.deep.equal([
      "NetworkPolicy shop/p: opens shop/orders from shop (app=web) on TCP 9090",
    ]);
  });

  it("is told to be closed between workloads that stay, and says so without asking a human", () => {
    const web = object(deployment({ name: "web", labels: { app: "web" } }));
    const open = policy("p", [from("web", 80), from("web", 9090)]);
    const report = review([open, orders, web], [policy("p", [from("web", 80)]), orders, web]);
    expect(risksOf(report, "network")).to.deep.equal([
      "NetworkPolicy shop/p: no longer opens shop/orders from shop/web on TCP 9090",
    ]);
    expect(report.verdict.outcome).to.equal("nothing-risky");
    // The caller goes, another policy says the same, every port is open, or nothing is closed any more.
    for (const after of [
      [policy("p", [from("web", 80)]), orders],
      [policy("p", [from("web", 80)]), policy("q", [from("web", 9090)]), orders, web],
      [policy("p", [{ from: from("web", 80).from }]), orders, web],
    ]) {
      const told = risksOf(review([open, orders, web], after), "network");
      expect(told.filter((risk) => risk.includes("no longer"))).to.deep.equal([]);
    }
  });

  it("is not opened when another policy says the same, or the same pods are selected otherwise", () => {
    const other = policy("q", [from("web", 80)], {
      matchLabels: { "app.kubernetes.io/name": "orders" },
    });
    const labelled = object(deployment({ labels: { app: "orders" } }));
    const report = review(
      [policy("p", [from("web", 80)], { matchLabels: { app: "orders" } }), labelled],
      [other, labelled],
    );
    expect(risksOf(report, "network")).to.deep.equal([]);
  });

  it("is open when the last policy of some pods goes", () => {
    const report = review([policy("p", []), orders], [orders]);
    expect(risksOf(report, "network")).to.deep.equal([
      "NetworkPolicy shop/p: no policy limits what reaches shop/orders any more",
    ]);
  });

  it("is not open while a policy of the whole namespace remains, and open when that goes", () => {
    const all = policy("default-deny", [], {});
    expect(risksOf(review([policy("p", []), all, orders], [all, orders]), "network")).to.deep.equal(
      [],
    );
    expect(
      risksOf(review([policy("p", []), all, orders], [policy("p", []), orders]), "network"),
    ).to.deep.equal([
      "NetworkPolicy shop/default-deny: no policy limits what reaches the other pods of shop any more",
    ]);
  });

  it("is no concern of a workload that goes with its policy", () => {
    const service = object({ apiVersion: "v1", kind: "Service", metadata: named("web"), spec: {} });
    expect(risksOf(review([policy("p", []), orders, service], [service]), "network")).to.deep.equal(
      [],
    );
  });

  it("weighs more when it is opened to everywhere", () => {
    const [risk] = review([policy("p", [])], [policy("p", [{}])]).risks;
    expect(risk).to.include({ kind: "network", level: "high" });
  });
});

describe("secret references", () => {
  const reading = (secretName: string) =>
    object(deployment({ container: { envFrom: [{ secretRef: { name: secretName } }] } }));

  it("that an existing workload gains are named in the verdict", () => {
    const report = review([object(deployment())], [reading("payments")]);
    expect(report.verdict.line).to.contain("secrets (Deployment shop/orders)");
    expect(risksOf(report, "secret")).to.deep.equal([
      "Deployment shop/orders: now reads Secret payments",
    ]);
  });

  it("to the next version of a Secret named by its content are not new", () => {
    const report = review([reading("keys-0123456789")], [reading("keys-9876543210")]);
    expect(risksOf(report, "secret")).to.deep.equal([]);
  });

  it("of an ExternalSecret name the remote key and its store", () => {
    const external = (...keys: readonly string[]) =>
      object({
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: named("orders"),
        spec: {
          secretStoreRef: { name: "postgres" },
          data: keys.map((key) => ({ secretKey: key, remoteRef: { key, property: "uri" } })),
        },
      });
    expect(risksOf(review([external("db")], [external("db", "admin")]), "secret")).to.deep.equal([
      "ExternalSecret shop/orders: now reads admin.uri of postgres",
    ]);
  });
});
