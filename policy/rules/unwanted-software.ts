import { maps, scalarText } from "../core/fields";
import { type ObjectView } from "../core/object";
import { type Labels } from "../core/selectors";
import { containerRule, objectRule, rulesOf } from "../core/rule";
import { WORKLOAD_KINDS } from "../core/walk";

const podOf = (image: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "app" },
  spec: { containers: [{ name: "app", image }] },
});

// A word of its own: a distiller is none.
const TILLER = /(?:^|[^a-z])tiller(?![a-z])/i;

function imagesOf({ pod }: ObjectView): { path: string; image: string }[] {
  return (pod?.containers ?? []).map(({ spec, path }) => ({
    path: `${path}.image`,
    image: scalarText(spec["image"]),
  }));
}

function anyLabel(labels: Labels, matches: (name: string, value: string) => boolean): boolean {
  return Object.entries(labels).some(([name, value]) => matches(name, value));
}

/** Programs and ports that have no place in a production stack. */
export const unwantedSoftwareRules = rulesOf("hardening", [
  containerRule({
    id: "git-sync-danger",
    assertion: "git-sync runs no command of its configuration's choice.",
    why: "GITSYNC_GIT, exec hooks and an insecure SSH client turn a change of the configuration into code on the cluster.",
    source:
      "https://www.akamai.com/blog/security-research/2024-august-kubernetes-gitsync-command-injection-defcon",
    severity: "high",
    action: "advisory",
    fix: "Remove GITSYNC_GIT and the exec hook, and give SSH a known_hosts file.",
    anchors: ["Checkov"],
    examples: {
      pass: {
        image: "registry.k8s.io/git-sync/git-sync:v4.4.0",
        args: ["--repo=https://git.example/app"],
      },
      fail: {
        image: "registry.k8s.io/git-sync/git-sync:v4.4.0",
        args: ["--exechook-command=/bin/sh"],
      },
    },
    check: (container, report) => {
      maps(container.spec["env"]).forEach((variable, index) => {
        if (/^(?:GITSYNC_GIT|GIT_SYNC_GIT)$/.test(scalarText(variable["name"]))) {
          report(`env[${index}].name`, variable["name"], "unset");
        }
      });
      if (!/git-sync/.test(scalarText(container.spec["image"]))) {
        return;
      }
      const dangerous =
        /exechook|ssh-known-hosts=false|--git(?:=|$)|--git-config|StrictHostKeyChecking=no/i;
      for (const field of ["command", "args"]) {
        const words = container.spec[field];
        const found = Array.isArray(words)
          ? words.find((word) => dangerous.test(scalarText(word)))
          : undefined;
        if (found !== undefined) {
          report(field, found, "without it");
        }
      }
      maps(container.spec["env"]).forEach((variable, index) => {
        if (/EXECHOOK_COMMAND/.test(scalarText(variable["name"]))) {
          report(`env[${index}].name`, variable["name"], "unset");
        }
      });
    },
  }),
  objectRule({
    id: "tiller",
    kinds: [...WORKLOAD_KINDS, "Service"],
    assertion: "Tiller, the server of Helm 2, is not deployed.",
    why: "Tiller runs with the rights of a cluster administrator and asks nobody who they are; Helm 2 ended in 2020.",
    source: "https://helm.sh/blog/helm-v2-deprecation-timeline/",
    severity: "high",
    action: "mandatory",
    fix: "Remove Tiller and use Helm 3 or later.",
    anchors: ["Checkov", "Kyverno", "Trivy"],
    examples: {
      pass: podOf("registry.example/app:1.4.2"),
      fail: podOf("gcr.io/kubernetes-helm/tiller:v2.17.0"),
    },
    check: (object, report) => {
      for (const { path, image } of imagesOf(object)) {
        if (TILLER.test(image)) {
          report(path, image, "another image");
        }
      }
      const labels = { ...object.labels, ...object.pod?.labels };
      const labelled =
        labels["app"] === "helm" || anyLabel(labels, (_name, value) => /^tiller/i.test(value));
      const named = [object.name, object.pod?.name ?? ""].some((name) => TILLER.test(name));
      if (labelled || named) {
        report(named ? "metadata.name" : "metadata.labels", "Tiller", "removed");
      }
    },
  }),
  objectRule({
    id: "k8s-dashboard",
    kinds: WORKLOAD_KINDS,
    assertion: "The Kubernetes dashboard is not deployed.",
    why: "A dashboard with rights is a second API server with a weaker door.",
    source: "https://kubernetes.io/docs/tasks/access-application-cluster/web-ui-dashboard/",
    severity: "low",
    action: "advisory",
    fix: "Remove the dashboard, and use kubectl or a client on the desk.",
    anchors: ["Checkov"],
    examples: {
      pass: podOf("registry.example/app:1.4.2"),
      fail: podOf("docker.io/kubernetesui/dashboard:v2.7.0"),
    },
    check: (object, report) => {
      for (const { path, image } of imagesOf(object)) {
        if (/kubernetes-dashboard|kubernetesui\/dashboard/.test(image)) {
          report(path, image, "another image");
        }
      }
      const labels = { ...object.labels, ...object.pod?.labels };
      if (["app", "k8s-app"].some((name) => labels[name] === "kubernetes-dashboard")) {
        report("metadata.labels", "kubernetes-dashboard", "another application");
      }
    },
  }),
  containerRule({
    id: "privileged-port",
    assertion: "Containers listen on ports from 1024 up.",
    why: "A process needs root, or a capability, to listen on a port below 1024.",
    source: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    severity: "low",
    action: "advisory",
    fix: "Let the process listen on a high port, and map it in the Service.",
    anchors: ["kube-linter", "Trivy"],
    examples: {
      pass: { ports: [{ containerPort: 8080 }] },
      fail: { ports: [{ containerPort: 80 }] },
    },
    check: (container, report) => {
      maps(container.spec["ports"]).forEach(({ containerPort }, index) => {
        if (typeof containerPort === "number" && containerPort > 0 && containerPort < 1024) {
          report(`ports[${index}].containerPort`, containerPort, "1024 or more");
        }
      });
    },
  }),
  containerRule({
    id: "ssh-port",
    assertion: "Containers run no SSH server.",
    why: "An SSH server is a second way in, past the API server's authentication and audit log.",
    source: "https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/",
    severity: "medium",
    action: "advisory",
    fix: "Remove the port and the server; use kubectl exec or kubectl debug.",
    anchors: ["kube-linter"],
    examples: {
      pass: { ports: [{ containerPort: 8080 }] },
      fail: { ports: [{ containerPort: 22 }] },
    },
    check: (container, report) => {
      maps(container.spec["ports"]).forEach(({ containerPort, protocol }, index) => {
        if (containerPort === 22 && (protocol ?? "TCP") === "TCP") {
          report(`ports[${index}].containerPort`, 22, "another port than 22");
        }
      });
    },
  }),
]);
