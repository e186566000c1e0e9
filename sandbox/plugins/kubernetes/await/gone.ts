import { hasReason, NoSuchKind } from "../client/api-error";
import { type Informers } from "../client/informer";
import { type KubeObjects } from "../client/objects";
import { listAt, nameOf, namespaceOf, textAt, type KubeObject } from "../object/kube-object";
import { NotReady } from "./wait";

/** What waiting for a deletion needs. */
export interface WaitGoneArgs {
  /** The cluster's shared informers. */
  readonly informers: Informers;

  /** Reads the object for certain. */
  readonly objects: KubeObjects;

  /** The object as it was before its deletion. */
  readonly object: KubeObject;

  /** How long to wait, in milliseconds. */
  readonly timeout: number;

  /** Ends the waiting when the user cancels. */
  readonly cancelled: AbortSignal;

  /** Shows what is waited for. */
  onStatus(status: string): void;
}

/** Waits until an object is gone from the cluster, finalizers and dependents included. */
export async function waitUntilGone(args: WaitGoneArgs): Promise<void> {
  const { object, informers } = args;
  const first = await remaining(args);
  if (first === undefined) {
    return;
  }
  const { apiVersion, kind } = object;
  const informer = informers.for({ apiVersion, kind, namespace: namespaceOf(object) });
  await new Promise<void>((resolve, reject) => {
    let latest = first;
    const stop: (() => void)[] = [];
    const finish = (end: () => void): void => {
      stop.forEach((unsubscribe) => unsubscribe());
      end();
    };
    const fail = (message: string): void => {
      const finalizers = listAt(latest, "metadata", "finalizers").join(", ");
      const reasons =
        finalizers === "" ? [] : [`finalizers might be preventing deletion (${finalizers})`];
      finish(() => reject(new NotReady(message, latest, reasons)));
    };
    const look = (): void => {
      const seen = informer.current.find((other) => nameOf(other) === nameOf(object));
      if (seen !== undefined && textAt(seen, "metadata", "uid") === uidOf(first)) {
        latest = { ...seen, apiVersion, kind };
        const finalizers = listAt(seen, "metadata", "finalizers").join(", ");
        args.onStatus(
          `Waiting for deletion${finalizers === "" ? "" : ` (finalizers: ${finalizers})`}`,
        );
      } else if (informer.isListed) {
        // The informer may not have seen the object yet; the server knows.
        void remaining(args).then(
          (left) => left === undefined && finish(resolve),
          (error: unknown) =>
            finish(() => reject(error instanceof Error ? error : new Error(String(error)))),
        );
      }
    };
    const timer = setTimeout(
      () => fail(`'${nameOf(object)}' timed out waiting to be deleted`),
      args.timeout,
    );
    const onCancel = (): void => fail(`Deletion was cancelled for "${nameOf(object)}"`);
    args.cancelled.addEventListener("abort", onCancel);
    stop.push(
      () => clearTimeout(timer),
      () => args.cancelled.removeEventListener("abort", onCancel),
      informer.subscribe(look),
    );
    look();
  });
}

/** The object if it still exists; a namesake with another uid is not it. */
async function remaining({ objects, object }: WaitGoneArgs): Promise<KubeObject | undefined> {
  try {
    const live = await objects.get(object);
    const uid = uidOf(object);
    return uid === "" || uidOf(live) === uid ? live : undefined;
  } catch (error) {
    if (hasReason(error, "NotFound") || error instanceof NoSuchKind) {
      return undefined;
    }
    throw error;
  }
}

function uidOf(object: KubeObject): string {
  return textAt(object, "metadata", "uid");
}
