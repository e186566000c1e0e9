import { type ObjectView } from "../core/object";

/**
 * Built-in kinds that belong to no namespace (`kubectl api-resources --namespaced=false`, Kubernetes 1.34),
 * and those of Gateway API and the snapshot controller.
 */
const CLUSTER_SCOPED = new Set([
  "APIService",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "ComponentStatus",
  "CSIDriver",
  "CSINode",
  "CustomResourceDefinition",
  "DeviceClass",
  "FlowSchema",
  "GatewayClass",
  "IngressClass",
  "IPAddress",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PodSecurityPolicy",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "SelfSubjectAccessReview",
  "SelfSubjectReview",
  "SelfSubjectRulesReview",
  "ServiceCIDR",
  "StorageClass",
  "StorageVersion",
  "StorageVersionMigration",
  "SubjectAccessReview",
  "TokenReview",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
  "VolumeSnapshotClass",
  "VolumeSnapshotContent",
]);

/** Custom kinds whose scope is known to be a namespace. */
const NAMESPACED_CUSTOM = new Set([
  "acme.cert-manager.io/Challenge",
  "cert-manager.io/Certificate",
  "cert-manager.io/Issuer",
  "external-secrets.io/ExternalSecret",
  "external-secrets.io/SecretStore",
  "keda.sh/ScaledJob",
  "keda.sh/ScaledObject",
  "keda.sh/TriggerAuthentication",
  "minio.min.io/Tenant",
  "monitoring.coreos.com/PodMonitor",
  "monitoring.coreos.com/PrometheusRule",
  "monitoring.coreos.com/ServiceMonitor",
  "postgres-operator.crunchydata.com/PostgresCluster",
  "traefik.io/IngressRoute",
  "traefik.io/Middleware",
]);

/** True for a built-in kind that belongs to no namespace, and for a list of any kind. */
export function isClusterScoped({ kind, builtIn, isList }: ObjectView): boolean {
  return isList || (builtIn && CLUSTER_SCOPED.has(kind));
}

/** API groups of Kubernetes itself that have no dot. */
const DOTLESS_GROUPS = ["", "apps", "batch", "autoscaling", "policy", "extensions"];

/** True for kinds that surely belong to a namespace; an unknown custom kind may not. */
export function isKnownNamespaced(object: ObjectView): boolean {
  const { group, kind } = object;
  if (DOTLESS_GROUPS.includes(group) || group.endsWith(".k8s.io")) {
    return !isClusterScoped(object) && object.apiVersion !== "";
  }
  return NAMESPACED_CUSTOM.has(`${group}/${kind}`);
}
