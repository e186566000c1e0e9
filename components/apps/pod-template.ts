import type * as kubernetes from "@pulumi/kubernetes";
import { contentName, type ConfigData } from "../kit/config-map";
import { containerSecurityContext, podSecurityContext } from "../kit/hardening";
import { standardLabels, versionLabels } from "../kit/labels";
import { containerResources } from "../kit/resources";
import type { ContainerShape, EnvValue, SecretKey, WorkloadContext } from "./workload-args";

type PodTemplateSpec = kubernetes.types.input.core.v1.PodTemplateSpec;
type Container = kubernetes.types.input.core.v1.Container;
type EnvVar = kubernetes.types.input.core.v1.EnvVar;
type Volume = kubernetes.types.input.core.v1.Volume;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

/** What pods need to know of their workload. */
export type PodArgs = WorkloadContext & ContainerShape;

/** One immutable ConfigMap of a workload. */
export interface ConfigPart {
  /** How its container reads it. */
  readonly part: "env" | "files";
  /** What the ConfigMap's name starts with. */
  readonly baseName: string;
  /** The values. */
  readonly data: ConfigData;
}

/** The ConfigMaps that a workload's configuration makes. */
export function configParts(args: Pick<PodArgs, "service" | "config">): readonly ConfigPart[] {
  const { env, files } = args.config ?? {};
  return [
    ...(env === undefined ? [] : [configPart(args.service, "env", env)]),
    ...(files === undefined ? [] : [configPart(args.service, "files", files.contents)]),
  ];
}

function configPart(service: string, part: ConfigPart["part"], data: ConfigData): ConfigPart {
  return { part, baseName: `${service}-${part}`, data };
}

/** What the kind of a workload adds to its pods. */
export interface KindOfPod {
  /** The pods' labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** What it adds to the container: ports, probes, lifecycle. */
  readonly container: Partial<Container>;
  /** What it adds to the pod: restart policy, placement, grace period. */
  readonly pod: Omit<kubernetes.types.input.core.v1.PodSpec, "containers">;
}

/** The labels of what runs a workload's image. */
export function podLabels(args: PodArgs): Record<string, string> {
  return { ...standardLabels(args), ...versionLabels(args.image) };
}

/** The pods of a workload: one hardened container, its configuration, and the folders it may write. */
export function podTemplate(args: PodArgs, kind: KindOfPod): PodTemplateSpec {
  const { pullSecrets = [], priorityClass } = args;
  const mounts = volumes(args);
  return {
    metadata: { labels: { ...kind.labels } },
    spec: {
      serviceAccountName: args.service,
      automountServiceAccountToken: false,
      // The variables Kubernetes adds for each Service break programs that read one of the same name.
      enableServiceLinks: false,
      securityContext: podSecurityContext(args.user),
      ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
      ...(pullSecrets.length === 0
        ? {}
        : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
      ...kind.pod,
      containers: [
        {
          name: args.service,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          ...(args.command === undefined ? {} : { command: [...args.command] }),
          ...(args.args === undefined ? {} : { args: [...args.args] }),
          env: Object.entries(args.env ?? {}).map(([name, value]) => envVar(name, value)),
          ...configuredEnv(args),
          resources: containerResources(args.resources),
          securityContext: containerSecurityContext(),
          volumeMounts: mounts.map(({ mount }) => mount),
          ...kind.container,
        },
      ],
      volumes: mounts.map(({ volume }) => volume),
    },
  };
}

function envVar(name: string, value: EnvValue): EnvVar {
  return isSecretKey(value)
    ? { name, valueFrom: { secretKeyRef: { name: value.secretName, key: value.key } } }
    : { name, value };
}

function isSecretKey(value: EnvValue): value is SecretKey {
  return typeof value !== "string";
}

function configuredEnv({ service, config }: PodArgs): Pick<Container, "envFrom"> {
  const env = config?.env;
  return env === undefined
    ? {}
    : { envFrom: [{ configMapRef: { name: configName(service, "env", env) } }] };
}

function configName(service: string, part: ConfigPart["part"], data: ConfigData): string {
  return contentName(configPart(service, part, data).baseName, data);
}

interface MountedVolume {
  readonly volume: Volume;
  readonly mount: VolumeMount;
}

function volumes(args: PodArgs): readonly MountedVolume[] {
  return [...configuredFiles(args), ...writableFolders(args)];
}

function configuredFiles({ service, config }: PodArgs): readonly MountedVolume[] {
  const files = config?.files;
  if (files === undefined) {
    return [];
  }
  const name = "config";
  return [
    {
      volume: { name, configMap: { name: configName(service, "files", files.contents) } },
      mount: { name, mountPath: files.mountPath, readOnly: true },
    },
  ];
}

const defaultWritable = { "/tmp": "64Mi" };

function writableFolders({ writable = defaultWritable }: PodArgs): readonly MountedVolume[] {
  return Object.entries(writable).map(([mountPath, sizeLimit]) => {
    const name = `scratch${mountPath.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}`;
    return { volume: { name, emptyDir: { sizeLimit } }, mount: { name, mountPath } };
  });
}
