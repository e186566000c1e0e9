import * as pulumi from "@pulumi/pulumi";

/** What becomes of data when its resource leaves the program. */
export type Retention = "keep" | "delete";

/** The options of a resource that holds data: it cannot be deleted by the program, and survives it. */
export function retained(
  retention: Retention,
): Pick<pulumi.CustomResourceOptions, "protect" | "retainOnDelete"> {
  return retention === "keep" ? { protect: true, retainOnDelete: true } : {};
}

/**
 * Gives these options to the objects of a chart that hold data, by their type token: the chart's own
 * templates cannot say it.
 */
export function retainTypes(
  retention: Retention,
  types: readonly string[],
): pulumi.ResourceTransform {
  return ({ type, props, opts }) =>
    types.includes(type)
      ? { props, opts: pulumi.mergeOptions(opts, retained(retention)) }
      : undefined;
}

/** Deleting a CustomResourceDefinition deletes every object of its kind. */
export const customResourceDefinitionType =
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
