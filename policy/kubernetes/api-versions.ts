/** API versions of one group that a release stopped serving. */
interface Retired {
  readonly apiVersion: string;
  /**
   * Kinds it holds for.
   * @default - every kind of the version
   */
  readonly kinds?: readonly string[];
  /** Minor release of Kubernetes 1.x that deprecated it. */
  readonly deprecated: number;
  /** Minor release of Kubernetes 1.x that no longer serves it. */
  readonly removed: number;
  /** What to use instead. */
  readonly instead: string;
}

/**
 * Removals of Kubernetes' own API versions, after
 * https://kubernetes.io/docs/reference/using-api/deprecation-guide/ and the lifecycle tags of
 * https://github.com/kubernetes/api (`+k8s:prerelease-lifecycle-gen`).
 */
const RETIRED: readonly Retired[] = [
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["Ingress"],
    deprecated: 14,
    removed: 22,
    instead: "networking.k8s.io/v1",
  },
  {
    apiVersion: "extensions/v1beta1",
    kinds: ["NetworkPolicy"],
    deprecated: 9,
    removed: 16,
    instead: "networking.k8s.io/v1",
  },
  { apiVersion: "extensions/v1beta1", deprecated: 8, removed: 16, instead: "apps/v1" },
  { apiVersion: "apps/v1beta1", deprecated: 8, removed: 16, instead: "apps/v1" },
  { apiVersion: "apps/v1beta2", deprecated: 9, removed: 16, instead: "apps/v1" },
  { apiVersion: "batch/v2alpha1", deprecated: 8, removed: 21, instead: "batch/v1" },
  { apiVersion: "batch/v1beta1", deprecated: 21, removed: 25, instead: "batch/v1" },
  {
    apiVersion: "policy/v1beta1",
    kinds: ["PodSecurityPolicy"],
    deprecated: 21,
    removed: 25,
    instead: "Pod Security admission",
  },
  { apiVersion: "policy/v1beta1", deprecated: 21, removed: 25, instead: "policy/v1" },
  { apiVersion: "autoscaling/v2beta1", deprecated: 22, removed: 25, instead: "autoscaling/v2" },
  { apiVersion: "autoscaling/v2beta2", deprecated: 23, removed: 26, instead: "autoscaling/v2" },
  {
    apiVersion: "networking.k8s.io/v1beta1",
    kinds: ["IPAddress", "ServiceCIDR"],
    deprecated: 34,
    removed: 37,
    instead: "networking.k8s.io/v1",
  },
  {
    apiVersion: "networking.k8s.io/v1beta1",
    deprecated: 19,
    removed: 22,
    instead: "networking.k8s.io/v1",
  },
  {
    apiVersion: "networking.k8s.io/v1alpha1",
    deprecated: 30,
    removed: 33,
    instead: "networking.k8s.io/v1",
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1alpha1",
    deprecated: 17,
    removed: 22,
    instead: "rbac.authorization.k8s.io/v1",
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1beta1",
    deprecated: 17,
    removed: 22,
    instead: "rbac.authorization.k8s.io/v1",
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1beta1",
    kinds: ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    deprecated: 16,
    removed: 22,
    instead: "admissionregistration.k8s.io/v1",
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1beta1",
    kinds: ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
    deprecated: 31,
    removed: 34,
    instead: "admissionregistration.k8s.io/v1",
  },
  {
    apiVersion: "apiextensions.k8s.io/v1beta1",
    deprecated: 16,
    removed: 22,
    instead: "apiextensions.k8s.io/v1",
  },
  {
    apiVersion: "apiregistration.k8s.io/v1beta1",
    deprecated: 19,
    removed: 22,
    instead: "apiregistration.k8s.io/v1",
  },
  {
    apiVersion: "authentication.k8s.io/v1alpha1",
    deprecated: 29,
    removed: 32,
    instead: "authentication.k8s.io/v1",
  },
  {
    apiVersion: "authentication.k8s.io/v1beta1",
    kinds: ["SelfSubjectReview"],
    deprecated: 30,
    removed: 33,
    instead: "authentication.k8s.io/v1",
  },
  {
    apiVersion: "authentication.k8s.io/v1beta1",
    deprecated: 19,
    removed: 22,
    instead: "authentication.k8s.io/v1",
  },
  {
    apiVersion: "authorization.k8s.io/v1beta1",
    deprecated: 19,
    removed: 22,
    instead: "authorization.k8s.io/v1",
  },
  {
    apiVersion: "certificates.k8s.io/v1beta1",
    kinds: ["CertificateSigningRequest"],
    deprecated: 19,
    removed: 22,
    instead: "certificates.k8s.io/v1",
  },
  {
    apiVersion: "coordination.k8s.io/v1beta1",
    kinds: ["Lease"],
    deprecated: 19,
    removed: 22,
    instead: "coordination.k8s.io/v1",
  },
  {
    apiVersion: "discovery.k8s.io/v1alpha1",
    deprecated: 17,
    removed: 21,
    instead: "discovery.k8s.io/v1",
  },
  {
    apiVersion: "discovery.k8s.io/v1beta1",
    deprecated: 21,
    removed: 25,
    instead: "discovery.k8s.io/v1",
  },
  { apiVersion: "events.k8s.io/v1beta1", deprecated: 22, removed: 25, instead: "events.k8s.io/v1" },
  { apiVersion: "node.k8s.io/v1alpha1", deprecated: 20, removed: 22, instead: "node.k8s.io/v1" },
  { apiVersion: "node.k8s.io/v1beta1", deprecated: 22, removed: 25, instead: "node.k8s.io/v1" },
  {
    apiVersion: "scheduling.k8s.io/v1alpha1",
    kinds: ["PriorityClass"],
    deprecated: 14,
    removed: 22,
    instead: "scheduling.k8s.io/v1",
  },
  {
    apiVersion: "scheduling.k8s.io/v1beta1",
    deprecated: 14,
    removed: 22,
    instead: "scheduling.k8s.io/v1",
  },
  {
    apiVersion: "settings.k8s.io/v1alpha1",
    deprecated: 18,
    removed: 20,
    instead: "an admission webhook",
  },
  {
    apiVersion: "auditregistration.k8s.io/v1alpha1",
    deprecated: 18,
    removed: 19,
    instead: "the audit policy of the API server",
  },
  {
    apiVersion: "storage.k8s.io/v1alpha1",
    deprecated: 21,
    removed: 24,
    instead: "storage.k8s.io/v1",
  },
  {
    apiVersion: "storage.k8s.io/v1beta1",
    kinds: ["CSIStorageCapacity"],
    deprecated: 24,
    removed: 27,
    instead: "storage.k8s.io/v1",
  },
  {
    apiVersion: "storage.k8s.io/v1beta1",
    kinds: ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
    deprecated: 19,
    removed: 22,
    instead: "storage.k8s.io/v1",
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1alpha1",
    deprecated: 18,
    removed: 21,
    instead: "flowcontrol.apiserver.k8s.io/v1",
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1beta1",
    deprecated: 23,
    removed: 26,
    instead: "flowcontrol.apiserver.k8s.io/v1",
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1beta2",
    deprecated: 26,
    removed: 29,
    instead: "flowcontrol.apiserver.k8s.io/v1",
  },
  {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1beta3",
    deprecated: 29,
    removed: 32,
    instead: "flowcontrol.apiserver.k8s.io/v1",
  },
  {
    apiVersion: "v1",
    kinds: ["ComponentStatus"],
    deprecated: 19,
    removed: Infinity,
    instead: "the health endpoints of the components",
  },
];

