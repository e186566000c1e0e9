import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import { jobSpec, scriptConfigMap, setupJobLabels, type SetupJobArgs } from "./setup-job";

/**
 * Asks every hour whether a service still is as a `SetupJob` left it, and changes nothing: a Job that fails says
 * how it differs. What somebody changed by hand in a service is in no object of the cluster, so nothing else
 * would see it.
 */
export class SetupCheck extends Component {
  constructor(name: string, args: SetupJobArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "SetupCheck", name, opts);

    const ordered = pulumi.mergeOptions({ parent: this }, { dependsOn: opts.dependsOn });
    const config = new kubernetes.core.v1.ConfigMap(
      `${name}-script`,
      scriptConfigMap(args),
      ordered,
    );
    new kubernetes.batch.v1.CronJob(
      `${name}-job`,
      setupCheck(args),
      pulumi.mergeOptions(ordered, { dependsOn: [config] }),
    );
    this.registerOutputs({});
  }
}

/** The CronJob. Its pods are those of the set-up to the network policies. */
export function setupCheck(args: SetupJobArgs): kubernetes.batch.v1.CronJobArgs {
  const labels = setupJobLabels(args.baseName);
  return {
    metadata: { name: `${args.baseName}-check`, namespace: args.namespace, labels },
    spec: {
      schedule: "17 * * * *",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        metadata: { labels },
        // A pod that is started again in place would take the log along that says what differs.
        spec: jobSpec(args, { backoffLimit: 1, restartPolicy: "Never" }),
      },
    },
  };
}
