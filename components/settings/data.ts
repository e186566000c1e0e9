import { z } from "zod";
import { natsSettings } from "./nats";
import { objectStoreSettings } from "./object-store";
import { postgresSettings } from "./postgres";

/** `slipway:data`: the services that hold state. */
export const dataSettings = z
  .strictObject({
    nats: natsSettings,
    postgres: postgresSettings,
    objectStore: objectStoreSettings,
  })
  .describe("The services that hold state.");

export type DataSettings = z.infer<typeof dataSettings>;
export type NatsSettings = DataSettings["nats"];
/** A Postgres that the stack runs itself. */
export type PostgresSettings = Extract<DataSettings["postgres"], { kind: "pgo" }>;
/** An object store that the stack runs itself. */
export type ObjectStoreSettings = Extract<DataSettings["objectStore"], { kind: "minio" }>;
export type { CloudIdentitySettings, ExternalObjectStoreSettings } from "./object-store";
export type { ExternalPostgresSettings } from "./postgres";
