import { findsEach, saysNothingOf, well, withFirst } from "../examination";

const condition = (type: string, status: string, reason: string) => ({
  status: { conditions: [...ready(type), { type, status, reason, message: "of late" }] },
});
const ready = (type: string) => (type === "Ready" ? [] : [{ type: "Ready", status: "True" }]);

describe("an examination of nodes", () => {
  findsEach([
    [
      "a node that is not ready, with pods on it",
      () => withFirst("nodes", condition("Ready", "Unknown", "NodeStatusUnknown")),
      "nodes",
      "critical",
      "Node node-1",
      /not ready, and it has 1 of the stack's pods: NodeStatusUnknown/,
      /describe node node-1; .* drain node-1/,
    ],
    [
      "a node that is short of disk",
      () => withFirst("nodes", condition("DiskPressure", "True", "KubeletHasDiskPressure")),
      "nodes",
      "high",
      "Node node-1",
      /DiskPressure, and it has 1/,
      /describe node node-1/,
    ],
  ]);
  saysNothingOf([
    [
      "a node that is not ready and has none of the stack's pods",
      () => ({
        ...well(),
        nodes: withFirst("nodes", {
          metadata: { name: "node-2" },
          ...condition("Ready", "False", "KubeletNotReady"),
        }).nodes,
      }),
    ],
    [
      "a node that has enough of everything",
      () => withFirst("nodes", condition("MemoryPressure", "False", "Enough")),
    ],
  ]);
});
