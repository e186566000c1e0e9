import { fields, maps, text, type Fields } from "../core/fields";
import { type PodView } from "../core/pod";
import { containerRule, podRule, rulesOf } from "../core/rule";
import { visit } from "../core/unknown";

const SOURCE = "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath";

const SOCKET = /\/(?:docker|containerd|crio|cri-dockerd|dockershim|buildkitd|podman)\.sock\/*$/;

// Directories whose files decide over the node, and those where the kubelet and the runtime keep everyone's data.
const SENSITIVE = [
  "/boot",
  "/dev",
  "/etc",
  "/lib",
  "/proc",
  "/root",
  "/run",
  "/sys",
  "/usr",
  "/var/lib/docker",
  "/var/lib/kubelet",
  "/var/log",
  "/var/run",
];

const examplePod = (path: string, mount: Fields) => ({
  volumes: [{ name: "host", hostPath: { path } }],
  containers: [
    {
      name: "app",
      image: "registry.example/app:1.4.2",
      volumeMounts: [{ name: "host", ...mount }],
    },
  ],
});

/** Every hostPath volume: its index, name and path without trailing slashes. */
function hostPaths(pod: PodView): { index: number; name: string; path: string }[] {
  const found: { index: number; name: string; path: string }[] = [];
  visit(maps(pod.spec["volumes"]).entries(), ([index, volume]) => {
    const path = text(fields(volume["hostPath"])["path"]);
    if (path !== undefined) {
      found.push({ index, name: text(volume["name"]) ?? "", path: withoutLastSlashes(path) });
    }
  });
  return found;
}

function isSensitive(path: string): boolean {
  return (
    path === "/" ||
    SENSITIVE.some((directory) => path === directory || path.startsWith(`${directory}/`))
  );
}

/** Files of the node that a pod mounts all the same. */
export const hostFileRules = rulesOf("hardening", [
  podRule({
    id: "container-runtime-socket",
    assertion: "Pods do not mount the socket of the container runtime.",
    why: "Who can talk to the runtime's socket starts any container on the node, privileged ones too.",
    source: SOURCE,
    severity: "critical",
    action: "mandatory",
    fix: "Remove the volume; build images with a rootless builder, and read container state from the API server.",
    anchors: ["kube-linter", "Checkov", "Kyverno", "Datree", "KubeSec", "Trivy"],
    implies: ["host-path-volume", "sensitive-host-mount"],
    examples: {
      pass: examplePod("/srv/data", { mountPath: "/data", readOnly: true }),
      fail: examplePod("/var/run/docker.sock", { mountPath: "/var/run/docker.sock" }),
    },
    check: (pod, report) => {
      for (const { index, path } of hostPaths(pod)) {
        if (SOCKET.test(path)) {
          report(`volumes[${index}].hostPath.path`, path, "another path than the runtime's socket");
        }
      }
    },
  }),
  podRule({
    id: "sensitive-host-mount",
    assertion: "Pods do not mount the system directories of their node.",
    why: "These directories hold the node's credentials, devices, binaries and every pod's data.",
    source: SOURCE,
    severity: "high",
    action: "mandatory",
    fix: "Remove the mount, or mount a directory made for this purpose.",
    anchors: ["kube-linter", "KubeSec"],
    implies: ["host-path-volume"],
    examples: {
      pass: examplePod("/srv/data", { mountPath: "/data", readOnly: true }),
      fail: examplePod("/etc", { mountPath: "/host-etc", readOnly: true }),
    },
    check: (pod, report) => {
      const mounted = new Set(
        pod.containers.flatMap(({ spec }) => maps(spec["volumeMounts"]).map(({ name }) => name)),
      );
      for (const { index, name, path } of hostPaths(pod)) {
        if (isSensitive(path) && mounted.has(name)) {
          report(
            `volumes[${index}].hostPath.path`,
            path,
            "outside the system directories of the node",
          );
        }
      }
    },
  }),
  podRule({
    id: "writable-host-mount",
    assertion: "Containers mount files of their node read-only.",
    why: "A writable host mount lets a container plant files that the node runs.",
    source: SOURCE,
    severity: "high",
    action: "mandatory",
    fix: "Set readOnly: true on the volume mount.",
    anchors: ["kube-linter", "Kyverno", "Datree"],
    examples: {
      pass: examplePod("/srv/data", { mountPath: "/data", readOnly: true }),
      fail: examplePod("/srv/data", { mountPath: "/data" }),
    },
    check: (pod, report) => {
      const volumes = new Set(hostPaths(pod).map(({ name }) => name));
      if (volumes.size === 0) {
        return;
      }
      for (const container of pod.containers) {
        maps(container.spec["volumeMounts"]).forEach((mount, index) => {
          if (volumes.has(text(mount["name"]) ?? "") && mount["readOnly"] !== true) {
            report(container.at(`volumeMounts[${index}].readOnly`), mount["readOnly"], "true");
          }
        });
      }
    },
  }),
  containerRule({
    id: "subpath",
    assertion: "Containers do not mount parts of volumes by subPath.",
    why: "subPath mounts have let containers escape into the node's file system, and do not follow changes of a ConfigMap.",
    source: "https://nvd.nist.gov/vuln/detail/CVE-2021-25741",
    severity: "low",
    action: "off",
    fix: "Mount the whole volume, or project the single file with items.",
    anchors: ["Datree"],
    examples: {
      pass: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
      fail: { volumeMounts: [{ name: "data", mountPath: "/data", subPath: "app" }] },
    },
    check: (container, report) => {
      maps(container.spec["volumeMounts"]).forEach((mount, index) => {
        for (const key of ["subPath", "subPathExpr"]) {
          if ((mount[key] ?? undefined) !== undefined) {
            report(`volumeMounts[${index}].${key}`, mount[key], "unset");
          }
        }
      });
    },
  }),
]);

/** The path without the slashes at its end; by hand, as a regular expression takes the square of a hostile one. */
function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path.endsWith("/", end)) {
    end -= 1;
  }
  return path.slice(0, end);
}
