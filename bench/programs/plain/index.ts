import { readFileSync } from "node:fs";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/*
 * The objects refer to one another by outputs, as in Pulumi's own examples. Without that, Services are waited for
 * before their Deployments are made: where they hold every place that the engine has, nothing moves until the
 * provider gives up on a Service, after ten minutes.
 */
type Metadata = Readonly<Record<string, unknown>>;

/** An object as it is written, without outputs in the fields that are read here. */
type Declared<Spec> = Readonly<{ metadata: Metadata; spec: Spec }>;
type Containers = Readonly<{ containers: readonly kubernetes.types.input.core.v1.Container[] }>;
type Template = Readonly<{ metadata: Metadata; spec: Containers }>;

/** The objects of a service, by their kind. */
interface ServiceObjects {
  readonly ServiceAccount: { readonly metadata: Metadata };
  readonly ConfigMap: { readonly metadata: Metadata };
  readonly Deployment: Declared<
    { template: Template } & Pick<kubernetes.types.input.apps.v1.DeploymentSpec, "selector">
  >;
  readonly Service: Declared<kubernetes.types.input.core.v1.ServiceSpec>;
  readonly PodDisruptionBudget: Declared<kubernetes.types.input.policy.v1.PodDisruptionBudgetSpec>;
  readonly HorizontalPodAutoscaler: Declared<
    Omit<kubernetes.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec, "scaleTargetRef"> & {
      scaleTargetRef: { kind: string };
    }
  >;
  readonly NetworkPolicy: { readonly metadata: Metadata };
}

interface Objects {
  readonly services: Readonly<Record<string, ServiceObjects>>;
  /** The policies of the whole namespace. */
  readonly policies: readonly { readonly metadata: Metadata & { readonly name: string } }[];
}

const { services, policies } = JSON.parse(readFileSync("objects.json", "utf8")) as Objects;
const namespace = new kubernetes.core.v1.Namespace("plain", { metadata: { name: "plain" } });
for (const policy of policies) {
  new kubernetes.networking.v1.NetworkPolicy(policy.metadata.name, here(policy));
}
for (const [name, objects] of Object.entries(services)) {
  declareService(name, objects);
}

function declareService(name: string, objects: ServiceObjects): void {
  const account = new kubernetes.core.v1.ServiceAccount(name, here(objects.ServiceAccount));
  const config = new kubernetes.core.v1.ConfigMap(name, here(objects.ConfigMap));
  const { spec } = objects.Deployment;
  const containers = spec.template.spec.containers.map((container) => ({
    ...container,
    envFrom: [{ configMapRef: { name: config.metadata.name } }],
  }));
  const podSpec = { ...spec.template.spec, serviceAccountName: account.metadata.name, containers };
  const deployment = new kubernetes.apps.v1.Deployment(name, {
    ...here(objects.Deployment),
    spec: { ...spec, template: { ...spec.template, spec: podSpec } },
  });
  const { selector } = deployment.spec;
  new kubernetes.core.v1.Service(name, {
    ...here(objects.Service),
    spec: { ...objects.Service.spec, selector: selector.matchLabels },
  });
  new kubernetes.policy.v1.PodDisruptionBudget(name, {
    ...here(objects.PodDisruptionBudget),
    spec: { ...objects.PodDisruptionBudget.spec, selector },
  });
  const { scaleTargetRef, ...autoscaling } = objects.HorizontalPodAutoscaler.spec;
  new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(name, {
    ...here(objects.HorizontalPodAutoscaler),
    spec: { ...autoscaling, scaleTargetRef: { ...scaleTargetRef, name: deployment.metadata.name } },
  });
  new kubernetes.networking.v1.NetworkPolicy(name, here(objects.NetworkPolicy));
}

/** The object in the namespace, to which it refers. */
function here<Of extends { readonly metadata: Metadata }>(
  object: Of,
): Of & { metadata: { namespace: pulumi.Output<string> } } {
  return { ...object, metadata: { ...object.metadata, namespace: namespace.metadata.name } };
}
