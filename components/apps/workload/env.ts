import type * as kubernetes from "@pulumi/kubernetes";

/** One key of a Secret in the workload's namespace. */
export interface SecretKey {
  /** The Secret's name. */
  readonly secretName: string;
  /** The key in it. */
  readonly key: string;
}

/** The value of an environment variable: a text, or a reference to a Secret. */
export type EnvValue = string | SecretKey;

/** Environment variables as a container's spec has them, in the order given. */
export function envVars(
  env: Readonly<Record<string, EnvValue>>,
): kubernetes.types.input.core.v1.EnvVar[] {
  return Object.entries(env).map(([name, value]) =>
    typeof value === "string"
      ? { name, value }
      : { name, valueFrom: { secretKeyRef: { name: value.secretName, key: value.key } } },
  );
}
