import { cronJob, deployment, inContainer, inObject, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const TARGET = "spec.ports[0].targetPort";
const PORT = "spec.template.spec.containers[0].ports[0]";

describeRule("invalid-target-port", inObject(service), [
  fails("a name without a letter", { [TARGET]: "8080" }),
  fails("a name in capitals", { [TARGET]: "HTTP" }),
  fails("an empty name", { [TARGET]: "" }),
  fails("a name that is too long", { [TARGET]: "a-name-of-sixteen" }),
  fails("a number above the last port", { [TARGET]: 65536 }),
  passes("a name of fifteen", { [TARGET]: "fifteen-letters" }),
  skips("a port without target", { [TARGET]: undefined }),
]);

describeRule("invalid-target-port", inObject(deployment), [
  fails("a container port with two hyphens", { [`${PORT}.name`]: "http--web" }),
  fails("a container port without number", { [`${PORT}.containerPort`]: undefined }),
  fails(
    "two ports of one name",
    {
      "spec.template.spec.containers[0].ports[1]": { name: "http", containerPort: 8081 },
    },
    { at: "spec.template.spec.containers[0].ports[1].name" },
  ),
  passes("a port without name", { [`${PORT}.name`]: undefined }),
]);

describeRule("port-names", inContainer, [
  fails("a port without name", { "ports[0].name": undefined }),
  passes("a second named port", { "ports[1]": { name: "grpc", containerPort: 9090 } }),
  skips("a container without ports", {
    "/": cronJob,
    "/spec.jobTemplate.spec.template.spec.containers[0].ports": undefined,
  }),
]);
