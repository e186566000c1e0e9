import { expect } from "chai";
import {
  nodeService,
  service,
  statefulService,
  type ApplicationDeclaration,
} from "../../components/apps/declaration";
import { serviceProblems } from "../../components/apps/declaration-problems";
import { offerOf } from "../../components/apps/plan";
import { database, stream } from "../../components/data";
import { platformFacts } from "../../components/platform/facts";
import { platformOf } from "../support/rooms";
import { platform } from "./fixtures";
import {
  auth,
  events,
  ordering,
  orders,
  products,
  report,
  resolved,
  settings,
  shop,
  web,
} from "./shop";

describe("an application is refused", () => {
  function refusal(declaration: ApplicationDeclaration): string {
    try {
      resolved({}, declaration);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "";
  }
  const shopOf = (...services: ApplicationDeclaration["services"]): ApplicationDeclaration => ({
    ...shop,
    services,
  });

  it("not when it is good", () => {
    expect(refusal(shop)).to.equal("");
  });

  it("when its environment refers to what is not in uses", () => {
    const env = { DATABASE_URL: ordering.url, PRODUCTS: products.address.http };
    expect(refusal(shopOf(service("orders", { ...web, env }))))
      .to.contain("shop/orders env.DATABASE_URL: refers to database/orders, which is not in uses.")
      .and.contain(
        "shop/orders env.PRODUCTS: refers to the service products, which is not in uses.",
      );
  });

  it("when it uses a service that it does not have", () => {
    expect(refusal(shopOf(service("orders", { ...web, uses: { auth } })))).to.contain(
      "shop/orders uses: names the service auth, which is not among the application's services.",
    );
  });

  it("when it uses a service that nobody may call", () => {
    const hidden = service("hidden", { ...web, ports: { http: { number: 8080, service: false } } });
    expect(refusal(shopOf(hidden, service("orders", { ...web, uses: { hidden } })))).to.contain(
      "shop/orders uses: names the service hidden, which has no port that others may call.",
    );
  });

  it("when the edge is to ask a service that it does not have", () => {
    expect(refusal(shopOf(products))).to.contain(
      "shop/products exposure.ingress.paths.auth: names the service auth,",
    );
  });

  it("when the edge is to ask a port that only the kubelet knows", () => {
    const hidden = service("auth", { ...web, ports: { http: { number: 8080, service: false } } });
    expect(refusal(shopOf(hidden, products))).to.contain(
      'refers to port "http" of auth, whose Service has no port.',
    );
  });

  it("when two services have one name", () => {
    expect(refusal(shopOf(auth, service("auth", web)))).to.contain(
      "shop/auth: is the name of two services.",
    );
  });

  it("when two services claim one path of the host", () => {
    const exposure = { ingress: { paths: [{ path: "/order" }] } };
    expect(
      refusal(shopOf(products, auth, orders, service("other", { ...web, exposure }))),
    ).to.contain(
      "shop/other exposure.ingress.paths: claims shop.example.com/order, which shop/orders claims too.",
    );
  });

  it("when two services claim one path but for a slash at its end", () => {
    const at = (path: string, match: "Exact" | "Prefix") =>
      ({ ...web, exposure: { ingress: { paths: [{ path, match }] } } }) as const;
    const cart = service("cart", at("/cart", "Prefix"));
    expect(refusal(shopOf(cart, service("other", at("/cart/", "Prefix"))))).to.contain(
      "shop/other exposure.ingress.paths: claims shop.example.com/cart/, which shop/cart claims too.",
    );
    expect(refusal(shopOf(cart, service("other", at("/cart/", "Exact"))))).to.equal("");
  });

  it("when two services take over one object", () => {
    const live = service("live", web);
    const taken = service("taken", { ...web, existing: { deployment: "live", service: "old" } });
    const other = service("other", { ...web, existing: { deployment: "kept", service: "old" } });
    expect(refusal(shopOf(taken, other, live)))
      .to.contain('shop/taken existing.deployment: got "live", which shop/live has, too.')
      .and.contain('shop/other existing.service: got "old", which shop/taken has, too.')
      .and.not.contain("kept");
  });

  it("when the selector of what is there already selects another service's pods, too", () => {
    const selector = { app: "live", tier: "web" };
    const taken = service("taken", { ...web, existing: { deployment: "taken", selector } });
    const other = service("other", {
      ...web,
      existing: { deployment: "other", selector: { ...selector, track: "canary" } },
    });
    const old = service("old", { ...web, existing: { selector: { app: "live" } } });
    const told = refusal(shopOf(taken, other));
    expect(told).to.contain(
      "shop/taken existing.selector: got app=live, tier=web, which the pods of shop/other have, too.",
    );
    expect(told).not.to.contain("shop/other existing.selector");
    expect(refusal(shopOf(old, service("live", web)))).to.contain(
      "shop/old existing.selector: got app=live, which the pods of shop/live have, too.",
    );
    expect(refusal(shopOf(old, service("elsewhere", web)))).not.to.contain("selector");
  });

  it("when two services ask for one thing in two ways", () => {
    const other = stream("messages", { publish: "msg.other" });
    const chatty = service("chatty", { ...web, uses: { other } });
    expect(refusal(shopOf(auth, products, orders, report, chatty))).to.contain(
      `shop/chatty uses: asks for ${events.key} in another way than an earlier service does.`,
    );
  });

  it("but not when they open pools of different sizes", () => {
    const small = database("orders", { poolSize: 1 });
    const other = service("other", { ...web, uses: { small }, env: { URL: small.url } });
    expect(refusal(shopOf(products, auth, orders, other))).to.equal("");
  });

  it("when a migration refers to what is not in uses", () => {
    const migration = { command: ["/migrate"], env: { URL: ordering.directUrl } };
    expect(refusal(shopOf(service("orders", { ...web, migration })))).to.contain(
      "shop/orders env.URL: refers to database/orders, which is not in uses.",
    );
  });

  it("when the stack runs a migration again that there is none of", () => {
    const services = { ...settings.services, auth: { env: {}, migration: { retry: 1 } } };
    expect(() => resolved({ services })).to.throw(
      "shop/auth migration: the stack's settings have a migration.retry for it",
    );
  });

  it("when the stack says where the pods are of what runs on each node", () => {
    const services = { agent: { env: {}, placement: { hosts: "required" } } } as const;
    expect(() => resolved({ services }, shopOf(nodeService("agent", web)))).to.throw(
      "shop/agent placement: the stack's settings say on which nodes its pods are, but it has one on each.",
    );
  });

  it("with the problems of every service at once", () => {
    const one = service("one", { ...web, scaling: { fixed: 0 } });
    const two = service("two", { ...web, user: 0 });
    expect(refusal(shopOf(one, two)))
      .to.contain("shop/one scaling.fixed: got 0")
      .and.contain("shop/two user: got 0");
  });
});

describe("a volume's class", () => {
  const cart = statefulService("cart", {
    ...web,
    claims: { "/data": { size: "1Gi", storageClass: "fast" } },
  });
  const [service] = resolved(
    { services: { cart: { env: {} } } },
    { ...shop, services: [cart] },
  ).services;
  const refusals = (...storageClasses: readonly string[]): readonly string[] =>
    service === undefined
      ? ["no service"]
      : serviceProblems(service, { storageClasses }).map(
          ({ field, message }) => `${field}: ${message}`,
        );

  it("is refused where the stack lists classes, and not this one", () => {
    expect(refusals("slow", "standard")).to.deep.equal([
      'shop/cart claims["/data"].storageClass: got "fast"; it has to be one of slipway:platform.storageClasses, ' +
        'which has slow, standard. One that the cluster has already is added as "fast: installed".',
    ]);
  });

  it("may be any that the stack lists, and any at all where it lists none", () => {
    expect(refusals("slow", "fast")).to.deep.equal([]);
    expect(refusals()).to.deep.equal([]);
  });

  it("is one of the platform's, be that the stack's own or another's", () => {
    const own = platformOf({ storageClasses: { fast: "installed" } });
    expect(offerOf(own, undefined).storageClasses).to.deep.equal(["fast"]);
    const storageClasses = { names: ["slow"], ready: [] };
    const outside = platformFacts({ ...platform, storageClasses });
    expect(offerOf(undefined, outside).storageClasses).to.deep.equal(["slow"]);
  });
});
