import { claimedManagers, otherManagers } from "./claim";
import type { LiveDeployment } from "./live";
import { takenOver, type Related } from "./related";

/** What a person has to write to take a Deployment over, and what to know before. */
export function reportOf(related: Related, namespace: string): string {
  return [
    `${related.deployment.metadata.name} in namespace ${namespace}${madeBy(related.deployment)}`,
    "",
    "In the service's declaration:",
    "",
    ...declarationLines(related).map((line) => `  ${line}`),
    "",
    "In the stack file, below the service:",
    "",
    "  takeOver: unchanged",
    "",
    ...notes(related).map((note) => `- ${note}`),
    "",
  ].join("\n");
}

function madeBy({ metadata }: LiveDeployment): string {
  const release = metadata.annotations?.["meta.helm.sh/release-name"];
  return release === undefined ? "" : `, of the Helm release ${release}`;
}

function declarationLines(related: Related): readonly string[] {
  const { selector, template } = related.deployment.spec;
  const names = {
    deployment: related.deployment.metadata.name,
    service: related.services[0]?.metadata.name,
    serviceAccount: related.serviceAccount?.metadata.name,
    autoscaler: related.autoscalers[0]?.metadata.name,
    disruptionBudget: related.budgets[0]?.metadata.name,
    ingress: related.ingresses[0]?.metadata.name,
  };
  const [autoscaler] = related.autoscalers;
  const replicas = related.deployment.spec.replicas ?? 1;
  return [
    `ports: ${portsText(related)},`,
    autoscaler === undefined
      ? `scaling: { fixed: ${String(replicas)} },`
      : `scaling: { hpa: { min: ${String(autoscaler.spec.minReplicas ?? 1)}, max: ${String(autoscaler.spec.maxReplicas)} } },`,
    "existing: {",
    ...Object.entries(names).flatMap(([object, name]) =>
      name === undefined ? [] : [`  ${object}: ${JSON.stringify(name)},`],
    ),
    `  selector: ${literal(selector.matchLabels ?? {})},`,
    ...(related.configMaps.length === 0
      ? []
      : [`  configMaps: [${related.configMaps.map((name) => JSON.stringify(name)).join(", ")}],`]),
    "},",
    ...(template.spec.containers.length > 1
      ? [
          `// ${String(template.spec.containers.length - 1)} more containers: declare them as sidecars`,
        ]
      : []),
  ];
}

/** The ports of the containers, each under the number that the Service has for it. */
function portsText({ deployment, services }: Related): string {
  const ports = deployment.spec.template.spec.containers.flatMap(
    (container) => container.ports ?? [],
  );
  const named = ports.map(({ name = "http", containerPort }) => {
    const served = (services[0]?.spec.ports ?? []).find(({ targetPort, port }) =>
      [name, containerPort].includes(targetPort ?? port),
    );
    if (served === undefined) {
      return `${literalKey(name)}: { number: ${String(containerPort)}, service: false }`;
    }
    return served.port === containerPort
      ? `${literalKey(name)}: ${String(containerPort)}`
      : `${literalKey(name)}: { number: ${String(containerPort)}, service: ${String(served.port)} }`;
  });
  return named.length === 0 ? "{}" : `{ ${named.join(", ")} }`;
}

function notes(related: Related): readonly string[] {
  const { deployment, secrets } = related;
  const objects = takenOver(related);
  const claimed = [...new Set(objects.flatMap(claimedManagers))];
  const others = [...new Set(objects.flatMap(otherManagers))];
  return [
    ...(deployment.spec.selector.matchExpressions === undefined
      ? []
      : [
          "The selector has matchExpressions, which a declaration cannot give: this Deployment cannot be taken over.",
        ]),
    ...(claimed.length === 0
      ? []
      : [
          `Fields belong to ${claimed.join(", ")}. Before \`takeOver: update\`, give them over: run this again with --claim.`,
        ]),
    ...(others.length === 0
      ? []
      : [
          `${others.join(", ")} keeps its fields; an update that sets one of them is refused with the field's name.`,
        ]),
    ...(secrets.length === 0
      ? []
      : [
          `The pods read the Secrets ${secrets.join(", ")}, which no state should hold: they stay where they are.`,
        ]),
    ...extra("Services", related.services),
    ...extra("HorizontalPodAutoscalers", related.autoscalers),
    ...extra("PodDisruptionBudgets", related.budgets),
    ...extra("Ingresses", related.ingresses),
  ];
}

/** A declaration names one object of a kind. */
function extra(
  kinds: string,
  objects: readonly { readonly metadata: { readonly name: string } }[],
): readonly string[] {
  return objects.length < 2
    ? []
    : [
        `There are ${String(objects.length)} ${kinds}: ${objects.map(({ metadata }) => metadata.name).join(", ")}. Only the first is taken over; delete the others before the update, or keep them by hand.`,
      ];
}

function literal(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).map(
    ([key, value]) => `${literalKey(key)}: ${JSON.stringify(value)}`,
  );
  return `{ ${entries.join(", ")} }`;
}

function literalKey(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
}
