import type { EnvValue } from "./env";
import type { ServingWorkload } from "./workload-args";

/**
 * The annotation by which Reloader restarts the pods when one of these Secrets has another value.
 * @see https://github.com/stakater/Reloader#named-resource-reload-specific-resource-annotations
 */
const reloadOn = "secret.reloader.stakater.com/reload";

/**
 * Has the pods restarted when a value of their environment rotates: a process keeps the environment it
 * was started with. Files that a Secret is mounted as are renewed in place, and what ends by itself reads
 * the value of its day.
 */
export function rotationAnnotations(
  args: Pick<
    ServingWorkload,
    "env" | "features" | "initContainers" | "restartOnRotation" | "sidecars"
  >,
): Record<string, string> | undefined {
  const secrets = secretsRead(args);
  return args.features?.reloader === undefined ||
    args.restartOnRotation === false ||
    secrets.length === 0
    ? undefined
    : { [reloadOn]: secrets.join(",") };
}

/** The Secrets in the environments of a pod's containers; not those of its migration and smoke test. */
function secretsRead({
  env = {},
  initContainers = {},
  sidecars = {},
}: Pick<ServingWorkload, "env" | "initContainers" | "sidecars">): readonly string[] {
  const containers = [...Object.values(initContainers), ...Object.values(sidecars)];
  const environments: readonly Readonly<Record<string, EnvValue>>[] = [
    env,
    ...containers.map((container) => container.env ?? {}),
  ];
  const names = environments
    .flatMap((each) => Object.values(each))
    .flatMap((value) => (typeof value === "string" ? [] : [value.secretName]));
  return [...new Set(names)].sort();
}
