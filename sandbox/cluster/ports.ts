import { createServer } from "node:net";

/** The loopback ports of the control plane. */
export interface ClusterPorts {
  /** The API server. */
  readonly api: number;
  /** etcd's clients. */
  readonly etcd: number;
  /** etcd's peers; there are none, but etcd listens all the same. */
  readonly etcdPeer: number;
}

/** Keeps the ports of the last start that are still free, and chooses others for those that are taken. */
export async function choosePorts(previous: Partial<ClusterPorts>): Promise<ClusterPorts> {
  const chosen: number[] = [];
  for (const wanted of [previous.api, previous.etcd, previous.etcdPeer]) {
    const keep = wanted !== undefined && !chosen.includes(wanted) && (await isFree(wanted));
    chosen.push(keep ? wanted : await freePort(chosen));
  }
  const [api = 0, etcd = 0, etcdPeer = 0] = chosen;
  return { api, etcd, etcdPeer };
}

/** Whether a loopback port can be listened on. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

async function freePort(taken: readonly number[]): Promise<number> {
  const port = await new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1" }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
  return taken.includes(port) ? freePort(taken) : port;
}