/** Versions of custom resources that their operators no longer serve, and what replaced them. */
const RETIRED_CUSTOM: Readonly<Record<string, string>> = {
  // https://external-secrets.io/latest/introduction/deprecation-policy/ (0.17)
  "external-secrets.io/v1alpha1": "external-secrets.io/v1",
  "external-secrets.io/v1beta1": "external-secrets.io/v1",
  // https://cert-manager.io/docs/releases/upgrading/remove-deprecated-apis/ (1.6)
  "cert-manager.io/v1alpha2": "cert-manager.io/v1",
  "cert-manager.io/v1alpha3": "cert-manager.io/v1",
  "cert-manager.io/v1beta1": "cert-manager.io/v1",
  "certmanager.k8s.io/v1alpha1": "cert-manager.io/v1",
  "acme.cert-manager.io/v1alpha2": "acme.cert-manager.io/v1",
  "acme.cert-manager.io/v1alpha3": "acme.cert-manager.io/v1",
  // https://keda.sh/docs/2.0/migration/
  "keda.k8s.io/v1alpha1": "keda.sh/v1alpha1",
  // https://github.com/kubernetes-csi/external-snapshotter (6.0)
  "snapshot.storage.k8s.io/v1alpha1": "snapshot.storage.k8s.io/v1",
  "snapshot.storage.k8s.io/v1beta1": "snapshot.storage.k8s.io/v1",
  // https://doc.traefik.io/traefik/migrate/v2-to-v3-details/
  "traefik.containo.us/v1alpha1": "traefik.io/v1alpha1",
};

