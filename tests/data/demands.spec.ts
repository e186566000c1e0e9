import { expect } from "chai";
import { bucket, database, plainDemand, previewDemand, stream } from "../../components/data";

describe("a demand", () => {
  it("names its connection's values before the connection exists", () => {
    const orders = database("orders");
    expect(orders.url).to.deep.include({ field: "url" });
    expect(orders.url.demand.key).to.equal("database/orders");
  });

  it("offers a database's address through the pooler and past it", () => {
    expect(database("orders")).to.include.keys(
      "url",
      "host",
      "port",
      "user",
      "password",
      "name",
      "directUrl",
    );
  });

  it("says how many connections each pod opens: ten where nobody says, and at least one", () => {
    expect(database("orders").poolSize).to.equal(10);
    expect(database("orders", { poolSize: 4 }).poolSize).to.equal(4);
    for (const poolSize of [0, 1.5]) {
      expect(() => database("orders", { poolSize })).to.throw(
        `The database "orders" got the poolSize ${String(poolSize)}; it has to be a whole number`,
      );
    }
  });

  it("is the same one to the data room however large its pool is", () => {
    const [small, large] = [database("orders"), database("orders", { poolSize: 40 })];
    expect(plainDemand(small)).to.deep.equal(plainDemand(large));
    expect(small.url).to.deep.equal(large.url);
  });

  it("offers a stream's address, user, password and name, and the consumer to who reads it", () => {
    const fields = ["url", "user", "password", "stream"];
    expect(stream("messages", { consumer: "mailer" })).to.include.keys(...fields, "consumer");
    const writes = stream("messages", { publish: "msg.orders" });
    expect(writes).to.include.keys(...fields);
    expect(writes).to.not.include.keys("consumer");
  });

  it("offers a bucket's endpoint, region, name and keys", () => {
    expect(bucket("pictures")).to.include.keys(
      "endpoint",
      "region",
      "bucket",
      "accessKey",
      "secretKey",
    );
  });

  it("is another one for each consumer of a stream, and for writing to it", () => {
    const keys = [
      stream("messages", { consumer: "mailer" }),
      stream("messages", { consumer: "audit" }),
      stream("messages", { publish: "msg.orders" }),
    ].map(({ key }) => key);
    expect(new Set(keys).size).to.equal(3);
  });

  it("is for what is a preview's own in previews; streams keep their names in an account of its own", () => {
    const reads = stream("messages", { consumer: "mailer" });
    const demands = [database("orders"), bucket("pictures"), reads];
    expect(demands.map((demand) => previewDemand(demand, 2))).to.deep.equal([
      database("orders-preview-2", { poolSize: 10 }),
      bucket("pictures-preview-2"),
      reads,
    ]);
  });

  it("takes one subject or several", () => {
    expect(stream("messages", { publish: "msg.a" }).use).to.deep.equal({
      kind: "publish",
      subjects: ["msg.a"],
    });
    expect(stream("messages", { publish: ["msg.a", "msg.b"] }).use).to.deep.equal({
      kind: "publish",
      subjects: ["msg.a", "msg.b"],
    });
  });

  for (const name of ["Orders", "orders_db", "-orders", "orders-", "o".repeat(41), ""]) {
    it(`refuses the database name "${name}" and says what is allowed`, () => {
      expect(() => database(name)).to.throw(/database name ".*" is not allowed: use 1 to 40/);
    });
  }

  it("refuses a bucket name that S3 refuses for its length", () => {
    expect(() => bucket("ab")).to.throw(/bucket name "ab" is not allowed: use 3 to 40/);
  });

  it("refuses a consumer name that NATS refuses", () => {
    expect(() => stream("messages", { consumer: "a.b" })).to.throw(/consumer name "a\.b"/);
  });
});
