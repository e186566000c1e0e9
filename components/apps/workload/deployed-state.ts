import * as pulumi from "@pulumi/pulumi";
import { deployedObjects, type DeployedObjects } from "../../kit/immutable-guard";
import {
  revisionDigest,
  type DeployedService,
  type DeployedServices,
  type ReleaseRecord,
  type RolloutStep,
} from "./release";

/** How the Pulumi CLI answered when it was asked for the stack's state. */
export interface ExportedState {
  /** The command, for messages. */
  readonly command: string;
  /**
   * Its exit code.
   * @default - it could not be started
   */
  readonly code?: number;
  /** What it printed: the state as JSON. */
  readonly stdout: string;
  /** What it printed on the other stream. */
  readonly stderr: string;
}

/** The annotation that says which revision an object runs. */
export const revisionAnnotation = "slipway.dev/revision";

/** The annotation that says by a digest which spec an object was given, before anything transformed it. */
export const specAnnotation = "slipway.dev/spec";

/** The annotation with which the provider does not wait for an object. */
export const skipAwaitAnnotation = "pulumi.com/skipAwait";

/** The annotation with which the provider makes a Job anew that has not completed. */
export const replaceUnreadyAnnotation = "pulumi.com/replaceUnready";

/** What the stack's state says. */
export interface Deployed {
  /** What is deployed of each service. */
  readonly services: DeployedServices;
  /** What each object was deployed with. */
  readonly objects: DeployedObjects;
}

/**
 * Reads from the stack's state what is deployed. Nothing in it is decrypted: a release holds no secret.
 * @param exported undefined where there is no state, as in tests on mocks
 * @throws `pulumi.RunError` when the state cannot be read: a service would lose the version it has.
 */
export function readDeployed(exported: ExportedState | undefined): Deployed {
  if (exported === undefined) {
    return { services: new Map(), objects: new Map() };
  }
  if (exported.code !== 0) {
    throw unreadable(exported, exported.stderr.trim());
  }
  let state: unknown;
  try {
    state = JSON.parse(exported.stdout) as unknown;
  } catch {
    // The parser's own message may quote the state.
    throw unreadable(exported, "what it printed is not JSON");
  }
  return { services: deployedServices(state), objects: deployedObjects(state) };
}

function unreadable({ command, code }: ExportedState, reason: string): pulumi.RunError {
  return new pulumi.RunError(
    `The stack's own state cannot be read, so it is not known which versions are deployed. Nothing was changed.\n` +
      `  ${command}: ${code === undefined ? "could not be started" : `exit code ${String(code)}`}: ${reason}\n` +
      `  Let the directory of the pulumi executable be in PATH, and check that this command works here.`,
  );
}

/** One resource of an exported state, as far as it is looked at. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly delete?: boolean;
  readonly inputs?: ObjectProperties & Partial<ReleaseRecord>;
  readonly outputs?: ObjectProperties;
  readonly initErrors?: readonly string[];
}

/** The properties of a Kubernetes object. */
interface ObjectProperties {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}

const workloadType = /(^|\$)slipway:apps:Workload$/;

/** What an exported state says of each service. */
export function deployedServices(state: unknown): DeployedServices {
  const { deployment } = (state ?? {}) as { deployment?: { resources?: StateResource[] } };
  // A resource that was replaced stays in the state until its successor is ready.
  const resources = (deployment?.resources ?? []).filter((resource) => resource.delete !== true);
  const children = childrenByParent(resources);
  const services = new Map<string, DeployedService>();
  for (const { type, urn, inputs } of resources) {
    if (workloadType.test(type) && inputs?.service !== undefined && inputs.release !== undefined) {
      const { service, release, before = {} } = inputs;
      services.set(service, deployedService({ service, release, before }, children.get(urn) ?? []));
    }
  }
  return services;
}

function childrenByParent(
  resources: readonly StateResource[],
): ReadonlyMap<string, readonly StateResource[]> {
  const children = new Map<string, StateResource[]>();
  for (const resource of resources) {
    const parent = resource.parent ?? "";
    const siblings = children.get(parent) ?? [];
    siblings.push(resource);
    children.set(parent, siblings);
  }
  return children;
}

function deployedService(
  { release, before }: ReleaseRecord,
  children: readonly StateResource[],
): DeployedService {
  const steps = new Map(
    children.flatMap((child) => {
      const step = stepOf(child);
      return step === undefined ? [] : [[step, child] as const];
    }),
  );
  const controller = steps.get("controller");
  const spec = annotation(controller, specAnnotation);
  return {
    release,
    before,
    applied: annotation(controller, revisionAnnotation) === revisionDigest(release),
    // One that was left as it is after a failure has no errors any more, but still is not waited for.
    failed: [...steps.values()].some(
      (step) =>
        (step.initErrors ?? []).length > 0 || annotation(step, skipAwaitAnnotation) === "true",
    ),
    steps: [...steps.keys()],
    again: [...steps].flatMap(([step, resource]) => (isDoneAgain(resource) ? [step] : [])),
    ...(spec === undefined ? {} : { spec }),
    ...(children.some(({ type }) => type.endsWith(":ScaledObject")) ? { eventScaled: true } : {}),
  };
}

/** Which step of a rollout an object is, by the end of its logical name. */
function stepOf({ urn }: StateResource): RolloutStep | undefined {
  const [, jobOfRollout, controller] =
    /-(?:(migration|smoke-test)|(deployment|stateful-set|daemon-set|cron-job|job))$/.exec(urn) ??
    [];
  return controller === undefined ? (jobOfRollout as RolloutStep | undefined) : "controller";
}

/**
 * Whether a Job is made anew where it has not completed: it has failed for good, so that waiting for it could
 * only fail again; or it was made in the place of one that had, and keeps its annotation. One that was merely
 * interrupted may still be at work, and nobody ends it for a second one.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/provider/pkg/await/checker/job/check.go
 */
function isDoneAgain(resource: StateResource): boolean {
  const { type, initErrors = [], outputs } = resource;
  const isFailed =
    // The provider keeps the object as it was before it failed; that it did is in the errors alone.
    initErrors.some((error) => /^\[(BackoffLimitExceeded|DeadlineExceeded)\]/.test(error)) ||
    // One that was left as it is since has no errors any more.
    (outputs?.status?.conditions ?? []).some(
      (condition) => condition.type === "Failed" && condition.status === "True",
    );
  const isInItsPlace =
    initErrors.length === 0 && annotation(resource, replaceUnreadyAnnotation) === "true";
  return type === "kubernetes:batch/v1:Job" && (isFailed || isInItsPlace);
}

/**
 * An annotation of an object as the cluster has it. After an update that failed, the engine keeps the inputs
 * of the run before, so that the next run finds a difference; the outputs are those of the object.
 */
function annotation(resource: StateResource | undefined, name: string): string | undefined {
  return resource?.outputs?.metadata?.annotations?.[name];
}
