import type { Action } from "./action";
import { controllerReference, decode, encode, type Secret } from "./objects";
import { randomPassword, scramVerifier } from "./passwords";
import type { PostgresCluster, PostgresUser } from "./postgres-clusters";
import type { World } from "./world";

const prefix = "postgres-operator.crunchydata.com";

/** Writes the Secret of each user, as PGO does, and deletes those of users that are gone. */
export function userSecretActions(cluster: PostgresCluster, world: World): readonly Action[] {
  const { name, namespace = "" } = cluster.metadata;
  const users = usersOf(cluster);
  const written = users.flatMap((user) => writeUser(cluster, user, world));
  const wanted = new Set(users.map((user) => secretName(cluster, user)));
  const gone = world
    .list<Secret>("Secret")
    .filter(
      ({ metadata }) =>
        metadata.namespace === namespace &&
        metadata.labels?.[`${prefix}/cluster`] === name &&
        metadata.labels[`${prefix}/role`] === "pguser" &&
        !wanted.has(metadata.name) &&
        metadata.deletionTimestamp === undefined,
    )
    .map((object): Action => ({ do: "delete", object }));
  return [...written, ...gone];
}

/** A cluster that names no users gets one, with a database, called as the cluster is. */
function usersOf({ spec, metadata }: PostgresCluster): readonly PostgresUser[] {
  return spec.users ?? [{ name: metadata.name, databases: [metadata.name] }];
}

function secretName({ metadata }: PostgresCluster, user: PostgresUser): string {
  return `${metadata.name}-pguser-${user.name}`;
}

/** A password that is there already is kept; whatever does not fit it, or the spec, is written anew. */
function writeUser(cluster: PostgresCluster, user: PostgresUser, world: World): readonly Action[] {
  const { namespace = "" } = cluster.metadata;
  const name = secretName(cluster, user);
  const present = world.secret(namespace, name);
  const before = decode(present);
  const password = before["password"] ?? randomPassword(user.password?.type ?? "ASCII");
  const verifier = before["verifier"] ?? scramVerifier(password);
  const values = { ...connectionValues(cluster, user, password), verifier };
  const secret: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      labels: {
        [`${prefix}/cluster`]: cluster.metadata.name,
        [`${prefix}/pguser`]: user.name,
        [`${prefix}/role`]: "pguser",
      },
      ownerReferences: [controllerReference(cluster)],
    },
    data: encode(values),
  };
  if (present === undefined) {
    return [{ do: "create", object: secret }];
  }
  const same = Object.entries(values).every(([key, value]) => before[key] === value);
  return same
    ? []
    : [
        {
          do: "merge",
          object: present,
          fields: { data: secret.data, metadata: { labels: secret.metadata.labels } },
        },
      ];
}

/**
 * The keys of a user's Secret that say how to connect.
 * @see https://access.crunchydata.com/documentation/postgres-operator/latest/architecture/user-management
 */
export function connectionValues(
  { metadata, spec }: PostgresCluster,
  user: PostgresUser,
  password: string,
): Readonly<Record<string, string>> {
  const hostOf = (service: string): string =>
    `${metadata.name}-${service}.${metadata.namespace ?? ""}.svc`;
  const direct = { host: hostOf("primary"), port: String(spec.port ?? 5432) };
  const pooler = spec.proxy?.pgBouncer;
  const pooled = { host: hostOf("pgbouncer"), port: String(pooler?.port ?? 5432) };
  const database = user.databases?.[0];
  return {
    ...direct,
    user: user.name,
    password,
    ...(database === undefined
      ? {}
      : {
          dbname: database,
          uri: uri(direct, user.name, password, database),
          "jdbc-uri": jdbcUri(direct, database, { password, user: user.name }),
        }),
    ...(pooler === undefined
      ? {}
      : { "pgbouncer-host": pooled.host, "pgbouncer-port": pooled.port }),
    ...(pooler === undefined || database === undefined
      ? {}
      : {
          "pgbouncer-uri": uri(pooled, user.name, password, database),
          // PgBouncer cannot keep prepared statements in transaction mode.
          "pgbouncer-jdbc-uri": jdbcUri(pooled, database, {
            password,
            prepareThreshold: "0",
            user: user.name,
          }),
        }),
  };
}

interface Address {
  readonly host: string;
  readonly port: string;
}

function uri({ host, port }: Address, user: string, password: string, database: string): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `postgresql://${login}@${host}:${port}/${database}`;
}

function jdbcUri(
  { host, port }: Address,
  database: string,
  parameters: Readonly<Record<string, string>>,
): string {
  return `jdbc:postgresql://${host}:${port}/${database}?${new URLSearchParams(parameters).toString()}`;
}
