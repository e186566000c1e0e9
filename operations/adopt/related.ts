import type {
  Labels,
  LiveAutoscaler,
  LiveBudget,
  LiveContainer,
  LiveDeployment,
  LiveIngress,
  LiveNamespace,
  LiveObject,
  LiveService,
} from "./live";

/** A Deployment, and what belongs to it. */
export interface Related {
  readonly deployment: LiveDeployment;
  readonly services: readonly LiveService[];
  readonly serviceAccount?: LiveObject;
  readonly autoscalers: readonly LiveAutoscaler[];
  readonly budgets: readonly LiveBudget[];
  readonly ingresses: readonly LiveIngress[];
  /** Names of the ConfigMaps that its pods read. */
  readonly configMaps: readonly string[];
  /** Names of the Secrets that its pods read. */
  readonly secrets: readonly string[];
}

/** Finds what belongs to a Deployment, by the references that Kubernetes itself follows. */
export function relatedTo(deployment: LiveDeployment, around: LiveNamespace): Related {
  const { name } = deployment.metadata;
  const { template } = deployment.spec;
  const labels = template.metadata?.labels ?? {};
  const services = around.services.filter(({ spec }) => selects(spec.selector, labels));
  const backends = new Set(services.map(({ metadata }) => metadata.name));
  const account = template.spec.serviceAccountName ?? "default";
  const containers = [...template.spec.containers, ...(template.spec.initContainers ?? [])];
  const volumes = (template.spec.volumes ?? []).flatMap((volume) => [
    volume,
    ...(volume.projected?.sources ?? []),
  ]);
  return {
    deployment,
    services,
    serviceAccount:
      account === "default"
        ? undefined
        : around.serviceAccounts.find(({ metadata }) => metadata.name === account),
    autoscalers: around.autoscalers.filter(
      ({ spec: { scaleTargetRef: target } }) =>
        target.kind === "Deployment" && target.name === name,
    ),
    budgets: around.budgets.filter(({ spec }) => selects(spec.selector?.matchLabels, labels)),
    ingresses: around.ingresses.filter((ingress) =>
      backendsOf(ingress).some((backend) => backends.has(backend)),
    ),
    configMaps: unique([
      ...containers.flatMap((container) => read(container, "configMap")),
      ...volumes.map(({ configMap }) => configMap?.name),
    ]),
    secrets: unique([
      ...containers.flatMap((container) => read(container, "secret")),
      ...volumes.map(({ secret }) => secret?.secretName ?? secret?.name),
    ]),
  };
}

function selects(selector: Labels | undefined, labels: Labels): boolean {
  const entries = Object.entries(selector ?? {});
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

function backendsOf({ spec }: LiveIngress): readonly string[] {
  return (spec.rules ?? []).flatMap(({ http }) =>
    (http?.paths ?? []).flatMap(({ backend }) => backend.service?.name ?? []),
  );
}

function read(container: LiveContainer, kind: "configMap" | "secret"): (string | undefined)[] {
  return [
    ...(container.envFrom ?? []).map((source) => source[`${kind}Ref`]?.name),
    ...(container.env ?? []).map(({ valueFrom }) => valueFrom?.[`${kind}KeyRef`]?.name),
  ];
}

function unique(names: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name): name is string => name !== undefined))];
}

/** Everything that the program can take over: the first of each kind, since a service has one. */
export function takenOver(related: Related): readonly LiveObject[] {
  const [service] = related.services;
  const [autoscaler] = related.autoscalers;
  const [budget] = related.budgets;
  const [ingress] = related.ingresses;
  return [related.deployment, service, related.serviceAccount, autoscaler, budget, ingress].filter(
    (object): object is LiveObject => object !== undefined,
  );
}
