import * as pulumi from "@pulumi/pulumi";
import type { ConnectionField, Demand } from "../kit/connection";
import type { OneOf } from "../kit/one-of";

/** The values that an application can ask of a demand, by the names of `Connection.fields`. */
type Fields<Name extends string> = Readonly<Record<Name, ConnectionField>>;

const databaseFields = ["url", "host", "port", "user", "password", "name", "directUrl"] as const;
const streamFields = ["url", "user", "password", "ca", "stream"] as const;
const consumerFields = [...streamFields, "consumer"] as const;
const bucketFields = ["endpoint", "ca", "region", "bucket", "accessKey", "secretKey"] as const;

/** A database, and a user of the application's own in it. */
export interface DatabaseDemand extends Demand, Fields<(typeof databaseFields)[number]> {
  readonly kind: "database";
  /** The name of the database. */
  readonly database: string;
  /** How many connections each pod that uses it opens at most. */
  readonly poolSize: number;
  /** What the application said of it, as it was written. */
  readonly said: DatabaseUse;
}

/** What an application says of its way into a database. */
export interface DatabaseUse {
  /**
   * How many connections each pod opens at most. It counts with the most pods there may be against what
   * the database allows, so the service has to keep to it: `DB_POOL: String(orders.poolSize)`.
   * @default 10
   */
  readonly poolSize?: number;
}

/** What an application does with a stream: it reads it as a durable consumer, or it writes to it. */
export type StreamUse = OneOf<{
  /** The durable consumer's name; it is made for the application. */
  readonly consumer: string;
  /** The subjects it publishes to; each lies within the stream's. */
  readonly publish: string | readonly string[];
}>;

/** A way into a stream. */
export interface StreamDemand extends Demand, Fields<(typeof streamFields)[number]> {
  readonly kind: "stream";
  /** The name of the stream, as `slipway:data.nats.streams` has it. */
  readonly streamName: string;
  /** What the application does with it. */
  readonly use: NormalStreamUse;
  /** What the application said of it, as it was written. */
  readonly said: StreamUse;
}

/** A stream's use with its subjects as a list. */
export type NormalStreamUse =
  | { readonly kind: "consume"; readonly consumer: string }
  | { readonly kind: "publish"; readonly subjects: readonly string[] };

/**
 * A way to read a stream. The names are in its type, so that the compiler tells one from another.
 * @form what stream("<stream>", { consumer: "<consumer>" }) of uses gives
 */
export interface ConsumerDemand<Stream extends string = string, Consumer extends string = string>
  extends StreamDemand, Fields<(typeof consumerFields)[number]> {
  readonly streamName: Stream;
  readonly use: { readonly kind: "consume"; readonly consumer: Consumer };
}

/** A bucket of the object store, and a user of the application's own for it. */
export interface BucketDemand extends Demand, Fields<(typeof bucketFields)[number]> {
  readonly kind: "bucket";
  /** The name of the bucket. */
  readonly bucketName: string;
}

/** Everything the data room can be asked for. */
export type DataDemand = DatabaseDemand | StreamDemand | BucketDemand;

/** A name that is safe in a Kubernetes object, a Postgres identifier and an S3 bucket alike. */
const namePattern = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;

/**
 * Asks for a database.
 *
 * `url` goes through the connection pooler, which lends a connection for one transaction; `directUrl`
 * goes to the primary, for migrations and whatever needs a session of its own.
 * @throws when the name is not one of up to 40 lower-case letters, digits and hyphens, or the pool is empty.
 */
export function database(name: string, said: DatabaseUse = {}): DatabaseDemand {
  const { poolSize = 10 } = said;
  checkName("database", name);
  if (!Number.isInteger(poolSize) || poolSize < 1) {
    throw new pulumi.RunError(
      `The database "${name}" got the poolSize ${String(poolSize)}; it has to be a whole number of connections, at least 1.`,
    );
  }
  const demand = { kind: "database", key: `database/${name}`, database: name } as const;
  return { ...withFields(demand, databaseFields), poolSize, said };
}

/**
 * Asks for a way into a stream: `{ consumer }` to read it, `{ publish }` to write to some of its
 * subjects.
 */
export function stream<const Stream extends string, const Consumer extends string>(
  name: Stream,
  said: { readonly consumer: Consumer },
): ConsumerDemand<Stream, Consumer>;
export function stream(name: string, said: StreamUse): StreamDemand;
export function stream(name: string, said: StreamUse): StreamDemand {
  const normal: NormalStreamUse =
    said.consumer === undefined
      ? {
          kind: "publish",
          subjects: typeof said.publish === "string" ? [said.publish] : said.publish,
        }
      : { kind: "consume", consumer: said.consumer };
  if (normal.kind === "consume") {
    checkName("consumer", normal.consumer);
  }
  const purpose = normal.kind === "consume" ? normal.consumer : "publish";
  const demand = {
    kind: "stream",
    key: `stream/${name}-${purpose}`,
    streamName: name,
    use: normal,
  } as const;
  const fields = withFields(demand, normal.kind === "consume" ? consumerFields : streamFields);
  return { ...fields, said };
}

/**
 * Asks for a bucket of the object store.
 * @throws when the name is not one of 3 to 40 lower-case letters, digits and hyphens.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function bucket(name: string): BucketDemand {
  checkName("bucket", name, 3);
  const demand = { kind: "bucket", key: `bucket/${name}`, bucketName: name } as const;
  return withFields(demand, bucketFields);
}

/**
 * A demand as the data room answers it: without the values that a declaration puts into environments, and
 * without what is the application's own affair: how large a pool is, and how all of it was written.
 */
export function plainDemand(demand: Demand): Demand {
  const plain = Object.entries(demand).filter(
    ([key, value]: [string, unknown]) =>
      key !== ("poolSize" satisfies keyof DatabaseDemand) &&
      key !== ("said" satisfies keyof DatabaseDemand) &&
      !(typeof value === "object" && value !== null && "demand" in value),
  );
  return Object.fromEntries(plain) as unknown as Demand;
}

/**
 * What takes a demand's place in one slot of the preview environments. Streams keep their names: the bus
 * has an account for each slot, in which nobody hears what is said outside.
 */
export function previewDemand(demand: DataDemand, slot: number): DataDemand {
  const own = (name: string): string => `${name}-preview-${String(slot)}`;
  switch (demand.kind) {
    case "database":
      return database(own(demand.database), { poolSize: demand.poolSize });
    case "bucket":
      return bucket(own(demand.bucketName));
    case "stream":
      return demand;
  }
}

/** Says whether the data room answers a demand. */
export function isDataDemand(demand: Demand): demand is DataDemand {
  return "database" in demand || "streamName" in demand || "bucketName" in demand;
}

function withFields<Plain extends Demand, Name extends string>(
  demand: Plain,
  names: readonly Name[],
): Plain & Fields<Name> {
  const fields: Partial<Record<Name, ConnectionField>> = {};
  for (const field of names) {
    fields[field] = { demand, field };
  }
  return { ...demand, ...(fields as Fields<Name>) };
}

function checkName(what: string, name: string, shortest = 1): void {
  if (!namePattern.test(name) || name.length < shortest) {
    throw new pulumi.RunError(
      `The ${what} name "${name}" is not allowed: use ${String(shortest)} to 40 lower-case letters, digits and ` +
        `hyphens, with a letter or digit at both ends.`,
    );
  }
}
