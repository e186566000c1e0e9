import { expect } from "chai";
import {
  application,
  scheduledJob,
  service,
  statefulService,
  type ApplicationDeclaration,
  type DeclaredService,
} from "../../components/apps/declaration";
import {
  argsShapeProblems,
  declarationShapeProblems,
  shapes,
} from "../../components/apps/declaration-shapes";
import { external } from "../../components/apps/external";
import { previewsIn } from "../../components/apps/previews";
import { shapeProblems } from "../../components/apps/shapes/problems";
import { secret } from "../../components/apps/store-secret";
import { tenantsIn } from "../../components/apps/tenants";
import type { WorkloadArgs } from "../../components/apps/workload/workload-args";
import { database, stream } from "../../components/data";
import { deployWorkload, goodShape } from "./fixtures";
import { resolved, shop, web } from "./shop";

const [orders, outside] = [database("orders"), { internet: true, port: 443 } as const];
const { liveness, readiness } = web.probes;

/** What a team might write of a service that only the compiler used to see, and what it is told. */
const mistakes: readonly (readonly [name: string, spec: object, refusal: string])[] = [
  [
    "a misspelt key",
    { resource: {} },
    'resource: this key is not known; did you mean "resources"?',
  ],
  [
    "a change to an object that there is not",
    { transform: { deploymnt: () => ({}) } },
    'transform.deploymnt: this key is not known; did you mean "deployment"?',
  ],
  [
    "a change that is none",
    { transform: { deployment: { spec: {} } } },
    "transform.deployment: got { spec }; it has to be a function.",
  ],
  [
    "a key of Kubernetes",
    { replicas: 3 },
    'replicas: this key is not known; did you mean "scaling"?',
  ],
  ["that one misspelt", { replica: 3 }, 'replica: this key is not known; did you mean "scaling"?'],
  [
    "a key at the wrong place",
    { preStop: "10s" },
    'preStop: this key is not known; did you mean "shutdown.preStop"?',
  ],
  [
    "a key with two places it may belong to",
    { resources: { cpu: "1", memory: "1Gi" } },
    'resources.cpu: this key is not known; did you mean "typical.cpu" or "peak.cpu"?',
  ],
  [
    "a key further inside",
    { scaling: { hpa: { min: 2, maxReplicas: 4 } } },
    'scaling.hpa.maxReplicas: this key is not known; did you mean "max"?',
  ],
  [
    "a key in a list",
    { exposure: { ingress: { paths: [{ path: "/a", macth: "Exact" }] } } },
    'exposure.ingress.paths[0].macth: this key is not known; did you mean "match"?',
  ],
  [
    "a key of another kind of service",
    { claims: { "/data": { size: "1Gi" } } },
    "claims: this key belongs to another kind than the one that is chosen here.",
  ],
  [
    "a number for a text",
    { resources: { typical: { cpu: 1, memory: "1Gi" } } },
    'resources.typical.cpu: got 1; it has to be a quantity such as "250m" or "2". Write it in quotes: "1".',
  ],
  [
    "a time without its unit",
    { shutdown: { preStop: 10 } },
    'shutdown.preStop: got 10; it has to be a whole number and its unit, such as "30s", "10m", "12h" or "7d".',
  ],
  [
    "a time with a fraction, which the compiler takes",
    { shutdown: { preStop: "1.5s" } },
    'shutdown.preStop: got "1.5s"; it has to be a whole number and its unit',
  ],
  [
    "a literal that is none of those there are",
    { placement: { hosts: "requird" } },
    'placement.hosts: got "requird"; it has to be "preferred" or "required".',
  ],
  [
    "a text for an object",
    { resources: "100m" },
    'resources: got "100m"; it has to be { typical, peak?, guaranteed? }.',
  ],
  ["nothing at all", { resources: undefined }, "resources: is missing; it has to be { typical"],
  [
    "a probe as Kubernetes writes it",
    { probes: { liveness: { httpGet: {} }, readiness } },
    'probes.liveness.httpGet: this key is not known; did you mean "http"?',
  ],
  [
    "a text for a list",
    { exposure: { ingress: { paths: "/order" } } },
    'exposure.ingress.paths: got "/order"; it has to be a list of { ',
  ],
  [
    "two ways to scale",
    { scaling: { fixed: 2, hpa: { min: 2, max: 4 } } },
    "scaling.fixed and hpa: stand side by side, and each says what the other says. Keep one of them.",
  ],
  ["no way to scale", { scaling: {} }, "scaling: says none of "],
  [
    "a memory limit without a request",
    { resources: { typical: { cpu: "1" }, peak: { memory: "1Gi" } } },
    'resources.typical.memory: is missing; it has to be a quantity such as "256Mi" or "2Gi".',
  ],
  [
    "scaling on a queue without a consumer",
    { scaling: { natsLag: { lag: 100, min: 2, max: 9, fallback: 3 } } },
    'scaling.natsLag.stream: is missing; it has to be what stream("<stream>", { consumer: "<consumer>" }) of uses gives.',
  ],
  [
    "a budget of its own, which follows from how it scales",
    { disruptionBudget: { minAvailable: 2 } },
    'disruptionBudget: this key is not known; did you mean "scaling"?',
  ],
  [
    "a port of the nodes",
    { exposure: "nodePort" },
    'exposure: got "nodePort"; it has to be "none" or { ingress }.',
  ],
  [
    "a number in the environment",
    { env: { LISTEN_PORT: 8080 } },
    "env.LISTEN_PORT: got 8080; it has to be a text, a value such as orders.url of what is in uses, or an address " +
      'such as products.address.http. Write it in quotes: "8080".',
  ],
  [
    "what a misspelt name gives",
    { env: { URL: undefined } },
    "env.URL: is missing; it has to be a text, a value",
  ],
  ["a name that every object has", { constructor: 3 }, "constructor: this key is not known"],
  [
    "a number under such a name",
    { env: { toString: 8080 } },
    "env.toString: got 8080; it has to be a text",
  ],
  [
    "a demand in place of its value",
    { env: { URL: orders } },
    "env.URL: got { kind, key, database, ",
  ],
  [
    "a text in uses",
    { uses: { orders: "orders" } },
    'uses.orders: got "orders"; it has to be what database, stream, bucket, secret, external, service or chartPods gives.',
  ],
  [
    "a misspelt key of a database",
    { uses: { orders: database("orders", { poolSzie: 5 } as never) } },
    'uses.orders.poolSzie: this key is not known; did you mean "poolSize"?',
  ],
  [
    "a misspelt key of a stream",
    { uses: { read: stream("messages", { consumr: "mailer" } as never) } },
    'uses.read.consumr: this key is not known; did you mean "consumer"?',
  ],
  [
    "a misspelt key of a secret",
    { uses: { key: secret("key", { store: "vault", key: "a", field: { a: "b" } } as never) } },
    'uses.key.field: this key is not known; did you mean "fields"?',
  ],
  [
    "a misspelt key of something outside",
    { uses: { bank: external({ cidr: ["203.0.113.0/24"], port: 443 } as never) } },
    'uses.bank.cidr: this key is not known; did you mean "cidrs"?',
  ],
  [
    "addresses beside the internet",
    { uses: { bank: external({ ...outside, cidrs: ["203.0.113.0/24"] } as never) } },
    "uses.bank.internet and cidrs: stand side by side",
  ],
];

