import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import { networkPolicy, type EgressRule } from "../kit/network-policy";
import { jobSpec, scriptConfigMap, setupJobLabels, type SetupJobArgs } from "./setup-job";

/** The label by which `npm run environment` finds what empties a slot; its value is the slot. */
export const previewSlotLabel = "slipway.dev/preview-slot";

export interface PreviewWipeArgs extends Omit<SetupJobArgs, "baseName"> {
  /** The slot of the preview environments. */
  readonly slot: number;
  /** The pods and addresses that the Job talks to. */
  readonly egress: readonly EgressRule[];
}

/** The name of what empties a slot, and of its pods. */
function wipeName(slot: number): string {
  return `preview-${String(slot)}-wipe`;
}

/** The labels of the pods that empty a slot. */
export function wipeLabels(slot: number): Record<string, string> {
  return setupJobLabels(wipeName(slot));
}

/**
 * Empties what a slot of the preview environments has of a data service, so that the next environment finds
 * nothing of the last one. It is a suspended CronJob: `npm run environment -- delete` starts a Job of it.
 */
export class PreviewWipe extends Component {
  constructor(name: string, args: PreviewWipeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "PreviewWipe", name, opts);
    const { slot, namespace, egress } = args;
    const job = { ...args, baseName: wipeName(slot) };
    const labels = setupJobLabels(job.baseName);
    const ordered = pulumi.mergeOptions({ parent: this }, { dependsOn: opts.dependsOn });

    const config = new kubernetes.core.v1.ConfigMap(
      `${name}-script`,
      scriptConfigMap(job),
      ordered,
    );
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-allow`,
      {
        metadata: { name: `allow-${job.baseName}`, namespace },
        spec: networkPolicy({ pods: labels, egress }),
      },
      ordered,
    );
    new kubernetes.batch.v1.CronJob(
      `${name}-job`,
      {
        metadata: {
          name: job.baseName,
          namespace,
          labels: { ...labels, [previewSlotLabel]: String(slot) },
        },
        spec: {
          // It is never due by itself; a schedule has to be there.
          suspend: true,
          schedule: "0 0 1 1 *",
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: 300,
          jobTemplate: { metadata: { labels }, spec: jobSpec(job) },
        },
      },
      pulumi.mergeOptions(ordered, { dependsOn: [config] }),
    );
    this.registerOutputs({});
  }
}
