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
  fails("nothing for a map of a list", { [CONTAINER]: null }),
  fails("a version that no release serves", { apiVersion: "apps/v2" }),
  fails("no version", { apiVersion: undefined }),
  fails("a kind that the version does not have", { kind: "deployment" }),
  fails("a wrong type under a version that is gone", {
    "spec.replicas": "3",
    apiVersion: "apps/v1beta2",
  }),
  fails("a wrong type in the pod of a kind that is not known", {
    [`${CONTAINER}.args`]: "--verbose",
    apiVersion: "example.com/v1",
  }),
  passes("the fields of a version that is gone", {
    apiVersion: "apps/v1beta2",
    "spec.rollbackTo": { revision: 0 },
  }),
  skips("the fields of a custom resource", { apiVersion: "example.com/v1", "spec.replica": 3 }),
]);

const postgres = {
  apiVersion: "postgres-operator.crunchydata.com/v1beta1",
  kind: "PostgresCluster",
  metadata: { name: "orders", namespace: "shop" },
  spec: { postgresVersion: 17, instances: [{ name: "primary", replicas: 2 }] },
};

describeRule("schema", inObject(postgres), [
  fails("text for a list of a known custom resource", { "spec.instances": "primary" }),
  fails("a list for the labels of any object", {
    "metadata.labels": ["orders"],
    apiVersion: "example.com/v1",
  }),
  passes("a field of the operator's own", { "spec.openshift": false }),
]);

describeRule("schema", inObject(configMap), [
  fails("a number as a ConfigMap's text", { "data.retries": 3 }),
  passes("bytes", { "binaryData.blob": "AAAA" }),
]);

describeRule("schema", inObject(secret), [
  fails("a Secret with a list", { "stringData.key": ["a"] }),
]);
