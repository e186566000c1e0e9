import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

/** What a pretended API server answers to one question: a status, and a message. */
export type Answer = readonly [status: number, message: string];

/** One question to it. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A pretended API server on loopback. */
export class LoopbackApi {
  readonly questions: Question[] = [];
  private readonly server: Server;

  /** `answer` is asked for everything but the cluster's identity. */
  constructor(
    private readonly identity: string,
    answer: (question: Question) => Answer,
  ) {
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
      request.on("end", () => {
        const question = { method: request.method ?? "", path: request.url ?? "", body };
        const isIdentity = question.path === "/api/v1/namespaces/kube-system";
        const [status, message] = isIdentity ? [200, ""] : answer(question);
        if (!isIdentity) {
          this.questions.push(question);
        }
        response.writeHead(status, { "content-type": "application/json" });
        response.end(
          JSON.stringify(isIdentity ? { metadata: { uid: this.identity } } : { message }),
        );
      });
    });
  }

  /** Listens on a port, any free one unless it is named, and gives its number. */
  listen(port = 0): Promise<number> {
    return new Promise((resolve) => {
      this.server.listen(port, "127.0.0.1", () => {
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Ends it, and every connection to it. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }
}

/** A kubeconfig in a folder of its own: a context of each name leads to a port of loopback. */
export class LoopbackKubeconfig {
  private readonly folder = mkdtempSync(join(tmpdir(), "slipway-kubeconfig-"));
  private readonly before = process.env.KUBECONFIG;

  /** Also makes it the process's own, until `remove`. */
  constructor(ports: Readonly<Record<string, number>>) {
    const named = Object.entries(ports);
    const path = join(this.folder, "config");
    writeFileSync(
      path,
      stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: named.map(([name, port]) => ({
          name,
          cluster: {
            server: `http://127.0.0.1:${String(port)}`,
            "insecure-skip-tls-verify": true,
          },
        })),
        users: [{ name: "nobody", user: {} }],
        contexts: named.map(([name]) => ({ name, context: { cluster: name, user: "nobody" } })),
      }),
    );
    process.env.KUBECONFIG = path;
  }

  remove(): void {
    if (this.before === undefined) {
      delete process.env.KUBECONFIG;
    } else {
      process.env.KUBECONFIG = this.before;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
