import { expect } from "chai";
import { Credentials } from "../../components/data/credentials";
import { Adoption, ownerLabel } from "../../components/kit/adoption";
import { retainedProvider } from "../../components/kit/cluster";
import type { LiveObject } from "../../components/kit/live-objects";
import { deploy, type Recorded } from "../support/mocks";

const create = (retention: "keep" | "delete") =>
  deploy(
    () =>
      new Credentials("admin", {
        namespace: "nats",
        secretName: "nats-admin",
        data: (password) => ({ user: "admin", password }),
        passwordKey: "password",
        retention,
      }),
  );

function revealed(value: unknown): unknown {
  return typeof value === "object" && value !== null && "secret" in value ? value.secret : value;
}

describe("generated credentials", () => {
  it("start with a letter and hold nothing that has to be escaped", async () => {
    const recorded = await create("keep");
    const password = recorded.find("RandomPassword", "admin-password");
    expect(password.inputs).to.deep.include({ length: 31, special: false });
    expect(recorded.find("Secret", "nats-admin").inputs.stringData).to.deep.equal({
      secret: { user: "admin", password: "paRandomValueForTests" },
    });
  });

  it("stay in the state under either retention, so that the data opens after a change of it", async () => {
    const states = [await create("keep"), await create("delete")];
    const [kept, gone] = states.map((recorded) =>
      recorded.find("pulumi:index:Stash", "admin-password-in-use"),
    );
    expect(gone?.urn).to.equal(kept?.urn);
    expect(kept).to.deep.include({ ignoreChanges: ["input"], protect: true });
    expect(gone).to.deep.include({ ignoreChanges: ["input"], protect: false });
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

describe("credentials that may have outlived their stack", () => {
  /** Creates them on a cluster that holds this Secret; a later question may get another answer. */
  function recreate(...answers: readonly (LiveObject | undefined)[]): Promise<Recorded> {
    const left = [...answers];
    return deploy(
      () =>
        new Credentials("admin", {
          namespace: "nats",
          secretName: "nats-admin",
          data: (password) => ({ user: "admin", password }),
          passwordKey: "password",
          retention: "keep",
          adoption: new Adoption({
            owner: "production",
            provider: retainedProvider("retained", { context: "test", identity: "uid" }),
            read: () => Promise.resolve(left.length > 1 ? left.shift() : left[0]),
          }),
        }),
      { hooks: true },
    );
  }

  const passwordIn = (recorded: Recorded): unknown =>
    revealed(recorded.find("Secret", "nats-admin").inputs.stringData);
  const own = { [ownerLabel]: "production" };

  it("use the password of the Secret that was kept", async () => {
    const recorded = await recreate({ labels: own, data: { password: "opensTheData" } });
    expect(passwordIn(recorded)).to.deep.equal({ user: "admin", password: "opensTheData" });
  });

  it("use a new password where no Secret was kept", async () => {
    expect(passwordIn(await recreate(undefined))).to.deep.include({
      password: "paRandomValueForTests",
    });
  });

  it("take nothing from a Secret that is not the stack's", async () => {
    const recorded = await recreate({ labels: {}, data: { password: "somebodyElses" } });
    expect(passwordIn(recorded)).to.deep.include({ password: "paRandomValueForTests" });
  });

  it("keep what is in use in the state, whatever is generated later", async () => {
    const recorded = await recreate({ labels: own, data: { password: "opensTheData" } });
    const stash = recorded.find("pulumi:index:Stash", "admin-password-in-use");
    expect(stash).to.deep.include({ ignoreChanges: ["input"], protect: true });
    expect(stash.inputs.input).to.deep.equal({ secret: "opensTheData" });
  });

  it("never overwrite a kept password that the state does not hold", async () => {
    const kept = { labels: own, data: { password: "opensTheData" } };
    const error: unknown = await recreate(undefined, kept).catch((reason: unknown) => reason);
    expect(String(error))
      .to.contain("The Secret nats/nats-admin was kept with the data that it opens")
      .and.to.contain("pulumi state delete");
  });
});
