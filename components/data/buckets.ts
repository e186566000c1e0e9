import type { BucketDemand } from "./demands";
import type { Tenant } from "./tenants";

/** A bucket, and the user of the one application that may use it as such. */
export interface BucketUser {
  /** The user's name, which is also its access key; its policy's name starts with it. */
  readonly name: string;
  /** The bucket. */
  readonly bucket: string;
}

/** One user for each bucket of each application. */
export function bucketUsers(tenant: Tenant<BucketDemand>): readonly BucketUser[] {
  return tenant.demands.map(({ bucketName }) => ({
    name: bucketUserName(tenant.application, bucketName),
    bucket: bucketName,
  }));
}

/** The name of the user by which an application uses a bucket. */
export function bucketUserName(application: string, bucket: string): string {
  return `${application}-${bucket}`;
}

/**
 * Makes buckets, and users that may use exactly one of them. It never deletes one: what has left the
 * declaration keeps its objects.
 *
 * A policy that is attached already is an error to the tool, so the script asks first.
 * @see https://github.com/minio/mc
 */
export const bucketsScript = `set -eu

mc() {
  command mc --config-dir /tmp/mc "$@"
}

if [ -e /credentials/authority/ca.crt ]; then
  mkdir -p /tmp/mc/certs/CAs
  cp /credentials/authority/ca.crt /tmp/mc/certs/CAs/
fi

until mc alias set store "$MINIO_ENDPOINT" "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" > /dev/null; do
  echo "MinIO does not answer yet"
  sleep 2
done

for file in /setup/bucket.*; do
  mc mb --ignore-existing "store/\${file#/setup/bucket.}"
done

for file in /setup/policy.*.json; do
  user=\${file#/setup/policy.}
  user=\${user%.json}
  IFS= read -r secret < "/credentials/$user/secretKey" || [ -n "$secret" ]
  mc admin policy create store "$user-policy" "$file"
  printf '%s\\n%s\\n' "$user" "$secret" | mc admin user add store
  case "$(mc admin policy entities store --user "$user" --json)" in
    *"\\"$user-policy\\""*) echo "The policy of $user is attached" ;;
    *) mc admin policy attach store "$user-policy" --user "$user" ;;
  esac
done
`;

/** The files of the script: one for each bucket, and the policy of each user. */
export function bucketFiles(users: readonly BucketUser[]): Record<string, string> {
  return Object.fromEntries(
    users.flatMap(({ name, bucket }) => [
      [`bucket.${bucket}`, bucket],
      [`policy.${name}.json`, JSON.stringify(bucketPolicy(bucket), undefined, 2)],
    ]),
  );
}

/** A policy in the language of S3. */
export interface BucketPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly {
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/**
 * Reads, writes and deletes objects of one bucket, and nothing of the bucket itself.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
 */
export function bucketPolicy(bucket: string): BucketPolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: [`arn:aws:s3:::${bucket}`],
      },
      {
        Effect: "Allow",
        Action: [
          "s3:GetObject",
          "s3:PutObject",
          "s3:DeleteObject",
          "s3:AbortMultipartUpload",
          "s3:ListMultipartUploadParts",
        ],
        Resource: [`arn:aws:s3:::${bucket}/*`],
      },
    ],
  };
}
