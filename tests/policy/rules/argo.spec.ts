import { inObject } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const rollout = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "orders", namespace: "shop" },
  spec: {
    progressDeadlineSeconds: 600,
    progressDeadlineAbort: true,
    strategy: { canary: { steps: [{ setWeight: 20 }, { pause: { duration: "1h" } }] } },
  },
};

const workflow = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "WorkflowTemplate",
  metadata: { name: "report", namespace: "shop" },
  spec: {
    templates: [
      { name: "main", dag: {} },
      { name: "step", retryStrategy: { limit: 3 } },
    ],
  },
};

const configMap = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
};

const project = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: "shop", namespace: "argocd" },
};

const allowed = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "K8sAllowedRepos",
  metadata: { name: "allowed" },
  spec: { parameters: { repos: ["registry.example/shop/", "docker.io/library/nginx"] } },
};

const PAUSE = "spec.strategy.canary.steps[1].pause";
const DELAY = "spec.strategy.blueGreen.scaleDownDelaySeconds";
const RETRY = "spec.templates[1].retryStrategy";
const PART_OF = 'metadata.labels["app.kubernetes.io/part-of"]';

describeRule("argo-rollouts-workflows", inObject(rollout), [
  fails("a rollout that pauses for ever", { [PAUSE]: {} }, { at: `${PAUSE}.duration` }),
  fails("a pause without a value", { [PAUSE]: null }, { at: `${PAUSE}.duration` }),
  fails("a rollout without history", { "spec.revisionHistoryLimit": 0 }),
  fails("a failed rollout that is not aborted", { "spec.progressDeadlineAbort": false }),
  fails("old pods that go at once", { [DELAY]: 3 }),
  passes("old pods that stay for half a minute", { [DELAY]: 30 }),
  fails(
    "the default account",
    { "": workflow, "spec.serviceAccountName": "default" },
    { at: "spec.serviceAccountName" },
  ),
  fails(
    "branches that run on after a failure",
    { "": workflow, "spec.templates[0].dag.failFast": false },
    { at: "spec.templates[0].dag.failFast" },
  ),
  fails("a step that repeats for ever", { "": workflow, [RETRY]: {} }, { at: RETRY }),
  fails(
    "a step that repeats after any error",
    { "": workflow, [`${RETRY}.retryPolicy`]: "Always", [`${RETRY}.expression`]: "true" },
    { at: `${RETRY}.expression` },
  ),
  passes("a step that looks at the error", {
    "": workflow,
    [`${RETRY}.retryPolicy`]: "Always",
    [`${RETRY}.expression`]: 'lastRetry.status == "Error" or asInt(lastRetry.exitCode) > 1',
  }),
  passes("a limited step", { "": workflow }),
  fails(
    "configuration that Argo CD does not read",
    { "": configMap, [PART_OF]: undefined },
    { at: PART_OF },
  ),
  skips("other ConfigMaps", { "": configMap, "metadata.name": "orders", [PART_OF]: undefined }),
  fails(
    "a project outside Argo CD's namespace",
    { "": project, "metadata.namespace": "shop" },
    { at: "metadata.namespace" },
  ),
  passes("a project inside", { "": project }),
  fails(
    "an open-ended repository",
    { "": allowed, "spec.parameters.repos": ["registry.example"] },
    { at: "spec.parameters.repos[0]" },
  ),
  fails(
    "a Docker Hub name that others start with",
    { "": allowed, "spec.parameters.repos": ["docker.io/shop"] },
    { at: "spec.parameters.repos[0]" },
  ),
  passes("closed repositories", { "": allowed }),
]);
