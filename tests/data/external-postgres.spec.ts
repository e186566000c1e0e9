import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { database } from "../../components/data";
import { ExternalPostgres } from "../../components/data/external-postgres";
import { databaseFiles, databasesScript } from "../../components/data/external-postgres-setup";
import { tenantsOf } from "../../components/data/tenants";
import type { ExternalPostgresSettings } from "../../components/settings/data";
import { chartFact } from "../support/chart-facts";
import { deploy, urnsOf, type Recorded } from "../support/mocks";
import { schemaErrors } from "../support/schemas";
import { callsOf } from "../support/shell";

const orders = database("orders");
const tenants = tenantsOf([{ application: "shop", namespace: "shop", demand: orders }], "database");
const server = {
  kind: "external",
  addresses: ["10.20.0.0/24"] as string[],
  port: 5432,
  tls: "require",
} as const;
const given = { kind: "given", store: "vault", secrets: {} } as const;
const created = {
  kind: "created",
  host: "db.example.com",
  store: "vault",
  adminSecret: "production/postgres",
  database: "postgres",
} as const;

describe("an external Postgres", () => {
  let postgres: ExternalPostgres;
  const deployWith = (users: ExternalPostgresSettings["users"]): Promise<Recorded> =>
    deploy(() => {
      const vault = new kubernetes.core.v1.ConfigMap("vault");
      postgres = new ExternalPostgres("pg", {
        settings: { ...server, users },
        tenants,
        secretStores: { ready: [], stores: { vault: [vault] } },
        retention: "keep",
      });
    });

  describe("with databases and users that are given", () => {
    let recorded: Recorded;
    before(async () => {
      recorded = await deployWith(given);
    });

    it("carries each user's Secret from the store, and adds its URL", () => {
      const { inputs, dependencies } = recorded.find("ExternalSecret", "postgres-user-shop-orders");
      expect(inputs.spec).to.deep.include({
        secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
        data: ["host", "port", "user", "password", "dbname"].map((key) => ({
          secretKey: key,
          remoteRef: { key: "shop-orders", property: key },
        })),
      });
      expect(inputs.spec).to.have.deep.nested.property("target.template.data", {
        uri:
          "postgresql://{{ .user | urlquery }}:{{ .password | urlquery }}@{{ .host }}:{{ .port }}/" +
          "{{ .dbname }}?sslmode=require",
      });
      expect(dependencies).to.include(recorded.find("ConfigMap", "vault").urn);
    });

    it("has an ExternalSecret that the real definition accepts", function () {
      const fact = chartFact(this, "external-secrets", "crds/externalsecrets.yaml");
      const { inputs } = recorded.find("ExternalSecret", "postgres-user-shop-orders");
      expect(schemaErrors(fact, inputs.spec, "v1")).to.deep.equal([]);
    });

    it("finds it where the stack says it is", async () => {
      const secrets = { "shop/orders": "production/orders" };
      const { inputs } = (await deployWith({ ...given, secrets })).find(
        "ExternalSecret",
        "postgres-user-shop-orders",
      );
      expect(inputs.spec).to.have.nested.property("data[0].remoteRef.key", "production/orders");
    });

    it("is refused where the stack names a database that nobody demands", async () => {
      const refused: unknown = await deployWith({
        ...given,
        secrets: { "shop/oders": "x" },
      }).catch((error: unknown) => error);
      expect(String(refused)).to.match(
        /users\.secrets\.shop\/oders: is demanded by no application; it may be shop\/orders/,
      );
    });

    it("hands out what the operator's does: seven values, by reference to one Secret", async () => {
      const connection = postgres.connect("shop", orders);
      expect(connection.fields).to.deep.equal({
        url: { kind: "secret", key: "uri" },
        host: { kind: "secret", key: "host" },
        port: { kind: "secret", key: "port" },
        user: { kind: "secret", key: "user" },
        password: { kind: "secret", key: "password" },
        name: { kind: "secret", key: "dbname" },
        directUrl: { kind: "secret", key: "uri" },
      });
      expect(connection.secret?.name).to.equal("postgres-user-shop-orders");
      expect(connection.outside).to.deep.equal({ addresses: ["10.20.0.0/24"], ports: [5432] });
      expect(await urnsOf(connection.ready)).to.have.lengthOf(3);
    });

    it("runs nothing", () => {
      expect(recorded.all("Job")).to.deep.equal([]);
    });

    it("lets the application's reader read this Secret and no other", () => {
      expect(recorded.find("Role", "shop-secrets").inputs.rules).to.have.deep.nested.property(
        "[0].resourceNames",
        ["postgres-user-shop-orders"],
      );
    });
  });

  describe("with users that are created", () => {
    let recorded: Recorded;
    before(async () => {
      recorded = await deployWith(created);
    });

    it("makes databases and users by the administrator's Secret, before anybody uses them", async () => {
      const [job] = recorded.all("Job");
      expect(job?.dependencies).to.include.members([
        recorded.find("ExternalSecret", "postgres-admin").urn,
        recorded.find("Secret", "postgres-user-shop-orders").urn,
      ]);
      expect(JSON.stringify(job?.inputs)).to.contain(
        '{"name":"PGPASSWORD","valueFrom":{"secretKeyRef":{"key":"password","name":"postgres-admin"}}}',
      );
      expect(await urnsOf(postgres.connect("shop", orders).ready)).to.include(job?.urn);
    });

    it("keeps the generated password in the user's Secret, with where the database is", () => {
      const { inputs, protect } = recorded.find("Secret", "postgres-user-shop-orders");
      expect(inputs.stringData).to.deep.equal({
        secret: {
          host: "db.example.com",
          port: "5432",
          dbname: "orders",
          user: "shop-orders",
          password: "paRandomValueForTests",
          uri: "postgresql://shop-orders:paRandomValueForTests@db.example.com:5432/orders?sslmode=require",
        },
      });
      expect(protect).to.equal(true);
    });

    it("lets the Job out to the server and nowhere else", () => {
      expect(recorded.find("NetworkPolicy", "allow-setup").inputs.spec).to.deep.include({
        egress: [
          {
            to: [{ ipBlock: { cidr: "10.20.0.0/24" } }],
            ports: [{ protocol: "TCP", port: 5432 }],
          },
        ],
      });
    });

    it("leaves the administrator's rights out of the applications' reach", () => {
      const roles = recorded.all("Role").map(({ inputs }) => JSON.stringify(inputs.rules));
      expect(roles.filter((rules) => rules.includes("postgres-admin"))).to.deep.equal([]);
    });
  });
});

