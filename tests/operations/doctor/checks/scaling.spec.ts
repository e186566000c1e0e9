import type { Seen } from "../../../../operations/doctor/seen";
import { failing, findsEach, merge, saysNothingOf, well, withFirst } from "../examination";

describe("an examination of autoscalers", () => {
  findsEach([
    [
      "an autoscaler whose metric nobody serves",
      () => withFirst("autoscalers", failing("ScalingActive", "FailedGetPodsMetric", "no metric")),
      "autoscalers",
      "medium",
      "HorizontalPodAutoscaler shop/orders",
      /FailedGetPodsMetric: no metric/,
      /describe hpa orders/,
    ],
    [
      "autoscalers without a metrics server",
      () => ({
        ...well(),
        apiServices: [],
        autoscalers: well().autoscalers.map((each) =>
          merge(each, failing("ScalingActive", "FailedGetResourceMetric", "no cpu")),
        ) as unknown as Seen["autoscalers"],
      }),
      "autoscalers",
      "high",
      "APIService v1beta1.metrics.k8s.io",
      /2 HorizontalPodAutoscalers have no metrics: shop\/orders, shop\/carts/,
      /install the metrics server/,
    ],
    [
      "a ScaledObject that KEDA cannot work with",
      () => withFirst("scaledObjects", failing("Ready", "ScaledObjectCheckFailed", "no consumer")),
      "ScaledObjects",
      "high",
      "ScaledObject shop/worker",
      /ScaledObjectCheckFailed: no consumer/,
      /describe scaledobject worker/,
    ],
    [
      "a ScaledObject that holds its fallback",
      () =>
        withFirst("scaledObjects", {
          status: {
            conditions: [
              { type: "Ready", status: "True" },
              { type: "Fallback", status: "True", reason: "FallbackExists" },
            ],
          },
        }),
      "ScaledObjects",
      "medium",
      "ScaledObject shop/worker",
      /fallback's replicas: FallbackExists/,
      /stream and consumer/,
    ],
  ]);
  saysNothingOf([
    [
      "an autoscaler that rests while its workload is scaled to zero by hand",
      () => withFirst("autoscalers", failing("ScalingActive", "ScalingDisabled", "")),
    ],
  ]);
});
