import type { V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import { whereIs, type Context, type Seen } from "../seen";
import { because, condition, type Check, type Found } from "./check";

const why = "The workload keeps the pods it has: under load it is not scaled up.";

/** HorizontalPodAutoscalers that cannot read their metrics or cannot scale. */
export const autoscalersWithoutMetrics: Check = {
  name: "autoscalers",
  reads: ["autoscalers", "apiServices", "scaledObjects"],
  needsPods: true,
  find: (seen, context) => {
    const blind = seen.autoscalers
      .filter((each) => !isOfBrokenScaledObject(each, seen))
      .flatMap((each) => {
        const met = each.status?.conditions;
        const failed =
          notMet(condition(met, "AbleToScale")) ?? notMet(condition(met, "ScalingActive"));
        return failed === undefined ? [] : [{ autoscaler: each, failed }];
      });
    const resource = blind.filter(({ failed }) => failed.reason === "FailedGetResourceMetric");
    const served = seen.apiServices.find(
      ({ metadata }) => metadata?.name === "v1beta1.metrics.k8s.io",
    );
    const missing = condition(served?.status?.conditions, "Available")?.status !== "True";
    const shared = missing && resource.length > 1 ? resource : [];
    return [
      ...(shared.length === 0
        ? []
        : [
            noMetrics(
              shared.map((each) => each.autoscaler),
              served !== undefined,
              context,
            ),
          ]),
      ...blind
        .filter((each) => !shared.includes(each))
        .map(({ autoscaler: { metadata }, failed }) => ({
          severity: "medium" as const,
          where: whereIs("HorizontalPodAutoscaler", metadata),
          what: `it does not scale: ${because(failed)}`,
          why,
          fix: `${context.kubectl} describe hpa ${metadata?.name ?? ""} --namespace ${metadata?.namespace ?? ""}; each container needs requests, and each metric somebody who serves it`,
        })),
    ];
  },
};

function noMetrics(
  autoscalers: readonly V2HorizontalPodAutoscaler[],
  registered: boolean,
  { kubectl }: Context,
): Found {
  const names = autoscalers.map(
    ({ metadata }) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`,
  );
  return {
    severity: "high",
    where: "APIService v1beta1.metrics.k8s.io",
    what: `${registered ? "it does not answer" : "it is not there"}, so ${String(names.length)} HorizontalPodAutoscalers have no metrics: ${names.join(", ")}`,
    why,
    fix: registered
      ? `${kubectl} describe apiservice v1beta1.metrics.k8s.io; then look after the metrics server's pods`
      : "install the metrics server: it is one of slipway:platform, unless the cluster brings its own",
  };
}

/** A condition that is not met. An autoscaler of a workload that was scaled to zero by hand is off on purpose. */
function notMet<T extends { readonly status: string; readonly reason?: string }>(
  found: T | undefined,
): T | undefined {
  return found?.status === "False" && found.reason !== "ScalingDisabled" ? found : undefined;
}

function isOfBrokenScaledObject(
  { metadata }: V2HorizontalPodAutoscaler,
  { scaledObjects }: Seen,
): boolean {
  const owner = metadata?.ownerReferences?.find(({ kind }) => kind === "ScaledObject");
  const found = scaledObjects.find(
    (each) => each.metadata.namespace === metadata?.namespace && each.metadata.name === owner?.name,
  );
  return found !== undefined && condition(found.status?.conditions, "Ready")?.status !== "True";
}

/** ScaledObjects that KEDA cannot work with, or works around. */
export const scaledObjects: Check = {
  name: "ScaledObjects",
  reads: ["scaledObjects"],
  find: (seen, { kubectl }) =>
    seen.scaledObjects.flatMap(({ metadata, status }): readonly Found[] => {
      const where = whereIs("ScaledObject", metadata);
      const fix = `${kubectl} describe scaledobject ${metadata.name ?? ""} --namespace ${metadata.namespace ?? ""}; check the trigger's address, stream and consumer`;
      const ready = condition(status?.conditions, "Ready");
      const fallback = condition(status?.conditions, "Fallback");
      if (ready?.status !== "True") {
        const what = ready === undefined ? "KEDA has not looked at it" : because(ready);
        return [{ severity: "high" as const, where, what: `it is not ready: ${what}`, why, fix }];
      }
      return fallback?.status === "True"
        ? [
            {
              severity: "medium" as const,
              where,
              what: `its trigger does not answer, so it holds its fallback's replicas: ${because(fallback)}`,
              why,
              fix,
            },
          ]
        : [];
    }),
};