describe("the script that makes databases", () => {
  const files = {
    ...Object.fromEntries(
      Object.entries(databaseFiles([{ name: "shop-orders", database: "orders" }])).map(
        ([file, text]) => [`/setup/${file}`, text],
      ),
    ),
    "/credentials/shop-orders/password": "pSecret",
  };
  const psql = 'echo "$PGDATABASE reads $(cat $PASSWORD_FILE)" >> "$0.read"';

  it("makes the user and its database, then its schema in it", () => {
    const calls = callsOf(databasesScript, {
      files,
      commands: { pg_isready: "exit 0", psql },
    });
    const options = "--no-psqlrc --quiet --set ON_ERROR_STOP=1 --set user=shop-orders";
    expect(calls).to.deep.equal([
      "pg_isready --quiet",
      `psql ${options} --set database=orders --file /setup/user.sql`,
      `psql ${options} --file /setup/schema.sql`,
    ]);
  });

  it("lets the administrator act for the users it makes, which Postgres does not by itself from 16 on", () => {
    // Seen on Postgres 18: CREATE SCHEMA … AUTHORIZATION fails with "must be able to SET ROLE" without it.
    const { "user.sql": statements = "" } = databaseFiles([]);
    const grant = /GRANT %I TO CURRENT_USER'[^;]*?pg_has_role\(([^;]*?)\) \\gexec/.exec(statements);
    expect(grant?.[1]).to.match(/< 160000 THEN 'MEMBER' ELSE 'SET' END$/);
  });

  it("waits until the server answers", () => {
    const calls = callsOf(databasesScript, {
      files,
      commands: {
        pg_isready: '[ -e "$0.up" ] || { touch "$0.up"; exit 1; }',
        psql,
        sleep: "exit 0",
      },
    });
    expect(calls.slice(0, 3)).to.deep.equal([
      "pg_isready --quiet",
      "sleep 2",
      "pg_isready --quiet",
    ]);
  });

  it("fails, so that the Job tries again, when a user's password is not there", () => {
    expect(() =>
      callsOf(databasesScript, {
        files: { ...files, "/credentials/shop-orders/password": "" },
        commands: { pg_isready: "exit 0", psql },
      }),
    ).to.throw();
  });

  it("has no password in a statement or a command line", () => {
    expect(JSON.stringify(databaseFiles([{ name: "shop-orders", database: "orders" }]))).to.contain(
      '\\\\set password `cat \\"$PASSWORD_FILE\\"`',
    );
  });
});
