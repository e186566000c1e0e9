import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { doctor } from "../../../operations/doctor/doctor";
import { type Stack } from "../../../operations/stack";

describe("the doctor", () => {
  let folder = "";
  let server: Server | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  });
  afterEach(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("finds that a context leads to another cluster, and looks at nothing there", async () => {
    const asked: (string | undefined)[] = [];
    server = createServer(({ url }, response) => {
      asked.push(url);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ kind: "Namespace", metadata: { uid: "theirs" } }));
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        clusters: [
          {
            name: "c",
            cluster: {
              server: `http://127.0.0.1:${String(port)}`,
              "insecure-skip-tls-verify": true,
            },
          },
        ],
        users: [{ name: "u", user: {} }],
        contexts: [{ name: "staging", context: { cluster: "c", user: "u" } }],
      }),
    );
    const stack: Stack = {
      name: "staging",
      run: () => Promise.reject(new Error("The doctor runs nothing.")),
      ask: () =>
        Promise.resolve({ code: 0, stderr: "", stdout: '{"deployment":{"resources":[]}}' }),
      cluster: () => ({ context: "staging", identity: "ours", kubeconfig }),
    };
    const printed: string[] = [];
    const code = await doctor(stack, {
      json: false,
      print: (text) => printed.push(text),
      progress: { note: () => undefined, step: (_, work) => work(() => undefined) },
    });
    expect(code).to.equal(2);
    expect(printed.join("\n")).to.equal(
      [
        "Stack staging has 1 finding: 1 critical.\n",
        "CRITICAL: slipway:cluster",
        '  The context "staging" leads to the cluster theirs, but the stack is on ours.',
        "  why: Every command of this stack refuses that cluster.",
        "  fix: Choose the context of that cluster, or correct slipway:cluster in the stack file.\n",
        "Not looked at:",
        "  everything else: it is not the stack's cluster",
      ].join("\n"),
    );
    expect(asked).to.deep.equal(["/api/v1/namespaces/kube-system"]);
  });
});
