import { pathText, type SettingsProblem } from "./errors";

/** What each store of a stack holds is read by the namespaces that it names. */
interface ReadStore {
  /** Where the stack file names the store. */
  readonly path: readonly string[];
  /** Its name. */
  readonly name: unknown;
  /** The namespace that reads it. */
  readonly namespace: string;
}

/** What is wrong between the data services of a stack file and the platform that they rely on. */
export function dataProblems(input: Readonly<Record<string, unknown>>): readonly SettingsProblem[] {
  const platform = mapIn(input.platform);
  const { postgres, objectStore } = mapIn(input.data);
  if (input.platform === undefined || input.data === undefined) {
    return [];
  }
  return [
    ...(mapIn(postgres).kind === "pgo" && platform.pgo === undefined
      ? [
          {
            path: pathText(["platform", "pgo"]),
            message:
              "is missing; it has to be a map, because slipway:data.postgres.kind is pgo. Add it, or say external there.",
          },
        ]
      : []),
    ...storageClassProblems(platform, mapIn(input.data)),
    ...backupProblems(mapIn(postgres), mapIn(objectStore)),
    ...storesRead(mapIn(postgres), mapIn(objectStore)).flatMap((read) =>
      storeProblems(read, mapIn(mapIn(platform.externalSecrets).stores)),
    ),
  ];
}

/** A claim of a class that is not there waits for ever, so where a stack lists its classes each name is checked. */
function storageClassProblems(
  platform: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>>,
): readonly SettingsProblem[] {
  const known = Object.keys(mapIn(platform.storageClasses));
  const volumes: readonly (readonly string[])[] = [
    ["platform", "kubePrometheusStack", "storage"],
    ["data", "nats", "storage"],
    ["data", "postgres", "storage"],
    ["data", "postgres", "backups"],
    ["data", "objectStore", "storage"],
  ];
  return volumes.flatMap((path) => {
    const volume = path.reduce<unknown>((value, key) => mapIn(value)[key], { platform, data });
    const { storageClass } = mapIn(volume);
    return typeof storageClass !== "string" || known.length === 0 || known.includes(storageClass)
      ? []
      : [
          {
            path: pathText([...path, "storageClass"]),
            message:
              `got "${storageClass}"; it has to be one of slipway:platform.storageClasses, which has ` +
              `${known.join(", ")}. One that the cluster has already is added as "${storageClass}: installed".`,
          },
        ];
  });
}

/**
 * What pgBackRest cannot write to. That of the operator's release speaks TLS only, and of a cloud's
 * identities it has those of a role on AWS and of a service account on Google Cloud.
 */
function backupProblems(
  { kind, backups }: Readonly<Record<string, unknown>>,
  objectStore: Readonly<Record<string, unknown>>,
): readonly SettingsProblem[] {
  if (kind !== "pgo" || mapIn(backups).kind !== "objectStore") {
    return [];
  }
  const why = "because slipway:data.postgres.backups.kind is objectStore";
  const { tls, endpoint, access } = objectStore;
  const { postgres } = mapIn(mapIn(access).identities);
  const identity = mapIn(postgres);
  const at = (...path: readonly string[]) => pathText(["data", "objectStore", ...path]);
  const ofIdentity = at("access", "identities", "postgres");
  return [
    ...(tls === false
      ? [{ path: at("tls"), message: `got false; it has to be true, ${why}.` }]
      : []),
    ...(typeof endpoint === "string" && endpoint.startsWith("http://")
      ? [
          {
            path: at("endpoint"),
            message: `got "${endpoint}"; it has to start with https://, ${why}.`,
          },
        ]
      : []),
    ...(mapIn(access).kind === "identity" && postgres === undefined
      ? [{ path: ofIdentity, message: `is missing; it has to be a map, ${why}.` }]
      : []),
    ...(identity.kind === "aws" && identity.roleArn === undefined
      ? [
          {
            path: `${ofIdentity}.roleArn`,
            message: `is missing; it has to be the ARN of a role, ${why}.`,
          },
        ]
      : []),
    ...(identity.kind === "azure"
      ? [{ path: `${ofIdentity}.kind`, message: `got "azure"; it has to be aws or gcp, ${why}.` }]
      : []),
  ];
}

function storesRead(
  postgres: Readonly<Record<string, unknown>>,
  objectStore: Readonly<Record<string, unknown>>,
): readonly ReadStore[] {
  return [
    {
      path: ["data", "postgres", "users", "store"],
      name: mapIn(postgres.users).store,
      namespace: "postgres",
    },
    {
      path: ["data", "objectStore", "access", "store"],
      name: mapIn(objectStore.access).store,
      namespace: "object-store",
    },
  ];
}

function storeProblems(
  { path, name, namespace }: ReadStore,
  stores: Readonly<Record<string, unknown>>,
): readonly SettingsProblem[] {
  if (typeof name !== "string") {
    return [];
  }
  const known = Object.keys(stores);
  if (!known.includes(name)) {
    return [
      {
        path: pathText(path),
        message:
          `got "${name}"; it has to be one of slipway:platform.externalSecrets.stores, which has ` +
          `${known.length === 0 ? "none" : known.join(", ")}.`,
      },
    ];
  }
  const { namespaces } = mapIn(stores[name]);
  return Array.isArray(namespaces) && !namespaces.includes(namespace)
    ? [
        {
          path: pathText(["platform", "externalSecrets", "stores", name, "namespaces"]),
          message: `got ${JSON.stringify(namespaces)}; ${pathText(path)} reads the store in the namespace ${namespace}. Add it.`,
        },
      ]
    : [];
}

function mapIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
