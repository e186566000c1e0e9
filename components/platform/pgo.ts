import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { installChart, type ObjectTransform } from "../kit/chart";
import { Component } from "../kit/component";
import {
  disruptionBudget,
  disruptionBudgetAnnotations,
  disruptionBudgetOptions,
} from "../kit/disruption";
import { Namespace } from "../kit/namespace";
import { apiServerPorts, networkPolicy, toAnywhere } from "../kit/network-policy";
import { everyChart, onContainer, onPodSpec } from "../kit/object-transforms";
import { spread } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";
import { customResourceDefinitionType, retainTypes, type Retention } from "../kit/retention";
import { sampleName, ServedApi } from "../kit/served-api";
import type { ControllerEnvironment } from "./controller";

const namespaceName = "postgres-operator";

const operatorLabels = { "postgres-operator.crunchydata.com/control-plane": "pgo" } as const;

/** What other components need of the Postgres operator. */
export interface PostgresOperator {
  /** What a PostgresCluster depends on: its API is served, and on a destroy it goes before its operator. */
  readonly ready: readonly pulumi.Resource[];
  /** The operator's namespace. */
  readonly namespace: string;
  /** The labels of the operator's pods. */
  readonly podLabels: Readonly<Record<string, string>>;
}

export interface PgoArgs {
  /** Pods of the operator; one leads, the others wait. */
  readonly replicas: number;
  /** What all controllers of the stack share. */
  readonly environment: ControllerEnvironment;
  /** What becomes of the definition, and so of every PostgresCluster, on a destroy. */
  readonly retention: Retention;
}

/** The values of the chart that we set. */
export interface PgoValues {
  readonly singleNamespace: boolean;
  readonly debug: boolean;
  readonly pgoControllerLeaseName: string;
  readonly replicas: number;
  readonly resources: { readonly controller: ContainerResources };
}

/**
 * The Crunchy Postgres operator, which runs every PostgresCluster of the cluster.
 *
 * The chart has no hooks. It has no value for a disruption budget or for spreading its pods, so both
 * are added here. Its update strategy is fixed to `Recreate`; databases run on while it is away.
 */
export class Pgo extends Component implements PostgresOperator {
  readonly namespace = namespaceName;
  readonly podLabels = operatorLabels;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: PgoArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "Pgo", name, opts);

    const namespace = new Namespace(
      `${name}-namespace`,
      { name: namespaceName, podSecurity: "restricted" },
      { parent: this },
    );
    allowTraffic(this);
    const chart = installPgo(this);
    createDisruptionBudget(this);
    const api = new ServedApi(
      `${name}-api`,
      {
        server: "The Postgres operator",
        installed: chart,
        samples: [postgresClusterSample],
        api: args.environment.api,
      },
      { parent: this },
    );

    this.ready = [chart, api];
    this.registerOutputs({ namespace: this.namespace });

    /** The operator reaches the databases through the API server only: it runs commands in their pods. */
    function allowTraffic(parent: Pgo): void {
      new kubernetes.networking.v1.NetworkPolicy(
        `${name}-allow-api-server`,
        {
          metadata: { name: "allow-api-server", namespace: namespaceName },
          spec: networkPolicy({ pods: operatorLabels, egress: [toAnywhere(apiServerPorts)] }),
        },
        { parent, dependsOn: [namespace] },
      );
    }

    function installPgo(parent: Pgo): pulumi.Resource {
      return installChart(
        `${name}-chart`,
        {
          coordinates: charts.pgo,
          environment: args.environment,
          releaseName: "pgo",
          namespace: namespaceName,
          values: pgoValues(args),
          transforms: [...pgoTransforms, ...everyChart],
        },
        {
          parent,
          dependsOn: [namespace],
          transforms: [retainTypes(args.retention, [customResourceDefinitionType])],
        },
      );
    }

    function createDisruptionBudget(parent: Pgo): void {
      const budget = disruptionBudget(args.replicas);
      if (budget !== undefined) {
        new kubernetes.policy.v1.PodDisruptionBudget(
          `${name}-disruption-budget`,
          {
            metadata: {
              name: "pgo",
              namespace: namespaceName,
              annotations: disruptionBudgetAnnotations,
            },
            spec: {
              ...budget,
              unhealthyPodEvictionPolicy: "AlwaysAllow",
              selector: { matchLabels: operatorLabels },
            },
          },
          { parent, dependsOn: [namespace], ...disruptionBudgetOptions },
        );
      }
    }
  }
}

/** The values of the PGO chart. */
export function pgoValues(args: Pick<PgoArgs, "replicas">): PgoValues {
  return {
    singleNamespace: false,
    debug: false,
    pgoControllerLeaseName: "cpk-leader-election-lease",
    replicas: args.replicas,
    resources: { controller: containerResources({ typical: { cpu: "100m", memory: "128Mi" } }) },
  };
}

const deployment = { kind: "Deployment", name: "pgo" } as const;

/**
 * What the chart has no value for: its pods are spread over zones and hosts, and its probes say how
 * often they may fail.
 */
export const pgoTransforms: readonly ObjectTransform[] = [
  onPodSpec(deployment, { ...spread(operatorLabels) }),
  onContainer(
    { ...deployment, container: "operator" },
    { livenessProbe: { failureThreshold: 5 }, readinessProbe: { failureThreshold: 3 } },
  ),
];

/** As small as the definition lets one be; the operator has no webhook. */
export const postgresClusterSample = {
  path: `/apis/postgres-operator.crunchydata.com/v1beta1/namespaces/${namespaceName}/postgresclusters`,
  body: {
    apiVersion: "postgres-operator.crunchydata.com/v1beta1",
    kind: "PostgresCluster",
    metadata: { name: sampleName, namespace: namespaceName },
    spec: {
      postgresVersion: 17,
      instances: [
        {
          dataVolumeClaimSpec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1Gi" } },
          },
        },
      ],
    },
  },
};
