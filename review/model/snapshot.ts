import { type ObjectView } from "../../policy/core/object";
import { Stack } from "../../policy/core/stack";

/** One Kubernetes object of a stack, with what the engine knows of it. */
export interface StackObject {
  /** URN of its resource. */
  readonly urn: string;
  /** Type token of its resource, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The nearest component above it, as `type::name`; null when there is none. */
  readonly component: string | null;
  /** The chart it comes from; null when the program declares it. */
  readonly chart: string | null;
  /** URNs it waits for. */
  readonly dependsOn: readonly string[];
  /** URNs it was known by before. */
  readonly aliases: readonly string[];
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
  /** Whether the object stays in the cluster when the resource goes. */
  readonly retainOnDelete: boolean;
  /** Whether the program asks for deletion before replacement. */
  readonly deleteBeforeReplace: boolean;
  /** A text that is equal for equal objects; it spares the comparison of their fields. */
  readonly fingerprint: string;
  /** The object itself; Secret values are masked. */
  readonly view: ObjectView;
}

/** The objects of a stack at one commit. */
export class Snapshot {
  private readonly byAddress: ReadonlyMap<string, StackObject>;
  private readonly byView: ReadonlyMap<ObjectView, StackObject>;
  private built: Stack | undefined;

  constructor(readonly objects: readonly StackObject[]) {
    this.byAddress = new Map(objects.map((object) => [addressOf(object.urn), object]));
    this.byView = new Map(objects.map((object) => [object.view, object]));
  }

  /** The object of a URN, or of the same one in another stack: staging may be compared with production. */
  at(urn: string): StackObject | undefined {
    return this.byAddress.get(addressOf(urn));
  }

  /** What the engine knows of an object that `index` found. */
  of(view: ObjectView): StackObject | undefined {
    return this.byView.get(view);
  }

  /** The objects by kind, namespace and label. */
  get index(): Stack {
    return (this.built ??= new Stack(this.objects.map(({ view }) => view)));
  }
}

/** A URN without its stack. */
function addressOf(urn: string): string {
  return urn.slice(urn.indexOf("::"));
}

/** What the cluster calls an object: no two objects share it. The API version is not part of it. */
export function identityOf({ view }: StackObject): string {
  return [view.group, view.kind, view.namespace, view.name].join("/");
}

/** An object as a reader names it: `Deployment shop/orders`. */
export function titleOf({ view }: StackObject): string {
  return `${view.kind} ${view.namespace === "" ? "" : `${view.namespace}/`}${view.name}`;
}
