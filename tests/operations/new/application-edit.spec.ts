import { expect } from "chai";
import { format } from "prettier";
import { addService } from "../../../operations/new/application-edit";
import { readApplication } from "../../../operations/new/application-file";
import type { ServiceRequest } from "../../../operations/new/request";
import { SourceEdit } from "../../../operations/new/source-edit";
import { request } from "./fixtures";

const shop = `import { database, stream } from "../data";
import { application, service } from "./declaration";

const ordering = database("orders");
const announce = stream("messages", { publish: "msg.orders" });

const web = {
  ports: { api: 9000 },
  probes: { liveness: { tcp: { port: "api" } }, readiness: { tcp: { port: "api" } } },
  resources: { typical: { cpu: "100m", memory: "128Mi" } },
} as const;
const grpc = (port: number) => ({ ...web, ports: { grpc: port } }) as const;

const orders = service("orders", { ...web, uses: { ordering, announce } });
const stock = service("stock", grpc(9100));
const mail = service("mail", { ...web, ports: { http: { number: 8080, service: false } } });

/** A shop. */
export const shop = application({ name: "shop", team: "shop", services: [orders, stock, mail] });
`;

/** The shop with one more service, laid out. */
async function withService(asked: ServiceRequest): Promise<string> {
  const edit = new SourceEdit("shop.ts", shop);
  const application = readApplication(edit.file);
  if (application === undefined) {
    throw new Error("The shop was not found in its own file.");
  }
  addService(edit, application, asked);
  return format(edit.text(), { parser: "typescript", printWidth: 100 });
}

describe("a service that is written into an application's file", () => {
  it("takes over what the others share, and says only what differs", async () => {
    const text = await withService(request("shop/billing"));
    expect(text).to.contain(
      'const billing = service("billing", {\n  ...web,\n  env: { LISTEN_PORT: "9000" },\n});\n\n/** A shop. */',
    );
  });

  it("names its port as the others do", async () => {
    const text = await withService(request("shop/billing", { port: 9001 }));
    expect(text).to.contain('...web,\n  ports: { api: 9001 },\n  env: { LISTEN_PORT: "9001" },');
  });

  it("is told the authority of the broker and its consumer, as the storefront's services are", async () => {
    const text = await withService(request("shop/billing", { uses: "consume:messages/billing" }));
    expect(text).to.match(
      /NATS_BROKER_URL: (\w+)\.url,\n\s+NATS_CA: \1\.ca,\n\s+NATS_CONSUMER: \1\.consumer,/,
    );
  });

  it("calls another at the port that it has, also where a function gives it", async () => {
    const text = await withService(request("shop/billing", { uses: "orders,stock" }));
    expect(text).to.contain("uses: { orders, stock },");
    expect(text).to.contain("ORDERS_ADDRESS: orders.address.api,");
    expect(text).to.contain("STOCK_ADDRESS: stock.address.grpc,");
  });

  it("uses a database that the file asks for already by the name it has there", async () => {
    const text = await withService(request("shop/billing", { uses: "database:orders" }));
    expect(text).to.contain("DATABASE_URL: ordering.url");
    expect(text.match(/database\(/g)).to.have.length(1);
  });

  it("adds its subject to what the application publishes already: there is one way to publish", async () => {
    const text = await withService(request("shop/billing", { uses: "publish:messages/msg.paid" }));
    expect(text).to.contain(
      'const announce = stream("messages", { publish: ["msg.orders", "msg.paid"] });',
    );
    expect(text).to.contain("uses: { announce },");
    const same = await withService(
      request("shop/billing", { uses: "publish:messages/msg.orders" }),
    );
    expect(same).to.contain('{ publish: "msg.orders" }');
  });

  it("asks for what is new behind what the file asks for, and imports it", async () => {
    const text = await withService(request("shop/billing", { uses: "bucket:invoices" }));
    expect(text).to.contain('import { bucket, database, stream } from "../data";');
    expect(text).to.contain(
      '{ publish: "msg.orders" });\nconst invoicesBucket = bucket("invoices");\n\nconst web',
    );
  });

  it("tells two values of one name apart by what they belong to", async () => {
    const text = await withService(
      request("shop/billing", { uses: "database:orders,database:ledger" }),
    );
    expect(text).to.contain(" DATABASE_URL: ordering.url");
    expect(text).to.contain("LEDGER_DATABASE_URL: ledgerDatabase.url");
  });

  it("gets a variable of its own where its name is taken, or is a word of the language", async () => {
    expect(await withService(request("shop/web"))).to.contain('const web2 = service("web", {');
    expect(await withService(request("shop/new"))).to.contain('const new2 = service("new", {');
  });

  it("has a port that only the kubelet asks where it is a worker", async () => {
    const text = await withService(request("shop/billing", { kind: "worker" }));
    expect(text).to.contain("ports: { api: { number: 9000, service: false } },");
  });

  it("is a scheduled job where it runs at set times", async () => {
    const text = await withService(
      request("shop/sweep", { kind: "cron", schedule: "*/5 * * * *", uses: "database:orders" }),
    );
    expect(text).to.contain('import { application, scheduledJob, service } from "./declaration";');
    expect(text).to.contain(
      'scheduledJob("sweep", {\n  schedule: { cron: "*/5 * * * *" },\n  resources: web.resources,',
    );
  });
});