/** Groups of Kubernetes itself; others may call their stable versions alpha or beta. */
const OWN_GROUPS = new Set([
  ...["admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps"],
  ...["authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch"],
  ...["certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"],
  ...["extensions", "flowcontrol.apiserver.k8s.io", "imagepolicy.k8s.io"],
  ...["internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy"],
  ...["rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io"],
  ...["storage.k8s.io", "storagemigration.k8s.io"],
]);

/** True for a version of Kubernetes' own API; a group of anybody else has a dot in its name. */
export function isOwnVersion(apiVersion: string): boolean {
  const [group = ""] = apiVersion.split("/");
  return OWN_GROUPS.has(group) || !group.includes(".");
}

/**
 * What an object's apiVersion should be, when the target version of Kubernetes ("1.34") has deprecated or
 * removed it; undefined when it is fine.
 */
export function deprecationOf(
  apiVersion: string,
  kind: string,
  kubernetesVersion: string,
): string | undefined {
  const custom = RETIRED_CUSTOM[apiVersion];
  if (custom !== undefined) {
    return `${custom}, as the operator no longer serves it`;
  }
  const target = minorOf(kubernetesVersion);
  const single = kind.replace(/List$/, "");
  const retired = BY_VERSION.get(apiVersion)?.find(({ kinds }) => kinds?.includes(single) ?? true);
  if (retired !== undefined) {
    const { deprecated, removed, instead } = retired;
    if (target < deprecated) {
      return undefined;
    }
    const state = target < removed ? `deprecated since 1.${deprecated}` : `removed in 1.${removed}`;
    return `${instead}, as it is ${state}`;
  }
  // Since 1.24 new beta versions are off unless the cluster turns them on, as alpha ones always were.
  const [group = "", version = ""] = apiVersion.split("/");
  return OWN_GROUPS.has(group) && /^v\d+(alpha|beta)\d+$/.test(version)
    ? "a stable version, as clusters do not serve it by default"
    : undefined;
}

const BY_VERSION = new Map<string, Retired[]>();
for (const retired of RETIRED) {
  const known = BY_VERSION.get(retired.apiVersion);
  if (known === undefined) {
    BY_VERSION.set(retired.apiVersion, [retired]);
  } else {
    known.push(retired);
  }
}

function minorOf(version: string): number {
  const match = /^v?1\.(\d+)/.exec(version);
  return match === null ? Infinity : Number(match[1]);
}
