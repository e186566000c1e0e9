import type { QueueSource } from "../kit/connection";
import type { StreamDemand } from "./demands";
import { monitorPort, serverPeer } from "./nats-values";

/**
 * Where KEDA asks how much waits for a consumer. Only a consumer's leader knows, and KEDA finds it by the
 * names that the headless Service gives the servers.
 * @see https://keda.sh/docs/latest/scalers/nats-jetstream/
 */
export function queueSource(
  { streamName }: StreamDemand,
  consumer: string,
  account: string,
): QueueSource {
  return {
    type: "nats-jetstream",
    metadata: {
      natsServerMonitoringEndpoint: `nats-headless.${serverPeer.namespace}.svc.cluster.local:${String(monitorPort)}`,
      account,
      stream: streamName,
      consumer,
      useHttps: "false",
    },
  };
}
