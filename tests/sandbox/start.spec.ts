import { expect } from "chai";
import { sandboxFolder } from "../../sandbox/folder";
import { type Sandbox } from "../../sandbox/sandbox";
import { start } from "../../sandbox/start";
import { silentProgress } from "../../sandbox/terminal/progress";

describe("npm start", () => {
  const notes: string[] = [];
  const progress = { ...silentProgress, note: (line: string) => void notes.push(line) };
  const calls: string[] = [];
  beforeEach(() => {
    notes.splice(0);
    calls.splice(0);
  });

  const sandbox = (code: number): Sandbox => ({
    folder: sandboxFolder("/none"),
    kubeconfig: "/none/kubeconfig",
    up: (request) => {
      calls.push(`up ${JSON.stringify(request)}`);
      return Promise.resolve();
    },
    down: () => Promise.resolve(),
    reset: () => Promise.resolve(),
    identify: () => Promise.resolve({ context: "here", uid: "uid" }),
    pulumi: (args) => {
      calls.push(args.join(" "));
      return Promise.resolve(code);
    },
    kubectl: () => Promise.resolve(0),
    helm: () => Promise.resolve(0),
    cli: () => Promise.resolve({ path: "/none", env: {} }),
  });

  it("starts the cluster that was asked for, then brings the sandbox's stack up", async () => {
    expect(await start(sandbox(0), { cluster: "kind" }, progress)).to.equal(0);
    expect(calls[0]).to.equal('up {"cluster":"kind"}');
    expect(calls[1]).to.match(/^up --yes .*--stack=sandbox/);
  });

  it("ends with what to type next", async () => {
    await start(sandbox(0), {}, progress);
    expect(notes.join("\n")).to.include("npm run sandbox -- kubectl get pods -A");
  });

  it("hands out the exit code of a failed run and says that the same command goes on", async () => {
    expect(await start(sandbox(255), {}, progress)).to.equal(255);
    expect(notes.join("\n")).to.include("exit code 255").and.to.include("same command");
    expect(notes.join("\n")).not.to.include("The stack is up");
  });

  it("says of a run that was interrupted that it goes on, and nothing of a mistake", async () => {
    expect(await start(sandbox(8), {}, progress)).to.equal(8);
    expect(notes.join("\n"))
      .to.match(/^\nInterrupted after .* the same command goes on from here\.$/)
      .and.not.to.include("mistake");
  });
});
