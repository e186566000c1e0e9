import { type Settings } from "./settings";

/**
 * True when the configured Pod Security Standards version is at least 1.`minor`: the standards change with
 * Kubernetes releases. https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function standardsSince(minor: number, { podSecurityVersion }: Settings): boolean {
  const match = /^v?1\.(\d+)/.exec(podSecurityVersion);
  return match === null || Number(match[1]) >= minor;
}
