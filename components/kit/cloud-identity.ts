import type { OneOf } from "./one-of";
import type { Problem } from "./problem";

/**
 * Who a workload is to a cloud, so that it needs no key of that cloud: its ServiceAccount's token is
 * exchanged for short-lived credentials.
 */
export type CloudIdentity = OneOf<{
  /** Amazon Web Services. */
  readonly aws: OneOf<{
    /** The ARN of the role, whose trust policy names the namespace and ServiceAccount. */
    readonly roleArn: string;
    /** An EKS Pod Identity association, made where the cluster is, names the role. */
    readonly podIdentity: true;
  }>;
  /** Google Cloud. */
  readonly gcp: {
    /** The e-mail address of the Google service account. */
    readonly serviceAccount: string;
  };
  /** Microsoft Azure. */
  readonly azure: {
    /** The client id of the managed identity, a UUID. */
    readonly clientId: string;
  };
}>;

/**
 * The annotations by which a cloud knows a ServiceAccount; undefined when there are none.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 * @see https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
 */
export function identityAnnotations(
  identity: CloudIdentity | undefined,
): Readonly<Record<string, string>> | undefined {
  if (identity?.aws?.roleArn !== undefined) {
    return { "eks.amazonaws.com/role-arn": identity.aws.roleArn };
  }
  if (identity?.gcp !== undefined) {
    return { "iam.gke.io/gcp-service-account": identity.gcp.serviceAccount };
  }
  return identity?.azure === undefined
    ? undefined
    : { "azure.workload.identity/client-id": identity.azure.clientId };
}

/** The labels by which a cloud knows the pods of a workload. */
export function identityLabels(
  identity: CloudIdentity | undefined,
): Readonly<Record<string, string>> {
  return identity?.azure === undefined ? {} : { "azure.workload.identity/use": "true" };
}

/**
 * The ports on which a workload gets its credentials and calls its cloud: 443, and those of the agent
 * on the node that hands credentials out, which has an address that no label selects.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity#metadata_server
 */
export function identityPorts({ aws, gcp }: CloudIdentity): readonly number[] {
  return [443, ...(aws?.podIdentity === true ? [80] : []), ...(gcp === undefined ? [] : [80, 988])];
}

/** What is wrong with an identity. */
export function identityProblems({ aws, gcp, azure }: CloudIdentity): readonly Problem[] {
  const [field, got, pattern, form] =
    aws?.roleArn !== undefined
      ? ["aws.roleArn", aws.roleArn, arnPattern, "arn:aws:iam::123456789012:role/orders"]
      : gcp !== undefined
        ? ["gcp.serviceAccount", gcp.serviceAccount, emailPattern, `orders@acme.${emailDomain}`]
        : ["azure.clientId", azure?.clientId ?? "", uuidPattern, "a UUID in lower case"];
  return aws?.podIdentity === true || pattern.test(got)
    ? []
    : [{ field, message: `got "${got}"; it has to be like ${form}.` }];
}

const emailDomain = "iam.gserviceaccount.com";
const arnPattern = /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/;
const emailPattern = /^[a-z]([-a-z0-9]*[a-z0-9])?@[a-z0-9.-]+\.iam\.gserviceaccount\.com$/;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
