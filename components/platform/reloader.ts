import type * as pulumi from "@pulumi/pulumi";
import { charts } from "../charts";
import { Component } from "../kit/component";
import { apiServerPorts, toAnywhere } from "../kit/network-policy";
import { installController, type ControllerArgs } from "./controller";
import type { Feature } from "./features";
import { reloaderLabels, reloaderValues, type ReloaderValuesArgs } from "./reloader-values";

export interface ReloaderArgs extends ReloaderValuesArgs, ControllerArgs {}

/**
 * Reloader: restarts the pods that ask for it when a Secret they read is rotated.
 *
 * The chart has no hooks and no definitions. Its probes ask its one port; nobody else does.
 */
export class Reloader extends Component implements Feature {
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: ReloaderArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform", "Reloader", name, opts);

    const chart = installController(this, name, {
      coordinates: charts.reloader,
      releaseName: "reloader",
      namespace: "reloader",
      values: reloaderValues(args),
      traffic: {
        "allow-api-server": { pods: reloaderLabels, egress: [toAnywhere(apiServerPorts)] },
      },
      environment: args.environment,
      retention: args.retention,
    });

    this.ready = [chart];
    this.registerOutputs({});
  }
}
