import { isDeepStrictEqual } from "node:util";
import { plainDemand } from "../data";
import type { Demand } from "../kit/connection";
import { within, type Problem } from "../kit/problem";
import type { FeatureName } from "../platform";
import { chartProblems } from "./chart-problems";
import { valueSecretProblems } from "./chart-values";
import {
  declaredScaling,
  exposedPaths,
  usedDemands,
  usedExternals,
  usedServices,
  connectedOf,
  type ApplicationDeclaration,
  type Connected,
  type DeclaredService,
  type DeclaredValue,
  type ServiceAddress,
} from "./declaration";
import { externalProblems } from "./external";
import {
  existingNameProblems,
  existingSelectorProblems,
  serviceNameProblems,
} from "./name-problems";
import type { ResolvedService, StackApplication } from "./resolved";
import { envNameProblems } from "./workload/container-problems";
import { featureProblems } from "./workload/feature-problems";
import { plainSecretProblems } from "./workload/plain-secrets";
import { servicePortNames } from "./workload/ports";
import { storageClassProblems } from "./workload/stateful-set";
import { workloadProblems } from "./workload/workload-problems";
import { isServing, mapEnvironments } from "./workload/workload-shape";

/** What the platform of a stack has that not every stack has. */
export interface PlatformOffer {
  /**
   * What it offers beyond what every stack has.
   * @default - nothing
   */
  readonly features?: ReadonlySet<FeatureName>;
  /**
   * The names of the StorageClasses that it lists.
   * @default - it lists none, and a claim may name any
   */
  readonly storageClasses?: readonly string[];
}

/** What is wrong with a service: its workload, and what its environment refers to. */
export function serviceProblems(
  { declaration, shape, env }: ResolvedService,
  { features = new Set(), storageClasses = [] }: PlatformOffer,
): readonly Problem[] {
  const environments = [env];
  mapEnvironments(shape, (other) => {
    environments.push(other);
    return other;
  });
  return [
    ...workloadProblems(shape),
    ...featureProblems(shape, features),
    ...(shape.kind === "StatefulSet" ? storageClassProblems(shape, storageClasses) : []),
    ...environments.flatMap((each) => [
      ...envProblems(declaration, each),
      ...within("env", plainSecretProblems(each)),
    ]),
    ...queueProblems(declaration),
    ...usedExternals(declaration).flatMap(([name, used]) =>
      within(`uses.${name}`, externalProblems(used)),
    ),
  ].map(({ field, message }) => ({
    field: `${shape.application}/${shape.service} ${field}`,
    message,
  }));
}

/** The compiler sees this too, where it sees what is used. */
function queueProblems(declaration: DeclaredService): readonly Problem[] {
  const demand = declaredScaling(declaration)?.natsLag?.stream;
  return demand === undefined || usedDemands(declaration).some(({ key }) => key === demand.key)
    ? []
    : [
        {
          field: "scaling.natsLag.stream",
          message: `names ${demand.key}, which is not in uses. Scale on a consumer that the service reads.`,
        },
      ];
}

function envProblems(
  declaration: DeclaredService,
  env: Readonly<Record<string, DeclaredValue>>,
): readonly Problem[] {
  const references = Object.entries(env).flatMap(([name, value]) => {
    if (typeof value === "string") {
      return [];
    }
    const message =
      "demand" in value
        ? unusedDemandText(value.demand, usedDemands(declaration))
        : unusedAddressText(value, declaration);
    return message === undefined ? [] : [{ field: `env.${name}`, message }];
  });
  return [...within("env", envNameProblems(env)), ...references];
}

function unusedDemandText(demand: Demand, used: readonly Demand[]): string | undefined {
  return used.some(({ key }) => key === demand.key)
    ? undefined
    : `refers to ${demand.key}, which is not in uses. Add it there, so that the way to it is opened.`;
}

function unusedAddressText(
  { service, port }: ServiceAddress,
  declaration: DeclaredService,
): string | undefined {
  const used = usedServices(declaration).find(({ name }) => name === service);
  if (used === undefined) {
    return `refers to the service ${service}, which is not in uses. Add it there, so that the way to it is opened.`;
  }
  return missingPortText(port, used);
}

function missingPortText(port: string, used: Connected): string | undefined {
  const ports = isServing(used) ? servicePortNames(used.ports) : [];
  return ports.includes(port)
    ? undefined
    : `refers to port "${port}" of ${used.name}, whose Service has ${ports.length === 0 ? "no port" : `the ports ${ports.join(", ")}`}.`;
}

/** What is wrong with an application as a whole. */
export function applicationProblems(declaration: ApplicationDeclaration): readonly Problem[] {
  const all = connectedOf(declaration);
  const names = all.map(({ name }) => name);
  return [
    ...serviceNameProblems(declaration),
    ...existingNameProblems(declaration),
    ...existingSelectorProblems(declaration),
    ...all.flatMap((service) => usesProblems(declaration.name, service, names)),
    ...declaration.services.flatMap((service) => authProblems(declaration.name, service, all)),
    ...demandProblems(declaration),
    ...chartProblems(declaration),
  ];
}

function usesProblems(
  application: string,
  service: Connected,
  listed: readonly string[],
): readonly Problem[] {
  const field = `${application}/${service.name} uses`;
  return usedServices(service).flatMap(({ name, ports }) => [
    ...(listed.includes(name)
      ? []
      : [
          {
            field,
            message: `names the service ${name}, which is not among the application's services. Add it to them.`,
          },
        ]),
    ...(servicePortNames(ports).length > 0
      ? []
      : [
          {
            field,
            message: `names the service ${name}, which has no port that others may call. Give it one, or do not use it.`,
          },
        ]),
  ]);
}

