import { disruptionBudget } from "../kit/disruption";
import { spread, type PlacementSpec } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";
import { chartDisruptionBudget, type ChartDisruptionBudget } from "./chart-values";

export interface ReloaderValuesArgs {
  /** Pods of Reloader; one leads, the others wait. */
  readonly replicas: number;
}

/** The values of the chart that we set. */
export interface ReloaderValues {
  readonly reloader: {
    readonly autoReloadAll: boolean;
    readonly ignoreConfigMaps: boolean;
    readonly ignoreJobs: boolean;
    readonly ignoreCronJobs: boolean;
    readonly reloadStrategy: "annotations";
    readonly enableHA: boolean;
    readonly readOnlyRootFileSystem: boolean;
    readonly podDisruptionBudget: ChartDisruptionBudget;
    readonly deployment: {
      readonly replicas: number;
      readonly resources: ContainerResources;
      readonly readinessProbe: { readonly failureThreshold: number };
      readonly topologySpreadConstraints: PlacementSpec["topologySpreadConstraints"];
      readonly containerSecurityContext: {
        readonly allowPrivilegeEscalation: boolean;
        readonly capabilities: { readonly drop: readonly ["ALL"] };
      };
    };
  };
}

/** The labels of Reloader's pods. */
export const reloaderLabels = { app: "reloader-reloader", release: "reloader" } as const;

/** The values of the Reloader chart. */
export function reloaderValues({ replicas }: ReloaderValuesArgs): ReloaderValues {
  return {
    reloader: {
      // Only what asks for it by an annotation is restarted.
      autoReloadAll: false,
      // Our ConfigMaps are named by their content: another content is another name.
      ignoreConfigMaps: true,
      // A Job that ran is not to run again because a password was rotated.
      ignoreJobs: true,
      ignoreCronJobs: true,
      // An annotation of the pod template; the other way, an environment variable, stays in every
      // container's list of variables and differs from what the program declares.
      reloadStrategy: "annotations",
      enableHA: replicas > 1,
      readOnlyRootFileSystem: true,
      podDisruptionBudget: chartDisruptionBudget(disruptionBudget(replicas)),
      deployment: {
        replicas,
        resources: containerResources({ typical: { cpu: "20m", memory: "128Mi" } }),
        // Liveness has the chart's five.
        readinessProbe: { failureThreshold: 3 },
        topologySpreadConstraints: spread(reloaderLabels).topologySpreadConstraints,
        containerSecurityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
        },
      },
    },
  };
}
