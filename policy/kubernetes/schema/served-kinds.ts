import known from "./types.json";
import { deprecationOf, isOwnVersion } from "../api-versions";

/** Kinds of Kubernetes' own stable versions whose fields `types.json` does not hold (1.34). */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  v1: ["Binding", "ComponentStatus", "Event", "Node", "Status"],
  "apps/v1": ["ControllerRevision"],
  "authentication.k8s.io/v1": ["SelfSubjectReview", "TokenRequest", "TokenReview"],
  "authorization.k8s.io/v1": [
    ...["LocalSubjectAccessReview", "SelfSubjectAccessReview"],
    ...["SelfSubjectRulesReview", "SubjectAccessReview"],
  ],
  "autoscaling/v1": ["Scale"],
  "autoscaling/v2": [],
  "batch/v1": [],
  "certificates.k8s.io/v1": ["CertificateSigningRequest"],
  "coordination.k8s.io/v1": ["Lease"],
  "discovery.k8s.io/v1": [],
  "events.k8s.io/v1": ["Event"],
  "flowcontrol.apiserver.k8s.io/v1": ["FlowSchema", "PriorityLevelConfiguration"],
  "networking.k8s.io/v1": ["IPAddress", "ServiceCIDR"],
  "node.k8s.io/v1": ["RuntimeClass"],
  "policy/v1": ["Eviction"],
  "rbac.authorization.k8s.io/v1": [],
  "resource.k8s.io/v1": ["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"],
  "scheduling.k8s.io/v1": [],
  "storage.k8s.io/v1": [
    ...["CSIDriver", "CSINode", "CSIStorageCapacity", "VolumeAttachment"],
    "VolumeAttributesClass",
  ],
};

/** Kinds by version, and for each kind the version that serves it today. */
const SERVED = new Map<string, readonly string[]>();
const VERSIONS = new Map<string, string>();
for (const name of Object.keys(known.kinds)) {
  const slash = name.lastIndexOf("/");
  add(name.slice(0, slash), [name.slice(slash + 1)]);
}
for (const [apiVersion, kinds] of Object.entries(OTHERS)) {
  add(apiVersion, kinds);
}

function add(apiVersion: string, kinds: readonly string[]): void {
  SERVED.set(apiVersion, [...(SERVED.get(apiVersion) ?? []), ...kinds]);
  for (const kind of kinds) {
    VERSIONS.set(kind, apiVersion);
  }
}

/** A later release than any that retires a version. */
const SOME_DAY = "1.999";

/** The version that serves a kind of Kubernetes itself; undefined for a kind that it does not have. */
export function versionServing(kind: string): string | undefined {
  return VERSIONS.get(kind);
}

/** Which of an object's two type fields names what no release serves or served; undefined when both are fine. */
export function unserved(
  apiVersion: string,
  kind: string,
): { readonly path: "apiVersion" | "kind"; readonly wanted: string } | undefined {
  const serving = versionServing(kind);
  if (apiVersion === "") {
    return { path: "apiVersion", wanted: serving ?? "set, as the API requires it" };
  }
  // Versions that were served once are the business of the rule deprecated-api.
  if (!isOwnVersion(apiVersion) || deprecationOf(apiVersion, kind, SOME_DAY) !== undefined) {
    return undefined;
  }
  const kinds = SERVED.get(apiVersion) ?? [];
  if (kinds.includes(kind.replace(/List$/, "")) || (apiVersion === "v1" && kind === "List")) {
    return undefined;
  }
  if (serving !== undefined || kinds.length === 0) {
    return { path: "apiVersion", wanted: serving ?? "a version that Kubernetes serves" };
  }
  return { path: "kind", wanted: `a kind of ${apiVersion}: ${[...kinds].sort().join(", ")}` };
}
