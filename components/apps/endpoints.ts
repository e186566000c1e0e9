import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ingressObjects } from "./exposure";
import { changed, skipAwait, type ObjectContext } from "./object-context";
import { servicePortNames } from "./ports";
import { serviceObjects } from "./serving";
import type { ServingWorkload } from "./workload-args";

/** Makes the Services of a workload, and the Ingresses by which clients outside reach it. */
export function createEndpoints(
  context: ObjectContext,
  serving: ServingWorkload,
): readonly pulumi.Resource[] {
  return [...createServices(context, serving), ...createIngresses(context, serving)];
}

function createServices(
  { name, metadata, child, transform }: ObjectContext,
  serving: ServingWorkload,
): readonly pulumi.Resource[] {
  return serviceObjects(serving).map(
    (object) =>
      new kubernetes.core.v1.Service(
        `${name}${object.name.slice(serving.service.length)}-service`,
        changed(transform.service, {
          metadata: { ...metadata, name: object.name, annotations: skipAwait },
          spec: object.spec,
        }),
        child,
      ),
  );
}

function createIngresses(
  { name, metadata, child, transform }: ObjectContext,
  { service, exposure = "none", ports }: ServingWorkload,
): readonly pulumi.Resource[] {
  if (exposure === "none") {
    return [];
  }
  const { ingress } = exposure;
  return ingressObjects(service, ingress, servicePortNames(ports)).map(
    (object) =>
      new kubernetes.networking.v1.Ingress(
        `${name}${object.name.slice(service.length)}-ingress`,
        changed(transform.ingress, {
          metadata: {
            ...metadata,
            name: object.name,
            annotations: { ...object.annotations, ...skipAwait },
          },
          spec: object.spec,
        }),
        { ...child, dependsOn: [...child.dependsOn, ...(ingress.after ?? [])] },
      ),
  );
}
