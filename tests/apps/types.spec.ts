import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";

/** What every snippet can use. */
const prelude = `
import { application, job, nodeService, service, statefulService } from "../../components/apps/declaration";
import { external } from "../../components/apps/external";
import type { StackSettings } from "../../components/apps/resolved";
import type { WorkloadArgs } from "../../components/apps/workload/workload-args";
import { bucket, database, stream } from "../../components/data/demands";
const probes = {
  liveness: { http: { path: "/live", port: "http" } },
  readiness: { http: { path: "/ready", port: "http" } },
} as const;
const resources = { typical: { cpu: "100m", memory: "128Mi" } };
const web = { ports: { http: 8080 }, probes, resources } as const;
const orders = database("orders");
const products = service("products", web);
const pictures = bucket("pictures");
const read = stream("messages", { consumer: "mailer" });
const other = stream("messages", { consumer: "audit" });
const write = stream("messages", { publish: "msg.orders" });
const lag = { lag: 100, min: 2, max: 9, fallback: 3 };
`;

/** Each is one mistake beside the same thing done right, and what the compiler has to say of it. */
const mistakes: readonly {
  readonly name: string;
  readonly right: string;
  readonly wrong: string;
  readonly error: RegExp;
}[] = [
  {
    name: "replicas beside an autoscaler",
    right: `service("a", { ...web, scaling: { hpa: { min: 2, max: 4 } } });`,
    wrong: `service("a", { ...web, scaling: { fixed: 2, hpa: { min: 2, max: 4 } } });`,
    error: /is not assignable to type/,
  },
  {
    name: "replicas beside scaling on a queue",
    right: `service("a", { ...web, uses: { read }, scaling: { natsLag: { stream: read, ...lag } } });`,
    wrong: `service("a", { ...web, uses: { read }, scaling: { fixed: 2, natsLag: { stream: read, ...lag } } });`,
    error: /is not assignable to type/,
  },
  {
    name: "scaling on a queue without a consumer",
    right: `service("a", { ...web, uses: { read }, scaling: { natsLag: { stream: read, ...lag } } });`,
    wrong: `service("a", { ...web, uses: { read }, scaling: { natsLag: lag } });`,
    error: /Property 'stream' is missing/,
  },
  {
    name: "scaling on a queue that the service writes to",
    right: `service("a", { ...web, uses: { read, write }, scaling: { natsLag: { stream: read, ...lag } } });`,
    wrong: `service("a", { ...web, uses: { read, write }, scaling: { natsLag: { stream: write, ...lag } } });`,
    error: /'StreamDemand' but required in type 'ConsumerDemand<"messages", "mailer">'/,
  },
  {
    name: "scaling on a consumer that is not in uses",
    right: `service("a", { ...web, uses: { read }, scaling: { natsLag: { stream: read, ...lag } } });`,
    wrong: `service("a", { ...web, uses: { read }, scaling: { natsLag: { stream: other, ...lag } } });`,
    error:
      /'ConsumerDemand<"messages", "audit">' is not assignable to type 'ConsumerDemand<"messages", "mailer">'/,
  },
  {
    name: "scaling on a consumer where nothing is used",
    right: `service("a", { ...web, scaling: { hpa: { min: 2, max: 4 } } });`,
    wrong: `service("a", { ...web, scaling: { natsLag: { stream: read, ...lag } } });`,
    error: /'ConsumerDemand<"messages", "mailer">' is not assignable to type 'never'/,
  },
  {
    name: "scaling by KEDA without a fallback",
    right: `service("a", { ...web, scaling: { keda: { min: 2, max: 9, fallback: 3, triggers: [] } } });`,
    wrong: `service("a", { ...web, scaling: { keda: { min: 2, max: 9, triggers: [] } } });`,
    error: /Property 'fallback' is missing/,
  },
  {
    name: "a priority that there is not",
    right: `service("a", { ...web, priorityClass: "critical" });`,
    wrong: `service("a", { ...web, priorityClass: "urgent" });`,
    error: /Type '"urgent"' is not assignable to type/,
  },
  {
    name: "metrics on a port that is not declared",
    right: `service("a", { ...web, metrics: { port: "http" } });`,
    wrong: `service("a", { ...web, metrics: { port: "admin" } });`,
    error: /Type '"admin"' is not assignable to type '"http"'/,
  },
  {
    name: "a change to an object that another kind has",
    right: `service("a", { ...web, transform: { deployment: (args) => ({ ...args }) } });`,
    wrong: `service("a", { ...web, transform: { statefulSet: (args: never) => args } });`,
    error: /'statefulSet' does not exist/,
  },
  {
    name: "a change that makes something else of an object",
    right: `service("a", { ...web, transform: { service: (args) => ({ ...args, spec: { type: "ClusterIP" } }) } });`,
    wrong: `service("a", { ...web, transform: { service: (args) => ({ ...args, spec: { replicas: 3 } }) } });`,
    error: /is not assignable to type 'Change<ServiceArgs>'/,
  },
  {
    name: "a bare number of replicas",
    right: `service("a", { ...web, scaling: { fixed: 3 } });`,
    wrong: `service("a", { ...web, replicas: 3 });`,
    error: /'replicas' does not exist/,
  },
  {
    name: "a misspelt key",
    right: `service("a", { ...web, resources });`,
    wrong: `service("a", { ...web, resource: resources });`,
    error: /Did you mean to write 'resources'\?/,
  },
  {
    name: "a probe on a port that is not declared",
    right: `service("a", { ...web, probes: { ...probes, readiness: { tcp: { port: "http" } } } });`,
    wrong: `service("a", { ...web, probes: { ...probes, readiness: { tcp: { port: "admin" } } } });`,
    error: /Type '"admin"' is not assignable to type '"http"'/,
  },
  {
    name: "a probe that asks in two ways",
    right: `service("a", { ...web, probes: { ...probes, readiness: { tcp: { port: "http" } } } });`,
    wrong: `service("a", { ...web, probes: { ...probes, readiness: { tcp: { port: "http" }, http: { path: "/", port: "http" } } } });`,
    error: /is not assignable to type/,
  },
  {
    name: "an exposure by NodePort",
    right: `service("a", { ...web, exposure: { ingress: { paths: [{ path: "/a" }] } } });`,
    wrong: `service("a", { ...web, exposure: { nodePort: 30080 } });`,
    error: /'nodePort' does not exist/,
  },
  {
    name: "a path on a port that is not declared",
    right: `service("a", { ...web, exposure: { ingress: { paths: [{ path: "/a", port: "http" }] } } });`,
    wrong: `service("a", { ...web, exposure: { ingress: { paths: [{ path: "/a", port: "grpc" }] } } });`,
    error: /Type '"grpc"' is not assignable to type '"http"/,
  },
  {
    name: "a memory limit without a request",
    right: `service("a", { ...web, resources: { typical: { cpu: "1", memory: "1Gi" }, peak: { memory: "2Gi" } } });`,
    wrong: `service("a", { ...web, resources: { peak: { memory: "2Gi" } } });`,
    error: /Property 'typical' is missing/,
  },
  {
    name: "a workload without a readiness probe",
    right: `service("a", { ...web, probes });`,
    wrong: `service("a", { ...web, probes: { liveness: probes.liveness } });`,
    error: /Property 'readiness' is missing/,
  },
  {
    name: "a misspelt service in uses",
    right: `service("a", { ...web, uses: { products } });`,
    wrong: `service("a", { ...web, uses: { prodcts } });`,
    error: /Cannot find name 'prodcts'\. Did you mean 'products'\?/,
  },
  {
    name: "a misspelt database in uses",
    right: `service("a", { ...web, uses: { orders } });`,
    wrong: `service("a", { ...web, uses: { ordres } });`,
    error: /Cannot find name 'ordres'\. Did you mean 'orders'\?/,
  },
  {
    name: "a misspelt bucket in uses",
    right: `service("a", { ...web, uses: { pictures } });`,
    wrong: `service("a", { ...web, uses: { picturs } });`,
    error: /Cannot find name 'picturs'\. Did you mean 'pictures'\?/,
  },
  {
    name: "a misspelt stream in uses",
    right: `service("a", { ...web, uses: { read } });`,
    wrong: `service("a", { ...web, uses: { raed } });`,
    error: /No value exists in scope for the shorthand property 'raed'/,
  },
  {
    name: "the name of a stream in place of what it was declared as",
    right: `service("a", { ...web, uses: { read } });`,
    wrong: `service("a", { ...web, uses: { read: "messages" } });`,
    error: /Type 'string' is not assignable to type 'Used'/,
  },
  {
    name: "a wrong stream name in scaling on a queue",
    right: `service("a", { ...web, uses: { read }, scaling: { natsLag: { stream: stream("messages", { consumer: "mailer" }), ...lag } } });`,
    wrong: `service("a", { ...web, uses: { read }, scaling: { natsLag: { stream: stream("mesages", { consumer: "mailer" }), ...lag } } });`,
    error: /Type '"mesages"' is not assignable to type '"messages"'/,
  },
  {
    name: "a stream that is neither read nor written",
    right: `stream("messages", { consumer: "mailer" });`,
    wrong: `stream("messages", {});`,
    error: /No overload matches this call/,
  },
  {
    name: "a misspelt part of a bucket's connection",
    right: `service("a", { ...web, uses: { pictures }, env: { BUCKET: pictures.bucket } });`,
    wrong: `service("a", { ...web, uses: { pictures }, env: { BUCKET: pictures.bukcet } });`,
    error: /Property 'bukcet' does not exist/,
  },
  {
    name: "a pool whose size is a text",
    right: `database("orders", { poolSize: 10 });`,
    wrong: `database("orders", { poolSize: "10" });`,
    error: /Type 'string' is not assignable to type 'number'/,
  },
  {
    name: "settings for a service that the application does not have",
    right: `export const said: StackSettings<"orders"> = { host: "h", services: { orders: { env: {} } } };`,
    wrong: `export const said: StackSettings<"orders"> = { host: "h", services: { ordres: { env: {} } } };`,
    error: /'ordres' does not exist in type/,
  },
  {
    name: "a misspelt value of a connection",
    right: `service("a", { ...web, uses: { orders }, env: { DATABASE_URL: orders.url } });`,
    wrong: `service("a", { ...web, uses: { orders }, env: { DATABASE_URL: orders.ulr } });`,
    error: /Property 'ulr' does not exist/,
  },
  {
    name: "an address on a port that the other service does not have",
    right: `service("a", { ...web, uses: { products }, env: { PRODUCTS: products.address.http } });`,
    wrong: `service("a", { ...web, uses: { products }, env: { PRODUCTS: products.address.grpc } });`,
    error: /Property 'grpc' does not exist/,
  },
  {
    name: "a way out of the cluster without a port",
    right: `external({ cidrs: ["203.0.113.0/24"], port: 443 });`,
    wrong: `external({ cidrs: ["203.0.113.0/24"] });`,
    error: /Property 'ports?' is missing/,
  },
  {
    name: "addresses beside the whole internet",
    right: `external({ internet: true, port: 443 });`,
    wrong: `external({ internet: true, cidrs: ["203.0.113.0/24"], port: 443 });`,
    error: /is not assignable to/,
  },
  {
    name: "replicas of what runs on each node",
    right: `nodeService("a", web);`,
    wrong: `nodeService("a", { ...web, scaling: { fixed: 3 } });`,
    error: /'scaling' does not exist/,
  },
  {
    name: "a spare pod of what has a volume of its own",
    right: `statefulService("a", { ...web, claims: { "/data": { size: "1Gi" } } });`,
    wrong: `statefulService("a", { ...web, rollout: { maxSurge: 2 } });`,
    error: /'rollout' does not exist/,
  },
  {
    name: "a volume without a size",
    right: `service("a", { ...web, volumes: { "/a": { emptyDir: { size: "1Gi" } } } });`,
    wrong: `service("a", { ...web, volumes: { "/a": { emptyDir: {} } } });`,
    error: /Property 'size' is missing/,
  },
  {
    name: "a sidecar without probes",
    right: `service("a", { ...web, sidecars: { b: { image: "c.example/b:1", resources, ports: { x: 9000 }, probes: { liveness: { tcp: { port: "x" } }, readiness: { http: { path: "/", port: "x" } } } } } });`,
    wrong: `service("a", { ...web, sidecars: { b: { image: "c.example/b:1", resources, ports: { x: 9000 } } } });`,
    error: /Property 'probes' is missing/,
  },
  {
    name: "a job with probes",
    right: `job("a", { resources, run: { retries: 0 } });`,
    wrong: `job("a", { resources, probes });`,
    error: /'probes' does not exist/,
  },
  {
    name: "a right to everything that can be done",
    right: `service("a", { ...web, apiAccess: [{ resources: ["pods"], verbs: ["get"] }] });`,
    wrong: `service("a", { ...web, apiAccess: [{ resources: ["pods"], verbs: ["*"] }] });`,
    error: /Type '"\*"' is not assignable to type/,
  },
  {
    name: "two clouds at once",
    right: `service("a", { ...web, cloudIdentity: { aws: { podIdentity: true } } });`,
    wrong: `service("a", { ...web, cloudIdentity: { aws: { podIdentity: true }, azure: { clientId: "x" } } });`,
    error: /is not assignable to type/,
  },
  {
    name: "a scheduled job with probes or replicas",
    right: `export type Job = Extract<WorkloadArgs, { kind: "CronJob" }>["schedule"];`,
    wrong: `export type Job = Extract<WorkloadArgs, { kind: "CronJob" }>["scaling"];`,
    error: /Property 'scaling' does not exist/,
  },
  {
    name: "a scheduled job that is restarted in place",
    right: `export const schedule: Extract<WorkloadArgs, { kind: "CronJob" }>["schedule"] = { cron: "@daily" };`,
    wrong: `export const schedule: Extract<WorkloadArgs, { kind: "CronJob" }>["schedule"] = { cron: "@daily", restartPolicy: "Always" };`,
    error: /'restartPolicy' does not exist/,
  },
];

describe("the compiler", function () {
  // One program for all snippets; it reads the type declarations of the Kubernetes SDK once.
  this.timeout(60_000);
  let messagesOf: (file: string) => readonly string[];

  before(() => {
    messagesOf = compile(
      mistakes.flatMap(({ right, wrong }, index) => [
        [`right-${String(index)}.ts`, right],
        [`wrong-${String(index)}.ts`, wrong],
      ]),
    );
  });

  mistakes.forEach(({ name, error }, index) => {
    it(`refuses ${name}`, () => {
      expect(messagesOf(`right-${String(index)}.ts`)).to.deep.equal([]);
      const messages = messagesOf(`wrong-${String(index)}.ts`);
      expect(messages).to.have.length(1);
      expect(messages[0]).to.match(error);
    });
  });
});

/** Checks snippets with the project's own options, as files beside this one that are on no disk. */
function compile(
  snippets: readonly (readonly [name: string, text: string])[],
): (file: string) => readonly string[] {
  const root = join(__dirname, "..", "..");
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  ) as { readonly config: { readonly compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const texts = new Map(
    snippets.map(([name, text]) => [join(__dirname, name), `${prelude}${text}\n`]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile(path, ...rest)
      : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return (file) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(join(__dirname, file)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
