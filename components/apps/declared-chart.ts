import type { ChartCoordinates, ChartFolder, ObjectTransform } from "../kit/chart";
import type { ConnectionField } from "../kit/connection";
import {
  addressOf,
  usedServices,
  type ApplicationDeclaration,
  type Connected,
  type DeclaredService,
  type ServiceAddress,
  type Uses,
} from "./declaration";
import type { Ports } from "./workload/ports";

/** What a team says of pods that its own chart makes, as far as the network has to know them. */
export interface ChartPodsSpec<PortName extends string = string> {
  /** Labels that select exactly these pods, whatever the chart's version. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Their TCP ports; `service` is the number at the chart's own Service.
   * @default - nobody calls them
   */
  readonly ports?: Ports<PortName>;
  /**
   * The name of the chart's Service before them.
   * @default - the name of the pods
   */
  readonly service?: string;
  /**
   * What they use: from it follow the network policies of both ends, the Secrets, and the order.
   * @default - nothing
   */
  readonly uses?: Uses;
  /**
   * The ports to which the ingress controller passes requests on, for an Ingress of the chart's.
   * @default - none
   */
  readonly edge?: readonly NoInfer<PortName>[];
  /**
   * The ports that Prometheus asks for metrics, for a monitor of the chart's.
   * @default - none
   */
  readonly metrics?: readonly NoInfer<PortName>[];
  /**
   * The ports on which the pods call each other, as the members of a cluster do.
   * @default - none
   */
  readonly peers?: readonly NoInfer<PortName>[];
  /**
   * Whether they talk to the API server.
   * @default false
   */
  readonly apiServer?: boolean;
}

/** Pods that a team's own chart makes. */
export interface ChartPods<
  Name extends string = string,
  PortName extends string = string,
> extends Omit<ChartPodsSpec<PortName>, "ports"> {
  /** They are the chart's. */
  readonly kind: "ChartPods";
  /** Their name, unique among the pods and services of the application. */
  readonly name: Name;
  /** Their ports. */
  readonly ports: Ports<PortName>;
  /** Where they answer, by the names of their ports. */
  readonly address: Readonly<Record<PortName, ServiceAddress>>;
}

/** What a part of a chart's values becomes when it is deployed. */
export type ChartReference =
  | { readonly reference: "value" | "secretName" | "secretKey"; readonly field: ConnectionField }
  | { readonly reference: "address" | "host" | "port"; readonly address: ServiceAddress };

/**
 * A value of a chart: what YAML has, and references.
 * @form what YAML has, or what a function of ref gives
 */
export type ChartValue =
  | string
  | number
  | boolean
  | null
  | ChartReference
  | readonly ChartValue[]
  | { readonly [key: string]: ChartValue };

/** The values of a chart. */
export type ChartValues = Readonly<Record<string, ChartValue>>;

/** A team's own chart, and what has to be known of it. */
export interface DeclaredChart {
  /** A folder of this repository, or a chart repository or OCI registry with the exact version. */
  readonly source: ChartFolder | ChartCoordinates;
  /**
   * The release's name, from which the chart's templates derive the names of objects.
   * @default - the application's name
   */
  readonly release?: string;
  /**
   * Its values, the same in every stack; a stack's settings add to them.
   * @default - the chart's own
   */
  readonly values?: ChartValues;
  /** The pods it makes. What is not named here can be reached by nobody, and reaches nobody but DNS. */
  readonly pods: readonly ChartPods[];
  /**
   * The chart's files with Helm hooks, which are not run, by what takes the place of each or why nothing
   * has to. A folder is searched for them; what a registry has is looked up before it is written here.
   * @default - it has none
   */
  readonly hooks?: Readonly<Record<string, string>>;
  /**
   * Changes to rendered objects that no value of the chart can make, such as a missing probe.
   * @default - none
   */
  readonly transforms?: readonly ObjectTransform[];
  /**
   * Whether its volumes hold data: with the stack's `retention: keep` they outlive the stack.
   * @default true
   */
  readonly holdsData?: boolean;
}

/**
 * Declares pods of a team's own chart. Services use them like each other, and they use services.
 *
 * @example
 * const catalogue = chartPods("catalogue", {
 *   labels: { "app.kubernetes.io/name": "shop", "app.kubernetes.io/component": "catalogue" },
 *   ports: { http: { number: 8080, service: 80 } },
 *   service: "shop-catalogue",
 *   uses: { goods },
 * });
 */
export function chartPods<const Name extends string, PortName extends string = never>(
  name: Name,
  spec: ChartPodsSpec<PortName>,
): ChartPods<Name, PortName> {
  const ports = spec.ports ?? ({} as Ports<PortName>);
  return { ...spec, kind: "ChartPods", name, ports, address: addressOf(name, { ports }) };
}

/** References of a chart's values: no password, but where it is; no address written twice. */
export const ref = {
  /** A value of a connection that is no secret: a host, a bucket. */
  value: (field: ConnectionField): ChartReference => ({ reference: "value", field }),
  /** The name of the Secret that holds a secret value of a connection: for `existingSecret`. */
  secretName: (field: ConnectionField): ChartReference => ({ reference: "secretName", field }),
  /** The key under which that Secret holds it. */
  secretKey: (field: ConnectionField): ChartReference => ({ reference: "secretKey", field }),
  /** Where a service of the application answers, as `host:port`. */
  address: (address: ServiceAddress): ChartReference => ({ reference: "address", address }),
  /** The host of that. */
  host: (address: ServiceAddress): ChartReference => ({ reference: "host", address }),
  /** The port of that, as a number. */
  port: (address: ServiceAddress): ChartReference => ({ reference: "port", address }),
} as const;

/** Says whether a part of a chart's values is a reference. */
export function isReference(value: ChartValue): value is ChartReference {
  return (
    typeof value === "object" && value !== null && "reference" in value && !Array.isArray(value)
  );
}

/** An application that is, or still has, a chart of its team's own. */
export interface HelmApplicationDeclaration<
  Name extends string = string,
> extends ApplicationDeclaration<Name> {
  /** The chart. */
  readonly chart: DeclaredChart;
}

/**
 * Declares an application that a team's existing chart deploys, in the namespace, with the quota and under
 * the network policies and rules of any other. Services that left the chart are declared beside it.
 *
 * @example
 * export const shop = helmApplication({
 *   name: "shop",
 *   team: "checkout",
 *   chart: { source: { folder: "charts/shop" }, pods: [catalogue], values: { replicas: 2 } },
 *   services: [orders],
 * });
 */
export function helmApplication<const Name extends string = never>({
  services = [],
  ...declaration
}: Omit<HelmApplicationDeclaration, "services"> & {
  readonly services?: readonly DeclaredService<Name>[];
}): HelmApplicationDeclaration<Name> {
  return { ...declaration, services };
}

/** The services that use some pods, or use a service that does. */
export function callersOf(
  pods: readonly Connected[],
  services: readonly DeclaredService[],
): readonly DeclaredService[] {
  const found = new Set<Connected>(pods);
  const isCaller = (service: DeclaredService): boolean =>
    !found.has(service) && usedServices(service).some((used) => found.has(used));
  for (let next = services.filter(isCaller); next.length > 0; next = services.filter(isCaller)) {
    next.forEach((service) => found.add(service));
  }
  return services.filter((service) => found.has(service));
}