function problemsOf(...services: readonly DeclaredService[]): readonly string[] {
  const declaration = application({ name: "shop", team: "checkout", services });
  return declarationShapeProblems(declaration).map(({ field, message }) => `${field}: ${message}`);
}

describe("a declaration of another shape than its type", () => {
  for (const [name, spec, refusal] of mistakes) {
    it(`is refused for ${name}`, () => {
      const [problem = "nothing"] = problemsOf(service("orders", { ...web, ...spec } as never));
      expect(problem.slice(0, `shop/orders ${refusal}`.length)).to.equal(`shop/orders ${refusal}`);
    });
  }

  it("is refused with everything that is wrong, in every service", () => {
    const job = { schedule: { crom: "0 3 * * *" }, resources: web.resources };
    expect(
      problemsOf(
        service("orders", { ...web, replica: 3, user: "root" } as never),
        scheduledJob("report", job as never),
      ),
    ).to.deep.equal([
      'shop/orders user: got "root"; it has to be a number.',
      'shop/orders replica: this key is not known; did you mean "scaling"?',
      'shop/report schedule.crom: this key is not known; did you mean "cron"?',
    ]);
  });

  it("is refused for a scheduled job that is restarted in place", () => {
    const schedule = { cron: "@daily", restartPolicy: "Always" };
    const nightly = scheduledJob("nightly", { schedule, resources: web.resources } as never);
    expect(problemsOf(nightly)).to.deep.equal([
      "shop/nightly schedule.restartPolicy: this key is not known; it may be cron, timeZone, concurrency, " +
        "startingDeadline, deadline, retries.",
    ]);
  });

  it("is refused for what the compiler does not see in an object that is spread", () => {
    const common = { ...web, replicas: 3 };
    expect(problemsOf(service("orders", { ...common }))).to.have.length(1);
  });

  it("is refused by the name of the application where it is none of a service's", () => {
    const wrong = { name: "shop", teams: "checkout", services: [] };
    expect(declarationShapeProblems(wrong as never)).to.deep.equal([
      { field: "shop teams", message: 'this key is not known; did you mean "team"?' },
    ]);
  });

  it("is refused where its services stand under another name", () => {
    const wrong = { name: "shop", team: "checkout", service: [] };
    expect(declarationShapeProblems(wrong as never)).to.deep.equal([
      { field: "shop service", message: 'this key is not known; did you mean "services"?' },
    ]);
  });

  it("is refused for a value of a chart that no YAML has", () => {
    const chart = {
      source: { folder: "charts/shop" },
      values: { image: { tag: undefined }, hook: () => 1 },
      pods: [],
    };
    const wrong = { name: "shop", team: "checkout", services: [], chart };
    expect(
      declarationShapeProblems(wrong as never).map(({ field, message }) => `${field}: ${message}`),
    ).to.deep.equal([
      "shop chart.values.image.tag: is missing; it has to be what YAML has, or what a function of ref gives.",
      "shop chart.values.hook: got a function; it has to be what YAML has, or what a function of ref gives.",
    ]);
  });

  it("says once that a service is wrong, however many use it", () => {
    const auth = service("auth", { ...web, replica: 3 } as never);
    const using = service("orders", { ...web, uses: { auth } });
    expect(problemsOf(auth, using)).to.have.length(1);
  });

  it("is refused before images are chosen, with no stack trace", () => {
    const bad = service("orders", {
      ...web,
      image: undefined,
      port: 8080,
      ports: undefined,
    } as never);
    expect(() => resolved({}, { ...shop, services: [bad] })).to.throw(
      'The applications cannot be deployed:\n  shop/orders port: this key is not known; did you mean "ports"?',
    );
  });

  it("is refused where another stack deploys it, which makes its databases by it", () => {
    const wrong: ApplicationDeclaration = {
      ...shop,
      services: [service("orders", { ...web, replica: 3 } as never)],
    };
    const quota = {
      requests: { cpu: "1", memory: "1Gi" },
      limits: { cpu: "1", memory: "1Gi" },
      pods: 1,
      services: 1,
    };
    const tenants = { shop: { quota } } as never;
    const previews = { applications: ["shop"], atOnce: 1, connections: 10, quota } as never;
    const facts = { environment: "test", retention: "keep" } as const;
    expect(() => tenantsIn(tenants, [wrong], facts)).to.throw("shop/orders replica");
    expect(() => tenantsIn({}, [wrong], facts)).to.not.throw();
    expect(() => previewsIn(previews, [wrong])).to.throw("shop/orders replica");
  });

  it("may have whatever a class or a function made", () => {
    class Claims {
      readonly size = "1Gi";
      readonly more = "than a claim has";
    }
    const db = statefulService("db", { ...web, claims: { "/data": new Claims() } });
    expect(problemsOf(db)).to.deep.equal([]);
    expect(
      problemsOf(service("orders", { ...web, uses: { orders }, env: { URL: orders.url } })),
    ).to.deep.equal([]);
  });
});

describe("the shapes of declarations", () => {
  it("each have words for what is none of them, those that hold themselves too", () => {
    for (const name of Object.keys(shapes)) {
      const [problem] = shapeProblems(() => 1, { $ref: name }, shapes);
      expect(problem?.message, name).to.match(/^got a function; it has to be \S.*\.$/);
    }
  });
});

describe("a workload's arguments of another shape than their type", () => {
  it("are refused, those that change its objects too", async () => {
    const transform = { deploymnt: (args: unknown) => args };
    const wrong = {
      ...goodShape,
      namespace: {},
      transform,
      probes: { ...web.probes, liveness: { ...liveness, periodSeconds: 3 } },
    };
    expect(
      argsShapeProblems(wrong as unknown as WorkloadArgs).map(({ field }) => field),
    ).to.have.members(["transform.deploymnt", "probes.liveness.periodSeconds"]);
    let refusal = "";
    await deployWorkload({ replica: 3 } as never).catch(
      (error: Error) => (refusal = error.message),
    );
    expect(refusal).to.equal(
      'shop/orders cannot be deployed:\n  replica: this key is not known; did you mean "scaling"?',
    );
  });
});
