import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";
import { sandboxFolder } from "../../../sandbox/folder";
import {
  type FindManagers,
  type KubernetesObject,
  objectKey,
  settlePendingOperations,
} from "../../../sandbox/stack/pending";
import { stateFile } from "../../../sandbox/stack/recovery";
import { scratchFolder } from "../scratch-folder";

const secret = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "ns" },
});
const creating = (urn: string, inputs: object) => ({ type: "creating", resource: { urn, inputs } });

describe("operations that an interrupted run left pending", () => {
  const scratch = scratchFolder();
  const folder = () => sandboxFolder(scratch());
  const recorded = { urn: "urn:recorded", inputs: {} };

  /** A CLI that exports the state it was given, keeps what is imported, and records its commands. */
  const cli = (pending: readonly object[], failing = "") => {
    const latest = { resources: [recorded], pending_operations: pending };
    const file = stateFile(folder(), "sandbox");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ checkpoint: { latest } }));
    const fake = { commands: [] as string[], imported: {} as { deployment?: unknown } };
    const pulumi = (args: readonly string[]) => {
      const command = args.join(" ").replace(/ --(stack|file|config-file)=\S+/g, "");
      fake.commands.push(command);
      const path = args.find((arg) => arg.startsWith("--file="))?.slice("--file=".length) ?? "";
      if (command === "stack export") {
        writeFileSync(path, JSON.stringify({ version: 3, deployment: latest }));
      } else if (command === "stack import") {
        fake.imported = JSON.parse(readFileSync(path, "utf8")) as { deployment?: unknown };
      }
      const code = failing !== "" && command.startsWith(failing) ? 1 : 0;
      return Promise.resolve({ code, stdout: "", stderr: "the reason" });
    };
    return { fake, pulumi };
  };
  const settle = (
    pulumi: ReturnType<typeof cli>["pulumi"],
    find: FindManagers = () => Promise.resolve(new Map()),
  ) =>
    settlePendingOperations(folder(), { stack: "sandbox", configFile: "/scratch", pulumi, find });

  it("are nothing to do when there are none, and the CLI is not started", async () => {
    const { fake, pulumi } = cli([]);
    expect(await settle(pulumi)).to.equal(false);
    expect(fake.commands).to.deep.equal([]);
  });

  it("are taken into the state where the object was made, under its field manager", async () => {
    const { fake, pulumi } = cli([creating("urn:made", secret("made"))]);
    const found = new Map([[objectKey(secret("made")), "pulumi-kubernetes-1"]]);
    expect(await settle(pulumi, () => Promise.resolve(found))).to.equal(true);
    expect(fake.imported.deployment).to.deep.equal({
      resources: [
        recorded,
        {
          urn: "urn:made",
          inputs: secret("made"),
          id: "ns/made",
          outputs: {
            ...secret("made"),
            __fieldManager: "pulumi-kubernetes-1",
            __initialApiVersion: "v1",
          },
        },
      ],
    });
    expect(fake.commands).to.deep.equal([
      "stack export",
      "stack import",
      "refresh --yes --skip-preview --target=urn:made",
    ]);
  });

  it("are forgotten where nothing was made", async () => {
    const { fake, pulumi } = cli([creating("urn:not-made", secret("not-made"))]);
    await settle(pulumi);
    expect(fake.imported.deployment).to.deep.equal({ resources: [recorded] });
    expect(fake.commands).to.deep.equal(["stack export", "stack import"]);
  });

  it("are forgotten without asking the cluster where they are about something else than an object", async () => {
    const { fake, pulumi } = cli([
      creating("urn:random", { length: 32 }),
      { type: "updating", resource: { urn: "urn:recorded", inputs: secret("x") } },
    ]);
    await settle(pulumi, () => Promise.reject(new Error("asked")));
    expect(fake.imported.deployment).to.deep.equal({ resources: [recorded] });
  });

  it("do not make a second entry of a resource that is recorded", async () => {
    const { fake, pulumi } = cli([creating("urn:recorded", secret("made"))]);
    const found = new Map([[objectKey(secret("made")), "pulumi-kubernetes-1"]]);
    await settle(pulumi, () => Promise.resolve(found));
    expect(fake.imported.deployment).to.deep.equal({ resources: [recorded] });
  });

  it("are told with a way out when they cannot be settled, and no copy of the state stays", async () => {
    const { pulumi } = cli([creating("urn:a", secret("a"))], "stack import");
    const failure = await settle(pulumi).catch((error: unknown) => error);
    expect(failure).to.have.property("message").that.includes("the reason");
    expect(failure).to.have.property("fix").that.includes("reset");
    expect(readdirSync(folder().root)).to.deep.equal(["state"]);
  });
});
