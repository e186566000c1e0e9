import { toSeconds } from "../kit/duration";
import { parseQuantity, type Quantity } from "../kit/quantity";
import type { NatsSettings } from "../settings/data";
import { consumerDefaults, type ConsumerSettings } from "../settings/nats";
import type { NatsAccount } from "./nats-accounts";

/** The head of a loop over the files of the streams, which has the name of each. */
const eachStream = `for file in /setup/stream.*.json; do
  name=\${file#/setup/stream.}
  name=\${name%.json}
`;

/** The same of the consumers, with the stream of each; there may be none. */
const eachConsumer = `for file in /setup/consumer.*.json; do
  [ -e "$file" ] || continue
  name=\${file#/setup/consumer.}
  name=\${name%.json}
  stream=\${name%%.*}
  consumer=\${name#*.}
`;

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

refused() {
  echo "JetStream refused to change the $1; the line above says why. Some things cannot be changed once it is" >&2
  echo "there: where it is stored, retention to or from workqueue, where a consumer starts. Declare them as they" >&2
  echo "were, or declare another one with a new name and delete this one by hand." >&2
  exit 1
}

${eachStream}  if nats stream info "$name" > /dev/null 2>&1; then
    nats stream edit "$name" --config "$file" --force || refused "stream $name"
  else
    nats stream add "$name" --config "$file"
  fi
done

${eachConsumer}  if nats consumer info "$stream" "$consumer" > /dev/null 2>&1; then
    nats consumer edit "$stream" "$consumer" --config "$file" --force ||
      refused "consumer $consumer of the stream $stream"
  else
    nats consumer add "$stream" --config "$file"
  fi
done
`;

/**
 * Says how streams and consumers differ from what is declared, and changes nothing. A difference, or one that is
 * missing, fails it.
 */
export const streamsCheckScript = `set -u

found=0

${eachStream}  nats stream edit "$name" --config "$file" --dry-run || {
    echo "The stream $name is not as declared (-is +declared)" >&2
    found=1
  }
done

${eachConsumer}  nats consumer edit "$stream" "$consumer" --config "$file" --dry-run || {
    echo "The consumer $consumer of the stream $stream is not as declared (-is +declared)" >&2
    found=1
  }
done

if [ "$found" = 1 ]; then
  echo "Set it back: pulumi up --replace '<urn of data-nats-streams-job>'; pulumi stack --show-urns has it. Or declare" >&2
  echo "what is there in slipway:data.nats.streams." >&2
fi
exit "$found"
`;

/** Empties the streams; what a consumer had not read yet is gone with them. */
export const streamsWipeScript = `set -eu

for file in /setup/stream.*; do
  nats stream purge "\${file#/setup/stream.}" --force
done
`;

/**
 * The configuration files of an account: all streams, and the durable consumers that its applications demand;
 * `streamProblems` has to have let these pass.
 */
export function streamFiles(
  settings: NatsSettings,
  { tenants, slot }: Pick<NatsAccount, "tenants" | "slot">,
): Record<string, string> {
  // What a preview loses nobody misses.
  const copies = slot === undefined ? settings.servers : 1;
  const streams = Object.entries(settings.streams).map(([name, stream]) => [
    `stream.${name}.json`,
    json({
      name,
      subjects: stream.subjects,
      storage: settings.storage.kind,
      // Three copies survive the loss of a server; more only cost throughput.
      num_replicas: Math.min(copies, stream.replicas ?? 3),
      retention: stream.retention,
      discard: stream.discard,
      max_age: nanoseconds(toSeconds(stream.maxAge)),
      max_bytes: bytes(stream.maxBytes),
      max_consumers: unlimited,
      max_msgs: stream.maxMessages ?? unlimited,
      max_msgs_per_subject: stream.maxMessagesPerSubject ?? unlimited,
      max_msg_size: bytes(stream.maxMessageSize),
      duplicate_window: nanoseconds(toSeconds(stream.duplicateWindow)),
      ...complete,
    }),
  ]);
  const consumers = tenants
    .flatMap(({ demands }) => demands)
    .flatMap(({ streamName, use }) =>
      use.kind === "publish"
        ? []
        : [
            [
              `consumer.${streamName}.${use.consumer}.json`,
              json(
                consumer(
                  use.consumer,
                  settings.streams[streamName]?.consumers[use.consumer] ?? consumerDefaults,
                ),
              ),
            ],
          ],
    );
  return Object.fromEntries([...streams, ...consumers]);
}

/** A durable pull consumer: a message is delivered again until it is acknowledged. */
function consumer(name: string, settings: ConsumerSettings): Readonly<Record<string, unknown>> {
  return {
    name,
    durable_name: name,
    ack_policy: "explicit",
    ack_wait: nanoseconds(toSeconds(settings.ackWait)),
    deliver_policy: settings.deliver,
    replay_policy: "instant",
    max_deliver: settings.maxDeliver ?? unlimited,
    max_ack_pending: settings.maxAckPending,
    max_waiting: serverMaxWaiting,
    ...(settings.filter && { filter_subjects: settings.filter }),
    ...complete,
  };
}

/** Said although it is what is made anyway: the tool compares what is there with the file, field by field. */
const complete = { metadata: {} } as const;

/** The server's own default of how many requests for messages may wait. */
const serverMaxWaiting = 512;

function bytes(size: Quantity | undefined): number {
  return size === undefined ? unlimited : parseQuantity(size);
}

/** JetStream's word for "no limit". */
const unlimited = -1;

function nanoseconds(seconds: number): number {
  return seconds * 1e9;
}

function json(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value, undefined, 2);
}
