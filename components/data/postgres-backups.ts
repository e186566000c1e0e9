import { identityAnnotations, type CloudIdentity } from "../kit/cloud-identity";
import type { Connection } from "../kit/connection";
import type { Problem } from "../kit/problem";
import type { DataSettings, PostgresSettings } from "../settings/data";
import { bucket, type BucketDemand } from "./demands";
import { volumeClaim, type ClaimSpec } from "./postgres-claim";
import { authorityKey } from "./server-certificate";
import type { Tenant } from "./tenants";

type BackupSettings = PostgresSettings["backups"];
type BucketBackups = Extract<BackupSettings, { kind: "objectStore" }>;
type BucketSource = Extract<NonNullable<PostgresSettings["dataSource"]>, { kind: "objectStore" }>;

/** The namespace of the cluster, which is also its name among those who use the object store. */
export const postgresNamespace = "postgres";

/** The Secret with the keys of the bucket, beside the cluster. */
export const bucketSecret = "pgbackrest-bucket";

/** How the operator calls the one repository that the cluster has. */
export const repositoryName = "repo1";

/** The file of the keys, and the folder in which pgBackRest reads every file that ends like it. */
const keysFile = "s3.conf";
const configFolder = "/etc/pgbackrest/conf.d";

/** The bucket that pgBackRest writes to. */
export interface BackupBucket {
  /** How the cluster uses it. */
  readonly connection: Connection;
  /** Where its name is in a URL. */
  readonly uriStyle: "path" | "host";
}

/** Options of pgBackRest, by their names. */
type Options = Readonly<Record<string, string>>;

/** Files that are mounted where pgBackRest reads its configuration. */
interface MountedSecret {
  readonly secret: {
    readonly name: string;
    readonly items: readonly { readonly key: string; readonly path: string }[];
  };
}

/** Where a repository is, as the operator wants it said. */
type RepositoryPlace =
  | { readonly volume: { readonly volumeClaimSpec: ClaimSpec } }
  | { readonly s3: { readonly bucket: string; readonly endpoint: string; readonly region: string } }
  | { readonly gcs: { readonly bucket: string } };

/** The repository of the backups, as a PostgresCluster has it. */
export interface RepositorySpec {
  /** Files with what only pgBackRest may read. @default - there are none */
  readonly configuration?: readonly MountedSecret[];
  /** Options that hold for every command. */
  readonly global: Options;
  /** The repositories. */
  readonly repos: readonly (RepositoryPlace & {
    readonly name: string;
    readonly schedules: { readonly full: string; readonly differential: string };
  })[];
}

/** Backups that a new cluster starts from, whoever made them. */
export interface BucketSourceSpec {
  readonly stanza: "db";
  /** @default - there are none */
  readonly configuration?: readonly MountedSecret[];
  readonly global: Options;
  readonly repo: RepositoryPlace & { readonly name: string };
}

/** The cluster as one that uses the object store; nobody where its backups are elsewhere. */
export function backupTenants(postgres: DataSettings["postgres"]): readonly Tenant<BucketDemand>[] {
  return postgres.kind === "pgo" && postgres.backups.kind === "objectStore"
    ? [
        {
          application: postgresNamespace,
          namespace: postgresNamespace,
          demands: [bucket(postgres.backups.bucket)],
        },
      ]
    : [];
}

/** An application that has the bucket of the backups could read and delete every database's. */
export function sharedBucketProblems(
  postgres: DataSettings["postgres"],
  tenants: readonly Tenant<BucketDemand>[],
): readonly Problem[] {
  const taken = backupTenants(postgres).flatMap(({ demands }) => demands);
  return tenants.flatMap(({ application, demands }) =>
    demands
      .filter(({ bucketName }) => taken.some((other) => other.bucketName === bucketName))
      .map(({ bucketName }) => ({
        field: "slipway:data.postgres.backups.bucket",
        message:
          `got "${bucketName}", which the application "${application}" demands: it could read and ` +
          "delete the backups of every database. Name another.",
      })),
  );
}

