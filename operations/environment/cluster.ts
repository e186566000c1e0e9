import {
  ApiException,
  KubernetesObjectApi,
  PatchStrategy,
  type KubernetesObject,
  type V1CronJob,
  type V1Job,
} from "@kubernetes/client-node";
import { previewSlotLabel } from "../../components/data/preview-wipe";
import { Failure } from "../../sandbox/terminal/failure";
import { openKubeConfig } from "../cluster";
import type { NamedCluster } from "../stack";
import {
  claimOf,
  environmentLabel,
  expiryAnnotation,
  slotLabel,
  templateLabel,
  type ClusterObject,
} from "./objects";

/** An environment's namespace in the cluster. */
export interface EnvironmentNamespace {
  /** Its name. */
  readonly name: string;
  /** The environment's stack. @default - it is no environment's */
  readonly stack?: string;
  /** Until when the environment is wanted. @default - nobody said */
  readonly expires?: Date;
  /** Which of the previews' data it has. @default - nobody said */
  readonly slot?: number;
  /** Whether it is being deleted. */
  readonly leaving: boolean;
}

/** What `environment` does in the cluster. */
export interface EnvironmentCluster {
  /** A namespace; undefined when it is not there. */
  namespace(name: string): Promise<EnvironmentNamespace | undefined>;
  /** The namespaces of all environments of a template. */
  namespaces(template: string): Promise<readonly EnvironmentNamespace[]>;
  /** Who has which slot of the previews' data: the stacks by their slots. */
  claims(): Promise<ReadonlyMap<number, string>>;
  /** Takes a slot for a stack; false when another one was quicker. */
  claim(slot: number, stack: string): Promise<boolean>;
  /** Empties the data of a slot, and waits until it is empty. @throws Failure when it cannot be. */
  wipe(slot: number): Promise<void>;
  /** Makes an object, or makes it what it is to be. */
  apply(object: ClusterObject): Promise<void>;
  /** A Secret of a namespace. @throws Failure when it is not there. */
  secret(namespace: string, name: string): Promise<ClusterObject>;
  /**
   * Deletes what belongs to an environment's stack: grants first, then its namespaces, until they are gone,
   * and last its claim of a slot.
   */
  remove(stack: string): Promise<void>;
}

/** The kinds of an environment's objects outside its namespaces. */
const outside = [
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["rbac.authorization.k8s.io/v1", "Role"],
] as const;

/** How long a namespace may take to go, whose ExternalSecrets and volumes go first, and a Job to end. */
const patience = { attempts: 150, intervalMs: 2000 };

/** Opens the cluster that a stack names, its identity checked. */
export async function openEnvironmentCluster(named: NamedCluster): Promise<EnvironmentCluster> {
  return new OpenCluster(KubernetesObjectApi.makeApiClient(await openKubeConfig(named)));
}

class OpenCluster implements EnvironmentCluster {
  constructor(private readonly api: KubernetesObjectApi) {}

  async namespace(name: string): Promise<EnvironmentNamespace | undefined> {
    const found = await orGone(this.api.read(header("v1", "Namespace", name)));
    return found && described(found);
  }

  namespaces(template: string): Promise<readonly EnvironmentNamespace[]> {
    return this.namespacesWith(`${templateLabel}=${template}`);
  }

  async claims(): Promise<ReadonlyMap<number, string>> {
    const leases = await this.labelled("coordination.k8s.io/v1", "Lease", slotLabel);
    return new Map(
      leases.map(({ metadata }) => [
        Number(metadata?.labels?.[slotLabel]),
        metadata?.labels?.[environmentLabel] ?? "",
      ]),
    );
  }

  async claim(slot: number, stack: string): Promise<boolean> {
    try {
      await this.api.create(claimOf(slot, stack) as KubernetesObject);
      return true;
    } catch (error) {
      if (error instanceof ApiException && error.code === 409) {
        return false;
      }
      throw error;
    }
  }

  async wipe(slot: number): Promise<void> {
    const selector = `${previewSlotLabel}=${String(slot)}`;
    const cronJobs = await this.labelled("batch/v1", "CronJob", selector);
    const jobs = cronJobs.map((cronJob) => wipeJob(cronJob as V1CronJob));
    await Promise.all(jobs.map((job) => this.api.create(job)));
    await Promise.all(jobs.map((job) => finish(this.api, job)));
  }

