import { readFileSync } from "node:fs";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** An object, and the type of its resource. */
interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly metadata: Readonly<Record<string, unknown>> };
}

type Constructor = new (name: string, args: Declared["inputs"]) => pulumi.Resource;

const constructors: Readonly<Record<string, unknown>> = {
  "kubernetes:apps/v1:Deployment": kubernetes.apps.v1.Deployment,
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler":
    kubernetes.autoscaling.v2.HorizontalPodAutoscaler,
  "kubernetes:core/v1:ConfigMap": kubernetes.core.v1.ConfigMap,
  "kubernetes:core/v1:Service": kubernetes.core.v1.Service,
  "kubernetes:core/v1:ServiceAccount": kubernetes.core.v1.ServiceAccount,
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": kubernetes.networking.v1.NetworkPolicy,
  "kubernetes:policy/v1:PodDisruptionBudget": kubernetes.policy.v1.PodDisruptionBudget,
};

const objects = JSON.parse(readFileSync("objects.json", "utf8")) as readonly Declared[];
const namespace = new kubernetes.core.v1.Namespace("plain", { metadata: { name: "plain" } });
for (const { type, name, inputs } of objects) {
  const Resource = constructors[type] as Constructor;
  const metadata = { ...inputs.metadata, namespace: namespace.metadata.name };
  new Resource(name, { ...inputs, metadata });
}
