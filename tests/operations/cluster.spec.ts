import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openKubeConfig } from "../../operations/cluster";

const named = { context: "production", identity: "one" };

describe("the kubeconfig of a stack's cluster", () => {
  let folder: string;
  const before = { KUBECONFIG: process.env["KUBECONFIG"], HOME: process.env["HOME"] };
  const set = (name: keyof typeof before, value: string | undefined): void => {
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-kubeconfig-"));
    set("HOME", folder);
    set("KUBECONFIG", undefined);
  });
  afterEach(() => {
    set("HOME", before.HOME);
    set("KUBECONFIG", before.KUBECONFIG);
    rmSync(folder, { recursive: true });
  });

  const problem = async (): Promise<string> =>
    openKubeConfig(named).then(
      () => "",
      (error: unknown) => String(error),
    );

  it("is missed where there is none, and no context is made up", async () => {
    expect(await problem()).to.match(/There is no kubeconfig, so no context "production"/);
  });

  it("is missed where KUBECONFIG names a file that is not there, without a stack trace", async () => {
    set("KUBECONFIG", join(folder, "gone"));
    expect(await problem()).to.match(/^Failure: The kubeconfig cannot be read: .*gone/);
  });

  it("has other contexts, which are named", async () => {
    const cluster = { name: "c", cluster: { server: "https://127.0.0.1:1" } };
    const context = { name: "staging", context: { cluster: "c", user: "u" } };
    const file = { clusters: [cluster], users: [{ name: "u", user: {} }], contexts: [context] };
    set("KUBECONFIG", join(folder, "config"));
    writeFileSync(join(folder, "config"), JSON.stringify(file));
    expect(await problem()).to.contain('has no context "production"; it has staging.');
  });
});
