import { expect } from "chai";
import { bucket, database, stream } from "../../components/data";
import { tenantsOf } from "../../components/data/tenants";

describe("the tenants of a data service", () => {
  const demands = [
    { application: "shop", namespace: "shop", demand: database("orders") },
    { application: "blog", namespace: "weblog", demand: bucket("pictures") },
    { application: "shop", namespace: "shop", demand: database("products") },
    { application: "shop", namespace: "shop", demand: database("orders") },
    {
      application: "blog",
      namespace: "weblog",
      demand: stream("messages", { consumer: "mailer" }),
    },
  ];

  it("are the applications that demand something of it, each with its own demands", () => {
    const tenants = tenantsOf(demands, "database");
    expect(tenants.map(({ application, namespace }) => [application, namespace])).to.deep.equal([
      ["shop", "shop"],
    ]);
    expect(tenants[0]?.demands.map(({ database: name }) => name)).to.deep.equal([
      "orders",
      "products",
    ]);
  });

  it("demand nothing twice, however many workloads ask for it", () => {
    expect(tenantsOf(demands, "database")[0]?.demands).to.have.lengthOf(2);
  });

  it("keep every subject that an application publishes, whichever workload does", () => {
    const publish = ["msg.a", "msg.b", "msg.a"].map((subject) => ({
      application: "shop",
      namespace: "shop",
      demand: stream("messages", { publish: subject }),
    }));
    const uses = tenantsOf(publish, "stream")[0]?.demands.map(({ use }) => use);
    expect(uses).to.deep.equal([
      { kind: "publish", subjects: ["msg.a"] },
      { kind: "publish", subjects: ["msg.b"] },
    ]);
  });

  it("keep the namespace of the application, which may have another name", () => {
    expect(tenantsOf(demands, "bucket")).to.have.nested.property("[0].namespace", "weblog");
  });

  it("are none where nobody demands anything", () => {
    expect(tenantsOf([], "stream")).to.deep.equal([]);
  });
});
