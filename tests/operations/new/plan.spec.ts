import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { check } from "prettier";
import * as ts from "typescript";
import { planService } from "../../../operations/new/plan";
import { diffOf, nextSteps } from "../../../operations/new/report";
import { parseTarget, type ServiceRequest } from "../../../operations/new/request";
import { parseUses } from "../../../operations/new/uses";
import { describeFailure } from "../../../sandbox/terminal/failure";
import { scratchFolder } from "../../sandbox/scratch-folder";
import { copyTree, request, write } from "./fixtures";

const desk = request("order-desk/desk", {
  newApplication: true,
  team: "desk",
  uses: "database:desk",
});
const deskFile = "components/apps/order-desk.ts";

describe("npm run new", () => {
  const folder = scratchFolder();
  const read = (path: string): string => readFileSync(join(folder(), path), "utf8");
  beforeEach(() => copyTree(folder()));

  it("makes an application, and registers it where applications are registered", async () => {
    const changes = await write(folder(), desk);
    expect(changes.map(({ path }) => path)).to.deep.equal([
      deskFile,
      "components/settings/applications.ts",
      "components/apps/index.ts",
    ]);
    expect(read(deskFile)).to.contain('name: "order-desk",\n  team: "desk",\n  services: [desk],');
    const registry = read("components/apps/index.ts");
    expect(registry).to.contain('import { orderDesk } from "./order-desk";');
    expect(registry).to.match(/declarations = \[[^\]]*, orderDesk\]/);
    expect(registry).to.contain('...deployed(orderDesk, settings["order-desk"]),');
    const settings = read("components/settings/applications.ts");
    expect(settings).to.contain('"order-desk": application({ desk: service.describe("Desk.") })');
    expect(settings).to.contain('"order-desk": tenant,');
  });

  it("adds a service to an application, and changes nothing else of it", async () => {
    await write(folder(), desk);
    const before = read(deskFile).split("\n");
    const changes = await write(folder(), request("order-desk/printer", { uses: "desk" }));
    expect(changes.map(({ path }) => path)).to.deep.equal([
      deskFile,
      "components/settings/applications.ts",
    ]);
    const after = read(deskFile).split("\n");
    const gone = before.filter((line) => !after.includes(line));
    expect(gone).to.deep.equal(["  services: [desk],"]);
    expect(after).to.include.members([
      "  services: [desk, printer],",
      '  env: { LISTEN_PORT: "8080", DESK_ADDRESS: desk.address.http },',
    ]);
  });

  it("writes what the compiler accepts and prettier leaves as it is, for every kind and every use", async function () {
    this.timeout("3m");
    await write(folder(), desk);
    const uses =
      "desk,database:audit,bucket:scans,publish:messages/msg.scans,consume:messages/desk";
    await write(
      folder(),
      request("order-desk/new", {
        uses,
        path: "/scan",
        port: 9000,
        image: "docker.io/acme/scan:1.0.0",
      }),
    );
    await write(folder(), request("order-desk/printer", { kind: "worker", uses }));
    await write(
      folder(),
      request("order-desk/night-run", { kind: "cron", schedule: "@daily", uses: "desk,new" }),
    );
    await write(
      folder(),
      request("storefront/returns", { path: "/return", uses: "database:orders" }),
    );
    for (const path of [
      deskFile,
      "components/apps/index.ts",
      "components/settings/applications.ts",
    ]) {
      expect(await check(read(path), { printWidth: 100, filepath: path }), path).to.equal(true);
    }
    expect(problemsOf(folder())).to.deep.equal([]);
  });

  it("leaves every file as it is when it only plans", async () => {
    const changes = await planService(folder(), desk);
    expect(existsSync(join(folder(), deskFile))).to.equal(false);
    for (const { path, before } of changes.slice(1)) {
      expect(read(path)).to.equal(before);
    }
    const diff = diffOf(changes);
    expect(diff).to.contain("--- /dev/null\n+++ b/components/apps/order-desk.ts");
    expect(diff).to.contain('+    "order-desk": tenant,');
  });

  it("overwrites no file that is there", async () => {
    writeFileSync(join(folder(), deskFile), "// Somebody's.\n");
    await expectRefusal(planService(folder(), desk), `${deskFile} exists`);
    expect(read(deskFile)).to.equal("// Somebody's.\n");
  });

  describe("refuses", () => {
    const refusals: readonly (readonly [what: string, asked: ServiceRequest, message: string])[] = [
      [
        "an application that there is not, with the nearest name",
        request("storfront/billing"),
        'Did you mean "storefront"?',
      ],
      [
        "a new application that there is",
        { ...desk, application: "storefront" },
        "There is an application storefront already.",
      ],
      ["a service that there is", request("storefront/orders"), "has a service orders already"],
      [
        "a use that there is not, with the nearest name",
        request("storefront/billing", { uses: "prodcts" }),
        'Did you mean "products"?',
      ],
      [
        "a use of what nobody may call",
        request("storefront/billing", { uses: "notifications" }),
        "no port that another service may call",
      ],
      [
        "a name that something else has",
        request("storefront/secret-reader"),
        "the ServiceAccount that reads",
      ],
      [
        "a port that only root may listen on",
        request("storefront/billing", { port: 80 }),
        "--port got 80",
      ],
      [
        "a path without a slash",
        request("storefront/billing", { path: "billing" }),
        '--path got "billing"',
      ],
      [
        "an image without a version",
        request("storefront/billing", { image: "docker.io/acme/billing" }),
        "--image got",
      ],
      [
        "a cron service without a schedule",
        request("storefront/billing", { kind: "cron" }),
        "--kind cron needs --schedule",
      ],
      [
        "a schedule of a service that runs all the time",
        request("storefront/billing", { schedule: "@daily" }),
        "--schedule belongs to --kind cron",
      ],
      [
        "a path of a worker",
        request("storefront/billing", { kind: "worker", path: "/x" }),
        "nobody calls a worker",
      ],
      [
        "a team of an application that has one",
        request("storefront/billing", { team: "x" }),
        "--team belongs to",
      ],
    ];
    for (const [what, asked, message] of refusals) {
      it(what, async () => {
        await expectRefusal(planService(folder(), asked), message);
      });
    }
  });
});

