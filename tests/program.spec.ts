import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { charts } from "../components/charts";
import { LoopbackApi, LoopbackKubeconfig } from "./support/loopback-api";
import { deploy, type Properties, type Recorded, type RecordedResource } from "./support/mocks";
import { deployStack, type StackConfig } from "./support/stacks";

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

const roleArn = "arn:aws:iam::123456789012:role/storefront";

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

describe("an edit that the objects on the cluster cannot take", () => {
  const classOf = (config: StackConfig): StackConfig => {
    const data = config["slipway:data"] as Readonly<Record<string, object>>;
    const nats = { ...data["nats"], storage: { kind: "file", size: "40Gi" } };
    return { ...config, "slipway:data": { ...data, nats } };
  };
  /** The StatefulSet of the chart as it was deployed; mocks render no chart. */
  const natsServers = (storage: string) => ({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "nats", namespace: "nats" },
    spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage } } } }] },
  });

  it("is refused in an object of a chart, and let through where it is allowed by name", async () => {
    const exported = { deployment: { resources: [{ inputs: natsServers("20Gi") }] } };
    const edit = async (allowed: readonly string[]) => {
      const { recorded } = await deployStack("production", {
        preview: true,
        exported,
        change: (config) => ({ ...classOf(config), "slipway:allowReplacement": allowed }),
      });
      const chart = recorded.find("kubernetes:helm.sh/v4:Chart", "data-nats-chart");
      return chart.transform("kubernetes:apps/v1:StatefulSet", "nats", natsServers("40Gi"));
    };
    expect((await edit([])).opts.ignoreChanges).to.deep.equal(["spec.volumeClaimTemplates"]);
    expect((await edit(["StatefulSet/nats/nats"])).opts.ignoreChanges ?? []).to.deep.equal([]);
  });

  it("is refused in what the program declares, in all of it at once", async () => {
    const { recorded } = await deployStack("production", { preview: true });
    const resources = ["api-gateway", "notifications"].map((name) => {
      const { inputs } = recorded.find("Deployment", name);
      const spec = { ...(inputs.spec as object), selector: { matchLabels: { app: "other" } } };
      return { inputs: { ...inputs, spec } };
    });
    const exported = { deployment: { resources } };
    const refused = await deployStack("production", { preview: true, exported }).then(
      () => "",
      (error: unknown) => String(error),
    );
    const names = ["Deployment/goreliable/api-gateway", "Deployment/storefront/notifications"];
    for (const name of names) {
      expect(refused).to.contain(`${name} cannot be changed in place`);
    }
    expect(refused).to.contain("spec.selector");
    expect(refused).to.match(/slipway:allowReplacement: \["[^"]+", "[^"]+"\]/);
  });

  it("stops an update, which may follow no preview, before anything of it is registered", async () => {
    const { recorded } = await deployStack("production", { preview: true });
    const { inputs } = recorded.find("Deployment", "api-gateway");
    const before = { ...inputs, spec: { selector: { matchLabels: { app: "other" } } } };
    const exported = { deployment: { resources: [{ inputs: before }] } };
    const refused = await deployStack("production", { exported }).then(
      () => "",
      (error: unknown) => String(error),
    );
    expect(refused).to.contain("Deployment/goreliable/api-gateway cannot be changed in place");
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

describe("a stack whose databases or objects are outside the cluster", () => {
  type Tree = Readonly<Record<string, unknown>>;
  const production = configOf("production");
  const section = (key: string): Tree => JSON.parse(production[key] ?? "{}") as Tree;
  const externalPostgres = {
    kind: "external",
    addresses: ["10.20.0.0/24"],
    users: { kind: "given", store: "vault" },
  };
  const s3 = {
    kind: "external",
    endpoint: "https://s3.eu-central-1.amazonaws.com",
    region: "eu-central-1",
    addresses: "internet",
    buckets: { "profile-pictures": "acme-profile-pictures" },
  };
  const byKeys = { ...s3, access: { kind: "keys", store: "vault" } };
  const byIdentity = {
    ...s3,
    access: { kind: "identity", identities: { storefront: { kind: "aws", roleArn } } },
  };

  /** The production stack with other data services; without the Postgres operator where it has no use. */
  function programWith(services: Tree): Promise<Recorded> {
    const { pgo, ...platform } = section("slipway:platform");
    return programOf("production", {
      ...production,
      "slipway:platform": JSON.stringify("postgres" in services ? platform : { ...platform, pgo }),
      "slipway:data": JSON.stringify({ ...section("slipway:data"), ...services }),
    });
  }

  interface EnvVar {
    readonly name: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string } };
  }

  /** The environment of each workload's container: from its ConfigMap, and by Secret reference. */
  function environmentsOf(recorded: Recorded): Readonly<Record<string, readonly string[]>> {
    const kinds = ["Deployment", "CronJob", "StatefulSet", "Job"];
    return Object.fromEntries(
      kinds.flatMap((kind) =>
        recorded.all(kind).flatMap((workload) => {
          const { namespace, name } = metadataOf(workload);
          return namespace === "storefront"
            ? [[String(name), envOf(workload.inputs.spec).map(textOf)]]
            : [];
        }),
      ),
    ) as Readonly<Record<string, readonly string[]>>;
  }

  function textOf({ name, valueFrom }: EnvVar): string {
    const secret = valueFrom?.secretKeyRef?.name;
    return secret === undefined ? name : `${name} of ${secret}`;
  }

  function envOf(value: unknown): readonly EnvVar[] {
    if (typeof value !== "object" || value === null) {
      return [];
    }
    const { env = [], ...rest } = value as { readonly env?: readonly EnvVar[] };
    return [...env, ...Object.values(rest).flatMap(envOf)];
  }

  const egressOf = (recorded: Recorded, service: string): string =>
    JSON.stringify(
      (
        recorded.find("NetworkPolicy", `applications-storefront-${service}-paths`).inputs
          .spec as Tree
      ).egress,
    );

  let before: Recorded;

  it("has the same declarations in all of these", async () => {
    before = await programOf("production");
    expect(environmentsOf(before).auth).to.include.members([
      "DATABASE_URL of auth-database-auth",
      "PICTURES_ACCESS_KEY of auth-bucket-profile-pictures",
    ]);
  });

  it("gives applications the variables and Secrets that they had, and installs no operator", async () => {
    const after = await programWith({ postgres: externalPostgres });
    expect(environmentsOf(after)).to.deep.equal(environmentsOf(before));
    expect(after.all("PostgresCluster")).to.deep.equal([]);
    expect(after.resources.filter(({ type }) => type.endsWith(":Pgo"))).to.deep.equal([]);
    const names = objects(after).map((object) => String(metadataOf(object).namespace));
    expect(names).to.not.include("postgres-operator");
  });

  it("lets them out to the server's addresses and port, and no longer to the operator's pods", async () => {
    const after = await programWith({ postgres: externalPostgres });
    expect(egressOf(before, "products")).to.contain("postgres-operator.crunchydata.com");
    expect(egressOf(after, "products"))
      .to.contain(
        '"ports":[{"port":5432,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"10.20.0.0/24"}}]',
      )
      .and.to.not.contain("postgres-operator.crunchydata.com");
  });

  it("has applications keep their variables and Secrets with an S3 by keys, and installs no MinIO", async () => {
    const after = await programWith({ objectStore: byKeys });
    // The certificate of an S3 is one that everybody trusts.
    const { auth = [], ...others } = environmentsOf(before);
    expect(environmentsOf(after)).to.deep.equal({
      ...others,
      auth: auth.filter((variable) => !variable.startsWith("PICTURES_CA ")),
    });
    const charts = after.all("kubernetes:helm.sh/v4:Chart").map(({ inputs }) => inputs.name);
    expect(charts).to.not.include("minio");
    expect(objects(after).map((object) => metadataOf(object).namespace)).to.not.include("minio");
    expect(egressOf(after, "auth")).to.contain('"cidr":"0.0.0.0/0"');
  });

  it("has no key anywhere where the cloud knows pods by their ServiceAccount", async () => {
    const after = await programWith({ objectStore: byIdentity });
    const { auth = [] } = environmentsOf(after);
    expect(auth.filter((name) => name.startsWith("PICTURES_"))).to.deep.equal([
      "PICTURES_ENDPOINT",
      "PICTURES_BUCKET",
    ]);
    expect(after.all("ExternalSecret").map((secret) => metadataOf(secret).name)).to.not.include(
      "auth-bucket-profile-pictures",
    );
    const accounts = after
      .all("ServiceAccount")
      .filter((account) => metadataOf(account).namespace === "storefront")
      .map((account) => [metadataOf(account).name, metadataOf(account).annotations]);
    expect(accounts.filter(([, annotations]) => annotations !== undefined)).to.deep.equal([
      ["auth", { "eks.amazonaws.com/role-arn": roleArn }],
    ]);
  });

  it("needs the operator where it has it run a cluster", async () => {
    const { pgo, ...platform } = section("slipway:platform");
    expect(pgo).to.not.equal(undefined);
    const refused: unknown = await programOf("production", {
      ...production,
      "slipway:platform": JSON.stringify(platform),
    }).catch((error: unknown) => error);
    expect(String(refused)).to.contain("slipway:platform.pgo: is missing");
  });
});

describe("the data services of a stack that makes its own StorageClasses", () => {
  it("come after these: a claim of a class that is missing waits", async () => {
    const config = configOf("sandbox");
    const platform = JSON.parse(config["slipway:platform"] ?? "{}") as object;
    const storageClasses = { fast: { provisioner: "ebs.csi.aws.com" } };
    const recorded = await programOf("sandbox", {
      ...config,
      "slipway:platform": JSON.stringify({ ...platform, storageClasses }),
    });
    expect(recorded.find("slipway:data:DataServices", "data").dependencies).to.include(
      recorded.find("StorageClass", "fast").urn,
    );
  });
});
