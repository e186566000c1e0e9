import { fields, list, text } from "../core/fields";
import { type ObjectView } from "../core/object";
import { objectRule, rulesOf, stackRule } from "../core/rule";
import { visit } from "../core/unknown";
import { WORKLOAD_KINDS } from "../core/walk";
import { manifest } from "../kubernetes/examples";

const SKIP_AWAIT = "pulumi.com/skipAwait";
const PATCH_FORCE = "pulumi.com/patchForce";
const AWAIT =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/";

const annotated = (annotation: string, value: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "orders", namespace: "shop", annotations: { [annotation]: value } },
});

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "orders.example.com" },
  spec: { group: "example.com", names: { kind: "Order" } },
};
const custom = manifest("example.com/v1", "Order", {});

/** What the program tells the engine about its resources. */
export const pulumiOptionRules = rulesOf("metadata", [
  objectRule({
    id: "pulumi-skip-await",
    assertion: "The deployment waits for its workloads.",
    why: "With skipAwait a deployment ends as a success while its pods crash.",
    source: "https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/",
    severity: "low",
    action: "advisory",
    kinds: WORKLOAD_KINDS,
    fix: `Remove the annotation ${SKIP_AWAIT}.`,
    examples: { pass: annotated(SKIP_AWAIT, "false"), fail: annotated(SKIP_AWAIT, "true") },
    check: ({ annotations }, report) => {
      if (annotations[SKIP_AWAIT] === "true") {
        report(`metadata.annotations["${SKIP_AWAIT}"]`, "true", "unset");
      }
    },
  }),
  objectRule({
    id: "pulumi-patch-force",
    assertion: "Patches do not take fields from their owners.",
    why: "patchForce overwrites what another controller manages, and the two overwrite each other from then on.",
    source: AWAIT,
    severity: "medium",
    action: "advisory",
    kinds: undefined,
    fix: `Remove the annotation ${PATCH_FORCE} and settle who owns the field.`,
    examples: { pass: annotated(PATCH_FORCE, "false"), fail: annotated(PATCH_FORCE, "true") },
    check: ({ annotations }, report) => {
      if (annotations[PATCH_FORCE] === "true") {
        report(`metadata.annotations["${PATCH_FORCE}"]`, "true", "unset");
      }
    },
  }),
  objectRule({
    id: "pvc-protect",
    assertion: "What holds data is protected from deletion.",
    why: "A renamed or removed resource is deleted, and its disk with it.",
    source: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
    severity: "medium",
    action: "advisory",
    kinds: ["PersistentVolumeClaim", "StatefulSet"],
    fix: "Set the resource option protect.",
    exampleFacts: { pass: { protect: true }, fail: { protect: false } },
    examples: {
      pass: manifest("v1", "PersistentVolumeClaim", {}),
      fail: manifest("v1", "PersistentVolumeClaim", {}),
    },
    check: ({ kind, name, spec, resource }, report) => {
      const holdsData = kind !== "StatefulSet" || list(spec["volumeClaimTemplates"]).length > 0;
      if (resource?.protect === false && holdsData) {
        report("metadata.name", name, "protected by the resource option protect");
      }
    },
  }),
  stackRule({
    id: "crd-order",
    assertion: "Custom resources wait for their definition.",
    why: "Without dependsOn the engine may create both at once, and the API server does not know the kind yet.",
    source: "https://www.pulumi.com/docs/iac/concepts/options/dependson/",
    severity: "low",
    action: "advisory",
    kinds: ["CustomResourceDefinition"],
    fix: "Add the definition, or what installs it, to dependsOn.",
    examples: { pass: [definition, custom], fail: [definition, custom] },
    exampleFacts: {
      pass: {
        dependencies: [
          "urn:pulumi:production::shop::kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition::orders.example.com",
        ],
      },
      fail: { dependencies: [] },
    },
    check: (stack, report) => {
      const definitions = new Map<string, ObjectView>();
      visit(stack.ofKind("CustomResourceDefinition"), (object) => {
        const kind = text(fields(object.spec["names"])["kind"]) ?? "";
        definitions.set(`${text(object.spec["group"]) ?? ""}/${kind}`, object);
      });
      if (definitions.size === 0) {
        return;
      }
      const dependencies = new Map<string, readonly string[]>();
      visit(stack.objects, ({ resource }) => {
        if (resource !== undefined) {
          dependencies.set(resource.urn, resource.dependencies);
        }
      });
      visit(stack.objects, (object) => {
        const definition = definitions.get(`${object.group}/${object.kind}`)?.resource;
        if (
          definition !== undefined &&
          object.resource !== undefined &&
          !waitsFor(object.resource.dependencies, definition.urn, dependencies)
        ) {
          report(object, "metadata.name", object.name, "made after its definition by dependsOn");
        }
      });
    },
  }),
]);

/** Whether something that waits for some resources waits for another, through whatever they wait for. */
function waitsFor(
  direct: readonly string[],
  urn: string,
  dependencies: ReadonlyMap<string, readonly string[]>,
): boolean {
  const seen = new Set(direct);
  for (const waited of seen) {
    if (waited === urn || holds(waited, urn)) {
      return true;
    }
    // A set hands out what is added while it is walked through.
    dependencies.get(waited)?.forEach((next) => seen.add(next));
  }
  return false;
}

/** Whether a component, such as a Chart, has a resource among its descendants: URNs carry the parents' types. */
function holds(component: string, urn: string): boolean {
  const [types, name] = typesAndName(component);
  const [innerTypes, innerName] = typesAndName(urn);
  return (
    innerTypes.startsWith(`${types}$`) &&
    (innerName.startsWith(`${name}:`) || innerName.startsWith(`${name}-`))
  );
}

function typesAndName(urn: string): readonly [types: string, name: string] {
  const [, , types = "", ...name] = urn.split("::");
  return [types, name.join("::")];
}
