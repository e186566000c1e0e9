import { claim, statefulSet } from "../cluster-objects";
import { deployment, inObject, inStack, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const SKIP = 'metadata.annotations["pulumi.com/skipAwait"]';
const FORCE = 'metadata.annotations["pulumi.com/patchForce"]';

describeRule("pulumi-skip-await", inObject(deployment), [
  fails("a workload that nobody waits for", { [SKIP]: "true" }),
  passes("one that says the contrary", { [SKIP]: "false" }),
  skips("a Service", { "": service, [SKIP]: "true" }),
]);

describeRule("pulumi-patch-force", inObject(deployment), [
  fails("a patch by force", { [FORCE]: "true" }),
  passes("one that says the contrary", { [FORCE]: "false" }),
  skips("an object without annotations", { "metadata.annotations": undefined }),
]);

const open = { protect: false };

describeRule("pvc-protect", inObject(claim), [
  fails("a claim", {}, { at: "metadata.name", facts: open }),
  fails("a StatefulSet with claims", { "": statefulSet }, { at: "metadata.name", facts: open }),
  passes("a protected claim", {}, { facts: { protect: true } }),
  skips(
    "a StatefulSet without claims",
    { "": statefulSet, "spec.volumeClaimTemplates": [] },
    { facts: open },
  ),
  skips("a manifest, whose options nobody knows", { "spec.storageClassName": "slow" }),
]);

const DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "orders.example.com" },
  spec: { group: "example.com", names: { kind: "Order" } },
};
const ORDER = {
  apiVersion: "example.com/v1",
  kind: "Order",
  metadata: { name: "first", namespace: "shop" },
};
const URN =
  "urn:pulumi:production::shop::kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition::orders.example.com";

describeRule("crd-order", inStack(ORDER, DEFINITION), [
  fails("a resource that does not wait", {}, { at: "metadata.name", facts: {} }),
  passes("one that waits", {}, { facts: { dependencies: [URN] } }),
  fails(
    "one that waits for a chart of another name",
    {},
    {
      at: "metadata.name",
      facts: { dependencies: ["urn:pulumi:production::shop::kubernetes:helm.sh/v4:Chart::orders"] },
    },
  ),
  skips("a definition from elsewhere", { "1/spec.names.kind": "Invoice" }, { facts: {} }),
]);
