import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { addressBlocks } from "../kit/addresses";
import type { Adoption } from "../kit/adoption";
import { Component } from "../kit/component";
import type { Connection } from "../kit/connection";
import { externalSecret, externalSecretTimeouts } from "../kit/external-secret";
import { Namespace } from "../kit/namespace";
import { networkPolicy, toBlocks } from "../kit/network-policy";
import { refuse } from "../kit/problem";
import type { Retention } from "../kit/retention";
import type { SecretStores } from "../platform";
import type { ExternalPostgresSettings } from "../settings/data";
import { Credentials } from "./credentials";
import type { DatabaseDemand } from "./demands";
import { databaseFiles, databasesScript } from "./external-postgres-setup";
import type { PostgresUser } from "./postgres-cluster";
import { postgresUser, postgresUsers } from "./postgres-users";
import { createDatabaseWipes, postgresTools } from "./postgres-wipe";
import { grantAccess } from "./secret-access";
import { SetupJob, setupJobLabels } from "./setup-job";
import { unknownNames, type Answers, type Tenant } from "./tenants";

const namespaceName = "postgres";

/** The name of the Job that makes databases and users. */
const databasesJob = "postgres-databases";

/** The Secret of the administrator, carried from its store. */
const adminSecret = "postgres-admin";

export interface ExternalPostgresArgs {
  /** What the stack says of the server. */
  readonly settings: ExternalPostgresSettings;
  /** The applications that demand databases. */
  readonly tenants: readonly Tenant<DatabaseDemand>[];
  /** What reads the Secrets. */
  readonly secretStores: SecretStores;
  /** What becomes of generated passwords on a destroy. */
  readonly retention: Retention;
  /**
   * Finds the passwords that an earlier life of the stack kept.
   * @default - nothing is kept
   */
  readonly adoption?: Adoption;
}

/**
 * A Postgres outside the cluster. For each database that an application demands there is a Secret with
 * the same values as the operator's: carried from a store where databases are given, or of a user that a
 * Job makes by an administrator's rights.
 *
 * The stack installs nothing that runs, and deletes no database.
 */
export class ExternalPostgres extends Component implements Answers<DatabaseDemand> {
  private readonly ready: ReadonlyMap<string, readonly pulumi.Resource[]>;
  private readonly settings: ExternalPostgresSettings;

