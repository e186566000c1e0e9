import { findsEach, withFirst } from "../examination";

describe("an examination of definitions", () => {
  findsEach([
    [
      "a definition whose stored version is not served",
      () => withFirst("definitions", { status: { storedVersions: ["v1beta1", "v1"] } }),
      "custom resource definitions",
      "medium",
      "CustomResourceDefinition queues.example.com",
      /stored as v1beta1, which is not served any more \(served: v1\)/,
      /--subresource status .*\{"status":\{"storedVersions":\["v1"\]\}\}/,
    ],
  ]);
});
