import { join } from "node:path";
import { expect } from "chai";
import { runAttached } from "../../../sandbox/processes/attached";
import { Ledger } from "../../../sandbox/processes/ledger";
import { endOrphans } from "../../../sandbox/stack/recovery";
import { startDaemon, isRunning } from "../../../sandbox/processes/daemon";
import { scratchFolder } from "../scratch-folder";

describe("a command on our terminal", () => {
  const folder = scratchFolder();
  const ledger = () => new Ledger(join(folder(), "processes.json"));

  it("hands out its exit code and its two streams", async () => {
    const output: Record<string, string> = {};
    const code = await runAttached(
      process.execPath,
      ["-e", "console.log('out'); console.error('err'); process.exit(3)"],
      { env: {}, onOutput: (text, stream) => (output[stream] = text) },
    );
    expect(code).to.equal(3);
    expect(output).to.deep.equal({ stdout: "out\n", stderr: "err\n" });
  });

  it("is recorded with its owner while it runs, and forgotten afterwards", async () => {
    const seen: unknown[] = [];
    // It lives on after its word, so that it is still there when it is looked for.
    const program = "console.log('running'); setTimeout(() => 0, 1000)";
    await runAttached(process.execPath, ["-e", program], {
      env: {},
      track: { ledger: ledger(), name: "pulumi" },
      onOutput: () =>
        seen.push(
          ...ledger()
            .running()
            .map(({ owner }) => owner?.pid),
        ),
    });
    expect(seen).to.deep.equal([process.pid]);
    expect(ledger().running()).to.deep.equal([]);
  });

  it("is ended by the next command when its owner was killed", async () => {
    const entry = startDaemon(ledger(), {
      name: "pulumi 1",
      file: process.execPath,
      args: ["-e", "setInterval(() => 0, 1000)"],
      log: join(folder(), "log"),
    });
    ledger().add({ ...entry, owner: { pid: process.pid, started: "another boot/1" } });
    await endOrphans(ledger());
    expect(isRunning(entry)).to.equal(false);
  });

  it("says so when there is no such command", async () => {
    const failure = await runAttached(join(folder(), "missing"), [], { env: {} }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property("message").that.includes("There is no command");
  });
});
