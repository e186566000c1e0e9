import { readFileSync } from "node:fs";
import type * as kubernetes from "@pulumi/kubernetes";
import { Workload } from "../../../../components/apps/workload/workload";
import { Namespace } from "../../../../components/kit/namespace";
import { measured } from "../../../../tests/support/rooms";
import type { Declared } from "../../workloads";

const file = JSON.parse(readFileSync("workloads.json", "utf8")) as {
  readonly namespace: string;
  readonly workloads: readonly Declared[];
};

const namespace = new Namespace("test", { name: file.namespace, podSecurity: "restricted" });
for (const { name, alias, migrationFails, args } of file.workloads) {
  const transform = migrationFails === true ? { migration: failing } : {};
  new Workload(
    name,
    { features: measured, ...args, namespace, transform, retention: "delete" },
    alias === undefined ? {} : { aliases: [{ name: alias }] },
  );
}

/** Has the simulated nodes fail the pods of a Job. */
function failing(job: kubernetes.batch.v1.JobArgs): kubernetes.batch.v1.JobArgs {
  const { template } = job.spec as kubernetes.types.input.batch.v1.JobSpec;
  const { metadata, spec } = template as kubernetes.types.input.core.v1.PodTemplateSpec;
  const annotations = { "sandbox.slipway.dev/fail": "Error" };
  return {
    ...job,
    spec: {
      ...(job.spec as kubernetes.types.input.batch.v1.JobSpec),
      template: { metadata: { ...metadata, annotations }, spec },
    },
  };
}
