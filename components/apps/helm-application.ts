import type * as pulumi from "@pulumi/pulumi";
import {
  installChart,
  type ChartEnvironment,
  type ChartObject,
  type ObjectTransform,
} from "../kit/chart";
import { Component } from "../kit/component";
import type { Place } from "../kit/namespace";
import { everyChart } from "../kit/object-transforms";
import { retainTypes, type Retention } from "../kit/retention";
import type { DeclaredChart } from "./declared-chart";

export interface HelmApplicationArgs {
  /** What the team says of its chart. */
  readonly chart: Pick<DeclaredChart, "source" | "transforms">;
  /** The release's name. */
  readonly release: string;
  /** The namespace that all of it is in. */
  readonly namespace: Place;
  /** The labels of what belongs to the application as a whole. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its values, with every reference put in. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What all charts of the stack share. */
  readonly environment: ChartEnvironment;
  /** What becomes of its volumes on a destroy. */
  readonly retention: Retention;
  /** What has to be there first: its network policies, its Secrets, what it uses. */
  readonly startAfter: readonly pulumi.Resource[];
}

/**
 * A team's existing chart in its application's namespace: every object is a resource that previews show and
 * policies judge, and none of them is outside.
 *
 * Its hooks are not run; `chartProblems` has asked what takes their place.
 */
export class HelmApplication extends Component {
  /** What a service that uses the chart's pods waits for. */
  readonly installed: pulumi.Resource;

  constructor(name: string, args: HelmApplicationArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("apps", "HelmApplication", name, opts);
    const { namespace } = args;

    this.installed = installChart(
      `${name}-chart`,
      {
        coordinates: args.chart.source,
        environment: args.environment,
        releaseName: args.release,
        namespace: namespace.name,
        values: args.values,
        transforms: [
          ...(args.chart.transforms ?? []),
          ...everyChart,
          staysIn(namespace.name),
          labelled(args.labels),
        ],
      },
      {
        parent: this,
        dependsOn: [...namespace.ready, ...args.startAfter],
        transforms: [retainTypes(args.retention, [claimType])],
      },
    );
    this.registerOutputs({});
  }
}

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

/**
 * Refuses an object in another namespace, where neither the quota nor the network policies of the
 * application would hold it.
 */
function staysIn(namespace: string): ObjectTransform {
  return (object) => {
    const { namespace: named, name } = metadataOf(object);
    if (named !== undefined && named !== namespace) {
      throw new Error(
        `The chart has ${object.kind} "${String(name)}" in namespace "${String(named)}", but an application's objects are in its ` +
          `own, "${namespace}". Let the chart leave the namespace out, or leave the object out by a value.`,
      );
    }
    return object;
  };
}

/** Adds the application's labels where the chart says nothing: whose it is, and where. Selectors stay. */
function labelled(labels: Readonly<Record<string, string>>): ObjectTransform {
  return (object) => ({
    ...object,
    metadata: { ...metadataOf(object), labels: { ...labels, ...labelsOf(object) } },
  });
}

function metadataOf({ metadata }: ChartObject): Readonly<Record<string, unknown>> {
  return typeof metadata === "object" && metadata !== null ? { ...metadata } : {};
}

function labelsOf(object: ChartObject): object {
  const { labels } = metadataOf(object);
  return typeof labels === "object" && labels !== null ? labels : {};
}
