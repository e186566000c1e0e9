import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Ledger } from "../../sandbox/processes/ledger";
import { until } from "../../sandbox/processes/until";
import { type Sandbox, openSandbox } from "../../sandbox/sandbox";

/** The process ids of a sandbox, by name. */
function processes(sandbox: Sandbox): Readonly<Record<string, number>> {
  const running = new Ledger(sandbox.folder.processes).running();
  return Object.fromEntries(running.map(({ name, pid }) => [name, pid]));
}

function kill(sandbox: Sandbox, name: string): void {
  const pid = processes(sandbox)[name];
  if (pid === undefined) {
    throw new Error(`${name} does not run.`);
  }
  process.kill(pid, "SIGKILL");
}

/** Kills a process, and returns once it has ended: a signal that was sent has not arrived. */
async function end(sandbox: Sandbox, name: string): Promise<void> {
  kill(sandbox, name);
  const ended = await until(() => !(name in processes(sandbox)), { timeout: 10_000, every: 10 });
  expect(ended, `${name} has ended`).to.equal(true);
}

describe("a sandbox that is interrupted", function () {
  this.timeout("5m");
  const folder = mkdtempSync(join(tmpdir(), "slipway-engine-"));
  const first = openSandbox({ dir: join(folder, "first"), offline: true });
  const second = openSandbox({ dir: join(folder, "second"), offline: true });

  before(async () => {
    await Promise.all([first.up(), second.up()]);
  });

  after(async () => {
    await Promise.all([first.reset(), second.reset()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const readyNodes = async (sandbox: Sandbox): Promise<number> => {
    let printed = "";
    const output = "--output=jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}";
    await sandbox.kubectl(["get", "nodes", output], { onOutput: (text) => (printed += text) });
    return printed.split(" ").filter((status) => status === "True").length;
  };

  it("does not touch another one beside it", async () => {
    const [one, other] = [await first.identify(), await second.identify()];
    expect(one.uid).not.to.equal(other.uid);
    expect([await readyNodes(first), await readyNodes(second)]).to.deep.equal([3, 3]);
  });

  it("starts nothing when everything runs", async () => {
    const before = processes(first);
    await first.up();
    expect(processes(first)).to.deep.equal(before);
  });

  it("starts only the simulator anew when the simulator was killed", async () => {
    const before = processes(first);
    await end(first, "kwok");
    await first.up();
    const { kwok, ...others } = processes(first);
    expect(kwok).to.be.a("number").and.not.equal(before["kwok"]);
    expect({ ...others, kwok: before["kwok"] }).to.deep.equal(before);
  });

  it("is the same cluster again after its API server was killed", async () => {
    const { uid } = await first.identify();
    await end(first, "kube-apiserver");
    await first.up();
    expect((await first.identify()).uid).to.equal(uid);
    expect(await readyNodes(first)).to.equal(3);
  });

  it("leaves no process when it is ended, and keeps its data", async () => {
    const { uid } = await first.identify();
    await first.down();
    expect(processes(first)).to.deep.equal({});
    await first.up();
    expect((await first.identify()).uid).to.equal(uid);
  });

  it("goes on with the stack after the Pulumi CLI was killed while it made things", async () => {
    let created = 0;
    const up = ["up", "--yes", "--skip-preview", "--stack=sandbox"];
    const killed = await second.pulumi(up, {
      onOutput: (text) => {
        created += text.match(/ created \(/g)?.length ?? 0;
        const cli = Object.keys(processes(second)).find((name) => name.startsWith("pulumi"));
        if (created > 60 && cli !== undefined) {
          kill(second, cli);
        }
      },
    });
    expect(killed).not.to.equal(0);

    let printed = "";
    const code = await second.pulumi(up, { onOutput: (text) => (printed += text) });
    expect(code, printed).to.equal(0);
    expect(printed).not.to.include("pending operations");
  });
});
