import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { type Agent } from "node:http";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Unsupported } from "../../rpc/unary";

/** How to reach one cluster. */
export interface ClusterAccess {
  /** The API server's URL. */
  readonly server: string;

  /** The namespace of objects that name none. */
  readonly namespace: string;

  /** Certificate authority in PEM. @default the system's */
  readonly ca?: string;

  /** Whether any server certificate is accepted. */
  readonly insecure: boolean;

  /** The name the server's certificate must carry. @default the URL's host */
  readonly serverName?: string;

  /** Client certificate in PEM. @default none */
  readonly certificate?: string;

  /** Client key in PEM. @default none */
  readonly key?: string;

  /** Returns the Authorization header. @default none */
  readonly authorization?: () => string;

  /** Makes the connections, such as one through a proxy. @default - connections to the server itself */
  readonly agent?: Agent;

  /** What the audit log of the cluster calls us. @default slipway-stand-in */
  readonly userAgent?: string;
}

const CLUSTER = z.object({
  server: z.string(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().default(false),
  "tls-server-name": z.string().optional(),
  "proxy-url": z.string().optional(),
});
const EXEC = z.object({
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
const USER = z.object({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  exec: EXEC.optional(),
  "auth-provider": z.unknown().optional(),
});
const CONTEXT = z.object({
  cluster: z.string(),
  user: z.string().default(""),
  namespace: z.string().optional(),
});
const KUBECONFIG = z.object({
  "current-context": z.string().default(""),
  clusters: z.array(z.object({ name: z.string(), cluster: CLUSTER })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context: CONTEXT })).nullish(),
  users: z.array(z.object({ name: z.string(), user: USER })).nullish(),
});

/** A kubeconfig and the folder its relative paths start from. */
export interface Kubeconfig {
  /** What the file says. */
  readonly content: z.infer<typeof KUBECONFIG>;

  /** Where relative paths in it start. */
  readonly folder: string;
}

/** What selects one cluster out of a kubeconfig. */
export interface ContextChoice {
  /** Name of the context. @default the current one */
  readonly context?: string;

  /** Name of the cluster. @default the context's */
  readonly cluster?: string;
}

/**
 * Reads a kubeconfig.
 *
 * @param pathOrContents a file, or the text itself; empty means KUBECONFIG, then ~/.kube/config
 */
export function readKubeconfig(pathOrContents: string): Kubeconfig {
  const given = pathOrContents === "" ? ambientFile() : pathOrContents;
  const path = given.startsWith("~/") ? join(homedir(), given.slice(2)) : given;
  const isFile = !given.includes("\n") && existsSync(path);
  const content: unknown = parse(isFile ? readFileSync(path, "utf8") : given);
  const parsed = KUBECONFIG.safeParse(content);
  if (!parsed.success) {
    throw new Error(
      `The kubeconfig is neither a file nor a kubeconfig's text: ${z.prettifyError(parsed.error)}`,
    );
  }
  return { content: parsed.data, folder: isFile ? dirname(resolve(path)) : process.cwd() };
}

/** The cluster a kubeconfig selects; undefined when it selects none. */
export function activeCluster(
  { content }: Kubeconfig,
  choice: ContextChoice,
): z.infer<typeof CLUSTER> | undefined {
  const name = choice.context ?? content["current-context"];
  const context = content.contexts?.find((entry) => entry.name === name)?.context;
  const cluster = choice.cluster ?? context?.cluster;
  return content.clusters?.find((entry) => entry.name === cluster)?.cluster;
}

/** Resolves a kubeconfig to the access of one cluster. */
export function clusterAccess(kubeconfig: Kubeconfig, choice: ContextChoice): ClusterAccess {
  const { content, folder } = kubeconfig;
  const name = choice.context ?? content["current-context"];
  const context = content.contexts?.find((entry) => entry.name === name)?.context;
  const cluster = activeCluster(kubeconfig, choice);
  if (context === undefined || cluster === undefined) {
    const known = content.contexts?.map((entry) => entry.name).join(", ") ?? "";
    throw new Error(
      `The kubeconfig has no usable context "${name}"; it has: ${known === "" ? "none" : known}.`,
    );
  }
  if (cluster["proxy-url"] !== undefined) {
    throw new Unsupported("proxy-url in a kubeconfig");
  }
  const user = content.users?.find((entry) => entry.name === context.user)?.user ?? {};
  const read = (file: string | undefined, data: string | undefined): string | undefined =>
    data === undefined
      ? file && readFileSync(isAbsolute(file) ? file : join(folder, file), "utf8")
      : Buffer.from(data, "base64").toString("utf8");
  return {
    server: cluster.server.replace(/\/+$/, ""),
    namespace: context.namespace ?? "default",
    ca: read(cluster["certificate-authority"], cluster["certificate-authority-data"]),
    insecure: cluster["insecure-skip-tls-verify"],
    serverName: cluster["tls-server-name"],
    certificate: read(user["client-certificate"], user["client-certificate-data"]),
    key: read(user["client-key"], user["client-key-data"]),
    ...credentials(user, folder),
  };
}

function credentials(
  user: z.infer<typeof USER>,
  folder: string,
): Pick<ClusterAccess, "authorization"> & { certificate?: string; key?: string } {
  if (user["auth-provider"] !== undefined) {
    throw new Unsupported("auth-provider in a kubeconfig");
  }
  const { token, tokenFile, username, exec } = user;
  if (tokenFile !== undefined) {
    const file = isAbsolute(tokenFile) ? tokenFile : join(folder, tokenFile);
    return { authorization: () => `Bearer ${readFileSync(file, "utf8").trim()}` };
  }
  if (token !== undefined) {
    return { authorization: () => `Bearer ${token}` };
  }
  if (username !== undefined) {
    const pair = Buffer.from(`${username}:${user.password ?? ""}`).toString("base64");
    return { authorization: () => `Basic ${pair}` };
  }
  return exec === undefined ? {} : execCredentials(exec);
}

const EXEC_CREDENTIAL = z.object({
  status: z.object({
    token: z.string().optional(),
    expirationTimestamp: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
  }),
});

/** Runs a credential helper, as kubectl does, and again when its token has expired. */
function execCredentials(
  exec: z.infer<typeof EXEC>,
): Pick<ClusterAccess, "authorization"> & { certificate?: string; key?: string } {
  const ask = (): z.infer<typeof EXEC_CREDENTIAL>["status"] => {
    const variables = exec.env?.map(({ name, value }) => [name, value] as const) ?? [];
    const output = execFileSync(exec.command, exec.args ?? [], {
      env: { ...process.env, ...Object.fromEntries(variables) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return EXEC_CREDENTIAL.parse(JSON.parse(output.toString("utf8"))).status;
  };
  let current = ask();
  if (current.token === undefined) {
    return { certificate: current.clientCertificateData, key: current.clientKeyData };
  }
  return {
    authorization: () => {
      const expires = current.expirationTimestamp;
      if (expires !== undefined && Date.parse(expires) <= Date.now()) {
        current = ask();
      }
      return `Bearer ${current.token ?? ""}`;
    },
  };
}

function ambientFile(): string {
  const [file] = process.env["KUBECONFIG"]?.split(":").filter((part) => part !== "") ?? [];
  const path = file ?? join(homedir(), ".kube", "config");
  if (!existsSync(path)) {
    throw new Error(
      `No kubeconfig is given and ${path} does not exist. Set the provider's kubeconfig, or KUBECONFIG.`,
    );
  }
  return path;
}
