import { expect } from "chai";
import type { Recorded } from "../support/mocks";
import { configOf } from "../support/stacks";
import { metadataOf, objectsOf, programOf } from "./program";

const roleArn = "arn:aws:iam::123456789012:role/storefront";

describe("a stack whose databases or objects are outside the cluster", () => {
  type Tree = Readonly<Record<string, unknown>>;
  const production = configOf("production");
  const section = (key: string): Tree => production[key] as Tree;
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
  async function programWith(services: Tree): Promise<Recorded> {
    const { pgo, ...platform } = section("slipway:platform");
    const { recorded } = await programOf("production", {
      change: (config) => ({
        ...config,
        "slipway:platform": "postgres" in services ? platform : { ...platform, pgo },
        "slipway:data": { ...section("slipway:data"), ...services },
      }),
    });
    return recorded;
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

  let inside: Recorded;
  before(async () => {
    ({ recorded: inside } = await programOf("production"));
  });

  it("has the same declarations in all of these", () => {
    expect(environmentsOf(inside).auth).to.include.members([
      "DATABASE_URL of auth-database-auth",
      "PICTURES_ACCESS_KEY of auth-bucket-profile-pictures",
    ]);
  });

  it("gives applications the variables and Secrets that they had, and installs no operator", async () => {
    const after = await programWith({ postgres: externalPostgres });
    expect(environmentsOf(after)).to.deep.equal(environmentsOf(inside));
    expect(after.all("PostgresCluster")).to.deep.equal([]);
    expect(after.resources.filter(({ type }) => type.endsWith(":Pgo"))).to.deep.equal([]);
    const names = objectsOf(after).map((object) => String(metadataOf(object).namespace));
    expect(names).to.not.include("postgres-operator");
  });

  it("lets them out to the server's addresses and port, and no longer to the operator's pods", async () => {
    const after = await programWith({ postgres: externalPostgres });
    expect(egressOf(inside, "products")).to.contain("postgres-operator.crunchydata.com");
    expect(egressOf(after, "products"))
      .to.contain(
        '"ports":[{"port":5432,"protocol":"TCP"}],"to":[{"ipBlock":{"cidr":"10.20.0.0/24"}}]',
      )
      .and.to.not.contain("postgres-operator.crunchydata.com");
  });

  it("has applications keep their variables and Secrets with an S3 by keys, and installs no MinIO", async () => {
    const after = await programWith({ objectStore: byKeys });
    // The certificate of an S3 is one that everybody trusts.
    const { auth = [], ...others } = environmentsOf(inside);
    expect(environmentsOf(after)).to.deep.equal({
      ...others,
      auth: auth.filter((variable) => !variable.startsWith("PICTURES_CA ")),
    });
    const charts = after.all("kubernetes:helm.sh/v4:Chart").map(({ inputs }) => inputs.name);
    expect(charts).to.not.include("minio");
    expect(objectsOf(after).map((object) => metadataOf(object).namespace)).to.not.include("minio");
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
      change: (config) => ({ ...config, "slipway:platform": platform }),
    }).catch((error: unknown) => error);
    expect(String(refused)).to.contain("slipway:platform.pgo: is missing");
  });
});