  constructor(
    name: string,
    args: ExternalPostgresArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("data", "ExternalPostgres", name, opts);
    const { settings, tenants, secretStores, retention } = args;
    refuseUnknown(settings, tenants);
    const users = tenants.flatMap(postgresUsers);

    const namespace = new Namespace(
      `${name}-namespace`,
      {
        name: namespaceName,
        podSecurity: "restricted",
        labels: { "app.kubernetes.io/managed-by": "pulumi" },
        retain: retention === "keep",
      },
      { parent: this },
    );
    const inNamespace = { parent: this, dependsOn: [namespace] };
    const { users: from } = settings;
    const made = from.kind === "given" ? carryUsers(from) : createUsers(from);
    const access = grantAccess(name, namespaceName, tenants, userSecrets, inNamespace);
    createDatabaseWipes(
      name,
      {
        tenants,
        namespace: namespaceName,
        secretOf,
        tls: settings.tls,
        egress: [toBlocks(addressBlocks(settings.addresses), [settings.port])],
      },
      { parent: this, dependsOn: [namespace, ...[...made.values()].flat()] },
    );

    this.settings = settings;
    this.ready = new Map(
      tenants.map(({ application, demands }) => [
        application,
        [
          ...demands.flatMap(({ database }) => made.get(postgresUser(application, database)) ?? []),
          ...(access.get(application)?.ready ?? []),
        ],
      ]),
    );
    this.registerOutputs({});

    function carry(secret: string, store: string, key: string, more: object): pulumi.Resource {
      const reads = secretStores.stores[store];
      return new kubernetes.apiextensions.CustomResource(
        `${name}-${secret}`,
        externalSecret({
          name: secret,
          namespace: namespaceName,
          store: { kind: "ClusterSecretStore", name: store },
          data: {
            user: { key, property: "user" },
            password: { key, property: "password" },
          },
          ...more,
        }),
        {
          ...inNamespace,
          dependsOn: [namespace, ...secretStores.ready, ...(reads ?? [])],
          customTimeouts: externalSecretTimeouts,
        },
      );
    }

    function carryUsers(given: GivenUsers): ReadonlyMap<string, readonly pulumi.Resource[]> {
      return new Map(
        tenants.flatMap(({ application, demands }) =>
          demands.map(({ database }) => {
            const user = postgresUser(application, database);
            const key = given.secrets[`${application}/${database}`] ?? user;
            const keys = ["host", "port", "user", "password", "dbname"];
            const secret = carry(secretOf(user), given.store, key, {
              data: Object.fromEntries(keys.map((each) => [each, { key, property: each }])),
              template: { uri: uriTemplate(settings.tls) },
            });
            return [user, [secret]] as const;
          }),
        ),
      );
    }

    function createUsers(created: CreatedUsers): ReadonlyMap<string, readonly pulumi.Resource[]> {
      allowSetup();
      const admin = carry(adminSecret, created.store, created.adminSecret, {});
      const credentials = users.map((user) => createCredentials(created, user));
      const job = users.length === 0 ? [] : [createDatabases(created, [admin, ...credentials])];
      return new Map(users.map((user) => [user.name, job]));
    }

    function allowSetup(): void {
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-setup`,
        {
          metadata: { name: "allow-setup", namespace: namespaceName },
          spec: networkPolicy({
            pods: setupJobLabels(databasesJob),
            egress: [toBlocks(addressBlocks(settings.addresses), [settings.port])],
          }),
        },
        inNamespace,
      );
    }

    function createCredentials(created: CreatedUsers, user: PostgresUser): Credentials {
      const address = { host: created.host, port: String(settings.port), dbname: user.database };
      return new Credentials(
        `${name}-${user.name}-credentials`,
        {
          namespace: namespaceName,
          secretName: secretOf(user.name),
          data: (password) => ({
            ...address,
            user: user.name,
            password,
            uri: password.apply(
              (text) =>
                `postgresql://${user.name}:${text}@${address.host}:${address.port}/${address.dbname}?sslmode=${settings.tls}`,
            ),
          }),
          passwordKey: "password",
          retention,
          adoption: args.adoption,
        },
        inNamespace,
      );
    }

    function createDatabases(
      created: CreatedUsers,
      after: readonly pulumi.Resource[],
    ): pulumi.Resource {
      const { job } = new SetupJob(
        `${name}-databases`,
        {
          baseName: databasesJob,
          namespace: namespaceName,
          image: postgresTools,
          script: databasesScript,
          files: databaseFiles(users),
          env: {
            PGHOST: created.host,
            PGPORT: String(settings.port),
            PGDATABASE: created.database,
            PGSSLMODE: settings.tls,
            PGUSER: { secret: adminSecret, key: "user" },
            PGPASSWORD: { secret: adminSecret, key: "password" },
          },
          credentials: Object.fromEntries(users.map((user) => [user.name, secretOf(user.name)])),
        },
        { ...inNamespace, dependsOn: [namespace, ...after] },
      );
      return job;
    }
  }

  /** How an application uses a database; what is in front of it, if anything, is the server's own. */
  connect(application: string, demand: DatabaseDemand): Connection {
    return {
      demand,
      fields: Object.fromEntries(
        Object.entries(secretKeys).map(([field, key]) => [field, { kind: "secret", key }] as const),
      ),
      secret: {
        namespace: namespaceName,
        name: secretOf(postgresUser(application, demand.database)),
        keys: [...new Set(Object.values(secretKeys))],
      },
      peers: [],
      outside: { addresses: this.settings.addresses, ports: [this.settings.port] },
      ready: this.ready.get(application) ?? [],
    };
  }
}

type GivenUsers = Extract<ExternalPostgresSettings["users"], { kind: "given" }>;
type CreatedUsers = Extract<ExternalPostgresSettings["users"], { kind: "created" }>;

/** The keys of a user's Secret by the fields of a connection. */
const secretKeys = {
  url: "uri",
  host: "host",
  port: "port",
  user: "user",
  password: "password",
  name: "dbname",
  directUrl: "uri",
} as const;

/** The URL that External Secrets makes of what a given Secret holds. */
function uriTemplate(tls: string): string {
  return (
    "postgresql://{{ .user | urlquery }}:{{ .password | urlquery }}@{{ .host }}:{{ .port }}/" +
    `{{ .dbname }}?sslmode=${tls}`
  );
}

function userSecrets(tenant: Tenant<DatabaseDemand>): readonly string[] {
  return postgresUsers(tenant).map(({ name }) => secretOf(name));
}

/** The Secret of a user. */
function secretOf(user: string): string {
  return `postgres-user-${user}`;
}

function refuseUnknown(
  { users }: ExternalPostgresSettings,
  tenants: readonly Tenant<DatabaseDemand>[],
): void {
  if (users.kind === "given") {
    const demanded = tenants.flatMap(({ application, demands }) =>
      demands.map(({ database }) => `${application}/${database}`),
    );
    refuse(
      "The databases",
      unknownNames("slipway:data.postgres.users.secrets", Object.keys(users.secrets), demanded),
    );
  }
}
