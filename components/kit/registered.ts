import type * as pulumi from "@pulumi/pulumi";

/** Waits until a resource is registered; a chart is when all its objects are. */
export function registered(resource: pulumi.Resource): Promise<void> {
  return new Promise((resolve) => {
    resource.urn.apply(() => {
      resolve();
    });
  });
}
