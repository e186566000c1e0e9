import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");

/** Starts a process that handles interruption, sends it a signal once it is ready, and gives its end. */
async function interrupted(script: string, signal: NodeJS.Signals) {
  const child = spawn(
    process.execPath,
    ["--require=ts-node/register/transpile-only", "--eval", script],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  const printed: string[] = [];
  const ready = once(child.stdout, "data");
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  await ready;
  child.kill(signal);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text: printed.join("") };
}

const script = `
  const { beforeLeaving, handleInterruption } = require("./sandbox/processes/interruption");
  handleInterruption();
  const forget = beforeLeaving(async () => console.log("forgotten"));
  beforeLeaving(async () => console.log("ended the daemons"));
  forget();
  setInterval(() => undefined, 1000);
  console.log("ready");
`;

describe("an interrupted command", () => {
  it("does what is registered before it leaves, with the signal's exit code", async () => {
    expect(await interrupted(script, "SIGTERM")).to.deep.equal({
      code: 143,
      text: "ready\nended the daemons\n",
    });
  });
});