describe("what is asked of npm run new", () => {
  it("is one service of one application", () => {
    expect(parseTarget("storefront/billing")).to.deep.equal({
      application: "storefront",
      service: "billing",
    });
    for (const target of ["billing", "a/b/c", "Storefront/billing", "storefront/-billing"]) {
      expect(() => parseTarget(target), target).to.throw();
    }
  });

  it("names each thing that is used in its own way, and only once", () => {
    expect(parseUses("products, database:orders,products")).to.deep.equal([
      { kind: "service", name: "products" },
      { kind: "database", name: "orders" },
    ]);
    expect(parseUses("publish:messages/msg.orders.>,consume:messages/mail")).to.deep.equal([
      { kind: "publish", stream: "messages", subject: "msg.orders.>" },
      { kind: "consume", stream: "messages", consumer: "mail" },
    ]);
    for (const uses of ["databse:orders", "publish:messages", "consume:messages", "bucket:Scans"]) {
      expect(() => parseUses(uses), uses).to.throw(`--uses got "${uses}"`);
    }
  });

  it("is answered with what is left to do: the version, the stack file, the checks", () => {
    const steps = nextSteps(desk);
    expect(steps).to.contain("SLIPWAY_IMAGES=order-desk/desk=<tag>");
    expect(steps).to.contain("host: order-desk.example.com");
    expect(steps).to.contain("npm run render -- --stack <stack>");
    expect(nextSteps(request("storefront/billing"))).to.contain("goes into its `uses`");
  });
});

async function expectRefusal(planned: Promise<unknown>, message: string): Promise<void> {
  const error: unknown = await planned.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).to.be.an("error");
  expect(describeFailure(error)).to.contain(message);
}

/** What the compiler says of the applications of a tree. */
function problemsOf(root: string): readonly string[] {
  const { config } = ts.parseConfigFileTextToJson(
    "tsconfig.json",
    readFileSync(join(root, "tsconfig.json"), "utf8"),
  ) as { readonly config: { readonly compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([join(root, "components", "apps", "index.ts")], {
    ...options,
    incremental: false,
    tsBuildInfoFile: undefined,
    preserveSymlinks: true,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
