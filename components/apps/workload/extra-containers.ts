import type * as kubernetes from "@pulumi/kubernetes";
import { containerSecurityContext } from "../../kit/hardening";
import { probeProblems, probeSpecs, type Probes } from "../../kit/probes";
import { within, type Problem } from "../../kit/problem";
import { containerResources, resourceProblems, type ResourceProfile } from "../../kit/resources";
import { envVars, type EnvValue } from "./env";
import { imageProblems } from "./image-problems";
import { containerPorts, portNumbers, portProblems, type Ports } from "./ports";

type Container = kubernetes.types.input.core.v1.Container;

interface ExtraContainer<Value> {
  /**
   * The program, in place of the image's entry point.
   * @default - the image's
   */
  readonly command?: readonly string[];
  /**
   * Its arguments; `$(NAME)` is replaced by an environment variable.
   * @default - the image's
   */
  readonly args?: readonly string[];
  /**
   * Its environment variables; it has none of the service's.
   * @default - none
   */
  readonly env?: Readonly<Record<string, Value>>;
  /** What it uses. */
  readonly resources: ResourceProfile;
}

/** A container that runs to its end before the service's own starts, with the same folders. */
export interface InitContainer<Value = EnvValue> extends ExtraContainer<Value> {
  /**
   * A public image with its tag or digest.
   * @default - the service's image
   */
  readonly image?: string;
}

/**
 * A container beside the service's own, with the same folders. It starts before the init containers
 * and ends after the service.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export interface Sidecar<Value = EnvValue> extends ExtraContainer<Value> {
  /** A public image with its tag or digest. */
  readonly image: string;
  /** The ports it listens on; others cannot call them. */
  readonly ports: Ports;
  /** The three questions about it; the service starts when the first of them is answered. */
  readonly probes: Probes;
}

/** The containers of a pod beside the service's own, by their names. */
export interface ExtraContainers<Value = EnvValue> {
  /**
   * Containers that run to their end first, one after the other.
   * @default - none
   */
  readonly initContainers?: Readonly<Record<string, InitContainer<Value>>>;
  /**
   * Containers that run as long as the service does.
   * @default - none
   */
  readonly sidecars?: Readonly<Record<string, Sidecar<Value>>>;
}

/** The init containers of a pod's spec: native sidecars first, so that they serve the others. */
export function extraContainers(
  { initContainers = {}, sidecars = {} }: ExtraContainers,
  image: string,
  volumeMounts: kubernetes.types.input.core.v1.VolumeMount[],
): Container[] {
  return [
    ...Object.entries(sidecars).map(([name, sidecar]) => ({
      ...container(name, sidecar, sidecar.image, volumeMounts),
      restartPolicy: "Always",
      ports: containerPorts(sidecar.ports),
      ...probeSpecs(sidecar.probes, portNumbers(sidecar.ports)),
    })),
    ...Object.entries(initContainers).map(([name, init]) =>
      container(name, init, init.image ?? image, volumeMounts),
    ),
  ];
}

function container(
  name: string,
  { command, args, env = {}, resources }: ExtraContainer<EnvValue>,
  image: string,
  volumeMounts: kubernetes.types.input.core.v1.VolumeMount[],
): Container {
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ...(command === undefined ? {} : { command: [...command] }),
    ...(args === undefined ? {} : { args: [...args] }),
    env: envVars(env),
    resources: containerResources(resources),
    securityContext: containerSecurityContext(),
    volumeMounts,
  };
}

/**
 * What is wrong with the containers beside the service's own, which has this name and these ports: all
 * containers of a pod share one network.
 */
export function extraContainerProblems(
  { initContainers = {}, sidecars = {} }: ExtraContainers<unknown>,
  service: string,
  ports: Ports,
): readonly Problem[] {
  const taken = new Map([[service, ports]]);
  return [
    ...Object.entries(initContainers).flatMap(([name, init]) =>
      within(`initContainers.${name}`, [
        ...nameProblems(name, [service, ...Object.keys(sidecars)]),
        ...within("resources", resourceProblems(init.resources)),
        ...(init.image === undefined ? [] : imageProblems(init.image)),
      ]),
    ),
    ...Object.entries(sidecars).flatMap(([name, sidecar]) => {
      const problems = within(`sidecars.${name}`, [
        ...nameProblems(name, [service]),
        ...within("resources", resourceProblems(sidecar.resources)),
        ...imageProblems(sidecar.image),
        ...within("ports", [
          ...portProblems(sidecar.ports),
          ...sharedPortProblems(sidecar.ports, taken),
        ]),
        ...within("probes", probeProblems(sidecar.probes, portNumbers(sidecar.ports))),
      ]);
      taken.set(name, sidecar.ports);
      return problems;
    }),
  ];
}

/** A port that two containers of a pod have: its number serves only one, its name is read as either's. */
function sharedPortProblems(ports: Ports, others: ReadonlyMap<string, Ports>): readonly Problem[] {
  return Object.entries(portNumbers(ports)).flatMap(([name, number]) =>
    [...others].flatMap(([other, theirs]) => {
      const numbers = portNumbers(theirs);
      const shared =
        numbers[name] !== undefined
          ? `has the name of a port of the container "${other}"`
          : Object.values(numbers).includes(number)
            ? `got ${String(number)}, which the container "${other}" has`
            : undefined;
      return shared === undefined
        ? []
        : [{ field: name, message: `${shared}; all containers of a pod share its network.` }];
    }),
  );
}

function nameProblems(name: string, others: readonly string[]): readonly Problem[] {
  const message = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
    ? others.includes(name)
      ? `is the name of another container of the pod. Give it its own.`
      : undefined
    : `a container's name has lower-case letters, digits and hyphens, at most 63.`;
  return message === undefined ? [] : [{ field: "name", message }];
}