/** The repository that the stack asks for. */
export function repositorySpec(backups: BackupSettings, at?: BackupBucket): RepositorySpec {
  const retention = {
    [`${repositoryName}-retention-full`]: String(backups.retentionDays),
    [`${repositoryName}-retention-full-type`]: "time",
  };
  const { full, differential } = backups;
  const repository = { name: repositoryName, schedules: { full, differential } };
  if (backups.kind === "volume") {
    return {
      global: retention,
      repos: [{ ...repository, volume: { volumeClaimSpec: volumeClaim(backups) } }],
    };
  }
  const { place, ...rest } = inBucket(backups, at);
  return {
    ...rest,
    global: { ...retention, ...rest.global },
    repos: [{ ...repository, ...place }],
  };
}

/** The backups in the same bucket that a new cluster starts from. */
export function bucketSource(source: BucketSource, at?: BackupBucket): BucketSourceSpec {
  const { place, ...rest } = inBucket(source, at);
  return { stanza: "db", ...rest, repo: { name: repositoryName, ...place } };
}

/**
 * What pgBackRest has to know of a folder of a bucket.
 * @see https://pgbackrest.org/configuration.html#section-repository
 */
function inBucket(
  { path }: Pick<BucketBackups, "path">,
  at: BackupBucket | undefined,
): {
  readonly place: RepositoryPlace;
  readonly global: Options;
  readonly configuration?: readonly MountedSecret[];
} {
  if (at === undefined) {
    throw new Error("The backups are in a bucket that nobody handed over.");
  }
  const { connection, uriStyle } = at;
  const name = plain(connection, "bucket");
  const global = {
    [`${repositoryName}-path`]: path,
    // Small files together: each object of a bucket costs a request of its own.
    [`${repositoryName}-bundle`]: "y",
  };
  if (connection.identity?.gcp !== undefined) {
    return {
      place: { gcs: { bucket: name } },
      global: { ...global, [`${repositoryName}-gcs-key-type`]: "auto" },
    };
  }
  return {
    place: {
      s3: {
        bucket: name,
        endpoint: plain(connection, "endpoint").replace(/^https:\/\//, ""),
        region: plain(connection, "region"),
      },
    },
    global: {
      ...global,
      [`${repositoryName}-s3-uri-style`]: uriStyle,
      ...(connection.identity === undefined ? {} : { [`${repositoryName}-s3-key-type`]: "web-id" }),
      ...(hasAuthority(connection)
        ? { [`${repositoryName}-storage-ca-file`]: `${configFolder}/${authorityKey}` }
        : {}),
    },
    ...(connection.secret === undefined ? {} : { configuration: [mounted(connection)] }),
  };
}

/** Every other key of the Secret stays out of the pods. */
function mounted(connection: Connection): MountedSecret {
  const files = [keysFile, ...(hasAuthority(connection) ? [authorityKey] : [])];
  return { secret: { name: bucketSecret, items: files.map((key) => ({ key, path: key })) } };
}

/** The keys as pgBackRest reads them, which External Secrets writes. */
export const keysTemplate = {
  [keysFile]: [
    "[global]",
    `${repositoryName}-s3-key={{ .accessKey }}`,
    `${repositoryName}-s3-key-secret={{ .secretKey }}`,
    "",
  ].join("\n"),
} as const;

/**
 * What makes the cluster's pods known to the cloud: the operator puts it on the ServiceAccounts that it makes.
 * @see https://access.crunchydata.com/documentation/postgres-operator/latest/tutorials/backups-disaster-recovery/backups
 */
export function identityMetadata(
  identity: CloudIdentity | undefined,
): { readonly annotations: Readonly<Record<string, string>> } | undefined {
  const annotations = identityAnnotations(identity);
  return annotations && { annotations };
}

function hasAuthority({ fields }: Connection): boolean {
  return fields.ca?.kind === "secret";
}

function plain({ fields }: Connection, name: string): string {
  const field = fields[name];
  if (field?.kind !== "plain") {
    throw new Error(`The object store says nothing of its "${name}".`);
  }
  return field.value;
}
