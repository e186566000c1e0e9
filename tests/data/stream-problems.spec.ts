import { expect } from "chai";
import { demandProblems, stream, type StreamDemand } from "../../components/data";
import { dataOf } from "../support/rooms";

/** What is said of these demands, each of its application; empty when all are met. */
function refusal(
  demands: readonly (readonly [application: string, demand: StreamDemand])[],
  streams?: object,
): string {
  return demandProblems(
    dataOf(streams === undefined ? {} : { nats: { streams } }),
    demands.map(([application, demand]) => ({ application, namespace: application, demand })),
  )
    .map(({ field, message }) => `${field}: ${message}`)
    .join("\n");
}

const publish = (subject: string, streams?: object, name = "messages"): string =>
  refusal([["shop", stream(name, { publish: subject })]], streams);

describe("what applications demand of streams", () => {
  it("is refused where there is no such stream, with the one that was meant", () => {
    expect(refusal([["shop", stream("mesages", { consumer: "a" })]])).to.equal(
      'shop uses stream/mesages-a: names the stream "mesages", which slipway:data.nats.streams does not declare; did ' +
        'you mean "messages"? Correct the name, or add the stream.',
    );
    expect(refusal([["shop", stream("audit", { consumer: "a" })]])).to.contain(
      "does not declare; it declares messages. Add the stream",
    );
  });

  it("is refused where two applications would share a consumer's messages", () => {
    const worker = stream("messages", { consumer: "worker" });
    expect(
      refusal([
        ["mail", worker],
        ["shop", worker],
      ]),
    )
      .to.contain('shop uses stream/messages-worker: reads as the consumer "worker"')
      .and.contain("which mail reads as too");
    expect(refusal([["mail", worker]])).to.equal("");
  });

  for (const subject of ["msg.orders", "msg.orders.>", "msg.*", "msg.*.created", "msg.>"]) {
    it(`may be to publish "${subject}" to "msg.>"`, () => {
      expect(publish(subject)).to.equal("");
    });
  }

  for (const subject of ["msg", "orders.created", ">", "*.orders", "message.a"]) {
    it(`is refused to publish "${subject}" to "msg.>"`, () => {
      expect(publish(subject)).to.contain(
        `publishes "${subject}" to the stream "messages", which keeps "msg.>"`,
      );
    });
  }

  it("matches a wildcard within the subject, and its length", () => {
    const streams = { orders: { subjects: ["orders.*.created"] } };
    const toOrders = (subject: string): string => publish(subject, streams, "orders");
    expect(toOrders("orders.eu.created")).to.equal("");
    expect(toOrders("orders.*.created")).to.equal("");
    for (const subject of ["orders.eu.deleted", "orders.eu.created.twice", "orders.>"]) {
      expect(toOrders(subject)).to.contain("publishes");
    }
  });
});

describe("the table of streams", () => {
  const table = (streams: object): string => refusal([], streams);

  for (const [one, other] of [
    ["orders.>", "orders.eu.created"],
    ["orders.*", "*.created"],
    ["orders.created", "orders.created"],
    ["*.>", "orders.created"],
  ] as const) {
    it(`is refused where "${one}" and "${other}" are in two streams`, () => {
      expect(table({ first: { subjects: [one] }, second: { subjects: ["a.b", other] } })).to.equal(
        `slipway:data.nats.streams.second.subjects: got "a.b", "${other}", of which the stream "first" keeps some ` +
          "too; a message is in one stream only. Take them out of one of the two.",
      );
    });
  }

  for (const [one, other] of [
    ["orders.>", "orders"],
    ["orders.*", "orders.eu.created"],
    ["orders.*.created", "orders.eu.deleted"],
  ] as const) {
    it(`may have "${one}" and "${other}" in two streams`, () => {
      expect(table({ first: { subjects: [one] }, second: { subjects: [other] } })).to.equal("");
    });
  }

  it("is refused where an id is to be known for longer than its message is kept", () => {
    const subjects = ["msg.>"];
    expect(table({ messages: { subjects, maxAge: "1m" } })).to.equal(
      'slipway:data.nats.streams.messages.duplicateWindow: got "2m"; it has to be at most maxAge, which is "1m": an ' +
        "id is forgotten with its message.",
    );
    expect(table({ messages: { subjects, maxAge: "2m" } })).to.equal("");
  });

  it("is refused where a consumer of a work queue would leave messages behind", () => {
    const consumers = { worker: { deliver: "new" } };
    const demands = [["shop", stream("jobs", { consumer: "worker" })]] as const;
    const jobs = { subjects: ["jobs.>"], retention: "workqueue", consumers };
    expect(refusal(demands, { jobs })).to.contain(
      'slipway:data.nats.streams.jobs.consumers.worker.deliver: got "new"; it has to be "all"',
    );
    expect(refusal(demands, { jobs: { ...jobs, retention: "interest" } })).to.equal("");
  });
});
