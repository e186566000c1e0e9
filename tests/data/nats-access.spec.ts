import { expect } from "chai";
import { stream } from "../../components/data";
import { passwordVariable, streamPermissions, userConfig } from "../../components/data/nats-access";

describe("what an application may do on the bus", () => {
  it("is to publish the subjects it demands, and to be answered", () => {
    expect(streamPermissions([stream("messages", { publish: "msg.orders" })])).to.deep.equal({
      publish: ["msg.orders"],
      subscribe: ["_INBOX.>"],
    });
  });

  it("is to ask for and acknowledge the messages of its own consumer, and to see both", () => {
    expect(streamPermissions([stream("messages", { consumer: "mailer" })]).publish).to.deep.equal([
      "$JS.ACK.*.*.messages.mailer.>",
      "$JS.ACK.messages.mailer.>",
      "$JS.API.CONSUMER.INFO.messages.mailer",
      "$JS.API.CONSUMER.MSG.NEXT.messages.mailer",
      "$JS.API.INFO",
      "$JS.API.STREAM.INFO.messages",
    ]);
  });

  it("is never to change a stream or a consumer", () => {
    const { publish } = streamPermissions([
      stream("messages", { consumer: "mailer" }),
      stream("messages", { publish: ["msg.a", "msg.b"] }),
    ]);
    expect(publish.filter((subject) => /CREATE|UPDATE|DELETE|PURGE/.test(subject))).to.deep.equal(
      [],
    );
  });

  it("is the sum of its demands, each subject once and in a fixed order", () => {
    const permissions = streamPermissions([
      stream("messages", { publish: "msg.b" }),
      stream("messages", { publish: ["msg.a", "msg.b"] }),
    ]);
    expect(permissions.publish).to.deep.equal(["msg.a", "msg.b"]);
  });

  it("is everything in its account for a user without permissions", () => {
    expect(
      userConfig({ user: "admin", password: { secret: "nats-admin", key: "password" } }),
    ).to.deep.equal({ user: "admin", password: "<< $NATS_PASSWORD_ADMIN >>" });
  });

  it("hangs on a variable that a shell and the server's configuration can both name", () => {
    expect(passwordVariable("web-shop")).to.equal("NATS_PASSWORD_WEB_SHOP");
  });
});
