import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { openCluster } from "../../operations/cluster";
import { rollback } from "../../operations/rollback";
import { waitForRollout } from "../../operations/rollout";
import { readServices } from "../../operations/services";
import type { Stack } from "../../operations/stack";
import { statusOf } from "../../operations/status";
import { engine, get, kubectl, program, root, type KubernetesObject, type Run } from "./support";

type Name = "a" | "b" | "c";

/** What a test looks at of a service's Deployment. */
interface Deployed {
  readonly image: string;
  readonly generation: number;
  readonly level?: string;
  readonly ready: number;
}

function up(images: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const args = ["up", "--yes", "--skip-preview"];
  return program("releases", args, {}, { SLIPWAY_IMAGES: images, ...env });
}

async function deployed(): Promise<Record<Name, Deployed>> {
  const objects = await get("deployments", "--namespace", "team");
  return Object.fromEntries(
    objects.map((object) => [object.metadata.name, deployedOf(object)]),
  ) as Record<Name, Deployed>;
}

function deployedOf({ metadata, spec, status }: KubernetesObject): Deployed {
  const { template } = spec as {
    template: { spec: { containers: { image: string; env?: { value?: string }[] }[] } };
  };
  const [container] = template.spec.containers;
  return {
    image: container?.image.replace("registry.example.com/acme/team/", "") ?? "",
    generation: metadata.generation ?? 0,
    ...(container?.env?.[0]?.value === undefined ? {} : { level: container.env[0].value }),
    ready: Number(status?.readyReplicas ?? 0),
  };
}

/** The stack of these tests, for the commands of operations/. */
const stack: Stack = {
  name: "test",
  run: async (args, env = {}) => {
    const { code, text } = await program("releases", withoutStack(args), {}, env);
    printed.push(text);
    return code;
  },
  ask: async (args) => {
    const { code, text } = await program("releases", withoutStack(args));
    return { code, stdout: text, stderr: "" };
  },
  cluster: () => {
    throw new Error("The tests hand the cluster over themselves.");
  },
};
const printed: string[] = [];

/** `program` names the stack, and that nobody is there to ask, itself. */
function withoutStack(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !["--stack", stack.name, "--non-interactive"].includes(arg));
}

