import type { KubernetesObject, Secret } from "./objects";
import type { WatchedKind } from "./watched-kinds";

/** What the player knows of the cluster: the watched objects, as they were when their last event came. */
export class World {
  private readonly objects = new Map<WatchedKind, () => readonly KubernetesObject[]>();

  /** Adds the objects of one kind; `list` is asked anew each time. */
  add(kind: WatchedKind, list: () => readonly KubernetesObject[]): void {
    this.objects.set(kind, list);
  }

  /** All objects of a kind; none while its API is not served. */
  list<T extends KubernetesObject>(kind: WatchedKind): readonly T[] {
    // The watch delivers what the API server has checked against the kind's schema.
    return (this.objects.get(kind)?.() ?? []) as readonly T[];
  }

  /** One object of a kind. */
  get<T extends KubernetesObject>(
    kind: WatchedKind,
    name: string,
    namespace?: string,
  ): T | undefined {
    return this.list<T>(kind).find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    );
  }

  /** One Secret. */
  secret(namespace: string, name: string): Secret | undefined {
    return this.get<Secret>("Secret", name, namespace);
  }
}
