import { request } from "node:https";
import { type KubeAccess } from "./kubeconfig";

/** An answer of the API server. */
export interface ApiAnswer {
  /** HTTP status; 0 when nothing answered. */
  readonly status: number;
  /** The body as text; what went wrong when nothing answered. */
  readonly body: string;
}

/**
 * Asks the API server for a path. The sandbox itself only looks at readiness, nodes and one uid; the
 * generated Kubernetes client takes longer to load than all of these requests together.
 */
export function getFromApi(access: KubeAccess, path: string): Promise<ApiAnswer> {
  return new Promise((resolve) => {
    const call = request(
      new URL(path, access.server),
      {
        headers: { accept: "application/json", authorization: `Bearer ${access.token}` },
        ca: access.certificateAuthority,
        agent: false,
        timeout: 5_000,
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (body += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", (error) => resolve({ status: 0, body: error.message }));
      },
    );
    call.on("timeout", () => call.destroy(new Error("no answer within 5 s")));
    call.on("error", (error) => resolve({ status: 0, body: error.message }));
    call.end();
  });
}
