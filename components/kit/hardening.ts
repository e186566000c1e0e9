import type * as kubernetes from "@pulumi/kubernetes";

type PodSecurityContext = kubernetes.types.input.core.v1.PodSecurityContext;
type SecurityContext = kubernetes.types.input.core.v1.SecurityContext;

/**
 * The user that containers run as when nobody says otherwise: the one that distroless images call
 * `nonroot`. A number is needed, because the kubelet cannot tell whether a named user is root.
 * @see https://github.com/GoogleContainerTools/distroless
 */
const nonRootUser = 65532;

/**
 * The security context of a pod under the Pod Security Standard "restricted".
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function podSecurityContext(user: number = nonRootUser): PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    // Changing the owner of every file on each start takes minutes on a large volume.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** The security context of a container under "restricted", with a root file system it cannot write. */
export function containerSecurityContext(): SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
}
