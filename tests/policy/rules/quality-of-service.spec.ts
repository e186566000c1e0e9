import { but, inContainer } from "../objects";
import { describeRule, fails, passes } from "../support";

const guaranteed = but(inContainer, {
  resources: {
    requests: { cpu: "1", memory: "256Mi", "ephemeral-storage": "1Gi" },
    limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "1Gi" },
  },
});

describeRule("requests-equal-limits", guaranteed, [
  fails("less CPU than the limit", { "resources.requests.cpu": "100m" }),
  fails("no memory at all", {
    "resources.requests.memory": undefined,
    "resources.limits.memory": undefined,
  }),
  passes("the same written otherwise", { "resources.requests.cpu": "1000m" }),
]);

describeRule("memory-request-equals-limit", guaranteed, [
  fails("less than the limit", { "resources.requests.memory": "128Mi" }),
  passes("neither of them", {
    "resources.requests.memory": undefined,
    "resources.limits.memory": undefined,
  }),
]);

describeRule("cpu-request-equals-limit", guaranteed, [
  fails("less than the limit", { "resources.requests.cpu": "500m" }),
  passes("less memory", { "resources.requests.memory": "128Mi" }),
]);

describeRule("ephemeral-storage", guaranteed, [
  fails("no request", { "resources.requests.ephemeral-storage": undefined }),
  fails("no limit", { "resources.limits.ephemeral-storage": undefined }),
  passes("less than the limit", { "resources.requests.ephemeral-storage": "512Mi" }),
]);

describeRule("ephemeral-storage-equal", guaranteed, [
  fails("less than the limit", { "resources.requests.ephemeral-storage": "512Mi" }),
  passes("no limit", { "resources.limits.ephemeral-storage": undefined }),
]);
