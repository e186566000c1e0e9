import type { PostgresUser } from "./postgres-cluster";

/**
 * Makes databases and users, or brings them to their declared state. It never deletes one: what has left
 * the declaration keeps its data.
 *
 * Each user has a schema of its own, as it has in a cluster that the operator runs. The administrator of
 * a managed server is no superuser, and may act for a role only as its member. Since Postgres 16 who makes a
 * role is a member that may hand it on, and yet may not act for it until that is granted too.
 * @see https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-CREATEROLE-SELF-GRANT
 */
export const databasesScript = `set -eu

until pg_isready --quiet; do
  echo "Postgres does not answer yet"
  sleep 2
done

for file in /setup/database.*; do
  user=\${file#/setup/database.}
  database=$(cat "$file")
  export PASSWORD_FILE="/credentials/$user/password"
  [ -s "$PASSWORD_FILE" ]
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set user="$user" --set database="$database" \\
    --file /setup/user.sql
  PGDATABASE="$database" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set user="$user" \\
    --file /setup/schema.sql
done
`;

const userSql = `\\set password \`cat "$PASSWORD_FILE"\`
SELECT format('CREATE ROLE %I LOGIN', :'user')
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = :'user') \\gexec
ALTER ROLE :"user" WITH LOGIN PASSWORD :'password';
SELECT format('GRANT %I TO CURRENT_USER', :'user')
  WHERE NOT pg_catalog.pg_has_role(CURRENT_USER, :'user',
    CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END) \\gexec
SELECT format('CREATE DATABASE %I', :'database')
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'database') \\gexec
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', datname)
  FROM pg_catalog.pg_database
  WHERE datname = :'database' AND pg_catalog.pg_has_role(CURRENT_USER, datdba, 'MEMBER') \\gexec
GRANT CONNECT, TEMPORARY, CREATE ON DATABASE :"database" TO :"user";
`;

const schemaSql = `CREATE SCHEMA IF NOT EXISTS :"user" AUTHORIZATION :"user";
`;

/** The files of the script: its statements, and one for each user that says its database. */
export function databaseFiles(users: readonly PostgresUser[]): Record<string, string> {
  return {
    "user.sql": userSql,
    "schema.sql": schemaSql,
    ...Object.fromEntries(users.map(({ name, database }) => [`database.${name}`, database])),
  };
}
