import { toSeconds } from "../kit/duration";
import type { Problem } from "../kit/problem";
import type { NatsSettings } from "../settings/data";
import { nearestOf } from "../settings/errors";
import type { StreamDemand } from "./demands";
import { unknownNames, type Tenant } from "./tenants";

/**
 * What is wrong with what applications demand of streams: one that there is not, a subject that it does
 * not keep, or the consumer of another application.
 */
export function streamProblems(
  settings: Pick<NatsSettings, "streams">,
  tenants: readonly Tenant<StreamDemand>[],
): readonly Problem[] {
  return [
    ...tableProblems(settings.streams),
    ...tenants.flatMap(({ application, demands }) =>
      demands.map((demand) => ({
        field: `${application} uses ${demand.key}`,
        message: demandText(settings.streams, demand),
      })),
    ),
    ...sharedConsumers(tenants),
    ...unknownConsumers(settings.streams, tenants),
  ].flatMap(({ field, message }) => (message === undefined ? [] : [{ field, message }]));
}

/** What JetStream would refuse of the table of streams, when the Job declares them. */
function tableProblems(streams: NatsSettings["streams"]): readonly Problem[] {
  const all = Object.entries(streams);
  return all.flatMap(([name, stream], index) => {
    const field = `slipway:data.nats.streams.${name}`;
    const { duplicateWindow, maxAge, retention, subjects, consumers } = stream;
    const shared = all
      .slice(0, index)
      .filter(([, other]) => other.subjects.some((one) => subjects.some(meets(one))));
    return [
      ...shared.map(([other]) => ({
        field: `${field}.subjects`,
        message:
          `got "${subjects.join('", "')}", of which the stream "${other}" keeps some too; a message is in one stream ` +
          "only. Take them out of one of the two.",
      })),
      ...(toSeconds(duplicateWindow) <= toSeconds(maxAge)
        ? []
        : [
            {
              field: `${field}.duplicateWindow`,
              message: `got "${duplicateWindow}"; it has to be at most maxAge, which is "${maxAge}": an id is forgotten with its message.`,
            },
          ]),
      ...(retention === "workqueue"
        ? Object.entries(consumers)
            .filter(([, { deliver }]) => deliver === "new")
            .map(([consumer]) => ({
              field: `${field}.consumers.${consumer}.deliver`,
              message:
                'got "new"; it has to be "all", because retention is "workqueue": each message waits for the one who takes it.',
            }))
        : []),
    ];
  });
}

/** Says whether there is a subject that two patterns both stand for. */
function meets(subject: string): (other: string) => boolean {
  const tokens = subject.split(".");
  return (other) => {
    const others = other.split(".");
    const length = Math.max(tokens.length, others.length);
    for (let index = 0; index < length; index += 1) {
      const [one, two] = [tokens[index], others[index]];
      if (one === undefined || two === undefined) {
        return false;
      }
      if (one === ">" || two === ">") {
        return true;
      }
      if (one !== two && one !== "*" && two !== "*") {
        return false;
      }
    }
    return true;
  };
}

/** Settings of a consumer that no application demands would have no effect. */
function unknownConsumers(
  streams: NatsSettings["streams"],
  tenants: readonly Tenant<StreamDemand>[],
): readonly Problem[] {
  return Object.entries(streams).flatMap(([name, { consumers }]) =>
    unknownNames(
      `slipway:data.nats.streams.${name}.consumers`,
      Object.keys(consumers),
      tenants
        .flatMap(({ demands }) => demands)
        .flatMap(({ streamName, use }) =>
          streamName === name && use.kind === "consume" ? [use.consumer] : [],
        ),
    ),
  );
}

function demandText(
  streams: NatsSettings["streams"],
  { streamName, use }: StreamDemand,
): string | undefined {
  const stream = streams[streamName];
  if (stream === undefined) {
    const known = Object.keys(streams);
    const nearest = nearestOf(streamName, known);
    return (
      `names the stream "${streamName}", which slipway:data.nats.streams does not declare` +
      (nearest === undefined
        ? `; it declares ${known.join(", ") || "none"}. Add the stream, or correct the name.`
        : `; did you mean "${nearest}"? Correct the name, or add the stream.`)
    );
  }
  const outside =
    use.kind === "publish"
      ? use.subjects.filter((subject) => !stream.subjects.some(covers(subject)))
      : [];
  return outside.length === 0
    ? undefined
    : `publishes "${outside.join('", "')}" to the stream "${streamName}", which keeps "${stream.subjects.join('", "')}". ` +
        `Publish within these subjects, or add the subject to slipway:data.nats.streams.${streamName}.subjects.`;
}

/** Two applications that share a consumer would each get a part of the messages. */
function sharedConsumers(tenants: readonly Tenant<StreamDemand>[]): readonly Problem[] {
  const owners = new Map<string, string>();
  return tenants.flatMap(({ application, demands, slot }) =>
    demands.flatMap(({ key, streamName, use }) => {
      if (use.kind !== "consume") {
        return [];
      }
      const place = `${key} ${String(slot)}`;
      const owner = owners.get(place);
      owners.set(place, owner ?? application);
      return owner === undefined
        ? []
        : [
            {
              field: `${application} uses ${key}`,
              message:
                `reads as the consumer "${use.consumer}" of the stream "${streamName}", which ${owner} reads as too, so each ` +
                `would get a part of its messages. Give one of them another name.`,
            },
          ];
    }),
  );
}

/** Says whether a pattern covers every subject that another one stands for. */
function covers(subject: string): (pattern: string) => boolean {
  const tokens = subject.split(".");
  return (pattern) => {
    const patternTokens = pattern.split(".");
    const open = patternTokens.at(-1) === ">";
    const fixed = open ? patternTokens.slice(0, -1) : patternTokens;
    const longEnough = open ? tokens.length > fixed.length : tokens.length === fixed.length;
    return (
      longEnough &&
      fixed.every((token, index) => {
        const other = tokens[index];
        return other !== ">" && (token === "*" || token === other);
      }) &&
      (open || !tokens.includes(">"))
    );
  };
}
