import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { type PlainMap } from "../../rpc/values";
import { ApiError, Unreachable, type ApiStatus } from "./api-error";
import { type ClusterAccess } from "./kubeconfig";

/** One request to the API server. */
export interface ApiRequest {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

  /** The path below the server's URL. */
  readonly path: string;

  /** Query parameters. @default none */
  readonly query?: Readonly<Record<string, string>>;

  /** The body, sent as JSON. @default none */
  readonly body?: PlainMap | readonly PlainMap[];

  /** The body's content type. @default application/json */
  readonly contentType?: string;

  /** The answers that are understood. @default application/json */
  readonly accept?: string;

  /** Ends the request early. @default never */
  readonly signal?: AbortSignal;
}

/**
 * Requests that wait for each other's connections: enough to keep the API server of a small machine
 * busy. Watches hold a connection each and are not counted.
 */
const CONCURRENT_REQUESTS = 24;

/** How often a request is sent again when the server is overloaded; client-go's number. */
const RETRIES = 10;

/** Speaks JSON with one API server over connections that are kept open. */
export class ApiHttp {
  private readonly requests: HttpAgent;
  private readonly watches: HttpAgent;

  constructor(private readonly access: ClusterAccess) {
    const tls = {
      ca: access.ca,
      cert: access.certificate,
      key: access.key,
      rejectUnauthorized: !access.insecure,
      servername: access.serverName,
    };
    const agent = (maxSockets: number): HttpAgent =>
      access.agent ??
      (access.server.startsWith("https:")
        ? new HttpsAgent({ keepAlive: true, maxSockets, ...tls })
        : new HttpAgent({ keepAlive: true, maxSockets }));
    this.requests = agent(CONCURRENT_REQUESTS);
    this.watches = agent(Infinity);
  }

  /** Closes the connections that are kept open. */
  close(): void {
    this.requests.destroy();
    this.watches.destroy();
  }

  /** Sends a request and returns the JSON answer. */
  async send(request: ApiRequest): Promise<PlainMap> {
    for (let retry = 0; ; retry++) {
      const response = await this.open(request, this.requests);
      const text = await readText(response);
      const code = response.statusCode ?? 0;
      if (code >= 200 && code < 300) {
        return JSON.parse(text) as PlainMap;
      }
      // An overloaded server names the seconds after which it may be asked again.
      const pause = Number(response.headers["retry-after"]);
      if (!(code === 429 || code >= 500) || Number.isNaN(pause) || retry === RETRIES) {
        throw new ApiError(readStatus(code, text));
      }
      await delay(pause * 1000, undefined, { signal: request.signal });
    }
  }

  /** Opens a watch and hands over each line of it until it ends. */
  async stream(request: ApiRequest, onLine: (line: PlainMap) => void): Promise<void> {
    const response = await this.open(request, this.watches);
    const code = response.statusCode ?? 0;
    if (code !== 200) {
      throw new ApiError(readStatus(code, await readText(response)));
    }
    for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
      onLine(JSON.parse(line) as PlainMap);
    }
  }

  private open(request: ApiRequest, agent: HttpAgent): Promise<IncomingMessage> {
    const url = new URL(this.access.server + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      url.searchParams.set(name, value);
    }
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers: Record<string, string> = {
      Accept: request.accept ?? "application/json",
      "User-Agent": this.access.userAgent ?? "slipway-stand-in",
    };
    if (body !== undefined) {
      headers["Content-Type"] = request.contentType ?? "application/json";
      headers["Content-Length"] = String(Buffer.byteLength(body));
    }
    const authorization = this.access.authorization?.();
    if (authorization !== undefined) {
      headers["Authorization"] = authorization;
    }
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = start(
        url,
        { method: request.method, headers, agent, signal: request.signal },
        resolve,
      );
      outgoing.once("error", (error: NodeJS.ErrnoException) => {
        if (request.signal?.aborted === true) {
          reject(error);
        } else if (outgoing.reusedSocket && error.code === "ECONNRESET") {
          // The server closed an idle connection just when it was used again; it took no request.
          resolve(this.open(request, agent));
        } else {
          reject(new Unreachable(`${this.access.server} does not answer: ${error.message}`));
        }
      });
      outgoing.end(body);
    });
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function readStatus(code: number, text: string): ApiStatus {
  try {
    const { reason, message, details } = JSON.parse(text) as {
      reason?: string;
      message?: string;
      details?: { kind?: string };
    };
    return {
      code,
      reason: reason ?? `HTTP ${code}`,
      message: message ?? text,
      kind: details?.kind,
    };
  } catch {
    // Not every refusal is a Status: an unknown path answers in plain text.
    return { code, reason: code === 404 ? "NotFound" : `HTTP ${code}`, message: text.trim() };
  }
}
