import type { ConsumerDemand } from "../data";
import type { ConnectionField, Demand } from "../kit/connection";
import type { ChartPods, DeclaredChart } from "./declared-chart";
import type { External } from "./external";
import type { Schedule } from "./workload/cron-job";
import type { Existing } from "./workload/existing";
import type { ExposedPath, IngressExposure } from "./workload/exposure";
import type { JobRun } from "./workload/job";
import type { Scaling } from "./workload/scaling";
import { ownsVolumes, type StatefulSetShape } from "./workload/stateful-set";
import type {
  ContainerShape,
  DeploymentShape,
  ServingShape,
  ServingTransform,
  WorkloadTransform,
} from "./workload/workload-args";
import { isServing } from "./workload/workload-shape";

/** Where a service of the same application answers; in an environment it becomes `host:port`. */
export interface ServiceAddress {
  /** The service's name. */
  readonly service: string;
  /** The port's name. */
  readonly port: string;
}

/**
 * The value of an environment variable: a text, a value of a connection, or another service's address.
 * @form a text, a value such as orders.url of what is in uses, or an address such as products.address.http
 */
export type DeclaredValue = string | ConnectionField | ServiceAddress;

/** What answers calls of services: a service, or pods of the application's own chart. */
export type Callee = Service | ChartPods;

/**
 * One thing that a service uses.
 * @opaque
 * @form what database, stream, bucket, secret, external, service or chartPods gives
 */
export type Used = Demand | Callee | External;

/** What a service uses: of the data room, of its own application, or outside. The names are for the reader. */
export type Uses = Readonly<Record<string, Used>>;

/** What is used where nothing is. */
type Nothing = Readonly<Record<never, never>>;

/** The consumers among what a service uses; every one where the compiler does not know what that is. */
type ConsumersIn<Using extends Uses> = string extends keyof Using
  ? ConsumerDemand
  : Extract<Using[keyof Using], ConsumerDemand>;

/** Who is asked before a request is let through. */
export interface DeclaredAuth {
  /** The service that decides. */
  readonly at: ServiceAddress;
  /** The path that is asked, with its leading slash. */
  readonly path: string;
  /**
   * Headers of its answer that are passed on.
   * @default - none
   */
  readonly responseHeaders?: readonly string[];
}

/** A path of the application's host. */
export interface DeclaredPath<PortName extends string = string> extends Omit<
  ExposedPath<PortName>,
  "auth"
> {
  /**
   * Who is asked first, for every method.
   * @default - nobody: the path is public
   */
  readonly auth?: DeclaredAuth;
}

/** The paths of a service under the application's host, which the stack's settings name. */
export interface DeclaredIngress<PortName extends string = string> extends Pick<
  IngressExposure,
  "rateLimit" | "bodySize" | "timeouts"
> {
  /** The paths; at least one. */
  readonly paths: readonly DeclaredPath<PortName>[];
}

interface DeclaredContainer<Using extends Uses = Uses> extends ContainerShape<DeclaredValue> {
  /**
   * A public image with its tag or digest.
   * @default - the service's own image, of the stack's registry
   */
  readonly image?: string;
  /**
   * What it uses: from it follow the network policies of both ends, the Secrets, and the order.
   * @default - nothing
   */
  readonly uses?: Using;
  /**
   * Its environment variables.
   * @default - none
   */
  readonly env?: Readonly<Record<string, DeclaredValue>>;
}

/**
 * The escape hatch of a declaration. It changes objects after every check of the declaration; the policies
 * judge what comes out.
 */
interface Transformable<Transform> {
  /**
   * Changes to the objects, for what no key says. A service whose last rollout failed is not waited for where
   * this alone changes.
   * @default - none
   */
  readonly transform?: Transform;
}

interface Exposable<PortName extends string> {
  /**
   * How clients outside the cluster reach it.
   * @default "none"
   */
  readonly exposure?: "none" | { readonly ingress: DeclaredIngress<NoInfer<PortName>> };
}

/** What a team says of a service that runs all the time. */
export interface ServiceSpec<PortName extends string = string, Using extends Uses = Uses>
  extends
    DeclaredContainer<Using>,
    DeploymentShape<PortName, DeclaredValue, ConsumersIn<NoInfer<Using>>>,
    Transformable<ServingTransform<"deployment">>,
    Exposable<PortName> {}

