import { type Informer, type Informers, type Listener } from "../client/informer";
import { type KubeObjects, type Selection } from "../client/objects";
import { nameOf, namespaceOf, numberAt, textAt, type KubeObject } from "../object/kube-object";
import {
  ENDPOINTS,
  type Condition,
  type RelatedKind,
  type Snapshot,
  type Verdict,
} from "./condition";

/** The object did not become ready. */
export class NotReady extends Error {
  /**
   * @param object the object as last seen
   * @param reasons what was observed, one sentence each
   */
  constructor(
    message: string,
    readonly object: KubeObject,
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}

/** What waiting needs. */
export interface WaitArgs {
  /** The cluster's shared informers. */
  readonly informers: Informers;

  /** The object as the write returned it. */
  readonly written: KubeObject;

  /** What must hold. */
  readonly condition: Condition;

  /** How long to wait, in milliseconds. */
  readonly timeout: number;

  /** Ends the waiting when the user cancels. */
  readonly cancelled: AbortSignal;

  /** Shows what is waited for. */
  onStatus(status: string): void;
}

/** Waits until the condition holds; returns the object as it then is. */
export function waitUntilReady(args: WaitArgs): Promise<KubeObject> {
  return new Promise((resolve, reject) => new Wait(args, { resolve, reject }).start());
}

/** How a wait ends. */
interface Ending {
  readonly resolve: (object: KubeObject) => void;
  readonly reject: (error: Error) => void;
}

/** One wait: it judges whenever something changes, until the condition holds or it is over. */
class Wait {
  private readonly started = Date.now();
  private readonly own: Informer;
  private readonly relatives: ReadonlyMap<RelatedKind, Informer>;
  private readonly endpointChanges: { readonly name: string; readonly at: number }[] = [];
  private readonly stop: (() => void)[] = [];
  private reasons: readonly string[] = [];
  private latest: KubeObject;
  private again: NodeJS.Timeout | undefined;
  private isScheduled = false;
  private isOver = false;

  constructor(
    private readonly args: WaitArgs,
    private readonly ending: Ending,
  ) {
    const { written, condition, informers } = args;
    const { apiVersion, kind } = written;
    this.latest = written;
    this.own = informers.for(selectionOf({ apiVersion, kind }, written));
    this.relatives = new Map(
      condition.relatedKinds.map((related) => [
        related,
        informers.for(selectionOf(related, written)),
      ]),
    );
  }

  start(): void {
    this.watchClock();
    this.watchCluster();
    this.watchCancellation();
  }

  private watchClock(): void {
    const message = `'${nameOf(this.args.written)}' timed out waiting to be Ready`;
    const timer = setTimeout(() => this.fail(message), this.args.timeout);
    this.stop.push(() => clearTimeout(timer));
  }

  private watchCluster(): void {
    const schedule: Listener = () => this.schedule();
    this.stop.push(...this.informers().map((informer) => informer.subscribe(schedule)));
    const endpoints = this.relatives.get(ENDPOINTS);
    if (endpoints !== undefined) {
      // A list shows each of its objects anew.
      const record: Listener = (changed) =>
        this.recordEndpoints(changed === undefined ? endpoints.current : [changed]);
      this.stop.push(endpoints.subscribe(record));
      record();
    }
    this.schedule();
  }

  private watchCancellation(): void {
    const { cancelled, written } = this.args;
    const cancel = (): void =>
      this.fail(`Resource operation was cancelled for "${nameOf(written)}"`);
    cancelled.addEventListener("abort", cancel);
    this.stop.push(() => cancelled.removeEventListener("abort", cancel));
    if (cancelled.aborted) {
      cancel();
    }
  }

  private informers(): readonly Informer[] {
    return [this.own, ...this.relatives.values()];
  }

  private recordEndpoints(seen: readonly KubeObject[]): void {
    const at = Date.now();
    this.endpointChanges.push(...seen.map((endpoints) => ({ name: nameOf(endpoints), at })));
  }

  /** Judges soon: a burst of events is judged once. */
  private schedule(): void {
    if (!this.isScheduled) {
      this.isScheduled = true;
      setImmediate(() => this.look());
    }
  }

  private look(): void {
    this.isScheduled = false;
    if (this.isOver) {
      return;
    }
    try {
      const seen = this.seen();
      if (seen !== undefined) {
        this.latest = seen;
        this.follow(this.args.condition.judge(this.snapshot(seen)));
      }
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.end(() => this.ending.reject(failure));
    }
  }

  /** The object in the version that was written or a later one, once all that is looked at is listed. */
  private seen(): KubeObject | undefined {
    const { written } = this.args;
    const { apiVersion, kind } = written;
    const seen = this.own.current.find((object) => nameOf(object) === nameOf(written));
    const isListed = this.informers().every((informer) => informer.isListed);
    return isListed && seen !== undefined && isSameOrNewer(seen, written)
      ? { ...seen, apiVersion, kind }
      : undefined;
  }

  private snapshot(object: KubeObject): Snapshot {
    return {
      object,
      waitedFor: Date.now() - this.started,
      related: (relative) => this.relatives.get(relative)?.current ?? [],
      endpointChanges: (name) =>
        this.endpointChanges
          .filter((change) => name === undefined || change.name === name)
          .map(({ at }) => Date.now() - at),
    };
  }

  private follow(verdict: Verdict): void {
    switch (verdict.outcome) {
      case "ready":
        this.end(() => this.ending.resolve(this.latest));
        return;
      case "failed":
        this.reasons = verdict.reasons;
        this.fail(`Resource '${nameOf(this.latest)}' was created but failed to initialize`);
        return;
      case "waiting":
        this.reasons = verdict.reasons;
        this.args.onStatus(verdict.status);
        clearTimeout(this.again);
        if (verdict.askAgainAfter !== undefined) {
          this.again = setTimeout(() => this.look(), verdict.askAgainAfter);
        }
    }
  }

  private fail(message: string): void {
    this.end(() => this.ending.reject(new NotReady(message, this.latest, this.reasons)));
  }

  private end(settle: () => void): void {
    this.isOver = true;
    this.stop.forEach((unsubscribe) => unsubscribe());
    clearTimeout(this.again);
    settle();
  }
}

/** Judges an object once, as it is now. */
export async function judgeNow(
  objects: KubeObjects,
  object: KubeObject,
  condition: Condition,
): Promise<ReturnType<Condition["judge"]>> {
  const lists = await Promise.all(
    condition.relatedKinds.map(async (kind) => {
      const items = await objects.list(selectionOf(kind, object)).then(
        (list) => list.items,
        // Without the right to list a kind, the object is judged alone.
        () => [],
      );
      return [kind, items] as const;
    }),
  );
  const related = new Map<RelatedKind, readonly KubeObject[]>(lists);
  return condition.judge({
    object,
    waitedFor: Infinity,
    related: (kind) => related.get(kind) ?? [],
    // What is only looked at counts as settled.
    endpointChanges: () => [Infinity],
  });
}

/** Where the objects of a kind are that concern an object. */
function selectionOf(related: RelatedKind, object: KubeObject): Selection {
  const { apiVersion, kind, clusterWide } = related;
  return { apiVersion, kind, namespace: clusterWide === true ? "" : namespaceOf(object) };
}

/** Whether an object is the written one (not a namesake), in the written version or a later one. */
function isSameOrNewer(seen: KubeObject, written: KubeObject): boolean {
  const generation = (object: KubeObject): number =>
    numberAt(object, "metadata", "generation") ?? 0;
  return (
    textAt(seen, "metadata", "uid") === textAt(written, "metadata", "uid") &&
    generation(seen) >= generation(written)
  );
}
