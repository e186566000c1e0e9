import {
  autoscaler,
  autoscaledDeployment,
  scaledObject,
  verticalAutoscaler,
} from "../cluster-objects";
import { inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const CPU = { at: "spec.metrics[0]" };
const CPU_BY_DEFAULT = { at: "spec.metrics" };
const CONTAINER = "1/spec.template.spec.containers[0]";
const SIDECAR = { name: "proxy", image: "registry.example/proxy:1.0.0" };

describeRule("hpa-requests", inStack(autoscaler, autoscaledDeployment), [
  fails("a container without the request", { [`${CONTAINER}.resources`]: undefined }, CPU),
  fails(
    "an autoscaler without metrics, which measures the cpu",
    { "spec.metrics": undefined, [`${CONTAINER}.resources`]: undefined },
    CPU_BY_DEFAULT,
  ),
  fails("a second container without it", { "1/spec.template.spec.containers[1]": SIDECAR }, CPU),
  fails(
    "a native sidecar without it",
    { "1/spec.template.spec.initContainers[0]": { ...SIDECAR, restartPolicy: "Always" } },
    CPU,
  ),
  fails(
    "version 1",
    {
      "spec.targetCPUUtilizationPercentage": 70,
      "spec.metrics": undefined,
      [`${CONTAINER}.resources`]: undefined,
    },
    { at: "spec.targetCPUUtilizationPercentage" },
  ),
  fails(
    "KEDA",
    { "": scaledObject, [`${CONTAINER}.resources`]: undefined },
    { at: "spec.triggers[0]" },
  ),
  passes("a request that follows from the limit", {
    [`${CONTAINER}.resources`]: { limits: { cpu: "1" } },
  }),
  passes("a metric of the other container only", {
    "spec.metrics[0]": {
      type: "ContainerResource",
      containerResource: { name: "cpu", container: "orders", target: { type: "Utilization" } },
    },
    "1/spec.template.spec.containers[1]": SIDECAR,
  }),
  passes("a plain init container", { "1/spec.template.spec.initContainers[0]": SIDECAR }),
  skips("an average value, which is no share", {
    "spec.metrics[0].resource.target": { type: "AverageValue", averageValue: "500m" },
    [`${CONTAINER}.resources`]: undefined,
  }),
]);

const MODE = "spec.updatePolicy.updateMode";

describeRule("vpa-hpa-conflict", inStack(verticalAutoscaler, autoscaler, autoscaledDeployment), [
  fails("a mode that changes pods", { [MODE]: "Auto" }),
  fails("a mode that changes new pods", { [MODE]: "Initial" }),
  fails("the default mode", { [MODE]: undefined }),
  passes("control of the memory only", {
    [MODE]: "Auto",
    "spec.resourcePolicy.containerPolicies[0]": {
      containerName: "*",
      controlledResources: ["memory"],
    },
  }),
  skips("another workload", { [MODE]: "Auto", "spec.targetRef.name": "billing" }),
]);
