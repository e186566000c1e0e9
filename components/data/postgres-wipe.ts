import type * as pulumi from "@pulumi/pulumi";
import type { EgressRule } from "../kit/network-policy";
import type { DatabaseDemand } from "./demands";
import { postgresUsers } from "./postgres-users";
import { PreviewWipe } from "./preview-wipe";
import { bySlot, type Tenant } from "./tenants";

/** The tools of Postgres, which speak to servers of every version before theirs. */
export const postgresTools = "docker.io/library/postgres:18.1-alpine";

/** Empties the database of each user whose Secret is mounted. */
export const databasesWipeScript = `set -eu

for folder in /credentials/*; do
  export PGHOST="$(cat "$folder/host")" PGPORT="$(cat "$folder/port")" PGDATABASE="$(cat "$folder/dbname")"
  export PGUSER="$(cat "$folder/user")" PGPASSWORD="$(cat "$folder/password")"
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file /setup/wipe.sql
  echo "$PGDATABASE is empty"
done
`;

/**
 * Drops all that the user owns in its database, and gives it its schema back. DROP OWNED would take its right
 * to connect with it. What has gone with a schema or a table before it is passed over.
 */
const databaseWipeSql = `SELECT format('DROP SCHEMA %I CASCADE', nspname),
    CASE WHEN nspname = CURRENT_USER THEN format('CREATE SCHEMA %I', nspname) END
  FROM pg_catalog.pg_namespace WHERE nspowner = CURRENT_USER::regrole ORDER BY nspname \\gexec
SELECT format('DROP %s IF EXISTS %I.%I CASCADE',
    CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
      WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, nspname, relname)
  FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
  WHERE relowner = CURRENT_USER::regrole AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')
    AND nspname !~ '^pg_(temp|toast)' ORDER BY relkind = 'S', relname \\gexec
SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
  FROM pg_catalog.pg_proc WHERE proowner = CURRENT_USER::regrole \\gexec
SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', nspname, typname)
  FROM pg_catalog.pg_type JOIN pg_catalog.pg_namespace n ON n.oid = typnamespace
  WHERE typowner = CURRENT_USER::regrole AND typelem = 0 AND typrelid = 0 \\gexec
SELECT count(lo_unlink(oid)) AS large_objects FROM pg_catalog.pg_largeobject_metadata
  WHERE lomowner = CURRENT_USER::regrole;
`;

export interface DatabaseWipesArgs {
  /** The applications that demand databases. */
  readonly tenants: readonly Tenant<DatabaseDemand>[];
  /** The namespace of the users' Secrets. */
  readonly namespace: string;
  /** The name of a user's Secret. */
  readonly secretOf: (user: string) => string;
  /** What a connection asks of TLS, in libpq's words. */
  readonly tls: string;
  /** Where the server is. */
  readonly egress: readonly EgressRule[];
}

/** What empties the databases of each slot of the preview environments. */
export function createDatabaseWipes(
  name: string,
  { tenants, namespace, secretOf, tls, egress }: DatabaseWipesArgs,
  opts: pulumi.ComponentResourceOptions,
): void {
  for (const [slot, its] of bySlot(tenants)) {
    new PreviewWipe(
      `${name}-preview-${String(slot)}-wipe`,
      {
        slot,
        namespace,
        image: postgresTools,
        script: databasesWipeScript,
        files: { "wipe.sql": databaseWipeSql },
        env: { PGSSLMODE: tls },
        credentials: Object.fromEntries(
          its.flatMap(postgresUsers).map(({ name: user }) => [user, secretOf(user)]),
        ),
        egress,
      },
      opts,
    );
  }
}
