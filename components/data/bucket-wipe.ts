import type * as pulumi from "@pulumi/pulumi";
import type { EgressRule } from "../kit/network-policy";
import { bucketUserName } from "./buckets";
import type { BucketDemand } from "./demands";
import { PreviewWipe } from "./preview-wipe";
import { bySlot, type Tenant } from "./tenants";

/** The last image of MinIO's tool that was published: the project is archived. */
export const bucketTools = "quay.io/minio/mc:RELEASE.2025-08-13T08-35-41Z";

/** Empties each bucket of the script's folder, by the keys of its user; an upload that never ended is gone, too. */
export const bucketsWipeScript = `set -eu

mc() {
  command mc --config-dir /tmp/mc "$@"
}

if [ -e /credentials/authority/ca.crt ]; then
  mkdir -p /tmp/mc/certs/CAs
  cp /credentials/authority/ca.crt /tmp/mc/certs/CAs/
fi

for file in /setup/bucket.*; do
  keys="/credentials/\${file#/setup/bucket.}"
  bucket=$(cat "$file")
  printf '%s\\n%s\\n' "$(cat "$keys/accessKey")" "$(cat "$keys/secretKey")" |
    mc alias set store "$STORE_ENDPOINT" > /dev/null
  mc rm --recursive --force "store/$bucket"
  mc rm --recursive --force --incomplete "store/$bucket"
  echo "$bucket is empty"
done
`;

export interface BucketWipesArgs {
  /** The applications that demand buckets. */
  readonly tenants: readonly Tenant<BucketDemand>[];
  /** The namespace of the users' Secrets. */
  readonly namespace: string;
  /** The name of a user's Secret. */
  readonly secretOf: (user: string) => string;
  /** The name of a bucket in the store. */
  readonly bucketOf: (demand: BucketDemand) => string;
  /** The URL of the store. */
  readonly endpoint: string;
  /**
   * The Secret of the authority that signed the store's certificate.
   * @default - it is one that every client trusts, or there is none
   */
  readonly authority?: string;
  /** Where the store is. */
  readonly egress: readonly EgressRule[];
}

/** What empties the buckets of each slot of the preview environments. */
export function createBucketWipes(
  name: string,
  { tenants, namespace, secretOf, bucketOf, endpoint, authority, egress }: BucketWipesArgs,
  opts: pulumi.ComponentResourceOptions,
): void {
  for (const [slot, its] of bySlot(tenants)) {
    const users = its.flatMap(({ application, demands }) =>
      demands.map((demand) => ({ user: bucketUserName(application, demand.bucketName), demand })),
    );
    new PreviewWipe(
      `${name}-preview-${String(slot)}-wipe`,
      {
        slot,
        namespace,
        image: bucketTools,
        script: bucketsWipeScript,
        files: Object.fromEntries(
          users.map(({ user, demand }) => [`bucket.${user}`, bucketOf(demand)]),
        ),
        env: { STORE_ENDPOINT: endpoint },
        credentials: {
          ...Object.fromEntries(users.map(({ user }) => [user, secretOf(user)])),
          ...(authority === undefined ? {} : { authority }),
        },
        egress,
      },
      opts,
    );
  }
}
