import { expect } from "chai";
import {
  bucket,
  database,
  DataServices,
  demandProblems,
  stream,
  type DataServicesArgs,
} from "../../components/data";
import { deploy, type Recorded } from "../support/mocks";
import {
  allFeatures,
  certificates,
  dataOf,
  environment,
  postgresOperator,
  priority,
  secretStores,
} from "../support/rooms";

const platform = {
  certificates,
  features: allFeatures,
  postgresOperator,
  priority,
  secretStores,
};

function dataServices(
  demands: DataServicesArgs["demands"],
  settings: DataServicesArgs["settings"] = dataOf(),
): DataServices {
  return new DataServices("data", { settings, platform, demands, environment, retention: "keep" });
}

describe("DataServices", () => {
  const orders = database("orders");
  const publish = stream("messages", { publish: "msg.orders" });
  const pictures = bucket("pictures");
  let recorded: Recorded;
  let data: DataServices;
  before(async () => {
    recorded = await deploy(() => {
      data = dataServices(
        [orders, publish, pictures].map((demand) => ({
          application: "shop",
          namespace: "shop",
          demand,
        })),
      );
    });
  });

  it("holds a bus, databases and an object store", () => {
    expect(recorded.all("Chart").map(({ inputs }) => inputs.chart)).to.have.members([
      "nats",
      "minio",
    ]);
    expect(recorded.all("PostgresCluster")).to.have.lengthOf(1);
  });

  it("puts the databases into the class of what services rely on", () => {
    expect(recorded.find("PostgresCluster", "db").inputs).to.have.nested.property(
      "spec.instances[0].priorityClassName",
      priority.className,
    );
  });

  it("lets KEDA ask the bus only where a service scales on what waits there", async () => {
    const reads = stream("messages", { consumer: "mailer" });
    const policyOf = async (scaledOn: boolean): Promise<string> => {
      const scaling = await deploy(() =>
        dataServices([{ application: "shop", namespace: "shop", demand: reads, scaledOn }]),
      );
      const { inputs } = scaling.find("NetworkPolicy", "data-nats-allow-servers");
      return JSON.stringify(inputs.spec);
    };
    expect(await policyOf(true)).to.contain(
      '"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"keda"}}',
    );
    expect(await policyOf(false)).to.not.contain("keda");
  });

  it("answers each demand with the service it is about", () => {
    const namespaces = [orders, publish, pictures].map((demand) => {
      const { secret } = data.connect("shop", demand);
      return secret !== undefined && "namespace" in secret ? secret.namespace : undefined;
    });
    expect(namespaces).to.deep.equal(["postgres", "nats", "minio"]);
  });

  it("answers every value that a demand offers", () => {
    for (const demand of [orders, publish, pictures]) {
      const offered = Object.values(demand).flatMap((value: unknown) =>
        typeof value === "object" && value !== null && "field" in value ? [value.field] : [],
      );
      expect(data.connect("shop", demand).fields).to.have.keys(offered as string[]);
    }
  });

  describe("with backups in the object store", () => {
    const settings = dataOf({ postgres: { backups: { kind: "objectStore" } } });
    const demandOf = (name: string) => ({
      application: "shop",
      namespace: "shop",
      demand: bucket(name),
    });

    it("makes their bucket as an application's: a user that may use it and no other", async () => {
      const made = await deploy(() => dataServices([demandOf("pictures")], settings));
      const user = "postgres-postgres-backups";
      const files = made.all("ConfigMap").map(({ inputs }) => JSON.stringify(inputs.data));
      expect(files.join()).to.include(`policy.${user}.json`);
      expect(made.find("Role", "postgres-secrets").inputs.rules).to.have.deep.nested.property(
        "[0].resourceNames",
        [`minio-user-${user}`, "minio-ca"],
      );
      expect(
        JSON.stringify(made.find("NetworkPolicy", "data-object-store-allow-servers").inputs.spec),
      ).to.include('"kubernetes.io/metadata.name":"postgres"');
      expect(made.find("PostgresCluster", "db").inputs.spec).to.have.nested.property(
        "backups.pgbackrest.repos[0].s3.bucket",
        "postgres-backups",
      );
    });

    it("refuses an application that demands their bucket", () => {
      const problems = demandProblems(settings, [
        demandOf("pictures"),
        demandOf("postgres-backups"),
      ]);
      expect(problems.map(({ field, message }) => `${field} ${message}`).join()).to.match(
        /^slipway:data\.postgres\.backups\.bucket got "postgres-backups", which the application "shop"/,
      );
      expect(demandProblems(dataOf(), [demandOf("postgres-backups")])).to.deep.equal([]);
    });
  });

  it("refuses a demand that the application did not make, and names those it made", () => {
    expect(() => data.connect("shop", database("invoices"))).to.throw(
      /"shop" uses "database\/invoices", which it did not demand\. It demanded: database\/orders, /,
    );
  });

  it("refuses an application that demanded nothing", () => {
    expect(() => data.connect("blog", orders)).to.throw(/"blog".*It demanded: nothing/);
  });

  it("leaves no credentials in anything but Secrets", () => {
    const leaks = recorded.resources
      .filter(({ type }) => type.startsWith("kubernetes:") && type !== "kubernetes:core/v1:Secret")
      .filter(({ inputs }) => JSON.stringify(inputs).includes("aRandomValueForTests"))
      .map(({ name }) => name);
    expect(leaks).to.deep.equal([]);
  });
});
