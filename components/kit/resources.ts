import { isQuantity, isWholeBytes, parseQuantity, type Quantity } from "./quantity";
import type { Problem } from "./problem";

/** What a container uses: in its ordinary hours, and at most. */
export interface ResourceProfile {
  /** What it uses in its ordinary hours; becomes its requests. */
  readonly typical: {
    /**
     * CPU, in cores.
     * @form a quantity such as "250m" or "2"
     */
    readonly cpu: Quantity;
    /**
     * Memory, in bytes: the steady resident size.
     * @form a quantity such as "256Mi" or "2Gi"
     */
    readonly memory: Quantity;
  };
  /**
   * What it uses at its busiest; becomes its limits.
   * @default - four times the typical CPU, twice the typical memory
   */
  readonly peak?: {
    /**
     * CPU, in cores; be generous, because a container at its limit is throttled.
     * @default - four times the typical CPU
     * @form a quantity such as "1" or "1500m"
     */
    readonly cpu?: Quantity;
    /**
     * Memory, in bytes; at most three times the typical memory.
     * @default - twice the typical memory
     * @form a quantity such as "512Mi" or "4Gi"
     */
    readonly memory?: Quantity;
  };
  /**
   * Gives the pod the QoS class Guaranteed: it requests its peak, and is evicted last.
   * @default false
   */
  readonly guaranteed?: boolean;
}

/** The requests and limits of a container. */
export interface ContainerResources {
  /** What the scheduler sets aside. */
  readonly requests: { readonly cpu: Quantity; readonly memory: Quantity };
  /** What the container cannot go beyond. */
  readonly limits: { readonly cpu: Quantity; readonly memory: Quantity };
}

/** Above this, a node that packs pods by their requests runs out of memory when they are busy. */
const highestMemoryRatio = 3;

/** The requests and limits that follow from a profile. */
export function containerResources(profile: ResourceProfile): ContainerResources {
  const limits = {
    cpu: profile.peak?.cpu ?? multiply(profile.typical.cpu, 4),
    memory: profile.peak?.memory ?? multiply(profile.typical.memory, 2),
  };
  return { requests: profile.guaranteed === true ? limits : { ...profile.typical }, limits };
}

/** What is wrong with a profile. */
export function resourceProblems(profile: ResourceProfile): readonly Problem[] {
  const notQuantities = [
    ["typical.cpu", profile.typical.cpu],
    ["typical.memory", profile.typical.memory],
    ["peak.cpu", profile.peak?.cpu],
    ["peak.memory", profile.peak?.memory],
  ].flatMap(([field, text]) => quantityProblem(String(field), text));
  return notQuantities.length > 0 ? notQuantities : peakProblems(profile);
}

function quantityProblem(field: string, text: Quantity | undefined): readonly Problem[] {
  if (text === undefined) {
    return [];
  }
  if (isQuantity(text) && parseQuantity(text) > 0) {
    return field.endsWith("cpu") || isWholeBytes(text)
      ? []
      : [
          {
            field,
            message: `got "${text}", which is no whole number of bytes; write it in a smaller unit, such as "1331Mi" for "1.3Gi".`,
          },
        ];
  }
  return [
    {
      field,
      message: `got "${text}"; it has to be a quantity above zero, such as "250m" or "256Mi".`,
    },
  ];
}

function peakProblems(profile: ResourceProfile): readonly Problem[] {
  const { limits } = containerResources(profile);
  const { typical } = profile;
  const problems: Problem[] = [];
  if (parseQuantity(limits.cpu) < parseQuantity(typical.cpu)) {
    problems.push({
      field: "peak.cpu",
      message: `got "${limits.cpu}", which is below typical.cpu "${typical.cpu}". Raise the peak, or lower typical.`,
    });
  }
  if (profile.guaranteed === true) {
    return problems;
  }
  const ratio = parseQuantity(limits.memory) / parseQuantity(typical.memory);
  if (ratio <= 1) {
    problems.push({
      field: "peak.memory",
      message:
        `got "${limits.memory}", which is not above typical.memory "${typical.memory}". Give it two to ` +
        `three times the typical memory, or ask for "guaranteed: true".`,
    });
  }
  if (ratio > highestMemoryRatio) {
    problems.push({
      field: "peak.memory",
      message:
        `got "${limits.memory}", which is more than ${String(highestMemoryRatio)} times typical.memory ` +
        `"${typical.memory}". Raise typical to what the container steadily uses, or lower the peak.`,
    });
  }
  return problems;
}

/**
 * Multiplies a quantity and keeps its unit. A decimal keeps three places, so that no rounding error
 * of the arithmetic shows.
 */
function multiply(quantity: Quantity, factor: number): Quantity {
  const [, digits = "", unit = ""] = /^([0-9.]+)(.*)$/.exec(quantity) ?? [];
  return `${String(Number((Number(digits) * factor).toFixed(3)))}${unit}`;
}