function authProblems(
  application: string,
  service: DeclaredService,
  services: readonly Connected[],
): readonly Problem[] {
  const auths = exposedPaths(service).flatMap(({ auth }) => (auth === undefined ? [] : [auth]));
  return auths.flatMap(({ at, path }) => {
    const asked = services.find(({ name }) => name === at.service);
    const message =
      asked === undefined
        ? `names the service ${at.service}, which is not among the application's services. Add it to them.`
        : (missingPortText(at.port, asked) ?? authPathText(path));
    return message === undefined
      ? []
      : [{ field: `${application}/${service.name} exposure.ingress.paths.auth`, message }];
  });
}

function authPathText(path: string): string | undefined {
  return /^\/[A-Za-z0-9/_-]*$/.test(path)
    ? undefined
    : `got the path "${path}"; it starts with a slash and has only letters, digits, "-", "_" and "/".`;
}

/** Two demands of one key are one; if they say different things, one of them would be lost. */
function demandProblems(declaration: ApplicationDeclaration): readonly Problem[] {
  const seen = new Map<string, Demand>();
  return connectedOf(declaration).flatMap((service) =>
    usedDemands(service).flatMap((demand) => {
      const first = seen.get(demand.key) ?? demand;
      seen.set(demand.key, first);
      return isDeepStrictEqual(plainDemand(first), plainDemand(demand))
        ? []
        : [
            {
              field: `${declaration.name}/${service.name} uses`,
              message: `asks for ${demand.key} in another way than an earlier service does. Ask once, and let both use it.`,
            },
          ];
    }),
  );
}

/** What the stack says of what its service does not have: it would be read and forgotten. */
export function settingsProblems(application: StackApplication): readonly Problem[] {
  return [
    ...chartSettingsProblems(application),
    ...jobSettingsProblems(application),
    ...boundsProblems(application),
    ...singletonProblems(application),
    ...placementProblems(application),
  ];
}

function placementProblems({ declaration, settings }: StackApplication): readonly Problem[] {
  return declaration.services
    .filter(({ kind }) => kind === "DaemonSet")
    .filter(({ name }) => settings.services[name]?.placement !== undefined)
    .map(({ name }) => ({
      field: `${declaration.name}/${name} placement`,
      message:
        "the stack's settings say on which nodes its pods are, but it has one on each. Leave the setting out.",
    }));
}

function chartSettingsProblems({ declaration, settings }: StackApplication): readonly Problem[] {
  if (settings.chart === undefined) {
    return [];
  }
  const field = `${declaration.name} chart.values`;
  return declaration.chart === undefined
    ? [
        {
          field,
          message:
            "the stack's settings have values for its chart, but it has none. Leave the setting out.",
        },
      ]
    : within(field, valueSecretProblems(settings.chart.values));
}

function singletonProblems({ declaration, settings }: StackApplication): readonly Problem[] {
  return declaration.services.flatMap((service) => {
    const reason = declaredScaling(service)?.singleton;
    return reason === undefined || settings.services[service.name]?.scaling === undefined
      ? []
      : [
          {
            field: `${declaration.name}/${service.name} scaling`,
            message: `the stack's settings have another number of pods for it, but there can be one only: ${reason}. Leave the setting out.`,
          },
        ];
  });
}

function boundsProblems({ declaration, settings }: StackApplication): readonly Problem[] {
  return declaration.services.flatMap((service) => {
    const said = settings.services[service.name]?.scaling;
    return (["natsLag", "keda"] as const)
      .filter((way) => said?.[way] !== undefined)
      .filter((way) => declaredScaling(service)?.[way] === undefined)
      .map((way) => ({
        field: `${declaration.name}/${service.name} scaling.${way}`,
        message: `the stack's settings have bounds for it, but the service does not declare to scale so. Use fixed or hpa, or declare it.`,
      }));
  });
}

function jobSettingsProblems({ declaration, settings }: StackApplication): readonly Problem[] {
  return declaration.services.flatMap((service) => {
    const said = settings.services[service.name];
    const takesOver = said?.takeOver !== undefined && service.kind !== "Deployment";
    const wrongKind = {
      field: `${declaration.name}/${service.name} takeOver`,
      message: `only a Deployment is taken over, and this is a ${service.kind}. Leave the setting out.`,
    };
    const jobs = (["migration", "smokeTest"] as const)
      .filter((job) => said?.[job] !== undefined)
      .filter((job) => !isServing(service) || service[job] === undefined)
      .map((job) => ({
        field: `${declaration.name}/${service.name} ${job}`,
        message: `the stack's settings have a ${job}.retry for it, but it declares no ${job}. Leave the setting out.`,
      }));
    return takesOver ? [wrongKind, ...jobs] : jobs;
  });
}

/** A host and path that two services claim: the proxy would send all requests to one of them. */
export function sharedPathProblems(applications: readonly StackApplication[]): readonly Problem[] {
  const claims = new Map<string, string>();
  return applications.flatMap(({ declaration, settings }) =>
    declaration.services.flatMap((service) =>
      exposedPaths(service).flatMap(({ path, match = "Prefix" }) => {
        const claim = `${settings.host}${match === "Prefix" ? withoutLastSlash(path) : path} ${match}`;
        const owner = claims.get(claim);
        claims.set(claim, owner ?? `${declaration.name}/${service.name}`);
        return owner === undefined
          ? []
          : [
              {
                field: `${declaration.name}/${service.name} exposure.ingress.paths`,
                message: `claims ${settings.host}${path}, which ${owner} claims too. Give each its own path.`,
              },
            ];
      }),
    ),
  );
}

/** As a prefix, a path takes the same requests with a slash at its end as without it. */
function withoutLastSlash(path: string): string {
  return path.replace(/\/$/, "");
}
