import { createHash } from "node:crypto";
import { parseImage } from "../../kit/image-reference";
import type { EnvValue } from "./env";
import type { WorkloadConfig } from "./workload-args";

/** One environment variable. The state sorts the keys of an object, and the order of variables matters. */
export interface RecordedVariable {
  /** Its name. */
  readonly name: string;
  /** A text, or where the secret is. */
  readonly value: EnvValue;
}

/** What a service runs: what a rollback brings back. Secrets are in it by reference only. */
export interface Revision {
  /** The image, with its tag or digest. */
  readonly image: string;
  /**
   * The program, in place of the image's entry point.
   * @default - the image's
   */
  readonly command?: readonly string[];
  /**
   * Its arguments.
   * @default - the image's
   */
  readonly args?: readonly string[];
  /** The environment, in order. */
  readonly env: readonly RecordedVariable[];
  /**
   * What is kept in ConfigMaps.
   * @default - nothing
   */
  readonly config?: WorkloadConfig;
}

/** Who chose the version: the one who deployed it, a rollback, or the declaration and the stack file. */
export type Origin = "given" | "rollback" | "declared";

/** How the version of a service was chosen. */
export interface Choice {
  /** Who chose it. */
  readonly origin: Origin;
  /**
   * The image that the declaration pinned at that time.
   * @default - none: the service has an image of its own
   */
  readonly pinned?: string;
}

/** A revision, and how its version was chosen. */
export interface Release extends Revision, Choice {}

/** The releases of a service that were rolled out to their end. */
export interface History {
  /**
   * The last one.
   * @default - none was
   */
  readonly current?: Release;
  /**
   * The one before, with another image.
   * @default - there was none
   */
  readonly previous?: Release;
}

/** What a workload's component records of itself in the state. */
export interface ReleaseRecord {
  /** `<application>/<service>`. */
  readonly service: string;
  /** What it was to run. */
  readonly release: Release;
  /** What had been rolled out before that. */
  readonly before: History;
}

/** A step of a rollout that the engine waits for. */
export type RolloutStep = "migration" | "controller" | "smoke-test";

/** What the state says of one service. */
export interface DeployedService extends Omit<ReleaseRecord, "service"> {
  /** Whether the object that runs the pods has this release, or still an earlier one. */
  readonly applied: boolean;
  /** Whether a step of its last rollout failed: the migration, the rollout itself, the smoke test. */
  readonly failed: boolean;
  /** The steps of its rollout that are in the state. */
  readonly steps: readonly RolloutStep[];
  /** Those of them whose Job has failed, or took the place of one that had: it is made anew unless it completes. */
  readonly again: readonly RolloutStep[];
  /**
   * The digest of the spec that the object that runs the pods was given.
   * @default - there is no such object yet
   */
  readonly spec?: string;
  /**
   * Whether KEDA scales it.
   * @default false
   */
  readonly eventScaled?: boolean;
}

/** The services in the stack's state, by `<application>/<service>`. */
export type DeployedServices = ReadonlyMap<string, DeployedService>;

/**
 * How the version of a workload was chosen, and what of it is deployed.
 * @opaque
 */
export interface WorkloadRelease extends Choice {
  /**
   * What the state says of it.
   * @default - it was never deployed
   */
  readonly deployed?: DeployedService;
  /** Whether the run is about other services: versions were given, or is a rollback, and not of this one. */
  readonly bystander: boolean;
  /**
   * What it is rolled back to: image and configuration.
   * @default - it follows its declaration
   */
  readonly rollback?: Release;
}

/** A name for a revision that is the same exactly for the same image and configuration. */
export function revisionDigest({ image, command, args, env, config }: Revision): string {
  const content = [
    image,
    command ?? null,
    args ?? null,
    env.map(({ name, value }) =>
      typeof value === "string" ? [name, value] : [name, value.secretName, value.key],
    ),
    sortedEntries(config?.env),
    config?.files?.mountPath ?? null,
    sortedEntries(config?.files?.contents),
  ];
  return digestOf(content);
}

/** A name for a plain value that is another one whenever the value is. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

function sortedEntries(data: Readonly<Record<string, string>> | undefined): unknown {
  return data === undefined ? null : Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What was rolled out to its end, the last run included. */
export function historyOf({ release, before, applied, failed }: DeployedService): History {
  return applied && !failed ? advance(before, release) : before;
}

/** The history once a release was rolled out. What came before is what had another image. */
export function advance({ current, previous }: History, release: Release): History {
  return { current: release, previous: current?.image === release.image ? previous : current };
}

/** What its pods run; what they were to run, where none was ever started. */
export function runningRelease({ release, before, applied }: DeployedService): Release {
  return applied ? release : (before.current ?? release);
}

/**
 * The version that a service keeps when none is given: the one that was given, or rolled back to, last.
 * A declaration that pins another image than it did then is the later decision.
 */
export function keptVersion(
  deployed: DeployedService | undefined,
  pinned: string | undefined,
): Release | undefined {
  const running = deployed && runningRelease(deployed);
  return running !== undefined && running.origin !== "declared" && running.pinned === pinned
    ? running
    : undefined;
}

/**
 * What a rollback brings back: where the last rollout failed, what was rolled out before it; else the
 * predecessor, which has another image.
 */
export function rollbackTarget(deployed: DeployedService): Release | undefined {
  return deployed.failed ? deployed.before.current : historyOf(deployed).previous;
}

/** The record of a service that is to run a release; the same as before where nothing of it changes. */
export function recordOf(
  service: string,
  release: Release,
  deployed: DeployedService | undefined,
): ReleaseRecord {
  const isSame =
    deployed !== undefined && revisionDigest(deployed.release) === revisionDigest(release);
  const before = deployed === undefined ? {} : isSame ? deployed.before : historyOf(deployed);
  return { service, release, before };
}

/** The images of a service. */
export interface ServiceImages {
  /** The one it runs. */
  readonly current: string;
  /**
   * The one it ran before.
   * @default - there was none
   */
  readonly previous?: string;
}

/** The images of a service that is to run one; the previous one changes only when the image does. */
export function imagesOf(current: string, deployed: DeployedService | undefined): ServiceImages {
  const { current: last, previous } = deployed === undefined ? {} : historyOf(deployed);
  const before = last?.image === current ? previous?.image : last?.image;
  return { current, ...(before === undefined ? {} : { previous: before }) };
}

/** Tag, digest or both of an image: what follows its repository. */
export function versionOf(image: string): string {
  return image.slice(parseImage(image).repository.length + 1);
}