/** What a team says of a service whose pods have names and volumes of their own. */
export interface StatefulServiceSpec<PortName extends string = string, Using extends Uses = Uses>
  extends
    DeclaredContainer<Using>,
    StatefulSetShape<PortName, DeclaredValue, ConsumersIn<NoInfer<Using>>>,
    Transformable<ServingTransform<"statefulSet">>,
    Exposable<PortName> {}

/** What a team says of a service that runs on each node. */
export interface NodeServiceSpec<PortName extends string = string>
  extends
    DeclaredContainer,
    ServingShape<PortName, DeclaredValue>,
    Transformable<ServingTransform<"daemonSet">>,
    Exposable<PortName> {}

/** What a team says of a job that runs at set times. */
export interface ScheduledJobSpec
  extends DeclaredContainer, Transformable<Pick<WorkloadTransform, "cronJob" | "role" | "alerts">> {
  /** When it runs. */
  readonly schedule: Schedule;
}

/** What a team says of a job that runs once for each version. */
export interface JobSpec
  extends DeclaredContainer, Transformable<Pick<WorkloadTransform, "job" | "role">> {
  /**
   * How long it may take, and when it is done again.
   * @default - ten minutes, two retries
   */
  readonly run?: JobRun;
}

/** What the services that answer calls have in common. */
interface Answering<Name extends string, PortName extends string> {
  /** Its name, unique in its application. */
  readonly name: Name;
  /** Where it answers, by the names of its ports. */
  readonly address: Readonly<Record<PortName, ServiceAddress>>;
}

/** A declared service whose pods are alike. */
export interface StatelessService<Name extends string = string, PortName extends string = string>
  extends ServiceSpec<PortName>, Answering<Name, PortName> {
  /** Its pods run all the time. */
  readonly kind: "Deployment";
}

/** A declared service whose pods have names and volumes of their own. */
export interface StatefulService<Name extends string = string, PortName extends string = string>
  extends StatefulServiceSpec<PortName>, Answering<Name, PortName> {
  /** Its pods run all the time. */
  readonly kind: "StatefulSet";
}

/** A declared service that runs on each node. */
export interface NodeService<Name extends string = string, PortName extends string = string>
  extends NodeServiceSpec<PortName>, Answering<Name, PortName> {
  /** Its pods run all the time. */
  readonly kind: "DaemonSet";
}

/** A declared service that answers calls. */
export type Service<Name extends string = string, PortName extends string = string> =
  StatelessService<Name, PortName> | StatefulService<Name, PortName> | NodeService<Name, PortName>;

/** A declared scheduled job. */
export interface ScheduledJob<Name extends string = string> extends ScheduledJobSpec {
  /** Its pods run at set times. */
  readonly kind: "CronJob";
  /** Its name, unique in its application; at most 52 characters. */
  readonly name: Name;
}

/** A declared job that runs once for each version. */
export interface Job<Name extends string = string> extends JobSpec {
  /** Its pods run to their end. */
  readonly kind: "Job";
  /** Its name, unique in its application; at most 52 characters. */
  readonly name: Name;
}

/** Everything an application is made of. */
export type DeclaredService<Name extends string = string> =
  Service<Name> | ScheduledJob<Name> | Job<Name>;

/** An application: what one team wrote, in one namespace of its name. */
export interface ApplicationDeclaration<Name extends string = string> {
  /** The application's name, and its namespace's. */
  readonly name: string;
  /** The team that owns it. */
  readonly team: string;
  /** Its services and scheduled jobs. */
  readonly services: readonly DeclaredService<Name>[];
  /**
   * The team's own chart that deploys it, or what is left of it.
   * @default - its services are all there is
   */
  readonly chart?: DeclaredChart;
}

/** Whatever has ways in and out of its own: a service, a job, pods of the application's own chart. */
export type Connected = DeclaredService | ChartPods;

/** Everything of an application that uses something. */
export function connectedOf({
  services,
  chart,
}: Pick<ApplicationDeclaration, "services" | "chart">): readonly Connected[] {
  return [...services, ...(chart?.pods ?? [])];
}

/**
 * Declares a service that runs all the time.
 *
 * @example
 * const orders = service("orders", {
 *   ports: { http: 8080 },
 *   probes: {
 *     liveness: { http: { path: "/live", port: "http" } },
 *     readiness: { http: { path: "/ready", port: "http" } },
 *   },
 *   resources: { typical: { cpu: "100m", memory: "128Mi" } },
 *   uses: { ordersDatabase, products },
 *   env: { DATABASE_URL: ordersDatabase.url, PRODUCTS: products.address.http },
 *   exposure: { ingress: { paths: [{ path: "/order" }] } },
 * });
 */
