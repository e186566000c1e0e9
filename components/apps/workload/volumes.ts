import { createHash } from "node:crypto";
import type * as kubernetes from "@pulumi/kubernetes";
import { toSeconds, type Duration } from "../../kit/duration";
import type { OneOf } from "../../kit/one-of";
import type { Problem } from "../../kit/problem";
import { isQuantity, isWholeBytes, type Quantity } from "../../kit/quantity";

type Volume = kubernetes.types.input.core.v1.Volume;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;
type VolumeProjection = kubernetes.types.input.core.v1.VolumeProjection;

/** A Secret or a ConfigMap of the namespace as files. */
export interface ProjectedKeys {
  /** The object's name. */
  readonly name: string;
  /**
   * The file of each key, relative to the folder.
   * @default - a file for each key, of its name
   */
  readonly files?: Readonly<Record<string, string>>;
}

/** One of the things that a projected folder shows. */
export type ProjectedSource = OneOf<{
  /** Keys of a Secret. */
  readonly secret: ProjectedKeys;
  /** Keys of a ConfigMap. */
  readonly configMap: ProjectedKeys;
  /** A token of the workload's ServiceAccount that is good for one audience only. */
  readonly token: {
    /** Who accepts it. */
    readonly audience: string;
    /** Its file, relative to the folder. */
    readonly file: string;
    /**
     * How long it is good for; the kubelet renews it before. At least 10 minutes.
     * @default "1h"
     */
    readonly expiration?: Duration;
  };
}>;

/** What a folder of the containers shows: one of a claim, an empty folder, and a projection. */
export type VolumeSource = OneOf<{
  /** A PersistentVolumeClaim that is there already. */
  readonly claim: {
    /** Its name. */
    readonly name: string;
    /**
     * Whether the containers may only read it.
     * @default false
     */
    readonly readOnly?: boolean;
  };
  /** A folder that is empty at first, and gone with the pod. */
  readonly emptyDir: {
    /** Its size; a pod that writes more is evicted. */
    readonly size: Quantity;
    /**
     * Whether it is in memory, where it counts as memory of the container that writes it.
     * @default false
     */
    readonly memory?: boolean;
  };
  /** Several things in one folder, read-only. */
  readonly projected: readonly ProjectedSource[];
}>;

/** Folders by their absolute path. */
export type Volumes = Readonly<Record<string, VolumeSource>>;

/** A volume of a pod, and where its containers have it. */
export interface MountedVolume {
  /** The volume, as the pod's spec has it. */
  readonly volume: Volume;
  /** Its place in each container. */
  readonly mount: VolumeMount;
}

/** The volumes of a pod's folders. */
export function mountedVolumes(volumes: Volumes): readonly MountedVolume[] {
  return Object.entries(volumes).map(([mountPath, source]) => {
    const name = volumeName("volume", mountPath);
    return {
      volume: { name, ...volumeSource(source) },
      mount: { name, mountPath, ...(isReadOnly(source) ? { readOnly: true } : {}) },
    };
  });
}

/** The longest DNS label. */
const longestName = 63;

/**
 * A volume's name, made from the folder it is for: `volume-var-lib-app`. A hash of the path follows where
 * two paths could have one name, or the name would be too long.
 */
export function volumeName(prefix: string, mountPath: string): string {
  const name = `${prefix}${mountPath.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}`;
  if (/^(\/[a-z0-9]+)+$/.test(mountPath) && name.length <= longestName) {
    return name;
  }
  const hash = createHash("sha256").update(mountPath).digest("hex").slice(0, 8);
  return `${name.slice(0, longestName - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

function isReadOnly({ claim, projected }: VolumeSource): boolean {
  return projected !== undefined || claim?.readOnly === true;
}

function volumeSource(source: VolumeSource): Omit<Volume, "name"> {
  if (source.claim !== undefined) {
    const { name, readOnly } = source.claim;
    return {
      persistentVolumeClaim: {
        claimName: name,
        ...(readOnly === undefined ? {} : { readOnly }),
      },
    };
  }
  if (source.emptyDir !== undefined) {
    const { size, memory = false } = source.emptyDir;
    return { emptyDir: { sizeLimit: size, ...(memory ? { medium: "Memory" } : {}) } };
  }
  return { projected: { sources: source.projected.map(projection) } };
}

function projection({ secret, configMap, token }: ProjectedSource): VolumeProjection {
  if (secret !== undefined) {
    return { secret: projectedKeys(secret) };
  }
  if (configMap !== undefined) {
    return { configMap: projectedKeys(configMap) };
  }
  return {
    serviceAccountToken: {
      audience: token.audience,
      path: token.file,
      expirationSeconds: toSeconds(token.expiration ?? "1h"),
    },
  };
}

function projectedKeys({
  name,
  files,
}: ProjectedKeys): kubernetes.types.input.core.v1.SecretProjection {
  return {
    name,
    ...(files === undefined
      ? {}
      : { items: Object.entries(files).map(([key, path]) => ({ key, path })) }),
  };
}

/** The API server refuses a token that is good for less. */
const shortestTokenSeconds = 600;

/** What is wrong with a pod's folders. */
export function volumeProblems(volumes: Volumes): readonly Problem[] {
  return Object.entries(volumes).flatMap(([mountPath, source]) => {
    const field = `["${mountPath}"]`;
    return [
      ...mountPathProblems(field, mountPath),
      ...(source.emptyDir === undefined ? [] : sizeProblems(field, source.emptyDir.size)),
      ...(source.projected ?? []).flatMap(({ token }) =>
        token === undefined ? [] : tokenProblems(field, token.expiration),
      ),
      ...sharedFileProblems(field, source.projected ?? []),
    ];
  });
}

/** What is wrong with the path of a folder. */
export function mountPathProblems(field: string, mountPath: string): readonly Problem[] {
  return /^\/[^:]*[^:/]$/.test(mountPath)
    ? []
    : [
        {
          field,
          message: `got "${mountPath}"; a folder has an absolute path other than "/", without a colon and a slash at its end.`,
        },
      ];
}

/** What is wrong with the size of a folder. */
export function sizeProblems(field: string, size: Quantity): readonly Problem[] {
  return isQuantity(size) && isWholeBytes(size)
    ? []
    : [
        {
          field,
          message: `got "${size}"; a size is a whole number of bytes, as a quantity such as "64Mi" or "5Gi".`,
        },
      ];
}

function tokenProblems(field: string, expiration: Duration = "1h"): readonly Problem[] {
  return toSeconds(expiration) >= shortestTokenSeconds
    ? []
    : [
        {
          field,
          message: `got a token that is good for "${expiration}"; it has to be at least ${String(shortestTokenSeconds)}s.`,
        },
      ];
}

/** Two things at one place of a projected folder: only one of them could be read. */
function sharedFileProblems(
  field: string,
  sources: readonly ProjectedSource[],
): readonly Problem[] {
  const files = sources.flatMap(({ secret, configMap, token }) =>
    token === undefined ? Object.values((secret ?? configMap).files ?? {}) : [token.file],
  );
  const twice = files.filter((file, index) =>
    files
      .slice(0, index)
      .some((other) => `${file}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${file}/`)),
  );
  return [...new Set(twice)].map((file) => ({
    field,
    message: `has two things at "${file}". Give each its own file.`,
  }));
}
