import { namespace } from "../cluster-objects";
import { deployment, inObject, inPod, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const NAME = 'metadata.labels["app.kubernetes.io/name"]';
const TEMPLATE = "spec.template.metadata.labels";
const inService = inObject(service);

const labelled = inObject({
  ...deployment,
  metadata: {
    name: "orders",
    namespace: "shop",
    labels: { owner: "shop", env: "production", "app.kubernetes.io/instance": "orders" },
    annotations: { email: "shop@example.com", "example.com/department": "shop" },
  },
});

describeRule("required-labels", inService, [
  fails("a Service without name", { [NAME]: undefined }),
  fails("an empty name", { [NAME]: "" }),
  fails(
    "a workload whose pods alone are labelled",
    { "": deployment, [NAME]: undefined },
    { at: NAME },
  ),
  fails(
    "a configured label",
    { 'metadata.labels["example.com/team"]': undefined },
    { settings: { requiredLabels: ["example.com/team"] } },
  ),
  passes("a label more", { "metadata.labels.tier": "web" }),
  skips("another kind", { "": namespace }),
]);

describeRule("label-owner", labelled, [
  fails("no owner", { "metadata.labels.owner": undefined }),
  passes("a label more", { "metadata.labels.tier": "web" }),
  skips("a Service", { "": service }),
]);

describeRule("label-env", labelled, [
  fails("no environment", { "metadata.labels.env": undefined }),
  passes("a label more", { "metadata.labels.tier": "web" }),
  skips("a StatefulSet", { kind: "StatefulSet", "metadata.labels.env": undefined }),
]);

describeRule("annotation-email", labelled, [
  fails("no address", { "metadata.annotations.email": undefined }),
  fails("a name", { "metadata.annotations.email": "the shop" }),
  passes("an annotation more", { "metadata.annotations.more": "yes" }),
  skips("a Service", { "": service }),
]);

const DEPARTMENT = 'metadata.annotations["example.com/department"]';
const settings = { requiredAnnotations: ["example.com/department"] };

describeRule("annotations-required", labelled, [
  fails("a missing one", { [DEPARTMENT]: undefined }, { settings }),
  fails("an empty one", { [DEPARTMENT]: "" }, { settings }),
  passes(
    "one on the pod's template",
    {
      [DEPARTMENT]: undefined,
      "spec.template.metadata.annotations": { "example.com/department": "shop" },
    },
    { settings },
  ),
  skips("every annotation, when none is configured", { [DEPARTMENT]: undefined }),
]);

describeRule("label-values", inObject(deployment), [
  fails("a space", { "metadata.labels.team": "the shop" }),
  fails("a value that is too long", { "metadata.labels.team": "a".repeat(64) }),
  fails("a hyphen at the end", { "metadata.labels.team": "shop-" }),
  fails("a label of the template", { [`${TEMPLATE}.team`]: "the shop" }),
  passes("an empty value", { "metadata.labels.team": "" }),
  passes("every character there is", { "metadata.labels.team": "A-z_0.9" }),
  skips("an object without labels", { "": { apiVersion: "v1", kind: "ConfigMap" } }),
]);

const INSTANCE = 'metadata.labels["app.kubernetes.io/instance"]';

describeRule("instance-label", labelled, [
  fails("another name", { [INSTANCE]: "shop" }),
  fails("no label", { [INSTANCE]: undefined }),
  passes("a label more", { "metadata.labels.tier": "web" }),
  skips("a Service", { "": service }),
]);

const many = ["a", "b", "c", "d", "e"].map((name) => ({ name }));

describeRule("containers-per-pod", inPod, [
  fails("five containers", { containers: many }),
  fails(
    "two, when one is allowed",
    { containers: many.slice(0, 2) },
    { settings: { maxContainers: 1 } },
  ),
  passes("four containers", { containers: many.slice(0, 4) }),
  skips("init containers", { initContainers: many }),
]);
