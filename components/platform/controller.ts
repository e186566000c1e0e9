import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { installChart, type ChartEnvironment, type InstallChartArgs } from "../kit/chart";
import type { ClusterApi } from "../kit/cluster-api";
import { Namespace, type PodSecurity } from "../kit/namespace";
import { networkPolicy, type NetworkPolicyRules } from "../kit/network-policy";
import { everyChart } from "../kit/object-transforms";
import { customResourceDefinitionType, retainTypes, type Retention } from "../kit/retention";

/** What all controllers of the stack share. */
export interface ControllerEnvironment extends ChartEnvironment {
  /** Tells whether a controller's API is served. */
  readonly api: ClusterApi;
}

/** What every controller's component is given. */
export interface ControllerArgs {
  /** What all controllers of the stack share. */
  readonly environment: ControllerEnvironment;
  /** What becomes of the chart's custom resource definitions, and so of every object of them, on a destroy. */
  readonly retention: Retention;
}

/** One controller: a chart in a namespace of its own. */
export interface ControllerSpec<Values extends object>
  extends
    ControllerArgs,
    Pick<InstallChartArgs<Values>, "coordinates" | "releaseName" | "values" | "transforms"> {
  /** The namespace; nothing else lives in it. */
  readonly namespace: string;
  /**
   * How much its pods may ask of their node; what is above "restricted" says why.
   * @default "restricted"
   */
  readonly podSecurity?: PodSecurity;
  /** Who may reach its pods and whom they may reach, by the name of the NetworkPolicy; DNS is open. */
  readonly traffic: Readonly<Record<string, NetworkPolicyRules>>;
  /**
   * What the chart needs beside its namespace, such as a Secret or another controller's API.
   * @default - nothing
   */
  readonly dependsOn?: (namespace: Namespace) => readonly pulumi.Resource[];
}

/**
 * Installs a controller: its namespace, the policies of its traffic, and then its chart. The three
 * are children of the controller's component.
 */
export function installController<Values extends object>(
  parent: pulumi.ComponentResource,
  name: string,
  spec: ControllerSpec<Values>,
): pulumi.Resource {
  const namespace = new Namespace(
    `${name}-namespace`,
    { name: spec.namespace, podSecurity: spec.podSecurity ?? "restricted" },
    { parent },
  );
  for (const [policy, rules] of Object.entries(spec.traffic)) {
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-${policy}`,
      { metadata: { name: policy, namespace: spec.namespace }, spec: networkPolicy(rules) },
      { parent, dependsOn: [namespace] },
    );
  }
  return installChart(
    `${name}-chart`,
    {
      coordinates: spec.coordinates,
      environment: spec.environment,
      releaseName: spec.releaseName,
      namespace: spec.namespace,
      values: spec.values,
      transforms: [...(spec.transforms ?? []), ...everyChart],
    },
    {
      parent,
      dependsOn: [namespace, ...(spec.dependsOn?.(namespace) ?? [])],
      transforms: [retainTypes(spec.retention, [customResourceDefinitionType])],
    },
  );
}
