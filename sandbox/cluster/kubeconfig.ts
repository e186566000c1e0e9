import { stringify } from "yaml";

/** How the sandbox itself reaches its API server. */
export interface KubeAccess {
  /** URL of the API server. */
  readonly server: string;
  /** PEM certificate that signs the server's. */
  readonly certificateAuthority: string;
  /** Bearer token. */
  readonly token: string;
}

/** The text of a kubeconfig with one context. */
export function kubeconfigText(name: string, access: KubeAccess): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: {
          server: access.server,
          "certificate-authority-data": Buffer.from(access.certificateAuthority).toString("base64"),
        },
      },
    ],
    users: [{ name, user: { token: access.token } }],
  });
}
