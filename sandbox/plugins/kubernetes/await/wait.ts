import { type Informers, type Listener } from "../client/informer";
import { type KubeObjects, type Selection } from "../client/objects";
import { nameOf, namespaceOf, numberAt, textAt, type KubeObject } from "../object/kube-object";
import { ENDPOINTS, type Condition, type RelatedKind, type Snapshot } from "./condition";

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
  const { written, condition, informers } = args;
  const { apiVersion, kind } = written;
  const own = informers.for(selectionOf({ apiVersion, kind }, written));
  const relatives = new Map(
    condition.relatedKinds.map((related) => [
      related,
      informers.for(selectionOf(related, written)),
    ]),
  );
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const endpointChanges: { readonly name: string; readonly at: number }[] = [];
    let reasons: readonly string[] = [];
    let latest = written;
    let again: NodeJS.Timeout | undefined;
    let isScheduled = false;
    const stop: (() => void)[] = [];

    const finish = (end: () => void): void => {
      stop.forEach((unsubscribe) => unsubscribe());
      clearTimeout(again);
      end();
    };
    const fail = (message: string): void =>
      finish(() => reject(new NotReady(message, latest, reasons)));

    const judge = (): void => {
      isScheduled = false;
      const seen = own.current.find((object) => nameOf(object) === nameOf(written));
      if (![own, ...relatives.values()].every((informer) => informer.isListed)) {
        return;
      }
      if (seen === undefined || !isSameOrNewer(seen, written)) {
        return;
      }
      latest = { ...seen, apiVersion, kind };
      const snapshot: Snapshot = {
        object: latest,
        waitedFor: Date.now() - started,
        related: (relative) => relatives.get(relative)?.current ?? [],
        endpointChanges: (name) =>
          endpointChanges
            .filter((change) => name === undefined || change.name === name)
            .map(({ at }) => Date.now() - at),
      };
      const verdict = condition.judge(snapshot);
      switch (verdict.outcome) {
        case "ready":
          finish(() => resolve(latest));
          return;
        case "failed":
          reasons = verdict.reasons;
          fail(`Resource '${nameOf(written)}' was created but failed to initialize`);
          return;
        case "waiting":
          reasons = verdict.reasons;
          args.onStatus(verdict.status);
          clearTimeout(again);
          if (verdict.askAgainAfter !== undefined) {
            again = setTimeout(guarded, verdict.askAgainAfter);
          }
      }
    };
    const guarded = (): void => {
      try {
        judge();
      } catch (error) {
        finish(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    const recordEndpoints: Listener = (changed) => {
      // A list shows each of its objects anew.
      const seen = changed === undefined ? (relatives.get(ENDPOINTS)?.current ?? []) : [changed];
      endpointChanges.push(
        ...seen.map((endpoints) => ({ name: nameOf(endpoints), at: Date.now() })),
      );
    };
    const onChange: Listener = () => {
      // A burst of events is judged once.
      if (!isScheduled) {
        isScheduled = true;
        setImmediate(guarded);
      }
    };

    const timer = setTimeout(
      () => fail(`'${nameOf(written)}' timed out waiting to be Ready`),
      args.timeout,
    );
    const onCancel = (): void => fail(`Resource operation was cancelled for "${nameOf(written)}"`);
    args.cancelled.addEventListener("abort", onCancel);
    stop.push(
      () => clearTimeout(timer),
      () => args.cancelled.removeEventListener("abort", onCancel),
      ...[own, ...relatives.values()].map((informer) => informer.subscribe(onChange)),
    );
    const endpoints = relatives.get(ENDPOINTS);
    if (endpoints !== undefined) {
      stop.push(endpoints.subscribe(recordEndpoints));
      recordEndpoints();
    }
    if (args.cancelled.aborted) {
      onCancel();
    } else {
      setImmediate(guarded);
    }
  });
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
