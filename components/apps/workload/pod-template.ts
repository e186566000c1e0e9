import type * as kubernetes from "@pulumi/kubernetes";
import { identityLabels } from "../../kit/cloud-identity";
import { contentName, type ConfigData } from "../../kit/config-map";
import { containerSecurityContext, podSecurityContext } from "../../kit/hardening";
import { standardLabels, versionLabels } from "../../kit/labels";
import { toleration } from "../../kit/placement";
import type { Quantity } from "../../kit/quantity";
import { containerResources } from "../../kit/resources";
import { priorityClasses } from "../../platform";
import { envVars } from "./env";
import { objectName, podNetworkLabels, podSelector, type TakenOver } from "./existing";
import { extraContainers } from "./extra-containers";
import { mountedVolumes, volumeName, type MountedVolume } from "./volumes";
import type { ContainerShape, WorkloadContext } from "./workload-args";

type PodTemplateSpec = kubernetes.types.input.core.v1.PodTemplateSpec;
type Container = kubernetes.types.input.core.v1.Container;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

/** What pods need to know of their workload. */
export type PodArgs = WorkloadContext & ContainerShape & TakenOver;

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
  /**
   * Where the containers have volumes that the kind makes.
   * @default - it makes none
   */
  readonly mounts?: readonly VolumeMount[];
}

/** The labels of what runs a workload's image. */
export function podLabels(args: PodArgs): Record<string, string> {
  return {
    ...standardLabels(args),
    ...podNetworkLabels(args),
    ...versionLabels(args.image),
    ...identityLabels(args.cloudIdentity),
  };
}

/** The labels of the pods that a workload's Service and Deployment select, and of the Deployment. */
export function selectedLabels(args: PodArgs): Record<string, string> {
  return { ...podLabels(args), ...podSelector(args) };
}

/** What pods have that end by themselves; failed ones are kept for their logs. */
export function endingPods(args: PodArgs): KindOfPod {
  return { labels: podLabels(args), container: {}, pod: { restartPolicy: "Never" } };
}

/** The pods of a workload: one hardened container, its configuration, and the folders it may write. */
export function podTemplate(args: PodArgs, kind: KindOfPod): PodTemplateSpec {
  const { pullSecrets = [], priorityClass } = args;
  const mounted = volumes(args, kind.mounts ?? []);
  const volumeMounts = [...mounted.map(({ mount }) => mount), ...(kind.mounts ?? [])];
  const initContainers = extraContainers(args, args.image, volumeMounts);
  return {
    metadata: { labels: { ...kind.labels } },
    spec: {
      serviceAccountName: objectName(args, "serviceAccount"),
      automountServiceAccountToken: args.apiAccess !== undefined,
      // The variables Kubernetes adds for each Service break programs that read one of the same name.
      enableServiceLinks: false,
      securityContext: podSecurityContext(args.user),
      ...(priorityClass === undefined ? {} : { priorityClassName: className(priorityClass) }),
      ...(pullSecrets.length === 0
        ? {}
        : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
      ...nodeChoice(args),
      ...kind.pod,
      ...(initContainers.length === 0 ? {} : { initContainers }),
      containers: [
        {
          name: args.service,
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          ...(args.command === undefined ? {} : { command: [...args.command] }),
          ...(args.args === undefined ? {} : { args: [...args.args] }),
          env: envVars(args.env ?? {}),
          ...configuredEnv(args),
          resources: containerResources(args.resources),
          securityContext: containerSecurityContext(),
          volumeMounts,
          ...kind.container,
        },
      ],
      volumes: mounted.map(({ volume }) => volume),
    },
  };
}

function className(priorityClass: NonNullable<PodArgs["priorityClass"]>): string {
  return typeof priorityClass === "string"
    ? priorityClasses[priorityClass].name
    : priorityClass.named;
}

function nodeChoice({
  nodeSelector,
  tolerations = [],
}: PodArgs): Partial<kubernetes.types.input.core.v1.PodSpec> {
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations.length === 0 ? {} : { tolerations: tolerations.map(toleration) }),
  };
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

/** The volumes of a pod, beside those at `others`. */
function volumes(args: PodArgs, others: readonly VolumeMount[]): readonly MountedVolume[] {
  const files = configuredFiles(args);
  const own = mountedVolumes(args.volumes ?? {});
  const taken = [...files, ...own].map(({ mount }) => mount).concat(others);
  return [...files, ...writableFolders(args.writable ?? writableBeside(taken)), ...own];
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

const temporary = "/tmp";

function writableBeside(taken: readonly VolumeMount[]): Readonly<Record<string, Quantity>> {
  return taken.some(({ mountPath }) => mountPath === temporary) ? {} : { [temporary]: "64Mi" };
}

function writableFolders(writable: Readonly<Record<string, Quantity>>): readonly MountedVolume[] {
  return Object.entries(writable).map(([mountPath, sizeLimit]) => {
    const name = volumeName("scratch", mountPath);
    return { volume: { name, emptyDir: { sizeLimit } }, mount: { name, mountPath } };
  });
}
