import { setTimeout as delay } from "node:timers/promises";
import { nameOf, textAt, type KubeObject } from "../object/kube-object";
import { hasReason } from "./api-error";
import { type KubeObjects, type Selection } from "./objects";

/** Called with the object that changed; without one after the first list and after every new list. */
export type Listener = (changed?: KubeObject) => void;

/** Pause before a broken watch is opened again, in milliseconds. */
const RECONNECT_AFTER = 500;

/** How long an informer nobody listens to stays up for the next listener, in milliseconds. */
const LINGER = 5_000;

/** Follows every object of one kind in one namespace. */
export class Informer {
  private readonly objects = new Map<string, KubeObject>();
  private readonly listeners = new Set<Listener>();
  private stopped = new AbortController();
  private lingering: NodeJS.Timeout | undefined;
  private running = false;
  private listed = false;

  constructor(
    private readonly source: KubeObjects,
    private readonly selection: Selection,
  ) {}

  /** The objects as last seen; empty before the first list. */
  get current(): readonly KubeObject[] {
    return [...this.objects.values()];
  }

  /** Whether the objects have been listed. */
  get isListed(): boolean {
    return this.listed;
  }

  /** Starts listening; the returned function stops. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    clearTimeout(this.lingering);
    if (!this.running) {
      this.running = true;
      this.stopped = new AbortController();
      void this.follow(this.stopped.signal);
    }
    return () => {
      // A second time it does nothing: two timers would run, of which the next listener ends only the last.
      if (this.listeners.delete(listener) && this.listeners.size === 0) {
        this.lingering = setTimeout(() => this.stop(), LINGER).unref();
      }
    };
  }

  private stop(): void {
    this.running = false;
    this.listed = false;
    this.objects.clear();
    this.stopped.abort();
  }

  private async follow(signal: AbortSignal): Promise<void> {
    let version: string | undefined;
    while (!signal.aborted) {
      try {
        version ??= await this.list(signal);
        version = await this.watch(version, signal);
      } catch (error) {
        if (hasReason(error, "Forbidden")) {
          // Without the right to list the kind, whoever waits goes by the other kinds.
          this.listed = true;
          this.notify();
          return;
        }
        // Whatever broke the connection, a new list finds out how things are.
        version = undefined;
        await delay(RECONNECT_AFTER, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  private async list(signal: AbortSignal): Promise<string | undefined> {
    const { items, version } = await this.source.list(this.selection);
    if (signal.aborted) {
      return undefined;
    }
    this.objects.clear();
    for (const item of items) {
      this.objects.set(nameOf(item), item);
    }
    this.listed = true;
    this.notify();
    return version;
  }

  /** @returns the version to go on from, or undefined when a new list is needed */
  private async watch(
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (version === undefined) {
      return undefined;
    }
    let latest: string | undefined = version;
    await this.source.watch(this.selection, version, signal, ({ type, object }) => {
      if (type === "ERROR") {
        latest = undefined;
        return;
      }
      latest = textAt(object, "metadata", "resourceVersion");
      if (type === "BOOKMARK" || signal.aborted) {
        return;
      }
      if (type === "DELETED") {
        this.objects.delete(nameOf(object));
      } else {
        this.objects.set(nameOf(object), object);
      }
      this.notify(object);
    });
    return latest;
  }

  private notify(changed?: KubeObject): void {
    for (const listener of this.listeners) {
      listener(changed);
    }
  }
}

/** The informers of one cluster, shared by everything that waits. */
export class Informers {
  private readonly informers = new Map<string, Informer>();

  constructor(private readonly source: KubeObjects) {}

  for(selection: Selection): Informer {
    const key = `${selection.apiVersion}/${selection.kind}/${selection.namespace}`;
    const known = this.informers.get(key);
    if (known !== undefined) {
      return known;
    }
    const informer = new Informer(this.source, selection);
    this.informers.set(key, informer);
    return informer;
  }
}
