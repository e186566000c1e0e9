import { expect } from "chai";
import { stream, type StreamDemand } from "../../components/data";
import { streamFiles } from "../../components/data/nats-streams";
import { streamProblems } from "../../components/data/stream-problems";
import { dataOf } from "../support/rooms";

const settings = dataOf().nats;
const tenant = (application: string, ...demands: StreamDemand[]) => ({
  application,
  namespace: application,
  demands,
});
const nobody = { tenants: [] };
const parsed = (files: Record<string, string>, name: string): Record<string, unknown> =>
  JSON.parse(files[name] ?? "{}");

describe("the streams of NATS", () => {
  it("are those of the stack, demanded or not", () => {
    expect(Object.keys(streamFiles(settings, nobody))).to.deep.equal(["stream.messages.json"]);
  });

  it("keep the stack's subjects for as long as it says, in copies that survive a server", () => {
    expect(parsed(streamFiles(settings, nobody), "stream.messages.json")).to.include({
      name: "messages",
      storage: "file",
      num_replicas: 3,
      retention: "limits",
      discard: "old",
      duplicate_window: 120e9,
      max_age: 7 * 24 * 3600 * 1e9,
      max_bytes: -1,
    });
    expect(parsed(streamFiles(settings, nobody), "stream.messages.json").subjects).to.deep.equal([
      "msg.>",
    ]);
  });

  it("have one copy on one server, and three on five", () => {
    const copies = (servers: number) =>
      parsed(streamFiles(dataOf({ nats: { servers } }).nats, nobody), "stream.messages.json")
        .num_replicas;
    expect([copies(1), copies(5)]).to.deep.equal([1, 3]);
  });

  it("have one copy in an account of previews, whose messages nobody misses", () => {
    const files = streamFiles(settings, { tenants: [], slot: 1 });
    expect(parsed(files, "stream.messages.json").num_replicas).to.equal(1);
  });

  it("are kept in memory, and bounded, when the stack says so", () => {
    const { nats } = dataOf({
      nats: {
        storage: { kind: "memory", size: "1Gi" },
        streams: { events: { subjects: ["events.>"], maxBytes: "512Mi" } },
      },
    });
    expect(parsed(streamFiles(nats, nobody), "stream.events.json")).to.include({
      storage: "memory",
      max_bytes: 512 * 2 ** 20,
    });
  });

  it("have the limits, the retention and the copies that the stack says", () => {
    const events = {
      subjects: ["events.>"],
      maxMessages: 1000,
      maxMessagesPerSubject: 10,
      maxMessageSize: "64Ki",
      retention: "workqueue",
      discard: "new",
      replicas: 1,
      duplicateWindow: "10m",
    };
    const { nats } = dataOf({ nats: { streams: { events } } });
    expect(parsed(streamFiles(nats, nobody), "stream.events.json")).to.include({
      max_msgs: 1000,
      max_msgs_per_subject: 10,
      max_msg_size: 64 * 2 ** 10,
      retention: "workqueue",
      discard: "new",
      num_replicas: 1,
      duplicate_window: 600e9,
    });
  });

  it("serve a consumer as the stack says", () => {
    const mailer = {
      ackWait: "2m",
      maxDeliver: 5,
      maxAckPending: 10,
      deliver: "new",
      filter: ["msg.orders"],
    };
    const messages = { subjects: ["msg.>"], consumers: { mailer } };
    const { nats } = dataOf({ nats: { streams: { messages } } });
    const files = streamFiles(nats, {
      tenants: [tenant("mail", stream("messages", { consumer: "mailer" }))],
    });
    expect(parsed(files, "consumer.messages.mailer.json")).to.deep.include({
      ack_wait: 120e9,
      max_deliver: 5,
      max_ack_pending: 10,
      deliver_policy: "new",
      filter_subjects: ["msg.orders"],
    });
    expect(streamProblems(nats, []).map(({ field }) => field)).to.deep.equal([
      "slipway:data.nats.streams.messages.consumers.mailer",
    ]);
  });

  it("have a durable consumer for each application that reads them, and none for one that writes", () => {
    const files = streamFiles(settings, {
      tenants: [
        tenant("mail", stream("messages", { consumer: "mailer" })),
        tenant("shop", stream("messages", { publish: "msg.orders" })),
      ],
    });
    expect(Object.keys(files)).to.deep.equal([
      "stream.messages.json",
      "consumer.messages.mailer.json",
    ]);
    expect(parsed(files, "consumer.messages.mailer.json")).to.include({
      name: "mailer",
      durable_name: "mailer",
      max_waiting: 512,
      ack_policy: "explicit",
      ack_wait: 30e9,
      deliver_policy: "all",
      replay_policy: "instant",
      max_deliver: -1,
      max_ack_pending: 1000,
    });
  });
});
