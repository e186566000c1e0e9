import { deployment, inContainer, inObject, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const IMAGE = "spec.template.spec.containers[0].image";

describeRule("git-sync-danger", inContainer, [
  fails(
    "another git",
    { "env[0]": { name: "GITSYNC_GIT", value: "/bin/sh" } },
    { at: "env[0].name" },
  ),
  fails("an exec hook", {
    args: ["--exechook-command=/bin/sh"],
    image: "registry.k8s.io/git-sync/git-sync:v4.4.0",
  }),
  passes("plain git-sync", {
    image: "registry.k8s.io/git-sync/git-sync:v4.4.0",
    args: ["--repo=https://git.example/a"],
  }),
  skips("another program with a hook", { args: ["--exechook-command=/bin/sh"] }),
]);

describeRule("tiller", inObject(deployment), [
  fails("its image", { [IMAGE]: "gcr.io/kubernetes-helm/tiller:v2.17.0" }),
  fails(
    "its labels",
    { "spec.template.metadata.labels": { name: "tiller" } },
    { at: "metadata.labels" },
  ),
  passes("a name that contains the word", { "metadata.name": "distiller" }),
]);

describeRule("tiller", inObject(service), [
  fails("its Service", { "metadata.name": "tiller-deploy" }),
]);

describeRule("k8s-dashboard", inObject(deployment), [
  fails("its image", { [IMAGE]: "kubernetesui/dashboard:v2.7.0" }),
  fails("its label", { "metadata.labels": { "k8s-app": "kubernetes-dashboard" } }),
  passes("another dashboard", { [IMAGE]: "grafana/grafana:12.0.0" }),
]);

describeRule("privileged-port", inContainer, [
  fails("port 80", { "ports[0].containerPort": 80 }),
  passes("port 1024", { "ports[0].containerPort": 1024 }),
]);

describeRule("ssh-port", inContainer, [
  fails("port 22", { "ports[0].containerPort": 22 }),
  passes("port 22 over UDP", { "ports[0]": { containerPort: 22, protocol: "UDP" } }),
]);
