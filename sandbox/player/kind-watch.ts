import {
  type KubeConfig,
  type KubernetesObjectApi,
  ListWatch,
  Watch,
} from "@kubernetes/client-node";
import type { KubernetesObject } from "./objects";
import { collectionPath, type WatchedKind, watchedKinds } from "./watched-kinds";

/** How long a watch that broke rests before it tries again, in milliseconds. */
const rest = 1_000;

type Listed = Awaited<ReturnType<KubernetesObjectApi["list"]>>["items"][number];

/**
 * Watches one kind, through broken connections and through an API that comes and goes: `serves` says whether it is there
 * at the moment.
 */
export class KindWatch {
  private watch?: ListWatch<Listed>;
  private known = true;
  private stopped = false;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly kind: WatchedKind,
    private readonly config: KubeConfig,
    private readonly objects: KubernetesObjectApi,
    private readonly onChange: () => void,
  ) {}

  /** The objects, as they were when their last event came. */
  list(): readonly KubernetesObject[] {
    const objects = this.watch?.list() ?? [];
    // Items of a list carry neither kind nor version.
    for (const object of objects) {
      object.apiVersion ??= watchedKinds[this.kind].apiVersion;
      object.kind ??= this.kind;
    }
    return objects as readonly KubernetesObject[];
  }

  /** Whether the list is complete: it was read, or there is nothing to read. */
  get settled(): boolean {
    return this.known;
  }

  /** Begins to watch when the API has come, forgets everything when it has gone. */
  serves(apiVersions: ReadonlySet<string>): void {
    const served = apiVersions.has(watchedKinds[this.kind].apiVersion);
    if (served && this.watch === undefined && !this.stopped) {
      this.begin();
    } else if (!served && this.watch !== undefined) {
      this.end();
      this.onChange();
    }
  }

  /** Ends for good. */
  stop(): void {
    this.stopped = true;
    this.end();
  }

  private begin(): void {
    const { apiVersion } = watchedKinds[this.kind];
    const watch = new ListWatch<Listed>(
      collectionPath(watchedKinds[this.kind]),
      new Watch(this.config),
      async () => {
        const list = await this.objects.list(apiVersion, this.kind);
        // Once the caller has taken the items over.
        setImmediate(() => {
          this.settle(watch);
        });
        return list;
      },
      false,
    );
    watch.on("change", this.onChange);
    // A watch does not start again by itself after an error: the server was away, or the kind is not served yet.
    watch.on("error", (error: unknown) => {
      if (!isConnectionError(error)) {
        this.settle(watch);
      }
      this.timer = setTimeout(() => {
        if (this.watch === watch) {
          this.end();
          this.begin();
        }
      }, rest);
    });
    this.known = false;
    this.watch = watch;
    void watch.start();
  }

  private settle(watch: ListWatch<Listed>): void {
    if (this.watch === watch && !this.known) {
      this.known = true;
      this.onChange();
    }
  }

  private end(): void {
    clearTimeout(this.timer);
    void this.watch?.stop();
    this.watch = undefined;
    this.known = true;
  }
}

/** Whether a request failed on its way; an answer of the server, or of the client, that the kind is not served does not. */
function isConnectionError(error: unknown): boolean {
  return typeof (error as { readonly code?: unknown }).code === "string";
}
