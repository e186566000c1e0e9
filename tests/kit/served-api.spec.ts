import { setTimeout } from "node:timers/promises";
import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import { clusterApi, type ApiAnswer } from "../../components/kit/cluster-api";
import { sampleName, ServedApi, untilServed } from "../../components/kit/served-api";
import { LoopbackApi, LoopbackKubeconfig, type Answer } from "../support/loopback-api";
import { deploy } from "../support/mocks";

const path = "/apis/example.com/v1/namespaces/guard/things";
const sample = { path, body: { kind: "Thing", metadata: { name: sampleName } } };

const notKnown: Answer = [404, "the server could not find the requested resource"];
const silent: Answer = [500, 'failed calling webhook "guard": connection refused'];
const untrusted: Answer = [500, 'failed calling webhook "guard": x509: unknown authority'];
const accepted: Answer = [201, ""];

/** A program: what is installed, the gate, and the first object of the new kind behind it. */
function program(name: string, context: string, identity: string): void {
  const installed = new kubernetes.core.v1.Namespace(`${name}-chart`, {});
  const api = new ServedApi(name, {
    server: "The guard",
    installed,
    samples: [sample],
    api: clusterApi({ context, identity }),
  });
  new kubernetes.apiextensions.CustomResource(
    `${name}-thing`,
    { apiVersion: "example.com/v1", kind: "Thing", metadata: { name } },
    { dependsOn: [api] },
  );
}

async function rejection(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe("an API that starts late", () => {
  it("is served when the first object of its kind is made, 20 of 20 times in one run", async function () {
    this.timeout(60_000);
    const runs = Array.from({ length: 20 }, (_, index) => `run-${String(index)}`);
    const late = runs.map((name) => {
      const left = [notKnown, silent, untrusted];
      return { name, left, api: new LoopbackApi(`uid-${name}`, () => left.shift() ?? accepted) };
    });
    // Ports that nobody listens on yet.
    const ports = await Promise.all(
      late.map(async ({ name }) => {
        const reserved = new LoopbackApi("", () => accepted);
        const port = await reserved.listen();
        await reserved.close();
        return [name, port] as const;
      }),
    );
    const kubeconfig = new LoopbackKubeconfig(Object.fromEntries(ports));
    const tooEarly: string[] = [];
    try {
      await deploy(
        () => {
          for (const name of runs) {
            program(name, name, `uid-${name}`);
          }
          for (const { name, api } of late) {
            void setTimeout(100).then(() => api.listen(Object.fromEntries(ports)[name]));
          }
        },
        {
          state: (type, { metadata }) => {
            const { name } = (metadata ?? {}) as { name?: string };
            const run = late.find((each) => each.name === name);
            if (type.endsWith(":Thing") && run !== undefined) {
              // Every bad answer was given, and a good one after them.
              const questions = run.api.questions.length;
              if (run.left.length > 0 || questions < 4) {
                tooEarly.push(`${run.name} after ${String(questions)} questions`);
              }
            }
            return {};
          },
        },
      );
    } finally {
      kubeconfig.remove();
      await Promise.all(late.map(({ api }) => api.close()));
    }
    expect(tooEarly).to.deep.equal([]);
    expect(late.filter(({ api }) => api.questions.length >= 4)).to.have.lengthOf(20);
  });

  it("is asked by a dry run, so nothing is made", async () => {
    const api = new LoopbackApi("uid-1", () => accepted);
    const kubeconfig = new LoopbackKubeconfig({ here: await api.listen() });
    try {
      await deploy(() => {
        program("guard", "here", "uid-1");
      });
    } finally {
      kubeconfig.remove();
      await api.close();
    }
    expect(api.questions).to.deep.equal([
      { method: "POST", path: `${path}?dryRun=All`, body: JSON.stringify(sample.body) },
    ]);
  });

  it("is not waited for by a preview, which needs no kubeconfig for it", async () => {
    const recorded = await deploy(
      () => {
        program("guard", "a-context-that-is-nowhere", "uid-1");
      },
      { preview: true },
    );
    expect(recorded.all("Thing")).to.have.lengthOf(1);
  });
});

describe("the API server of a stack", () => {
  async function askedAs(identity: string, context = "here"): Promise<string> {
    const server = new LoopbackApi("uid-1", () => accepted);
    const kubeconfig = new LoopbackKubeconfig({ here: await server.listen() });
    try {
      return await rejection(clusterApi({ context, identity }).tryCreate(sample));
    } finally {
      kubeconfig.remove();
      await server.close();
      expect(server.questions).to.have.lengthOf(identity === "uid-1" && context === "here" ? 1 : 0);
    }
  }

  it("is asked when it is the one the stack names", async () => {
    expect(await askedAs("uid-1")).to.equal("");
  });

  it("is not asked when the context leads to another cluster by now", async () => {
    expect(await askedAs("uid-2")).to.contain(
      'The context "here" now leads to the cluster uid-1, but slipway:cluster.identity names uid-2.',
    );
  });

  it("is not looked for elsewhere when the context is gone", async () => {
    expect(await askedAs("uid-1", "gone")).to.contain('The kubeconfig has no context "gone"');
  });
});

describe("waiting for an API", () => {
  const hasty = { limitMs: 20, shortestPauseMs: 1, longestPauseMs: 4 };
  const always = (status: number, message = ""): (() => Promise<ApiAnswer>) => {
    return () => Promise.resolve({ status, message });
  };

  for (const status of [200, 201, 400, 403, 409, 422]) {
    it(`ends with ${String(status)}, which the API itself or its webhook has said`, async () => {
      expect(await rejection(untilServed("The guard", always(status), hasty))).to.equal("");
    });
  }

  for (const status of [0, 404, 429, 500, 503]) {
    it(`goes on at ${String(status)}, and gives up with that answer`, async () => {
      const text = await rejection(
        untilServed("The guard", always(status, '{"message":"not yet"}'), hasty),
      );
      expect(text).to.contain("The guard is installed, but its API is not served after 0 s.");
      expect(text).to.contain(
        `The last answer was ${status === 0 ? "none" : String(status)}: not yet`,
      );
    });
  }

  it("ends at once when the credentials are not accepted", async () => {
    let questions = 0;
    const text = await rejection(
      untilServed("The guard", () => {
        questions += 1;
        return Promise.resolve({ status: 401, message: "Unauthorized" });
      }),
    );
    expect(text).to.contain("its API is not served to these credentials. The last answer was 401");
    expect(questions).to.equal(1);
  });
});
