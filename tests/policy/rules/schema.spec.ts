import { configMap, secret } from "../cluster-objects";
import { deployment, inObject } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const CONTAINER = "spec.template.spec.containers[0]";

describeRule("schema", inObject(deployment), [
  fails("a misspelt field", { "spec.replica": 3 }),
  fails("a field in the wrong place", { [`${CONTAINER}.replicas`]: 3 }),
  fails("text for a number", { "spec.replicas": "3" }),
  fails("part of a number", { "spec.replicas": 2.5 }),
  fails("a number for a label", { "metadata.labels.version": 1 }),
  fails("text for a list", { [`${CONTAINER}.args`]: "--verbose" }),
  fails("a list for a map", { "spec.template.metadata.labels": ["orders"] }),
  fails("text for true or false", { [`${CONTAINER}.tty`]: "yes" }),
  fails("what the API requires", { [`${CONTAINER}.name`]: undefined }),
  passes("a number for a quantity", { [`${CONTAINER}.resources.limits.cpu`]: 2 }),
  passes("nothing for an optional field", { "spec.paused": null }),
  passes(
    "a field of a later release",
    { "spec.later": true },
    { settings: { kubernetesVersion: "1.36" } },
  ),
  skips("a custom resource", { apiVersion: "example.com/v1", "spec.replica": 3 }),
]);

describeRule("schema", inObject(configMap), [
  fails("a number as a ConfigMap's text", { "data.retries": 3 }),
  passes("bytes", { "binaryData.blob": "AAAA" }),
]);

describeRule("schema", inObject(secret), [
  fails("a Secret with a list", { "stringData.key": ["a"] }),
]);