export function service<
  const Name extends string,
  PortName extends string,
  Using extends Uses = Nothing,
>(name: Name, spec: ServiceSpec<PortName, Using>): StatelessService<Name, PortName> {
  return { ...spec, kind: "Deployment", name, address: addressOf(name, spec) };
}

/** Declares a service that runs all the time, each of its pods with a name and volumes of its own. */
export function statefulService<
  const Name extends string,
  PortName extends string,
  Using extends Uses = Nothing,
>(name: Name, spec: StatefulServiceSpec<PortName, Using>): StatefulService<Name, PortName> {
  return { ...spec, kind: "StatefulSet", name, address: addressOf(name, spec) };
}

/** Declares a service that runs all the time, one pod on each node. */
export function nodeService<const Name extends string, PortName extends string>(
  name: Name,
  spec: NodeServiceSpec<PortName>,
): NodeService<Name, PortName> {
  return { ...spec, kind: "DaemonSet", name, address: addressOf(name, spec) };
}

/** Where something answers, by the names of its ports. */
export function addressOf<PortName extends string>(
  service: string,
  { ports }: Pick<ServingShape<PortName>, "ports">,
): Record<PortName, ServiceAddress> {
  const address: Partial<Record<PortName, ServiceAddress>> = {};
  // There are none where the declaration is wrong, which is told when all of it is known.
  for (const port of Object.keys(ports ?? {}) as PortName[]) {
    address[port] = { service, port };
  }
  return address as Record<PortName, ServiceAddress>;
}

/** Declares a job that runs at set times. */
export function scheduledJob<const Name extends string>(
  name: Name,
  spec: ScheduledJobSpec,
): ScheduledJob<Name> {
  return { ...spec, kind: "CronJob", name };
}

/** Declares a job that runs once for each version. */
export function job<const Name extends string>(name: Name, spec: JobSpec): Job<Name> {
  return { ...spec, kind: "Job", name };
}

/** Declares an application. */
export function application<const Name extends string>(
  declaration: ApplicationDeclaration<Name>,
): ApplicationDeclaration<Name> {
  return declaration;
}

/** What another tool made of a declared service. */
export function existingOf(declared: DeclaredService): Existing | undefined {
  return declared.kind === "Deployment" ? declared.existing : undefined;
}

/** What of its own application a service uses. */
export function usedServices({ uses = {} }: Pick<DeclaredService, "uses">): readonly Callee[] {
  return Object.values(uses).filter(isCallee);
}

/** Whether volumes of the namespace hold what the application wrote. */
export function keepsData({
  services,
  chart,
}: Pick<ApplicationDeclaration, "services" | "chart">): boolean {
  return services.some(holdsData) || (chart !== undefined && (chart.holdsData ?? true));
}

/** Whether volumes of the namespace hold what the service wrote. */
function holdsData(service: DeclaredService): boolean {
  const mounted = Object.values(service.volumes ?? {});
  return (
    (service.kind === "StatefulSet" && ownsVolumes(service)) ||
    mounted.some(({ claim }) => claim !== undefined)
  );
}

/** The demands that a service has on other rooms. */
export function usedDemands({ uses = {} }: Pick<DeclaredService, "uses">): readonly Demand[] {
  return Object.values(uses).filter((used) => !isCallee(used) && !isExternal(used));
}

/** What a service uses outside the cluster, by the names it gives it. */
export function usedExternals({
  uses = {},
}: Pick<DeclaredService, "uses">): readonly (readonly [name: string, External])[] {
  return Object.entries(uses).flatMap(([name, used]) => (isExternal(used) ? [[name, used]] : []));
}

function isCallee(used: Used): used is Callee {
  return "address" in used;
}

function isExternal(used: Used): used is External {
  return used.kind === "external";
}

/** How a service says that it scales; undefined for what has no scaling, or says nothing. */
export function declaredScaling(declared: DeclaredService): Scaling | undefined {
  return declared.kind === "Deployment" || declared.kind === "StatefulSet"
    ? declared.scaling
    : undefined;
}

/** How clients outside the cluster reach a service; undefined when they do not. */
export function declaredIngress(declared: DeclaredService): DeclaredIngress | undefined {
  const exposure = isServing(declared) ? (declared.exposure ?? "none") : "none";
  return exposure === "none" ? undefined : exposure.ingress;
}

/** The paths of a service that clients outside the cluster can reach. */
export function exposedPaths(declared: DeclaredService): readonly DeclaredPath[] {
  return declaredIngress(declared)?.paths ?? [];
}
