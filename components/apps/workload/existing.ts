import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { networkLabels, selectorLabels } from "../../kit/labels";
import type { ObjectContext } from "./object-context";

/** The names of a service's objects that may be there already; each is named where it is. */
export interface ExistingNames {
  /**
   * The Deployment.
   * @default - it is made
   */
  readonly deployment?: string;
  /**
   * The Service.
   * @default - it is made
   */
  readonly service?: string;
  /**
   * The ServiceAccount of the pods.
   * @default - it is made
   */
  readonly serviceAccount?: string;
  /**
   * The HorizontalPodAutoscaler.
   * @default - it is made, if the service scales by one
   */
  readonly autoscaler?: string;
  /**
   * The PodDisruptionBudget.
   * @default - it is made, from two pods on
   */
  readonly disruptionBudget?: string;
  /**
   * The Ingress; it gets the paths that are public.
   * @default - it is made, if the service is exposed
   */
  readonly ingress?: string;
}

/** Every object of a service that may be there already. */
export const existingObjects = [
  "deployment",
  "service",
  "serviceAccount",
  "autoscaler",
  "disruptionBudget",
  "ingress",
] as const satisfies readonly (keyof ExistingNames)[];

/**
 * What another tool made of a service before it was declared here. Names and selector stay what they are
 * for as long as the objects live, so this stays in the declaration; `takeOver` in a stack's settings says
 * whether that stack takes the objects over.
 * @see docs/adopting.md
 */
export interface Existing extends ExistingNames {
  /**
   * The selector of the Deployment and the Service: no Deployment can change it.
   * @default - the one of a service that is made
   */
  readonly selector?: Readonly<Record<string, string>>;
  /**
   * ConfigMaps that only the pods of before read: they are deleted when pods of the declaration serve.
   * @default - none
   */
  readonly configMaps?: readonly string[];
}

/**
 * How far a stack has come with taking a service over: `unchanged` brings its objects into the state and
 * changes none of them; `update` makes them what the declaration says, by an ordinary rollout.
 */
export type TakeOver = "unchanged" | "update";

/** A workload that may be there already. */
export interface TakenOver {
  /** Its name. */
  readonly service: string;
  /**
   * What another tool made of it.
   * @default - nothing: every object is made
   */
  readonly existing?: Existing;
  /**
   * How far the stack has come with taking it over.
   * @default - nothing is taken over
   */
  readonly takeOver?: TakeOver;
}

/** The name of an object of a workload: its own, or the service's. */
export function objectName(args: TakenOver, object: keyof ExistingNames): string {
  return args.existing?.[object] ?? args.service;
}

/** The labels that select a workload's pods. */
export function podSelector({ service, existing }: TakenOver): Record<string, string> {
  return { ...(existing?.selector ?? selectorLabels(service)) };
}

/** The labels by which network policies know a workload: its selector may set them to something else. */
export function podNetworkLabels({ service, existing }: TakenOver): Record<string, string> {
  return networkLabels(existing?.selector?.app ?? service);
}

/** Whether the stack leaves everything of a workload as it is, apart from bringing it into the state. */
export function isUnchanged({ takeOver }: TakenOver): boolean {
  return takeOver === "unchanged";
}

/** Whether a stack registers an object: while it changes nothing, only those that are there. */
export function isRegistered(args: TakenOver, object: keyof ExistingNames): boolean {
  return !isUnchanged(args) || args.existing?.[object] !== undefined;
}

/** Everything of these kinds that a program can say; ignored as a whole where nothing may change. */
const everything = [
  "metadata",
  "spec",
  "automountServiceAccountToken",
  "imagePullSecrets",
  "secrets",
  "data",
  "binaryData",
  "immutable",
];

/**
 * The options of an object that may be there already. `import` stays on: with it, the engine refuses to
 * replace the object.
 */
export function existingOptions(
  args: TakenOver,
  object: keyof ExistingNames,
  namespace: string,
): Pick<pulumi.CustomResourceOptions, "import" | "ignoreChanges"> {
  const name = args.existing?.[object];
  if (name === undefined) {
    return {};
  }
  // A budget of another form is replaced, once it is in the state.
  const isReplaceable = object === "disruptionBudget" && !isUnchanged(args);
  return {
    ...(args.takeOver === undefined || isReplaceable ? {} : { import: `${namespace}/${name}` }),
    ignoreChanges: isUnchanged(args) ? everything : lastingFields(object),
  };
}

/** An imported Service has its address among its inputs, and the provider replaces one that gives it up. */
function lastingFields(object: keyof ExistingNames): string[] {
  return object === "service" ? ["spec.clusterIP", "spec.clusterIPs"] : [];
}

/** The ConfigMaps of before, for as long as their pods run: what leaves the program is deleted. */
export function leftConfigMaps(
  { name, metadata: { namespace }, child }: ObjectContext,
  args: TakenOver,
): void {
  for (const configMap of isUnchanged(args) ? (args.existing?.configMaps ?? []) : []) {
    new kubernetes.core.v1.ConfigMap(
      `${name}-left-${configMap}`,
      { metadata: { name: configMap, namespace } },
      { ...child, import: `${namespace}/${configMap}`, ignoreChanges: everything },
    );
  }
}
