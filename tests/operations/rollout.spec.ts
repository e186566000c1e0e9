import type { V1Pod } from "@kubernetes/client-node";
import { expect } from "chai";
import type { ClusterReader } from "../../operations/cluster";
import { waitForRollout } from "../../operations/rollout";

const controller = {
  service: "shop/orders",
  kind: "Deployment",
  namespace: "shop",
  name: "orders",
} as const;
const waiting: V1Pod = {
  metadata: { name: "orders-1", uid: "one" },
  status: {
    phase: "Pending",
    containerStatuses: [
      {
        name: "orders",
        image: "orders:2",
        imageID: "",
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: "CrashLoopBackOff" } },
      },
    ],
  },
};

/** A cluster in which a Deployment of one pod has these states, one after the other. */
function clusterOf(...states: readonly ("waiting" | "ready" | "gone" | "failed")[]): ClusterReader {
  let look = -1;
  const now = () => states[Math.min(look, states.length - 1)];
  return {
    controller: () => {
      look += 1;
      const count = now() === "ready" ? 1 : 0;
      const conditions =
        now() === "failed"
          ? [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }]
          : [];
      return Promise.resolve(
        now() === "gone"
          ? undefined
          : ({
              metadata: { generation: 1 },
              spec: { replicas: 1 },
              status: {
                observedGeneration: 1,
                replicas: 1,
                updatedReplicas: 1,
                readyReplicas: count,
                availableReplicas: count,
                conditions,
              },
            } as never),
      );
    },
    pods: () => Promise.resolve(now() === "ready" ? [] : [waiting]),
    events: () => Promise.resolve([]),
    logs: () => Promise.resolve(["cannot reach the database"]),
  };
}

async function wait(cluster: ClusterReader): Promise<{ code: number; lines: readonly string[] }> {
  const lines: string[] = [];
  let time = 0;
  const code = await waitForRollout(cluster, controller, {
    stack: "staging",
    timeoutSeconds: 10,
    print: (line) => lines.push(line),
    pause: () => Promise.resolve((time += 2000)),
    now: () => time,
  });
  return { code, lines };
}

describe("waiting for a rollout", () => {
  it("prints what it waits for, with the pod, its reason and its last lines, whenever that changes", async () => {
    const { code, lines } = await wait(clusterOf("waiting", "waiting", "waiting", "ready"));
    expect(lines).to.deep.equal([
      [
        "Deployment shop/orders: under way, 0 of 1 ready",
        "  0 of 1 available",
        "  pod orders-1: CrashLoopBackOff (container orders)",
        "    | cannot reach the database",
      ].join("\n"),
      "Deployment shop/orders: complete, 1 of 1 ready",
      "Complete after 6 s.",
    ]);
    expect(code).to.equal(0);
  });

  it("ends at once when the controller gave the rollout up", async () => {
    const { code, lines } = await wait(clusterOf("failed"));
    expect(lines.at(-1)).to.contain("npm run rollback -- --stack staging shop/orders");
    expect(code).to.equal(1);
  });

  it("ends when its time is over, which is in seconds", async () => {
    const { code, lines } = await wait(clusterOf("waiting"));
    expect(lines.at(-1)).to.equal("Not complete after 10 s.");
    expect(code).to.equal(1);
  });

  it("ends when the object is gone", async () => {
    const { code, lines } = await wait(clusterOf("gone"));
    expect(lines[0]).to.contain("the Deployment shop/orders is not in the cluster");
    expect(code).to.equal(1);
  });
});
