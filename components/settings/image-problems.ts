import { pathText, type SettingsProblem } from "./errors";

/** What is wrong between the pull Secrets of a stack file and what has to carry them. */
export function imageProblems({
  images,
  platform,
}: Readonly<Record<string, unknown>>): readonly SettingsProblem[] {
  const { mirror, pullSecrets, pullSecretsFrom } = mapIn(images);
  if (pullSecretsFrom === undefined) {
    return [];
  }
  const { store, secrets, bootstrap } = mapIn(pullSecretsFrom);
  const at = (...path: readonly string[]) => pathText(["images", "pullSecretsFrom", ...path]);
  if (platform === undefined) {
    return [
      {
        path: at(),
        message:
          "has to be left out: the stack that has the platform carries pull Secrets into the namespaces it makes.",
      },
    ];
  }
  const names: readonly unknown[] = Array.isArray(pullSecrets) ? pullSecrets : [];
  const known = Object.keys(mapIn(mapIn(mapIn(platform).externalSecrets).stores));
  return [
    ...(names.length === 0
      ? [
          {
            path: pathText(["images", "pullSecrets"]),
            message: `is empty; it has to name the Secrets that ${at()} carries.`,
          },
        ]
      : []),
    ...Object.keys(mapIn(secrets))
      .filter((name) => !names.includes(name))
      .map((name) => ({
        path: at("secrets", name),
        message: `is none of slipway:images.pullSecrets, which has ${names.join(", ")}.`,
      })),
    ...(typeof store !== "string" || known.includes(store)
      ? []
      : [
          {
            path: at("store"),
            message:
              `got "${store}"; it has to be one of slipway:platform.externalSecrets.stores, which has ` +
              `${known.length === 0 ? "none" : known.join(", ")}.`,
          },
        ]),
    ...(mirror !== undefined && bootstrap === undefined
      ? [
          {
            path: at("bootstrap"),
            message:
              "is missing; External Secrets cannot carry the Secret that its own pods are pulled with from the " +
              'mirror. It has to be "secret", and you make that Secret in the namespace external-secrets, or ' +
              '"nodes", whose container runtime knows the registry.',
          },
        ]
      : []),
  ];
}

function mapIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
