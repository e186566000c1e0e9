import { standardLabels } from "../kit/labels";
import type { Problem } from "../kit/problem";
import { reader } from "./application-secrets";
import { existingOf, type ApplicationDeclaration, type DeclaredService } from "./declaration";
import { existingObjects, objectName } from "./workload/existing";
import { headlessName } from "./workload/serving";
import { isServing } from "./workload/workload-shape";

/** Names that something else in each application's namespace has: its objects would be the service's. */
const taken: Readonly<Record<string, string>> = {
  default: "the ServiceAccount that Kubernetes makes in every namespace",
  "default-deny": "the NetworkPolicy that closes the namespace",
  "allow-dns": "the NetworkPolicy that lets its pods ask for names",
  [reader]: "the ServiceAccount that reads the application's Secrets",
};

/** What has a name in each application's namespace already; undefined where a service may have it. */
export function takenName(name: string): string | undefined {
  return Object.hasOwn(taken, name) ? taken[name] : undefined;
}

/** What is wrong with the names of an application's services. */
export function serviceNameProblems(declaration: ApplicationDeclaration): readonly Problem[] {
  const names = declaration.services.map(({ name }) => name);
  const derived = new Map(declaration.services.flatMap(derivedNames));
  return declaration.services.flatMap(({ name }, index) => {
    const owner = takenName(name);
    const message =
      (names.indexOf(name) === index
        ? undefined
        : "is the name of two services. Each needs its own.") ??
      (owner === undefined ? undefined : `is the name of ${owner}. Give the service another.`) ??
      (derived.has(name)
        ? `is the name of ${derived.get(name) ?? ""}. Give one of them another.`
        : undefined);
    return message === undefined ? [] : [{ field: `${declaration.name}/${name}`, message }];
  });
}

/** Objects that are there already and that another service has, too: each would write over what the other wrote. */
export function existingNameProblems({
  name: application,
  services,
}: ApplicationDeclaration): readonly Problem[] {
  const owners = new Map<string, string>();
  // The one whose object was there before is told, for it can leave the name out.
  const ordered = [
    ...services.filter((service) => existingOf(service) === undefined),
    ...services.filter((service) => existingOf(service) !== undefined),
  ];
  return ordered.filter(isServing).flatMap((service) =>
    objectsOf(service).flatMap((object) => {
      const existing = existingOf(service);
      const name = objectName({ service: service.name, existing }, object);
      const owner = owners.get(`${object} ${name}`);
      owners.set(`${object} ${name}`, owner ?? service.name);
      return owner === undefined || existing?.[object] === undefined
        ? []
        : [
            {
              field: `${application}/${service.name} existing.${object}`,
              message: `got "${name}", which ${application}/${owner} has, too. An object belongs to one service: leave it out of the other.`,
            },
          ];
    }),
  );
}

/**
 * Selectors that are there already and select another service's pods, too: the Service would send requests to
 * them, and the Deployment would take them for its own.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
 */
export function existingSelectorProblems({
  name: application,
  team,
  services,
}: ApplicationDeclaration): readonly Problem[] {
  return services.flatMap((service, index) => {
    const selector = Object.entries(existingOf(service)?.selector ?? {});
    const other = services.find((each, at) => {
      const facts = { application, team, environment: "", service: each.name };
      const labels = { ...standardLabels(facts), ...existingOf(each)?.selector };
      return at !== index && selector.every(([key, value]) => labels[key] === value);
    });
    return selector.length === 0 || other === undefined
      ? []
      : [
          {
            field: `${application}/${service.name} existing.selector`,
            message:
              `got ${selector.map((label) => label.join("=")).join(", ")}, which the pods of ` +
              `${application}/${other.name} have, too. It has to select its own pods only: declare the label that ` +
              `tells them apart, or give the other service another name.`,
          },
        ];
  });
}

function objectsOf({ kind }: DeclaredService): readonly (typeof existingObjects)[number][] {
  return existingObjects.filter((object) => object !== "deployment" || kind === "Deployment");
}

/** Names by which pods or Services are found that a service has beside its own. */
function derivedNames(service: DeclaredService): readonly (readonly [name: string, of: string])[] {
  if (!isServing(service)) {
    return [];
  }
  const { name, kind, migration, smokeTest } = service;
  return [
    ...(kind === "StatefulSet"
      ? [[headlessName(name), `the Service that names the pods of ${name}`] as const]
      : []),
    ...(migration === undefined
      ? []
      : [[`${name}-migration`, `the migration of ${name}`] as const]),
    ...(smokeTest === undefined
      ? []
      : [[`${name}-smoke-test`, `the smoke test of ${name}`] as const]),
  ];
}

/**
 * The namespaces that Kubernetes has, and those of the platform and the data services. An application
 * there would be open to what they are open to.
 */
export const takenNamespaces: readonly string[] = [
  "cert-manager",
  "default",
  "external-secrets",
  "ingress-nginx",
  "keda",
  "kube-node-lease",
  "kube-public",
  "kube-system",
  "metrics-server",
  "minio",
  "monitoring",
  "nats",
  "node-exporter",
  "object-store",
  "postgres",
  "postgres-operator",
  "prometheus-adapter",
  "reloader",
  "vertical-pod-autoscaler",
];

/** What is wrong with the names of applications: each has the namespace of its name, and has it alone. */
export function applicationNameProblems(
  declarations: readonly ApplicationDeclaration[],
): readonly Problem[] {
  const names = declarations.map(({ name }) => name);
  return [
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => ({
        field: name,
        message: "is the name of two applications, and so of one namespace. Each needs its own.",
      })),
    ...names
      .filter((name) => takenNamespaces.includes(name))
      .map((name) => ({
        field: name,
        message:
          "is the name of a namespace of Kubernetes, the platform or the data services, and an " +
          "application's namespace is called as it is. Give the application another name.",
      })),
  ];
}
