import type * as kubernetes from "@pulumi/kubernetes";
import type { Problem } from "../../kit/problem";

/** A port of a container: its number, or its number and whether others may call it. */
export type Port =
  | number
  | {
      /** The port's number, above 1023. */
      readonly number: number;
      /**
       * The number under which the workload's Service has it; `false` for a port that only the kubelet
       * asks.
       * @default - the port's number
       */
      readonly service?: number | false;
    };

/** Ports by name; a name has at most 15 lower-case letters, digits and hyphens. */
export type Ports<Name extends string = string> = Readonly<Record<Name, Port>>;

/** The ports as a container's spec has them. */
export function containerPorts(ports: Ports): kubernetes.types.input.core.v1.ContainerPort[] {
  return Object.entries(ports).map(([name, port]) => ({
    name,
    containerPort: portNumber(port),
    protocol: "TCP",
  }));
}

/** The ports of the workload's Service: those that others may call. */
export function servicePortSpecs(ports: Ports): kubernetes.types.input.core.v1.ServicePort[] {
  return servicePorts(ports).map(([name, port]) => ({
    name,
    port: serviceNumber(port),
    targetPort: name,
    protocol: "TCP",
  }));
}

/** The names of the ports that a workload's Service has. */
export function servicePortNames(ports: Ports): readonly string[] {
  return servicePorts(ports).map(([name]) => name);
}

function servicePorts(ports: Ports): readonly [name: string, port: Port][] {
  return Object.entries(ports).filter(
    ([, port]) => typeof port === "number" || port.service !== false,
  );
}

/** The numbers under which a workload's Service has its ports, by name. */
export function serviceNumbers(ports: Ports): Readonly<Record<string, number>> {
  return Object.fromEntries(servicePorts(ports).map(([name, port]) => [name, serviceNumber(port)]));
}

function serviceNumber(port: Port): number {
  return typeof port === "number" || typeof port.service !== "number"
    ? portNumber(port)
    : port.service;
}

/** The numbers of ports, by name. */
export function portNumbers(ports: Ports): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, portNumber(port)]));
}

function portNumber(port: Port): number {
  return typeof port === "number" ? port : port.number;
}

/** What is wrong with the ports of a pod's containers, and with those of its Service. */
export function portProblems(ports: Ports): readonly Problem[] {
  return [...containerPortProblems(ports), ...serviceNumberProblems(ports)];
}

function serviceNumberProblems(ports: Ports): readonly Problem[] {
  const numbers = Object.entries(serviceNumbers(ports));
  return numbers.flatMap(([name, number], index) => {
    if (!Number.isInteger(number) || number < 1 || number > 65_535) {
      const message = `got ${String(number)} for its Service; it has to be a whole number from 1 to 65535.`;
      return [{ field: name, message }];
    }
    const twin = numbers.slice(0, index).find(([, other]) => other === number);
    const both = twin?.[0] ?? "";
    // Two ports that are one in the container were named already.
    return twin === undefined || portNumbers(ports)[both] === portNumbers(ports)[name]
      ? []
      : [
          {
            field: name,
            message: `got ${String(number)} for its Service, which port "${both}" has there already.`,
          },
        ];
  });
}

function containerPortProblems(ports: Ports): readonly Problem[] {
  const numbers = Object.entries(portNumbers(ports));
  return numbers.flatMap(([name, number], index) => {
    const problems: Problem[] = [];
    if (!/^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 15) {
      problems.push({
        field: name,
        message:
          "a port's name has at most 15 lower-case letters, digits and single hyphens, one letter at least.",
      });
    }
    if (!Number.isInteger(number) || number < 1024 || number > 65_535) {
      problems.push({
        field: name,
        message: `got ${String(number)}; it has to be a whole number from 1024 to 65535: below that only root may listen.`,
      });
    }
    const twin = numbers.slice(0, index).find(([, other]) => other === number);
    if (twin !== undefined) {
      problems.push({
        field: name,
        message: `got ${String(number)}, which port "${twin[0]}" has already. Give each its own number.`,
      });
    }
    return problems;
  });
}
