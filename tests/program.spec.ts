import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { charts } from "../components/charts";
import { LoopbackApi, LoopbackKubeconfig } from "./support/loopback-api";
import { deploy, type Properties, type Recorded, type RecordedResource } from "./support/mocks";

const root = join(__dirname, "..");
const stacks = ["sandbox", "development", "staging", "production"] as const;

/** A stack file's configuration as the engine hands it to the program. */
function configOf(stack: string): Record<string, string> {
  const file = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  return Object.fromEntries(
    Object.entries(file.config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Runs index.ts as the engine would, on a cluster that is the named one; `outside` is what other stacks hand out. */
async function programOf(
  stack: string,
  config: Readonly<Record<string, string>> = configOf(stack),
  outside: object = {},
  onOutputs: (outputs: object) => void = () => undefined,
): Promise<Recorded> {
  const cluster = JSON.parse(config["slipway:cluster"] ?? "{}") as Readonly<Record<string, string>>;
  const { identity = "", context = "" } = cluster;
  process.env.SLIPWAY_IMAGES = "*=1.0.0";
  const api = new LoopbackApi(identity, () => [201, ""]);
  const kubeconfig = new LoopbackKubeconfig({ [context]: await api.listen() });
  try {
    return await deploy(
      async () => {
        const program = (await import("../index")) as unknown as {
          readonly default: () => Promise<object>;
        };
        onOutputs(await program.default());
      },
      {
        config,
        state: (type) => {
          if (type === "pulumi:pulumi:StackReference") {
            return { outputs: outside };
          }
          return type.endsWith(":Namespace") ? { metadata: { uid: identity } } : {};
        },
      },
    );
  } finally {
    kubeconfig.remove();
    await api.close();
  }
}

function metadataOf(resource: RecordedResource): Properties {
  return (resource.inputs.metadata ?? {}) as Properties;
}

/** The charts that no stack goes without; the release is named like the chart. */
const required = ["cert-manager", "external-secrets", "ingress-nginx", "minio", "nats", "pgo"];

const rooms = [
  "slipway:platform:Platform",
  "slipway:data:DataServices",
  "slipway:apps:Applications",
];

/** The type of the outermost component a resource is in; the mocks' URNs name only the nearest. */
function topOf(recorded: Recorded, resource: RecordedResource): string {
  const parent = recorded.resources.find(({ urn }) => urn === resource.parent);
  return parent === undefined ? resource.type : topOf(recorded, parent);
}

const objects = (recorded: Recorded): readonly RecordedResource[] =>
  recorded.resources.filter(
    ({ type }) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh"),
  );

for (const stack of stacks) {
  describe(`the program of ${stack}`, () => {
    let recorded: Recorded;

    before(async () => {
      recorded = await programOf(stack);
    });

    it("gives every object an explicit name", () => {
      const nameless = objects(recorded).filter((object) => metadataOf(object).name === undefined);
      expect(nameless.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("puts every object into a room", () => {
      const outside = objects(recorded).filter(
        (object) => !rooms.includes(topOf(recorded, object)),
      );
      expect(outside.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("installs each chart once, at the version of the table", () => {
      const installed = recorded.all("kubernetes:helm.sh/v4:Chart").map(({ inputs }) => inputs);
      const versions = Object.values(charts).map(({ chart, version }) => [chart, version]);
      expect(installed.map(({ name, version }) => [name, version])).to.include.deep.members(
        versions.filter(([name]) => required.includes(String(name))),
      );
      expect(new Set(installed.map(({ name }) => name)).size).to.equal(installed.length);
    });

    it("registers no object twice", () => {
      const names = objects(recorded).map(({ inputs, type, ...resource }) => {
        const { namespace, name } = metadataOf({ inputs, type, ...resource });
        return [type, namespace, name].map(String).join(" ");
      });
      expect(names).to.deep.equal([...new Set(names)]);
    });

    it("hands secrets over by reference: no chart value holds one", () => {
      const charts = recorded.all("kubernetes:helm.sh/v4:Chart");
      const leaking = charts.filter(({ inputs }) =>
        /"secret":(?!true|false)|aRandomValueForTests/.test(JSON.stringify(inputs.values)),
      );
      expect(leaking.map(({ name }) => name)).to.deep.equal([]);
    });
  });
}

describe("stacks of applications beside a platform stack", () => {
  let platform: Recorded;
  let storefront: Recorded;
  let handedOut: object = {};

  before(async () => {
    platform = await programOf("sandbox-platform", undefined, undefined, (outputs) => {
      handedOut = JSON.parse(JSON.stringify(outputs)) as object;
    });
    storefront = await programOf("sandbox-storefront", undefined, handedOut);
  });

  it("find their namespaces made, closed and with their quota", () => {
    const namespaces = platform.all("kubernetes:core/v1:Namespace").map(metadataOf);
    expect(namespaces.map(({ name }) => name)).to.include.members(["storefront", "fulfilment"]);
    const denied = platform.all("NetworkPolicy").map(metadataOf);
    expect(denied).to.deep.include.members([
      { ...denied.find(({ namespace }) => namespace === "storefront"), name: "default-deny" },
    ]);
    expect(
      platform.all("ResourceQuota").map((quota) => metadataOf(quota).namespace),
    ).to.have.members(["storefront", "fulfilment"]);
  });

  it("make nothing outside their own namespaces", () => {
    const made = objects(storefront).filter((object) => metadataOf(object).name !== "kube-system");
    expect(made).to.not.have.length(0);
    expect([...new Set(made.map((object) => metadataOf(object).namespace))]).to.deep.equal([
      "storefront",
    ]);
    expect(storefront.all("kubernetes:helm.sh/v4:Chart")).to.deep.equal([]);
  });

  it("deploy the same objects as a stack with all rooms, apart from the namespace", async () => {
    const inNamespace = (recorded: Recorded): readonly string[] =>
      objects(recorded)
        .filter((object) => metadataOf(object).namespace === "storefront")
        .map((object) => `${object.type} ${String(metadataOf(object).name)}`)
        .sort();
    const whole = await programOf("sandbox");
    const both = [...inNamespace(platform), ...inNamespace(storefront)].sort();
    expect(both).to.deep.equal(inNamespace(whole));
  });

  it("hand out no secret", () => {
    expect(JSON.stringify(handedOut)).not.to.match(/aRandomValueForTests/);
  });
});

describe("retention", () => {
  const databaseOf = (recorded: Recorded): RecordedResource => {
    const [database] = recorded.all("PostgresCluster");
    if (database === undefined) {
      throw new Error("The program declares no PostgresCluster.");
    }
    return database;
  };

  it("keep protects the database and leaves it when its resource goes", async () => {
    expect(databaseOf(await programOf("production"))).to.include({
      protect: true,
      retainOnDelete: true,
    });
  });

  it("delete lets the database go with the stack", async () => {
    expect(databaseOf(await programOf("sandbox"))).to.include({
      protect: false,
      retainOnDelete: false,
    });
  });
});

describe("a stack file with a mistake", () => {
  it("stops the program before anything is registered", async () => {
    const registered: string[] = [];
    const config = { ...configOf("production"), "slipway:retention": "maybe" };
    const error: unknown = await deploy(
      async () => {
        const program = (await import("../index")) as unknown as {
          readonly default: () => Promise<unknown>;
        };
        await program.default();
      },
      {
        config,
        state: (type) => {
          registered.push(type);
          return {};
        },
      },
    ).catch((reason: unknown) => reason);
    expect(String(error)).to.contain('slipway:retention: got "maybe"');
    expect(registered).to.deep.equal([]);
  });
});
