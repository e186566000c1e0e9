import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { type ClusterAccess } from "../../../../../sandbox/plugins/kubernetes/client/kubeconfig";

/** A request that the fake API server got. */
export interface Received {
  /** Method and path with query, such as `GET /version`. */
  readonly request: string;

  /** The content type. */
  readonly contentType: string;

  /** The body. */
  readonly body: string;
}

/** Answers one request; returns what is sent as JSON, or undefined when it answered by itself. */
export type Answer = (
  request: string,
  response: ServerResponse,
) => { code?: number; headers?: Record<string, string>; body: unknown } | undefined;

/** An HTTP server on loopback that answers as a test says. */
export class FakeApi {
  readonly received: Received[] = [];
  private constructor(private readonly server: Server) {}

  static async start(answer: Answer): Promise<FakeApi> {
    const server = createServer();
    const api = new FakeApi(server);
    server.on("request", (incoming: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const request = `${incoming.method ?? ""} ${incoming.url ?? ""}`;
        api.received.push({
          request,
          contentType: incoming.headers["content-type"] ?? "",
          body: Buffer.concat(chunks).toString("utf8"),
        });
        const reply = answer(request, response);
        if (reply !== undefined) {
          response.writeHead(reply.code ?? 200, reply.headers);
          response.end(JSON.stringify(reply.body));
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get access(): ClusterAccess {
    const { port } = this.server.address() as AddressInfo;
    return { server: `http://127.0.0.1:${port}`, namespace: "default", insecure: false };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The kinds of a small cluster, as aggregated discovery lists them. */
export function discoveryAnswer(request: string) {
  const list = (name: string, version: string, resource: string, kind: string, scope: string) => ({
    metadata: { name },
    versions: [{ version, resources: [{ resource, scope, responseKind: { kind } }] }],
  });
  const maps = list("", "v1", "configmaps", "ConfigMap", "Namespaced");
  const endpoints = list("", "v1", "endpoints", "Endpoints", "Namespaced");
  const roles = list("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", "Cluster");
  switch (request) {
    case "GET /api":
      return { body: { kind: "APIGroupDiscoveryList", items: [maps, endpoints] } };
    case "GET /apis":
      return { body: { kind: "APIGroupDiscoveryList", items: [roles] } };
    default:
      return undefined;
  }
}
