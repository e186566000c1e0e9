import { expect } from "chai";
import { Credentials } from "../../components/data/credentials";
import { deploy } from "../support/mocks";

const create = (retention: "keep" | "delete") =>
  deploy(
    () =>
      new Credentials("admin", {
        namespace: "nats",
        secretName: "nats-admin",
        data: (password) => ({ user: "admin", password }),
        retention,
      }),
  );

describe("generated credentials", () => {
  it("start with a letter and hold nothing that has to be escaped", async () => {
    const recorded = await create("keep");
    const password = recorded.find("RandomPassword", "admin-password");
    expect(password.inputs).to.deep.include({ length: 31, special: false });
    expect(recorded.find("Secret", "nats-admin").inputs.stringData).to.deep.equal({
      secret: { user: "admin", password: "paRandomValueForTests" },
    });
  });

  it("are kept with the data they open, and only then", async () => {
    const kept = await create("keep");
    const gone = await create("delete");
    for (const [type, name] of [
      ["Secret", "nats-admin"],
      ["RandomPassword", "admin-password"],
    ] as const) {
      expect(kept.find(type, name)).to.include({ protect: true, retainOnDelete: true });
      expect(gone.find(type, name)).to.include({ protect: false, retainOnDelete: false });
    }
  });
});
