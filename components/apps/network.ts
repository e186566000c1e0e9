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
  type Connected,
} from "./declaration";
import { podNetworkLabels } from "./workload/existing";
import { portNumbers, servicePortNames, type Ports } from "./workload/ports";
import { isServing } from "./workload/workload-shape";

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
  /** Everything of the application that has ways of its own. */
  readonly services: readonly Connected[];
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
export function servicePaths(service: Connected, around: Surroundings): ServicePaths {
  const edgePorts = portsForEdge(service, around.services);
  const metricsPorts = portsWithMetrics(service);
  const ownPorts = portsAmongThemselves(service);
  return {
    ingress: [
      ...around.services
        .filter((caller) => usedServices(caller).some(({ name }) => name === service.name))
        .map((caller) => from(podsOf(caller, around.namespace), servicePorts(service))),
      ...(ownPorts.length === 0 ? [] : [from(podsOf(service, around.namespace), ownPorts)]),
      ...(edgePorts.length === 0 ? [] : [from(around.edge, edgePorts)]),
      ...(around.prometheus === undefined || metricsPorts.length === 0
        ? []
        : [from(around.prometheus, metricsPorts)]),
    ],
    egress: [
      ...usedServices(service).map((used) =>
        to({ ...podsOf(used, around.namespace), ports: servicePorts(used) }),
      ),
      ...(ownPorts.length === 0
        ? []
        : [to({ ...podsOf(service, around.namespace), ports: ownPorts })]),
      ...around.peers.map(to),
      ...around.outside.map(({ addresses, ports }) => toBlocks(addressBlocks(addresses), ports)),
      ...usedExternals(service).map(([, used]) => toBlocks(addressBlocks(used.cidrs), used.ports)),
      ...(asksApiServer(service) ? [toAnywhere(apiServerPorts)] : []),
      ...(around.identity === undefined ? [] : [toAnywhere(identityPorts(around.identity))]),
    ],
  };
}

/** The ports on which pods of one name call each other: in the network a smoke test is its service itself. */
function portsAmongThemselves(service: Connected): readonly number[] {
  if (service.kind === "ChartPods") {
    return numbersOf(service.ports, service.peers ?? []);
  }
  return isServing(service) && service.smokeTest !== undefined ? servicePorts(service) : [];
}

function asksApiServer(service: Connected): boolean {
  return service.kind === "ChartPods"
    ? (service.apiServer ?? false)
    : service.apiAccess !== undefined;
}

function podsOf(service: Connected, namespace: string): PodGroup {
  return { namespace, podLabels: networkLabelsOf(service) };
}

/** The labels by which network policies know a declared service, or pods of a chart. */
export function networkLabelsOf(declared: Connected): Record<string, string> {
  if (declared.kind === "ChartPods") {
    return { ...declared.labels };
  }
  return podNetworkLabels({ service: declared.name, existing: existingOf(declared) });
}

function servicePorts(service: Connected): readonly number[] {
  return isServing(service) ? numbersOf(service.ports, servicePortNames(service.ports)) : [];
}

function numbersOf(ports: Ports, names: readonly (string | undefined)[]): readonly number[] {
  const numbers = portNumbers(ports);
  return names.flatMap((name) => (name === undefined ? [] : (numbers[name] ?? [])));
}

/** The ports on which a service tells its metrics. */
function portsWithMetrics(service: Connected): readonly number[] {
  if (service.kind === "ChartPods") {
    return numbersOf(service.ports, service.metrics ?? []);
  }
  return isServing(service) ? numbersOf(service.ports, [service.metrics?.port]) : [];
}

/** The ports on which the edge reaches a service: to pass requests on, and to ask about them. */
function portsForEdge(service: Connected, services: readonly Connected[]): readonly number[] {
  if (!isServing(service)) {
    return [];
  }
  const [onlyPort] = servicePortNames(service.ports);
  const exposed =
    service.kind === "ChartPods"
      ? (service.edge ?? [])
      : exposedPaths(service).map(({ port }) => port ?? onlyPort);
  const asked = services
    .flatMap((other) => (other.kind === "ChartPods" ? [] : exposedPaths(other)))
    .flatMap(({ auth }) => (auth?.at.service === service.name ? [auth.at.port] : []));
  return numbersOf(service.ports, [...new Set([...exposed, ...asked])]);
}
