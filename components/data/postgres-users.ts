import type { DatabaseDemand } from "./demands";
import type { PostgresUser } from "./postgres-cluster";
import type { Tenant } from "./tenants";

/** One user for each database of an application. */
export function postgresUsers({
  application,
  demands,
}: Tenant<DatabaseDemand>): readonly PostgresUser[] {
  return demands.map(({ database }) => ({ name: postgresUser(application, database), database }));
}

/** The name of the user by which an application uses a database. */
export function postgresUser(application: string, database: string): string {
  return `${application}-${database}`;
}
