import { inContainer, inPod } from "../objects";
import { describeRule, fails, passes } from "../support";

describeRule("privileged-container", inContainer, [
  fails("a privileged container", { "securityContext.privileged": true }),
  fails(
    "a privileged init container",
    {
      "/spec.template.spec.initContainers[0]": {
        name: "init",
        securityContext: { privileged: true },
      },
    },
    { at: "/spec.template.spec.initContainers[0].securityContext.privileged" },
  ),
  passes("a container that says false", { "securityContext.privileged": false }),
]);

describeRule("host-network", inPod, [
  fails("a pod on the node's network", { hostNetwork: true }),
  passes("a pod that says false", { hostNetwork: false }),
]);
