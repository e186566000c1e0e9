import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import * as pulumi from "@pulumi/pulumi";
import type { KubeConfig } from "@kubernetes/client-node";
import type { ClusterArgs } from "./cluster";

/** An object that is never made: the API server is asked what would become of it. */
export interface SampleObject {
  /** The path of its collection: `/apis/cert-manager.io/v1/namespaces/cert-manager/issuers`. */
  readonly path: string;
  /** The object. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** An answer of the API server. */
export interface ApiAnswer {
  /** The HTTP status; 0 when nobody answered. */
  readonly status: number;
  /** What the answer says; what went wrong when nobody answered. */
  readonly message: string;
}

/** The API server of the stack's cluster, for what no resource can tell: whether an API is served yet. */
export interface ClusterApi {
  /** Asks what would become of an object if it were created; its webhooks are asked too. */
  tryCreate(sample: SampleObject): Promise<ApiAnswer>;
}

/** Longer than the API server waits for a webhook, so that its answer says which one was silent. */
const timeoutMs = 35_000;

/**
 * The API server that the stack's context leads to, by the kubeconfig that the provider reads too.
 * Nothing is loaded and nobody is asked before the first question: the client takes longer to load than
 * a preview has use for.
 */
export function clusterApi(cluster: ClusterArgs): ClusterApi {
  let connection: Promise<KubeConfig> | undefined;
  return {
    async tryCreate({ path, body }) {
      connection ??= connectedConfig(cluster);
      return ask(await connection, "POST", `${path}?dryRun=All`, JSON.stringify(body));
    },
  };
}

/** Loads the kubeconfig, and refuses any cluster but the stack's: the file may have changed by now. */
export async function connectedConfig({ context, identity }: ClusterArgs): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromDefault();
  config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    throw new pulumi.RunError(
      `The kubeconfig has no context "${context}" any more, which slipway:cluster.context names. Add it, then ` +
        `run the same command again: it goes on.`,
    );
  }
  const { message } = await ask(config, "GET", "/api/v1/namespaces/kube-system");
  const uid = uidIn(message);
  if (uid !== undefined && uid !== identity) {
    throw new pulumi.RunError(
      `The context "${context}" now leads to the cluster ${uid}, but slipway:cluster.identity names ${identity}. ` +
        `Choose the context of that cluster, then run the same command again.`,
    );
  }
  return config;
}

async function ask(
  config: KubeConfig,
  method: "GET" | "POST",
  path: string,
  body = "",
): Promise<ApiAnswer> {
  const url = new URL(`${config.getCurrentCluster()?.server ?? ""}${path}`);
  const options: RequestOptions = {
    method,
    timeout: timeoutMs,
    headers: { accept: "application/json", "content-type": "application/json" },
  };
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve) => {
    const nobody = (error: Error): void => {
      resolve({ status: 0, message: error.message });
    };
    const open = url.protocol === "http:" ? httpRequest : httpsRequest;
    const call = open(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", nobody);
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          message: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    call.on("timeout", () => call.destroy(new Error(`no answer for ${String(timeoutMs)} ms`)));
    call.on("error", nobody);
    call.end(body);
  });
}

function uidIn(namespace: string): string | undefined {
  const { metadata } = parsed(namespace) as { metadata?: { uid?: string } };
  return metadata?.uid;
}

/** What a Status of the API server says, or the whole answer where it is none. */
export function statusMessage(answer: string): string {
  const { message } = parsed(answer) as { message?: string };
  return message ?? answer.slice(0, 300);
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
