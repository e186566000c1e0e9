import { addressBlocks } from "../kit/addresses";
import { identityPorts, type CloudIdentity } from "../kit/cloud-identity";
import type { NetworkPeer, OutsidePeer } from "../kit/connection";
import {
  apiServerPorts,
  from,
  to,
  toAnywhere,
  toBlocks,
  type EgressRule,
  type IngressRule,
  type PodGroup,
} from "../kit/network-policy";
import {
  existingOf,
  exposedPaths,
  usedExternals,
  usedServices,
  type DeclaredService,
} from "./declaration";
import { podNetworkLabels } from "./existing";
import { portNumbers, servicePortNames } from "./ports";
import { isServing } from "./workload-shape";

/** The allowed ways into and out of one service's pods. */
export interface ServicePaths {
  /** The ways in. */
  readonly ingress: readonly IngressRule[];
  /** The ways out, apart from DNS. */
  readonly egress: readonly EgressRule[];
}

/** What surrounds a service: its application, the edge, and the peers of its connections. */
export interface Surroundings {
  /** The application's namespace. */
  readonly namespace: string;
  /** All services of the application. */
  readonly services: readonly DeclaredService[];
  /** The pods that pass traffic from outside on. */
  readonly edge: PodGroup;
  /** The pods of the data services that it uses. */
  readonly peers: readonly NetworkPeer[];
  /** The data services outside the cluster that it uses. */
  readonly outside: readonly OutsidePeer[];
  /**
   * Who it is to a cloud.
   * @default - nobody
   */
  readonly identity?: CloudIdentity;
  /**
   * The pods that ask for metrics.
   * @default - the stack has none
   */
  readonly prometheus?: PodGroup;
}

/**
 * The ways that follow from the `uses` of an application: out to what a service uses, in from what uses
 * it, and in from the edge to the ports that are exposed or asked for authorisation.
 */
export function servicePaths(service: DeclaredService, around: Surroundings): ServicePaths {
  const edgePorts = portsForEdge(service, around.services);
  const metricsPorts = portsWithMetrics(service);
  return {
    ingress: [
      ...around.services
        .filter((caller) => usedServices(caller).some(({ name }) => name === service.name))
        .map((caller) => from(podsOf(caller, around.namespace), servicePorts(service))),
      ...(isTested(service)
        ? [from(podsOf(service, around.namespace), servicePorts(service))]
        : []),
      ...(edgePorts.length === 0 ? [] : [from(around.edge, edgePorts)]),
      ...(around.prometheus === undefined || metricsPorts.length === 0
        ? []
        : [from(around.prometheus, metricsPorts)]),
    ],
    egress: [
      ...usedServices(service).map((used) =>
        to({ ...podsOf(used, around.namespace), ports: servicePorts(used) }),
      ),
      ...(isTested(service)
        ? [to({ ...podsOf(service, around.namespace), ports: servicePorts(service) })]
        : []),
      ...around.peers.map(to),
      ...around.outside.map(({ addresses, ports }) => toBlocks(addressBlocks(addresses), ports)),
      ...usedExternals(service).map(([, used]) => toBlocks(addressBlocks(used.cidrs), used.ports)),
      ...(service.apiAccess === undefined ? [] : [toAnywhere(apiServerPorts)]),
      ...(around.identity === undefined ? [] : [toAnywhere(identityPorts(around.identity))]),
    ],
  };
}

/** Whether a smoke test calls the service; in the network the test is the service itself. */
function isTested(service: DeclaredService): boolean {
  return isServing(service) && service.smokeTest !== undefined && servicePorts(service).length > 0;
}

function podsOf(service: DeclaredService, namespace: string): PodGroup {
  return { namespace, podLabels: networkLabelsOf(service) };
}

/** The labels by which network policies know a declared service. */
export function networkLabelsOf(declared: DeclaredService): Record<string, string> {
  return podNetworkLabels({ service: declared.name, existing: existingOf(declared) });
}

function servicePorts(service: DeclaredService): readonly number[] {
  if (!isServing(service)) {
    return [];
  }
  const numbers = portNumbers(service.ports);
  return servicePortNames(service.ports).flatMap((name) => numbers[name] ?? []);
}

/** The port on which a service tells its metrics. */
function portsWithMetrics(service: DeclaredService): readonly number[] {
  if (!isServing(service) || service.metrics === undefined) {
    return [];
  }
  const number = portNumbers(service.ports)[service.metrics.port];
  return number === undefined ? [] : [number];
}

/** The ports on which the edge reaches a service: to pass requests on, and to ask about them. */
function portsForEdge(
  service: DeclaredService,
  services: readonly DeclaredService[],
): readonly number[] {
  if (!isServing(service)) {
    return [];
  }
  const numbers = portNumbers(service.ports);
  const [onlyPort] = servicePortNames(service.ports);
  const exposed = exposedPaths(service).map(({ port }) => port ?? onlyPort);
  const asked = services
    .flatMap(exposedPaths)
    .flatMap(({ auth }) => (auth?.at.service === service.name ? [auth.at.port] : []));
  const names = new Set([...exposed, ...asked]);
  return [...names].flatMap((name) => (name === undefined ? [] : (numbers[name] ?? [])));
}
