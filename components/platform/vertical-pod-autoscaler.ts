import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { Component } from "../kit/component";
import { apiServerPorts, toAnywhere } from "../kit/network-policy";
import { sampleName, ServedApi } from "../kit/served-api";
import { installController, type ControllerArgs } from "./controller";
import type { Feature } from "./features";
import {
  recommenderLabels,
  releaseName,
  verticalPodAutoscalerTransforms,
  verticalPodAutoscalerValues,
  type VerticalPodAutoscalerValuesArgs,
} from "./vertical-pod-autoscaler-values";

const namespace = "vertical-pod-autoscaler";

export interface VerticalPodAutoscalerArgs
  extends VerticalPodAutoscalerValuesArgs, ControllerArgs {}

/**
 * The recommender of the vertical pod autoscaler: tells what the containers of each service really use.
 *
 * The chart's hooks belong to the admission controller, which is off as the updater is: nothing of it changes a
 * pod. It asks the API server, also for what the metrics server measures, and nobody else.
 */
export class VerticalPodAutoscaler extends Component implements Feature {
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: VerticalPodAutoscalerArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("platform", "VerticalPodAutoscaler", name, opts);

    const chart = installController(this, name, {
      coordinates: charts.verticalPodAutoscaler,
      releaseName,
      namespace,
      values: verticalPodAutoscalerValues(args),
      transforms: verticalPodAutoscalerTransforms,
      traffic: {
        "allow-api-server": { pods: recommenderLabels, egress: [toAnywhere(apiServerPorts)] },
      },
      environment: args.environment,
      retention: args.retention,
    });
    const api = new ServedApi(
      `${name}-api`,
      {
        server: "The vertical pod autoscaler",
        installed: chart,
        samples: [recommendationSample],
        api: args.environment.api,
      },
      { parent: this },
    );

    this.ready = [chart, api];
    this.registerOutputs({});
  }
}

/** As small as the definition lets one be; the recommender has no webhook. */
const recommendationSample = {
  path: `/apis/autoscaling.k8s.io/v1/namespaces/${namespace}/verticalpodautoscalers`,
  body: {
    apiVersion: "autoscaling.k8s.io/v1",
    kind: "VerticalPodAutoscaler",
    metadata: { name: sampleName, namespace },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: sampleName },
      updatePolicy: { updateMode: "Off" },
    },
  },
};
