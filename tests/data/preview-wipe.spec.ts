import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { bucket, database, stream } from "../../components/data";
import { bucketsWipeScript } from "../../components/data/bucket-wipe";
import { ExternalObjectStore } from "../../components/data/external-object-store";
import { ExternalPostgres } from "../../components/data/external-postgres";
import { Nats } from "../../components/data/nats";
import { streamsWipeScript } from "../../components/data/nats-streams";
import { ObjectStore } from "../../components/data/object-store";
import { Postgres } from "../../components/data/postgres";
import { databasesWipeScript } from "../../components/data/postgres-wipe";
import { tenantsOf } from "../../components/data/tenants";
import type { Demand } from "../../components/kit/connection";
import type { ExternalObjectStoreSettings } from "../../components/settings/data";
import { deploy, type Recorded } from "../support/mocks";
import {
  allFeatures,
  certificates,
  dataOf,
  environment,
  postgresOperator,
  secretStores,
} from "../support/rooms";
import { callsOf } from "../support/shell";

const orders = database("orders");
const pictures = bucket("pictures");
const consume = stream("messages", { consumer: "mailer" });

/** What an application demands for itself, and what is made for it in two slots. */
function demandsFor(own: Demand, inSlot: (slot: number) => Demand) {
  return [
    { application: "shop", namespace: "shop", demand: own },
    ...[1, 2].map((slot) => ({
      application: `shop-preview-${String(slot)}`,
      namespace: `shop-preview-${String(slot)}`,
      demand: inSlot(slot),
      slot,
    })),
  ];
}

const databases = tenantsOf(
  demandsFor(orders, (slot) => database(`orders-preview-${String(slot)}`)),
  "database",
);
const buckets = tenantsOf(
  demandsFor(pictures, (slot) => bucket(`pictures-preview-${String(slot)}`)),
  "bucket",
);
const streams = tenantsOf(
  demandsFor(consume, () => consume),
  "stream",
);

const shared = { certificates, secretStores, environment, retention: "keep" } as const;
const s3: ExternalObjectStoreSettings = {
  kind: "external",
  endpoint: "https://s3.eu-central-1.amazonaws.com",
  region: "eu-central-1",
  addresses: "internet",
  uriStyle: "host",
  buckets: {},
  access: { kind: "keys", store: "vault", secrets: {} },
};
let bus: Nats;
const services: Readonly<Record<string, () => void>> = {
  postgres: () => {
    const operator = { ...postgresOperator, ready: [] };
    const settings = dataOf().postgres;
    new Postgres("pg", { settings, tenants: databases, operator, secretStores, retention: "keep" });
  },
  nats: () => {
    bus = new Nats("bus", { ...shared, settings: dataOf().nats, tenants: streams });
  },
  minio: () => {
    new ObjectStore("store", {
      ...shared,
      settings: dataOf().objectStore,
      tenants: buckets,
      monitoring: allFeatures.monitoring,
    });
  },
};

function wipesIn(recorded: Recorded) {
  return recorded
    .all("CronJob")
    .map(({ inputs }) => JSON.parse(JSON.stringify(inputs)) as Wipe)
    .filter(({ metadata }) => metadata.name.endsWith("-wipe"));
}

interface Wipe {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly suspend: boolean };
}

describe("what empties a slot of the preview environments", () => {
  for (const [namespace, make] of Object.entries(services)) {
    it(`is there for each slot of ${namespace}, is never due, and is found by its slot`, async () => {
      const wipes = wipesIn(await deploy(make));
      expect(wipes.map(({ metadata }) => metadata.name)).to.deep.equal([
        "preview-1-wipe",
        "preview-2-wipe",
      ]);
      expect(wipes.map(({ spec }) => spec.suspend)).to.deep.equal([true, true]);
      expect(
        wipes.map(({ metadata }) => metadata.labels["slipway.dev/preview-slot"]),
      ).to.deep.equal(["1", "2"]);
    });

    it(`is told of ${namespace} what the slot has, and of no other's`, async () => {
      const [first] = wipesIn(await deploy(make)).map((wipe) => JSON.stringify(wipe));
      expect(first).to.match(/preview-1-|-preview-1|admin-preview-1/);
      expect(first).to.not.contain("preview-2");
      expect(first).to.not.match(/"secretName":"(db-pguser-shop-orders|minio-user-shop-pictures)"/);
    });

    it(`is let through to ${namespace}, and out to nothing else`, async () => {
      const recorded = await deploy(make);
      const out = recorded.find("NetworkPolicy", "allow-preview-1-wipe").inputs.spec;
      expect(JSON.stringify(out)).to.contain(`"kubernetes.io/metadata.name":"${namespace}"`);
      const into = recorded
        .all("NetworkPolicy")
        .map(({ inputs }) => JSON.stringify(inputs.spec))
        .filter((spec) => spec.includes('"ingress"') && spec.includes("preview-1-wipe"));
      expect(into).to.have.length(1);
    });

    it(`leaves the way to ${namespace} to the environment that has the slot`, async () => {
      const recorded = await deploy(make);
      const text = JSON.stringify(
        [...recorded.all("NetworkPolicy"), ...recorded.all("RoleBinding")].map(
          ({ inputs }) => inputs,
        ),
      );
      expect(text).to.contain('"shop"');
      expect(text).to.not.contain('"shop-preview-1"');
    });
  }

  it("is there for databases and buckets outside the cluster", async () => {
    const recorded = await deploy(() => {
      const vault = new kubernetes.core.v1.ConfigMap("vault");
      const stores = { ready: [], stores: { vault: [vault] } };
      new ExternalPostgres("pg", {
        settings: {
          kind: "external",
          addresses: ["10.0.0.0/8"],
          port: 5432,
          tls: "verify-full",
          users: { kind: "given", store: "vault", secrets: {} },
        },
        tenants: databases,
        secretStores: stores,
        retention: "keep",
      });
      new ExternalObjectStore("store", { settings: s3, tenants: buckets, secretStores: stores });
    });
    const names = recorded.all("CronJob").map(({ inputs }) => inputs.metadata);
    expect(names).to.have.length(4);
    const out = JSON.stringify(recorded.all("NetworkPolicy").map(({ inputs }) => inputs));
    expect(out.match(/"name":"allow-preview-\d-wipe"/g)).to.have.length(4);
    expect(out).to.contain('"port":443').and.contain('"port":5432');
  });

  it("is refused where pods open buckets by who they are: nothing else could", async () => {
    const identities = { shop: { kind: "aws", roleArn: "arn:aws:iam::1:role/shop" } } as const;
    const refused: unknown = await deploy(() => {
      new ExternalObjectStore("store", {
        settings: { ...s3, access: { kind: "identity", identities } },
        tenants: buckets,
        secretStores,
      });
    }).catch((error: unknown) => error);
    expect(String(refused)).to.contain(
      "slipway:previews.applications: names applications that demand buckets, which nothing can empty",
    );
  });
});

