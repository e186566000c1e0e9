import { execFile } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { LoopbackApi, LoopbackKubeconfig } from "../../support/loopback-api";

const root = join(__dirname, "..", "..", "..");

describe("the command line of npm run adopt", () => {
  const api = new LoopbackApi("live", () => [404, 'deployments.apps "orders" not found']);
  let kubeconfig: LoopbackKubeconfig;

  before(async () => {
    kubeconfig = new LoopbackKubeconfig({ live: await api.listen() });
    appendFileSync(process.env.KUBECONFIG ?? "", "current-context: live\n");
  });
  after(async () => {
    kubeconfig.remove();
    await api.close();
  });

  it("asks no cluster that is not named, also not the one that happens to be current", async () => {
    const { code, stderr } = await adopt("deployment/orders", "--namespace", "shop", "--claim");
    expect(stderr).to.contain("required option '--context <name>' not specified");
    expect([code, api.questions]).to.deep.equal([1, []]);
  });

  it("says where it looked for a Deployment that is not there", async () => {
    const named = ["--namespace", "shop", "--context", "live"];
    const { code, stderr } = await adopt("deployment/orders", ...named);
    expect(stderr).to.equal(
      'deployments.apps "orders" not found (namespace shop of context live)\n',
    );
    expect(code).to.equal(1);
  });
});

function adopt(...args: readonly string[]): Promise<{ code: unknown; stderr: string }> {
  const command = ["sandbox/bootstrap.mjs", "operations/adopt/cli.ts", ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root }, (error, _, stderr) => {
      resolve({ code: error?.code, stderr });
    });
  });
}
