import { expect } from "chai";
import { streamsCheckScript, streamsScript } from "../../components/data/nats-streams";
import { callsOf } from "../support/shell";

describe("the script that makes streams", () => {
  const files = {
    "/setup/stream.messages.json": "{}",
    "/setup/consumer.messages.mailer.json": "{}",
  };

  it("makes what is not there", () => {
    const calls = callsOf(streamsScript, {
      files,
      commands: { nats: '[ "$2" != info ] || [ "$1" = account ]' },
    });
    expect(calls).to.deep.equal([
      "nats account info",
      "nats stream info messages",
      "nats stream add messages --config /setup/stream.messages.json",
      "nats consumer info messages mailer",
      "nats consumer add messages --config /setup/consumer.messages.mailer.json",
    ]);
  });

  it("brings what is there to its configuration, without asking", () => {
    const calls = callsOf(streamsScript, { files, commands: { nats: "exit 0" } });
    expect(calls).to.deep.equal([
      "nats account info",
      "nats stream info messages",
      "nats stream edit messages --config /setup/stream.messages.json --force",
      "nats consumer info messages mailer",
      "nats consumer edit messages mailer --config /setup/consumer.messages.mailer.json --force",
    ]);
  });

  it("is content with streams that nobody reads", () => {
    const calls = callsOf(streamsScript, {
      files: { "/setup/stream.messages.json": "{}" },
      commands: { nats: "exit 0" },
    });
    expect(calls).to.have.lengthOf(3);
  });

  it("waits until the servers answer", () => {
    const calls = callsOf(streamsScript, {
      files: { "/setup/stream.messages.json": "{}" },
      commands: {
        nats: '[ "$1" != account ] || [ -e "$0.up" ] || { touch "$0.up"; exit 1; }',
        sleep: "exit 0",
      },
    });
    expect(calls.slice(0, 3)).to.deep.equal(["nats account info", "sleep 2", "nats account info"]);
  });

  it("fails when a change is refused, and says what cannot be changed", () => {
    const refused = () => callsOf(streamsScript, { files, commands: { nats: '[ "$2" != edit ]' } });
    expect(refused).to.throw(/JetStream refused to change the stream messages; .*[^]*retention/);
  });
});

describe("the script that looks at streams", () => {
  const files = {
    "/setup/stream.messages.json": "{}",
    "/setup/consumer.messages.mailer.json": "{}",
  };

  it("compares each with its file, and changes none", () => {
    const calls = callsOf(streamsCheckScript, { files, commands: { nats: "exit 0" } });
    expect(calls).to.deep.equal([
      "nats stream edit messages --config /setup/stream.messages.json --dry-run",
      "nats consumer edit messages mailer --config /setup/consumer.messages.mailer.json --dry-run",
    ]);
  });

  for (const [kind, what] of [
    ["stream", "The stream messages is not as declared"],
    ["consumer", "The consumer mailer of the stream messages is not as declared"],
  ] as const) {
    it(`fails when a ${kind} differs, and says how it is set back`, () => {
      const nats = `[ "$1" != ${kind} ]`;
      expect(() => callsOf(streamsCheckScript, { files, commands: { nats } })).to.throw(
        new RegExp(`${what}[^]*pulumi up --replace`),
      );
    });
  }

  it("is content with streams that nobody reads", () => {
    const calls = callsOf(streamsCheckScript, {
      files: { "/setup/stream.messages.json": "{}" },
      commands: { nats: "exit 0" },
    });
    expect(calls).to.have.lengthOf(1);
  });
});
