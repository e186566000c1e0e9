import {
  AppsV1Api,
  AutoscalingV2Api,
  CoreV1Api,
  type KubeConfig,
  NetworkingV1Api,
  PolicyV1Api,
} from "@kubernetes/client-node";
import { claimPatch } from "./claim";
import type {
  LiveAutoscaler,
  LiveBudget,
  LiveDeployment,
  LiveIngress,
  LiveKind,
  LiveObject,
  LiveService,
} from "./live";
import { relatedTo, type Related } from "./related";

/** Reads a Deployment and what belongs to it. */
export async function readRelated(
  config: KubeConfig,
  namespace: string,
  name: string,
): Promise<Related> {
  const inNamespace = { namespace };
  const core = config.makeApiClient(CoreV1Api);
  const deployment = await config
    .makeApiClient(AppsV1Api)
    .readNamespacedDeployment({ ...inNamespace, name });
  const [services, accounts, autoscalers, budgets, ingresses] = await Promise.all([
    core.listNamespacedService(inNamespace),
    core.listNamespacedServiceAccount(inNamespace),
    config.makeApiClient(AutoscalingV2Api).listNamespacedHorizontalPodAutoscaler(inNamespace),
    config.makeApiClient(PolicyV1Api).listNamespacedPodDisruptionBudget(inNamespace),
    config.makeApiClient(NetworkingV1Api).listNamespacedIngress(inNamespace),
  ]);
  return relatedTo(plain<LiveDeployment>(deployment, "Deployment"), {
    services: services.items.map((item) => plain<LiveService>(item, "Service")),
    serviceAccounts: accounts.items.map((item) => plain<LiveObject>(item, "ServiceAccount")),
    autoscalers: autoscalers.items.map((item) =>
      plain<LiveAutoscaler>(item, "HorizontalPodAutoscaler"),
    ),
    budgets: budgets.items.map((item) => plain<LiveBudget>(item, "PodDisruptionBudget")),
    ingresses: ingresses.items.map((item) => plain<LiveIngress>(item, "Ingress")),
  });
}

/** Gives the fields of an object to the provider; changes nothing that a controller acts on. */
export async function claim(
  config: KubeConfig,
  namespace: string,
  object: LiveObject,
): Promise<void> {
  const body = claimPatch(object);
  const request = { namespace, name: object.metadata.name, body };
  const core = config.makeApiClient(CoreV1Api);
  switch (object.kind) {
    case "Deployment":
      await config.makeApiClient(AppsV1Api).patchNamespacedDeployment(request);
      return;
    case "Service":
      await core.patchNamespacedService(request);
      return;
    case "ServiceAccount":
      await core.patchNamespacedServiceAccount(request);
      return;
    case "HorizontalPodAutoscaler":
      await config.makeApiClient(AutoscalingV2Api).patchNamespacedHorizontalPodAutoscaler(request);
      return;
    case "PodDisruptionBudget":
      await config.makeApiClient(PolicyV1Api).patchNamespacedPodDisruptionBudget(request);
      return;
    case "Ingress":
      await config.makeApiClient(NetworkingV1Api).patchNamespacedIngress(request);
      return;
  }
}

/** The client's classes as the plain objects they came from; an item of a list does not say its kind. */
function plain<Live extends LiveObject>(object: object, kind: LiveKind): Live {
  return { ...object, kind } as Live;
}
