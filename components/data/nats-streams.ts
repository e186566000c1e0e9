import { toSeconds } from "../kit/duration";
import { parseQuantity } from "../kit/quantity";
import type { NatsSettings } from "../settings/data";
import type { StreamDemand } from "./demands";
import type { Tenant } from "./tenants";

/**
 * Makes streams and consumers, or brings them to their declared configuration. It never deletes one:
 * what has left the declaration keeps its messages.
 * @see https://docs.nats.io/using-nats/nats-tools/nats_cli
 */
export const streamsScript = `set -eu

until nats account info > /dev/null; do
  echo "JetStream does not answer yet"
  sleep 2
done

for file in /setup/stream.*.json; do
  name=\${file#/setup/stream.}
  name=\${name%.json}
  if nats stream info "$name" > /dev/null 2>&1; then
    nats stream edit "$name" --config "$file" --force
  else
    nats stream add "$name" --config "$file"
  fi
done

for file in /setup/consumer.*.json; do
  [ -e "$file" ] || continue
  name=\${file#/setup/consumer.}
  name=\${name%.json}
  stream=\${name%%.*}
  consumer=\${name#*.}
  if nats consumer info "$stream" "$consumer" > /dev/null 2>&1; then
    nats consumer edit "$stream" "$consumer" --config "$file" --force
  else
    nats consumer add "$stream" --config "$file"
  fi
done
`;

/**
 * The configuration files of all streams and of the durable consumers that applications demand;
 * `streamProblems` has to have let these pass.
 */
export function streamFiles(
  settings: NatsSettings,
  tenants: readonly Tenant<StreamDemand>[],
): Record<string, string> {
  const streams = Object.entries(settings.streams).map(([name, { subjects, maxAge, maxBytes }]) => [
    `stream.${name}.json`,
    json({
      name,
      subjects,
      storage: settings.storage.kind,
      // Three copies survive the loss of a server; more only cost throughput.
      num_replicas: Math.min(settings.servers, 3),
      retention: "limits",
      discard: "old",
      max_age: nanoseconds(toSeconds(maxAge)),
      max_bytes: maxBytes === undefined ? unlimited : parseQuantity(maxBytes),
      max_consumers: unlimited,
      max_msgs: unlimited,
      max_msgs_per_subject: unlimited,
      max_msg_size: unlimited,
      duplicate_window: nanoseconds(120),
    }),
  ]);
  const consumers = tenants
    .flatMap(({ demands }) => demands)
    .flatMap(({ streamName, use }) =>
      use.kind === "publish"
        ? []
        : [[`consumer.${streamName}.${use.consumer}.json`, json(consumer(use.consumer))]],
    );
  return Object.fromEntries([...streams, ...consumers]);
}

/** A durable pull consumer: a message is delivered again until it is acknowledged. */
function consumer(name: string): Readonly<Record<string, string | number>> {
  return {
    durable_name: name,
    ack_policy: "explicit",
    ack_wait: nanoseconds(30),
    deliver_policy: "all",
    replay_policy: "instant",
    max_deliver: unlimited,
    max_ack_pending: 1000,
  };
}

/** JetStream's word for "no limit". */
const unlimited = -1;

function nanoseconds(seconds: number): number {
  return seconds * 1e9;
}

function json(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value, undefined, 2);
}
