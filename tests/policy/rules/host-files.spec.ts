import { but, inPod } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const SOURCE = "volumes[0].hostPath.path";
const MOUNT = "containers[0].volumeMounts[0]";

const inPodWithHostPath = but(inPod, {
  "volumes[0]": { name: "host", hostPath: { path: "/srv/data" } },
  [MOUNT]: { name: "host", mountPath: "/data", readOnly: true },
});

describeRule("container-runtime-socket", inPodWithHostPath, [
  fails("Docker's socket", { [SOURCE]: "/var/run/docker.sock" }),
  fails("containerd's socket without /var", { [SOURCE]: "/run/containerd/containerd.sock" }),
  fails("a trailing slash", { [SOURCE]: "/var/run/crio/crio.sock/" }, { at: SOURCE }),
  passes("another socket", { [SOURCE]: "/srv/app.sock" }),
]);

describeRule("sensitive-host-mount", inPodWithHostPath, [
  fails("the root", { [SOURCE]: "/" }),
  fails("a system directory", { [SOURCE]: "/etc/" }),
  fails("a directory below one", { [SOURCE]: "/var/lib/kubelet/pods" }),
  passes("a name that only starts like one", { [SOURCE]: "/etcetera" }),
  skips("a volume that no container mounts", { [SOURCE]: "/etc", [`${MOUNT}.name`]: "other" }),
]);

describeRule("writable-host-mount", inPodWithHostPath, [
  fails("a mount that does not say", { [`${MOUNT}.readOnly`]: undefined }),
  fails("a writable mount", { [`${MOUNT}.readOnly`]: false }),
  skips("a writable emptyDir", {
    "volumes[0]": { name: "host", emptyDir: {} },
    [`${MOUNT}.readOnly`]: false,
  }),
]);

describeRule("subpath", inPodWithHostPath, [
  fails("a part of a volume", { [`${MOUNT}.subPath`]: "app" }),
  fails("a part by expression", { [`${MOUNT}.subPathExpr`]: "$(POD_NAME)" }),
]);
