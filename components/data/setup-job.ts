import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import { contentConfigMap, contentName } from "../kit/config-map";
import { containerSecurityContext, podSecurityContext } from "../kit/hardening";
import { containerResources } from "../kit/resources";

/** One key of a Secret. */
export interface SecretKey {
  /** The Secret's name. */
  readonly secret: string;
  /** The key in it. */
  readonly key: string;
}

export interface SetupJobArgs {
  /** The name that the Job's name starts with; a hash of what it does follows. */
  readonly baseName: string;
  /** The namespace. */
  readonly namespace: string;
  /** The image that holds the command-line tool. */
  readonly image: string;
  /** The shell script; it runs again after a failure and whenever anything here changes, so it is idempotent. */
  readonly script: string;
  /** Further files beside the script, by name; the script finds them in `/setup`. */
  readonly files: Readonly<Record<string, string>>;
  /**
   * The environment: values anyone may read, and keys of Secrets.
   * @default - none
   */
  readonly env?: Readonly<Record<string, string | SecretKey>>;
  /**
   * Secrets that are mounted, by the folder they appear in below `/credentials`.
   * @default - none
   */
  readonly credentials?: Readonly<Record<string, string>>;
}

/** The label that a NetworkPolicy selects the Job's pods by. */
export function setupJobLabels(baseName: string): Record<string, string> {
  return { "app.kubernetes.io/name": baseName };
}

/**
 * Brings a service to a declared state by its own command-line tool, once for each state: the Job is
 * awaited, is named by the hash of what it does, and replaces the one before it.
 *
 * It takes the place of a chart's install hook, which `helm.v4.Chart` does not run.
 */
export class SetupJob extends Component {
  /** What depends on the state this Job brings about depends on this. */
  readonly job: kubernetes.batch.v1.Job;

  constructor(name: string, args: SetupJobArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "SetupJob", name, opts);

    // The objects repeat what the component waits for: a targeted update looks at them alone.
    const ordered = pulumi.mergeOptions({ parent: this }, { dependsOn: opts.dependsOn });
    const config = new kubernetes.core.v1.ConfigMap(
      `${name}-script`,
      scriptConfigMap(args),
      ordered,
    );
    this.job = new kubernetes.batch.v1.Job(
      `${name}-job`,
      setupJob(args),
      pulumi.mergeOptions(ordered, {
        dependsOn: [config],
        deleteBeforeReplace: true,
        customTimeouts: { create: `${String(deadlineSeconds + 60)}s` },
      }),
    );
    this.registerOutputs({});
  }
}

/** How long all attempts together may take: the service is ready when the Job starts. */
const deadlineSeconds = 600;

const scriptName = "setup.sh";

/** The immutable ConfigMap of the script and its files. */
export function scriptConfigMap(args: SetupJobArgs): kubernetes.core.v1.ConfigMapArgs {
  return contentConfigMap({
    baseName: args.baseName,
    namespace: args.namespace,
    labels: setupJobLabels(args.baseName),
    data: scriptData(args),
  });
}

function scriptData(args: SetupJobArgs): Record<string, string> {
  return { [scriptName]: args.script, ...args.files };
}

/** The Job. A Job's template is immutable, so its name says what is in it. */
export function setupJob(args: SetupJobArgs): kubernetes.batch.v1.JobArgs {
  const spec = jobSpec(args);
  const hash = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 10);
  return {
    metadata: {
      name: `${args.baseName}-${hash}`,
      namespace: args.namespace,
      labels: setupJobLabels(args.baseName),
      // One that failed does not start again by itself: the next update makes it anew.
      annotations: { "pulumi.com/replaceUnready": "true" },
    },
    spec,
  };
}

/** How a Job goes on after a failure. */
export interface JobRetries {
  /** How often it is tried again. */
  readonly backoffLimit: number;
  /** Whether in the same pod, whose logs go with it, or in another. */
  readonly restartPolicy: "OnFailure" | "Never";
}

/** What the Job does. */
export function jobSpec(
  args: SetupJobArgs,
  { backoffLimit, restartPolicy }: JobRetries = { backoffLimit: 6, restartPolicy: "OnFailure" },
): kubernetes.types.input.batch.v1.JobSpec {
  const credentials = Object.entries(args.credentials ?? {}).map(([folder, secretName], index) => ({
    folder,
    secretName,
    volume: `credentials-${String(index)}`,
  }));
  return {
    backoffLimit,
    activeDeadlineSeconds: deadlineSeconds,
    template: {
      metadata: { labels: setupJobLabels(args.baseName) },
      spec: {
        restartPolicy,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurityContext(),
        containers: [
          {
            name: "setup",
            image: args.image,
            command: ["/bin/sh", `/setup/${scriptName}`],
            // The tools keep a configuration folder; the image's own is not writable, nor is its work
            // folder one that every user may enter.
            workingDir: "/tmp",
            env: [
              { name: "HOME", value: "/tmp" },
              { name: "XDG_CONFIG_HOME", value: "/tmp" },
              ...Object.entries(args.env ?? {}).map(([variable, value]) => envVar(variable, value)),
            ],
            resources: containerResources({ typical: { cpu: "50m", memory: "64Mi" } }),
            securityContext: containerSecurityContext(),
            volumeMounts: [
              { name: "setup", mountPath: "/setup", readOnly: true },
              { name: "tmp", mountPath: "/tmp" },
              ...credentials.map(({ folder, volume }) => ({
                name: volume,
                mountPath: `/credentials/${folder}`,
                readOnly: true,
              })),
            ],
          },
        ],
        volumes: [
          { name: "setup", configMap: { name: contentName(args.baseName, scriptData(args)) } },
          { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
          ...credentials.map(({ secretName, volume }) => ({
            name: volume,
            secret: { secretName },
          })),
        ],
      },
    },
  };
}

function envVar(name: string, value: string | SecretKey): kubernetes.types.input.core.v1.EnvVar {
  return typeof value === "string"
    ? { name, value }
    : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } };
}
