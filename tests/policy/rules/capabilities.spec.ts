import { inContainer, ON_WINDOWS } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const ADD = "securityContext.capabilities.add";
const DROP = "securityContext.capabilities.drop";

describeRule("capabilities-restricted-combined", inContainer, [
  fails("nothing dropped", { [DROP]: undefined }),
  fails("a capability added back", { [ADD]: ["CHOWN"] }),
  passes("NET_BIND_SERVICE added back", { [ADD]: ["NET_BIND_SERVICE"] }),
  skips("Windows pods", { ...ON_WINDOWS, [DROP]: undefined }),
]);

describeRule("capabilities-added", inContainer, [
  fails("any added capability", { [ADD]: ["NET_BIND_SERVICE"] }),
  passes("an empty list", { [ADD]: [] }),
]);

describeRule("capabilities-dangerous", inContainer, [
  fails("all of them", { [ADD]: ["all"] }),
  fails("the network's, in the kernel's spelling", { [ADD]: ["CAP_NET_ADMIN"] }),
  passes("a harmless one", { [ADD]: ["CHOWN"] }),
]);

describeRule("capability-sys-admin", inContainer, [
  fails("SYS_ADMIN", { [ADD]: ["CHOWN", "SYS_ADMIN"] }),
  passes("another one", { [ADD]: ["SYS_TIME"] }),
]);

describeRule("capability-sys-module", inContainer, [
  fails("SYS_MODULE", { [ADD]: ["SYS_MODULE"] }),
  passes("another one", { [ADD]: ["SYS_TIME"] }),
]);

describeRule("capability-net-raw", inContainer, [
  fails("a container that keeps it", { [DROP]: ["CHOWN"] }),
  fails("a container that adds it back", { [ADD]: ["NET_RAW"] }),
  passes("a container that drops just this one", { [DROP]: ["NET_RAW"] }),
  skips("Windows pods", { ...ON_WINDOWS, [DROP]: undefined }),
]);

describeRule("capabilities-drop-any", inContainer, [
  fails("an empty list", { [DROP]: [] }),
  passes("one dropped", { [DROP]: ["CHOWN"] }),
]);
