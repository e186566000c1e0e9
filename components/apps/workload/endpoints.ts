import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { existingOptions, isRegistered, isUnchanged, objectName } from "./existing";
import { ingressObjects, type IngressObject } from "./exposure";
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
  const objects = isRegistered(serving, "service") ? serviceObjects(serving) : [];
  return objects.map(
    (object) =>
      new kubernetes.core.v1.Service(
        `${name}${object.suffix}-service`,
        changed(transform.service, {
          metadata: { ...metadata, name: object.name, annotations: skipAwait },
          spec: object.spec,
        }),
        { ...child, ...existingOptions(serving, "service", metadata.namespace) },
      ),
  );
}

function createIngresses(
  { name, metadata, child, transform }: ObjectContext,
  serving: ServingWorkload,
): readonly pulumi.Resource[] {
  const { service, exposure = "none", ports } = serving;
  if (exposure === "none") {
    return [];
  }
  const { ingress } = exposure;
  const isPublic = (object: IngressObject): boolean => object.name === service;
  return ingressObjects(service, ingress, servicePortNames(ports), objectName(serving, "service"))
    .filter((object) =>
      isPublic(object) ? isRegistered(serving, "ingress") : !isUnchanged(serving),
    )
    .map(
      (object) =>
        new kubernetes.networking.v1.Ingress(
          `${name}${object.name.slice(service.length)}-ingress`,
          changed(transform.ingress, {
            metadata: {
              ...metadata,
              name: isPublic(object) ? objectName(serving, "ingress") : object.name,
              annotations: { ...object.annotations, ...skipAwait },
            },
            spec: object.spec,
          }),
          {
            ...child,
            ...(isPublic(object) ? existingOptions(serving, "ingress", metadata.namespace) : {}),
            dependsOn: [...child.dependsOn, ...(ingress.after ?? [])],
          },
        ),
    );
}