  async apply(object: ClusterObject): Promise<void> {
    await this.api.patch(
      object as KubernetesObject,
      ...[undefined, undefined, "slipway-environment", true],
      PatchStrategy.ServerSideApply,
    );
  }

  async secret(namespace: string, name: string): Promise<ClusterObject> {
    const found = await orGone(this.api.read(header("v1", "Secret", name, namespace)));
    if (found === undefined) {
      throw new Failure(
        `There is no Secret ${namespace}/${name} to pull images with.`,
        "Make it: environments get a copy of the one in their application's namespace.",
      );
    }
    return found as unknown as ClusterObject;
  }

  async remove(stack: string): Promise<void> {
    const selector = `${environmentLabel}=${stack}`;
    for (const [apiVersion, kind] of outside) {
      await this.deleteAll(apiVersion, kind, selector);
    }
    await this.removeNamespaces(selector);
    await this.deleteAll("coordination.k8s.io/v1", "Lease", selector);
  }

  private async removeNamespaces(selector: string): Promise<void> {
    await this.deleteAll("v1", "Namespace", selector);
    const gone = await until(async () => (await this.namespacesWith(selector)).length === 0);
    if (!gone) {
      const left = (await this.namespacesWith(selector)).map(({ name }) => name).join(", ");
      throw new Failure(
        `The namespaces ${left} do not go.`,
        "Look at their conditions for what holds them, then run the same command again.",
      );
    }
  }

  private async deleteAll(apiVersion: string, kind: string, selector: string): Promise<void> {
    for (const object of await this.labelled(apiVersion, kind, selector)) {
      await orGone(this.api.delete(object));
    }
  }

  private async namespacesWith(selector: string): Promise<readonly EnvironmentNamespace[]> {
    return (await this.labelled("v1", "Namespace", selector)).map(described);
  }

  private async labelled(
    apiVersion: string,
    kind: string,
    selector: string,
  ): Promise<readonly KubernetesObject[]> {
    const { items } = await this.api.list(
      apiVersion,
      kind,
      ...([undefined, undefined, undefined, undefined, undefined] as const),
      selector,
    );
    // A list leaves out of each object what kind it is.
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }
}

/** A Job of what a CronJob would do, as `kubectl create job --from` makes it. */
function wipeJob({ metadata, spec }: V1CronJob): V1Job & { metadata: { name: string } } {
  const name = `${metadata?.name ?? ""}-${Date.now().toString(36)}`;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: metadata?.namespace, labels: spec?.jobTemplate.metadata?.labels },
    spec: spec?.jobTemplate.spec,
  };
}

/** Waits for the end of a Job, and tidies it away when it did its work. */
async function finish(api: KubernetesObjectApi, job: ReturnType<typeof wipeJob>): Promise<void> {
  const { name, namespace = "" } = job.metadata;
  const isTrue = async (type: string): Promise<boolean> => {
    const found = await api.read<V1Job>(header("batch/v1", "Job", name, namespace));
    return (found.status?.conditions ?? []).some(
      (condition) => condition.type === type && condition.status === "True",
    );
  };
  await until(async () => (await isTrue("Complete")) || (await isTrue("Failed")));
  if (!(await isTrue("Complete"))) {
    throw new Failure(
      `The data of the environment is not empty yet: the Job ${namespace}/${name} did not end well.`,
      `Look at kubectl logs --namespace ${namespace} job/${name}, then run the same command again.`,
    );
  }
  await api.delete(job, undefined, undefined, undefined, undefined, "Background");
}

/** Says whether something has become true in the time that it may take. */
async function until(isDone: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < patience.attempts; attempt += 1) {
    if (await isDone()) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, patience.intervalMs));
  }
  return false;
}

function header(apiVersion: string, kind: string, name: string, namespace?: string) {
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

function described({ metadata }: KubernetesObject): EnvironmentNamespace {
  const stack = metadata?.labels?.[environmentLabel];
  const expires = metadata?.annotations?.[expiryAnnotation];
  const slot = metadata?.labels?.[slotLabel];
  return {
    name: metadata?.name ?? "",
    ...(stack === undefined ? {} : { stack }),
    ...(expires === undefined ? {} : { expires: new Date(expires) }),
    ...(slot === undefined ? {} : { slot: Number(slot) }),
    leaving: metadata?.deletionTimestamp !== undefined,
  };
}

async function orGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) {
      return undefined;
    }
    throw error;
  }
}