describe("deploying versions", function () {
  this.timeout("3m");
  const debug = { RELEASES_LEVEL: "debug" };
  const checkoutState = (): string =>
    execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
  let checkout = "";

  before(async () => {
    checkout = checkoutState();
    const { code, text } = await up("team/a=1,team/b=1,team/c=1");
    expect(code, text).to.equal(0);
  });

  after(async () => {
    await program("releases", ["destroy", "--yes", "--skip-preview"]);
  });

  it("of one service touches no other", async () => {
    const before = await deployed();
    const { code, text } = await up("team/a=2", debug);
    expect(code, text).to.equal(0);
    const now = await deployed();
    expect(now.a).to.include({ image: "a:2", level: "debug" });
    expect({ b: now.b, c: now.c }).to.deep.equal({ b: before.b, c: before.c });
  });

  it("changes nothing when none is given", async () => {
    const args = ["up", "--yes", "--skip-preview", "--expect-no-changes"];
    const { code, text } = await program("releases", args, {}, { ...debug, SLIPWAY_IMAGES: "" });
    expect(code, text).to.equal(0);
  });

  it("is taken back by a rollback, image and configuration, and touches no other", async () => {
    const before = await deployed();
    Object.assign(process.env, debug);
    const code = await rollback(stack, "team/a", (line) => printed.push(line));
    delete process.env.RELEASES_LEVEL;
    expect(code, printed.join("\n")).to.equal(0);
    const now = await deployed();
    expect(now.a).to.include({ image: "a:1", level: "info" });
    expect({ b: now.b, c: now.c }).to.deep.equal({ b: before.b, c: before.c });
    const { data } = (await get("configmaps", "-n", "team", "-l", "app=a"))[0] as unknown as {
      data: unknown;
    };
    expect(data).to.deep.equal({ COLOUR: "info" });
  });

  it("keeps the image that was rolled back to; the configuration is the declaration's again", async () => {
    const { code, text } = await up("", debug);
    expect(code, text).to.equal(0);
    expect((await deployed()).a).to.include({ image: "a:1", level: "debug" });
    expect(text).to.match(/previous: "registry.example.com\/acme\/team\/a:2"/);
  });

  it("of two services deploys the one, while the old version of the broken other one serves", async () => {
    const { code, text } = await up("team/a=3,team/b=broken");
    expect(code, text).not.to.equal(0);
    const now = await deployed();
    expect(now.a.image).to.equal("a:3");
    expect(now.b.ready).to.equal(2);
    const pods = await get("pods", "--namespace", "team", "--selector", "app=b");
    const serving = pods.filter(({ status }) => status?.phase === "Running");
    expect(serving).to.have.length(2);
  });

  it("says why the broken one is not ready", async () => {
    const { context, uid } = await engine.identify();
    const cluster = await openCluster({ kubeconfig: engine.kubeconfig, context, identity: uid });
    const state = await readServices(stack);
    const statuses = await statusOf(state, cluster);
    expect(statuses.map(({ service, healthy }) => [service, healthy])).to.deep.equal([
      ["team/a", true],
      ["team/b", false],
      ["team/c", true],
    ]);
    expect(statuses[1]?.reason).to.contain("ImagePullBackOff");
    const lines: string[] = [];
    const broken = state.controllers.find(({ service }) => service === "team/b");
    if (broken === undefined) {
      throw new Error("The state has no controller of team/b.");
    }
    const code = await waitForRollout(cluster, broken, {
      stack: stack.name,
      timeoutSeconds: 5,
      print: (line) => lines.push(line),
    });
    expect(code).to.equal(1);
    expect(lines.join("\n")).to.match(/pod b-.*: ImagePullBackOff \(container b\)/);
  });

  it("of a third service leaves both as they are", async () => {
    // The Deployment's own generation moves with its annotations, which say that nobody waits for it.
    const replicaSets = async (): Promise<readonly unknown[]> =>
      (await get("replicasets", "--namespace", "team", "--selector", "app in (a,b)")).map(
        ({ metadata, spec }) => [metadata.name, metadata.generation, spec?.replicas],
      );
    const before = await replicaSets();
    const { code, text } = await up("team/c=2");
    expect(code, text).to.equal(0);
    const now = await deployed();
    expect([now.a.image, now.b.image, now.c.image]).to.deep.equal(["a:3", "b:broken", "c:2"]);
    expect(now.b.ready).to.equal(2);
    expect(await replicaSets()).to.deep.equal(before);
    expect(text).to.contain("The last rollout of team/b failed. It is left as it is");
  });

  it("rolls the broken one back to the version that serves", async () => {
    const code = await rollback(stack, "team/b", (line) => printed.push(line));
    expect(code, printed.join("\n")).to.equal(0);
    expect((await deployed()).b).to.include({ image: "b:1", ready: 2 });
  });

  describe("whose migration fails of what passes", () => {
    const label = (change: string): Promise<void> =>
      kubectl("label", "nodes", "--all", `test.slipway.dev/database${change}`);
    const deploys = (): Promise<Run> => up("team/c=3", { RELEASES_MIGRATION: "yes" });
    const migrations = (): Promise<readonly KubernetesObject[]> =>
      get("jobs", "--namespace", "team");

    after(() => label("-"));

    it("does it again with the same command, and says the same while the reason lasts", async () => {
      const before = await deployed();
      const first = await deploys();
      const [failed] = await migrations();
      const second = await deploys();
      const jobs = await migrations();
      for (const { code, text } of [first, second]) {
        expect(code, text).not.to.equal(0);
        expect(text)
          .to.match(/c-migration-[0-9a-f]{10}/)
          .and.to.contain("DeadlineExceeded");
      }
      expect(jobs.map(({ metadata }) => metadata.name)).to.deep.equal([failed?.metadata.name]);
      expect(jobs[0]?.metadata.uid).not.to.equal(failed?.metadata.uid);
      expect(await deployed()).to.deep.equal(before);
    });

    it("goes through with the same command once the reason has passed, and once only", async () => {
      await label("=up");
      const { code, text } = await deploys();
      expect(code, text).to.equal(0);
      expect((await deployed()).c.image).to.equal("c:3");
      const again = ["up", "--yes", "--skip-preview", "--expect-no-changes"];
      const none = { RELEASES_MIGRATION: "yes", SLIPWAY_IMAGES: "" };
      const unchanged = await program("releases", again, {}, none);
      expect(unchanged.code, unchanged.text).to.equal(0);
    });
  });

  it("changes no file of the checkout", () => {
    expect(checkoutState()).to.equal(checkout);
  });
});
