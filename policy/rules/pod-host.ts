import { fields, maps } from "../core/fields";
import { standardsSince } from "../core/pod-security-version";
import { containerRule, objectRule, podRule, rulesOf } from "../core/rule";
import { visit } from "../core/unknown";
import { WORKLOAD_KINDS } from "../core/walk";

const STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** The pod-spec switches that share a namespace of the node. */
const hostNamespace = (
  field: "hostNetwork" | "hostPID" | "hostIPC",
  id: string,
  what: string,
  why: string,
) =>
  podRule({
    id,
    assertion: `Pods do not share the ${what} of their node.`,
    why,
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: `Remove ${field} from the pod spec.`,
    anchors: [
      "kube-linter",
      "Polaris",
      "Checkov",
      "Kyverno",
      "Pod Security Standards",
      "Datree",
      "KubeSec",
      "Trivy",
    ],
    examples: { pass: { [field]: false }, fail: { [field]: true } },
    check: (pod, report) => {
      if (pod.spec[field] === true) {
        report(field, true, "false or unset");
      }
    },
  });

/** Handlers that may name a host: probes, and the hooks of a container's life. */
const HANDLERS = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
] as const;

// https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline (Sysctls), by the release that added them.
const SAFE_SYSCTLS: readonly { readonly since: number; readonly names: readonly string[] }[] = [
  {
    since: 0,
    names: [
      "kernel.shm_rmid_forced",
      "net.ipv4.ip_local_port_range",
      "net.ipv4.tcp_syncookies",
      "net.ipv4.ping_group_range",
      "net.ipv4.ip_unprivileged_port_start",
    ],
  },
  { since: 27, names: ["net.ipv4.ip_local_reserved_ports"] },
  {
    since: 29,
    names: [
      "net.ipv4.tcp_keepalive_time",
      "net.ipv4.tcp_fin_timeout",
      "net.ipv4.tcp_keepalive_intvl",
      "net.ipv4.tcp_keepalive_probes",
    ],
  },
  { since: 32, names: ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"] },
  { since: 37, names: ["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"] },
];

/** Pods keep out of the node: no privilege, no namespaces, files, ports or kernel settings of the host. */
export const podHostRules = rulesOf("pss-baseline", [
  containerRule({
    id: "privileged-container",
    assertion: "Containers do not run privileged.",
    why: "A privileged container has every capability and every device of its node: whoever breaks out of it owns the node.",
    source: STANDARDS,
    severity: "critical",
    action: "mandatory",
    fix: "Remove securityContext.privileged, and add only the capability the process needs.",
    anchors: [
      "kube-linter",
      "Polaris",
      "kube-score",
      "Checkov",
      "Kyverno",
      "Pod Security Standards",
      "Datree",
      "KubeSec",
      "Trivy",
    ],
    implies: ["privilege-escalation-explicit"],
    examples: {
      pass: { securityContext: { privileged: false } },
      fail: { securityContext: { privileged: true } },
    },
    check: (container, report) => {
      if (container.securityContext["privileged"] === true) {
        report("securityContext.privileged", true, "false or unset");
      }
    },
  }),
  hostNamespace(
    "hostNetwork",
    "host-network",
    "network",
    "With hostNetwork a pod sees the node's traffic and loopback services, and network policies no longer hold it.",
  ),
  hostNamespace(
    "hostPID",
    "host-pid",
    "process namespace",
    "With hostPID a pod sees every process of the node, with its environment and its secrets.",
  ),
  hostNamespace(
    "hostIPC",
    "host-ipc",
    "inter-process communication",
    "With hostIPC a pod can read and write the shared memory of every process of the node.",
  ),
  objectRule({
    id: "host-path-volume",
    kinds: [...WORKLOAD_KINDS, "PersistentVolume"],
    assertion: "Volumes do not come from the file system of the node.",
    why: "A hostPath volume reads, and often writes, files of the node and of other pods, and ties the pod to one node.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Use a persistent volume claim, an emptyDir, or a projected volume.",
    anchors: ["Polaris", "Kyverno", "Pod Security Standards", "Datree", "Trivy"],
    examples: {
      pass: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "app" },
        spec: { volumes: [{ name: "cache", emptyDir: {} }] },
      },
      fail: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "app" },
        spec: { volumes: [{ name: "logs", hostPath: { path: "/var/log" } }] },
      },
    },
    check: (object, report) => {
      const isSet = (value: unknown): boolean => value !== undefined && value !== null;
      if (object.is("PersistentVolume") && isSet(object.spec["hostPath"])) {
        report(
          "spec.hostPath",
          fields(object.spec["hostPath"])["path"] ?? "set",
          "another volume source",
        );
      }
      const { pod } = object;
      visit(maps(pod?.spec["volumes"]).entries(), ([index, volume]) => {
        if (isSet(volume["hostPath"])) {
          const path = fields(volume["hostPath"])["path"] ?? "set";
          report(`${pod?.path ?? ""}.volumes[${index}].hostPath`, path, "another volume source");
        }
      });
    },
  }),
  containerRule({
    id: "host-port",
    assertion: "Containers do not bind ports of their node.",
    why: "A host port bypasses network policies and allows one pod a node only.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Remove hostPort and expose the port by a Service.",
    anchors: ["Polaris", "Checkov", "Kyverno", "Pod Security Standards", "Datree", "Trivy"],
    examples: {
      pass: { ports: [{ containerPort: 8080 }] },
      fail: { ports: [{ containerPort: 8080, hostPort: 8080 }] },
    },
    check: (container, report) => {
      maps(container.spec["ports"]).forEach((port, index) => {
        const hostPort = port["hostPort"] ?? 0;
        if (hostPort !== 0) {
          report(`ports[${index}].hostPort`, hostPort, "unset or 0");
        }
      });
    },
  }),
  podRule({
    id: "windows-host-process",
    assertion: "Windows pods do not run as host processes.",
    why: "A HostProcess container runs on the Windows node itself with the rights of its user.",
    source: STANDARDS,
    severity: "critical",
    action: "mandatory",
    fix: "Remove securityContext.windowsOptions.hostProcess from the pod and its containers.",
    anchors: ["Polaris", "Kyverno", "Pod Security Standards", "Datree", "Trivy"],
    examples: {
      pass: { securityContext: { windowsOptions: { runAsUserName: "ContainerUser" } } },
      fail: { securityContext: { windowsOptions: { hostProcess: true } } },
    },
    check: (pod, report) => {
      for (const owner of [pod, ...pod.containers]) {
        if (fields(owner.securityContext["windowsOptions"])["hostProcess"] === true) {
          report(owner.at("securityContext.windowsOptions.hostProcess"), true, "false or unset");
        }
      }
    },
  }),
  containerRule({
    id: "proc-mount",
    assertion: "Containers see the masked /proc.",
    why: "An unmasked /proc shows and changes kernel settings that the container runtime hides.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Remove securityContext.procMount.",
    anchors: ["kube-linter", "Polaris", "Kyverno", "Pod Security Standards", "Trivy"],
    linuxOnly: true,
    examples: {
      pass: { securityContext: { procMount: "Default" } },
      fail: { securityContext: { procMount: "Unmasked" } },
    },
    check: (container, report, settings) => {
      const procMount = container.securityContext["procMount"] ?? "Default";
      // The baseline level allows it in a user namespace since 1.35, the restricted level never.
      const relaxed =
        container.pod.userNamespace &&
        settings.podSecurityLevel === "baseline" &&
        standardsSince(35, settings);
      if (procMount !== "Default" && !relaxed) {
        report("securityContext.procMount", procMount, "Default or unset");
      }
    },
  }),
  podRule({
    id: "unsafe-sysctls",
    assertion: "Pods set only kernel parameters that cannot reach other pods.",
    why: "Other sysctls switch off protections or change the node for every pod on it.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Remove the sysctl, or set it on a node pool of its own.",
    anchors: ["kube-linter", "Kyverno", "Pod Security Standards", "Trivy"],
    examples: {
      pass: { securityContext: { sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] } },
      fail: { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "65536" }] } },
    },
    check: (pod, report, settings) => {
      const safe: readonly unknown[] = SAFE_SYSCTLS.filter(({ since }) =>
        standardsSince(since, settings),
      ).flatMap(({ names }) => names);
      maps(pod.securityContext["sysctls"]).forEach((sysctl, index) => {
        const name = sysctl["name"] ?? "";
        if (!safe.includes(name)) {
          report(`securityContext.sysctls[${index}].name`, name, "one of the safe sysctls");
        }
      });
    },
  }),
  containerRule({
    id: "probe-host",
    assertion: "Probes and lifecycle hooks call their own pod.",
    why: "A handler with a host makes the kubelet send requests from the node to any address, past network policies.",
    source: STANDARDS,
    severity: "high",
    action: "mandatory",
    fix: "Remove host from the handler; it then calls the pod itself.",
    anchors: ["Pod Security Standards"],
    examples: {
      pass: { livenessProbe: { httpGet: { path: "/healthz", port: 8080 } } },
      fail: { livenessProbe: { httpGet: { host: "169.254.169.254", path: "/", port: 80 } } },
    },
    check: (container, report, settings) => {
      if (!standardsSince(34, settings)) {
        return;
      }
      for (const keys of HANDLERS) {
        const handler = keys.reduce((at, key) => fields(at[key]), container.spec);
        for (const action of ["httpGet", "tcpSocket"]) {
          const host = fields(handler[action])["host"] ?? "";
          if (host !== "") {
            report(`${keys.join(".")}.${action}.host`, host, "unset");
          }
        }
      }
    },
  }),
]);