describe("a slot's account of the bus", () => {
  it("has streams of its own under the same names, made by a user of its own", async () => {
    const recorded = await deploy(services.nats ?? (() => undefined));
    const jobs = recorded.all("Job").map(({ inputs }) => JSON.stringify(inputs));
    expect(jobs.map((job) => /nats-admin[-a-z0-9]*/.exec(job)?.[0])).to.deep.equal([
      "nats-admin",
      "nats-admin-preview-1",
      "nats-admin-preview-2",
    ]);
    const { values } = recorded.find("Chart", "bus-chart").inputs as {
      readonly values: { readonly config: { readonly merge: { readonly accounts: object } } };
    };
    expect(values.config.merge.accounts).to.have.keys("SYS", "APP", "PREVIEW_1", "PREVIEW_2");
  });

  it("is where an autoscaler looks for what waits", async () => {
    await deploy(services.nats ?? (() => undefined));
    const accountOf = (application: string) =>
      bus.connect(application, consume).scaleOn?.metadata.account;
    expect([accountOf("shop"), accountOf("shop-preview-2")]).to.deep.equal(["APP", "PREVIEW_2"]);
  });
});

describe("the scripts that empty a slot", () => {
  it("let each database be emptied by its own user", () => {
    const credentials = Object.entries({
      host: "db-primary",
      port: "5432",
      dbname: "orders-preview-1",
      user: "shop",
      password: "pSecret",
    }).map(([key, value]) => [`/credentials/shop-orders/${key}`, value]);
    const calls = callsOf(databasesWipeScript, {
      files: Object.fromEntries(credentials),
      commands: {
        psql: '[ "$PGUSER $PGPASSWORD $PGHOST:$PGPORT/$PGDATABASE" = "shop pSecret db-primary:5432/orders-preview-1" ]',
      },
    });
    expect(calls).to.deep.equal([
      "psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file /setup/wipe.sql",
    ]);
  });

  it("let each bucket be emptied by its own keys, which no command line shows", () => {
    const calls = callsOf(bucketsWipeScript, {
      files: {
        "/setup/bucket.shop-pictures": "pictures-preview-1",
        "/credentials/shop-pictures/accessKey": "shop-pictures",
        "/credentials/shop-pictures/secretKey": "pSecret",
      },
      env: { STORE_ENDPOINT: "http://minio.minio.svc:9000" },
      commands: {
        mc: 'case "$*" in *alias*) read -r name; read -r key; [ "$name $key" = "shop-pictures pSecret" ] ;; esac',
      },
    });
    expect(calls.map((call) => call.replace("mc --config-dir /tmp/mc ", ""))).to.deep.equal([
      "alias set store http://minio.minio.svc:9000",
      "rm --recursive --force store/pictures-preview-1",
      "rm --recursive --force --incomplete store/pictures-preview-1",
    ]);
  });

  it("purge each stream of the account", () => {
    const calls = callsOf(streamsWipeScript, {
      files: { "/setup/stream.messages": "messages", "/setup/stream.events": "events" },
      commands: { nats: "exit 0" },
    });
    expect(calls).to.deep.equal([
      "nats stream purge events --force",
      "nats stream purge messages --force",
    ]);
  });

  for (const [what, script, failing] of [
    ["a database", databasesWipeScript, "psql"],
    ["a bucket", bucketsWipeScript, "mc"],
    ["a stream", streamsWipeScript, "nats"],
  ] as const) {
    it(`fail when ${what} cannot be emptied, so that nobody gets the slot`, () => {
      const files = {
        "/setup/bucket.shop": "pictures",
        "/setup/stream.messages": "messages",
        ...Object.fromEntries(
          ["host", "port", "dbname", "user", "password", "accessKey", "secretKey"].map((key) => [
            `/credentials/shop/${key}`,
            key,
          ]),
        ),
      };
      const env = { STORE_ENDPOINT: "http://minio" };
      expect(() => callsOf(script, { files, env, commands: { [failing]: "exit 1" } })).to.throw();
    });
  }
});
