import { isMap, type Fields } from "./fields";
import { type ObjectView } from "./object";
import { matchesLabels, matchesSelector, readLabels, type Labels } from "./selectors";

const NONE: readonly ObjectView[] = [];

/** The objects judged together, indexed by kind, namespace and label, so that no rule compares all with all. */
export class Stack {
  private readonly byKind = new Map<string, ObjectView[]>();
  private readonly byName = new Map<string, ObjectView>();
  private readonly pods = new Map<string, ObjectView[]>();
  private readonly podsByLabel = new Map<string, ObjectView[]>();
  /** Answers by namespace and selector: a chart's objects repeat theirs, and alike ones get the same list. */
  private readonly answers = new Map<string, readonly ObjectView[]>();

  constructor(readonly objects: readonly ObjectView[]) {
    for (const object of objects) {
      const namespace = namespaceOf(object);
      const kinds = object.builtIn
        ? [object.kind, `${object.group}/${object.kind}`]
        : [`${object.group}/${object.kind}`];
      for (const kind of kinds) {
        push(this.byKind, kind, object);
        push(this.byKind, key(kind, namespace), object);
        const name = key(kind, namespace, object.name);
        if (!this.byName.has(name)) {
          this.byName.set(name, object);
        }
      }
      if (object.pod !== undefined) {
        push(this.pods, namespace, object);
        for (const label of pairs(object.pod.labels)) {
          push(this.podsByLabel, key(namespace, label), object);
        }
      }
    }
  }

  /** Objects of a kind (`Service`, `keda.sh/ScaledObject`), of one namespace or of all. */
  ofKind(kind: string, namespace?: string): readonly ObjectView[] {
    return this.byKind.get(namespace === undefined ? kind : key(kind, namespace)) ?? NONE;
  }

  /** Objects of any of the kinds. */
  ofKinds(kinds: readonly string[]): readonly ObjectView[] {
    return kinds.flatMap((kind) => this.ofKind(kind));
  }

  /** The object of that kind, namespace and name; cluster-scoped objects are filed under `default`. */
  find(kind: string, namespace: string, name: string): ObjectView | undefined {
    return this.byName.get(key(kind, namespace === "" ? "default" : namespace, name));
  }

  /** Every workload of a namespace. */
  workloads(namespace: string): readonly ObjectView[] {
    return this.pods.get(namespace) ?? NONE;
  }

  /** Workloads whose pods a label selector (`matchLabels`, `matchExpressions`) selects. */
  selected(namespace: string, selector: unknown): readonly ObjectView[] {
    return this.answer("selector", namespace, selector, () => {
      const labels = readLabels(isMap(selector) ? selector["matchLabels"] : undefined);
      return this.candidates(namespace, labels).filter(
        ({ pod }) => pod !== undefined && matchesSelector(selector, pod.labels),
      );
    });
  }

  /** Workloads whose pods a plain label map (a Service's selector) selects; an empty map selects none. */
  selectedByLabels(namespace: string, selector: unknown): readonly ObjectView[] {
    const labels = readLabels(selector);
    if (Object.keys(labels).length === 0) {
      return NONE;
    }
    return this.answer("labels", namespace, labels, () =>
      this.candidates(namespace, labels).filter(
        ({ pod }) => pod !== undefined && matchesLabels(labels, pod.labels),
      ),
    );
  }

  private answer(
    form: string,
    namespace: string,
    selector: unknown,
    find: () => readonly ObjectView[],
  ): readonly ObjectView[] {
    const at = key(form, namespace, written(selector));
    let found = this.answers.get(at);
    if (found === undefined) {
      found = find();
      this.answers.set(at, found);
    }
    return found;
  }

  private candidates(namespace: string, labels: Labels): readonly ObjectView[] {
    let smallest: readonly ObjectView[] | undefined;
    for (const label of pairs(labels)) {
      const bucket = this.podsByLabel.get(key(namespace, label)) ?? NONE;
      if (smallest === undefined || bucket.length < smallest.length) {
        smallest = bucket;
      }
    }
    return smallest ?? this.workloads(namespace);
  }
}

/** Namespace an object belongs to; one that names none lives in `default`. */
export function namespaceOf(object: ObjectView): string {
  return object.namespace === "" ? "default" : object.namespace;
}

/**
 * Answers "which selectors select these labels": selectors are filed under one of their pairs, so that a pod
 * is compared only with those that share a label with it.
 */
export class SelectorIndex<Value> {
  private readonly byPair = new Map<string, SelectorGroup<Value>[]>();
  private readonly unpaired = new Map<string, SelectorGroup<Value>[]>();
  private readonly groups = new Map<string, SelectorGroup<Value>>();

  /** Files a label selector; use `{ matchLabels: … }` for a Service's plain map. */
  add(namespace: string, selector: unknown, value: Value): void {
    if (!isMap(selector)) {
      return;
    }
    const at = key(namespace, written(selector));
    const known = this.groups.get(at);
    if (known !== undefined) {
      known.values.push(value);
      return;
    }
    const group = { selector, values: [value] };
    this.groups.set(at, group);
    const [pair] = pairs(readLabels(selector["matchLabels"]));
    if (pair === undefined) {
      push(this.unpaired, namespace, group);
    } else {
      push(this.byPair, key(namespace, pair), group);
    }
  }

  /** The values whose selectors select the labels; those of one selector stand in one list, always the same. */
  selecting(namespace: string, labels: Labels): readonly (readonly Value[])[] {
    const found: (readonly Value[])[] = [];
    const collect = (groups: readonly SelectorGroup<Value>[] = []): void => {
      for (const { selector, values } of groups) {
        if (matchesSelector(selector, labels)) {
          found.push(values);
        }
      }
    };
    collect(this.unpaired.get(namespace));
    for (const pair of pairs(labels)) {
      collect(this.byPair.get(key(namespace, pair)));
    }
    return found;
  }
}

/** What was filed under one selector. */
interface SelectorGroup<Value> {
  readonly selector: Fields;
  readonly values: Value[];
}

/** Index over the selectors of one kind, such as a PodDisruptionBudget's `spec.selector`. */
export function indexSelectors(
  objects: readonly ObjectView[],
  selector: (object: ObjectView) => unknown,
): SelectorIndex<ObjectView> {
  const index = new SelectorIndex<ObjectView>();
  for (const object of objects) {
    index.add(namespaceOf(object), selector(object), object);
  }
  return index;
}

function pairs(labels: Labels): string[] {
  return Object.keys(labels).map((name) => `${name}=${labels[name]}`);
}

/** A selector as text; one that refers to itself, which only aliases can do, is as good as none. */
function written(selector: unknown): string {
  try {
    return JSON.stringify(selector) ?? "";
  } catch (error) {
    if (error instanceof TypeError) {
      return "";
    }
    throw error;
  }
}

// NUL cannot occur in a name, so parts cannot run into each other.
function key(first: string, second: string, third = ""): string {
  return third === "" ? `${first}\0${second}` : `${first}\0${second}\0${third}`;
}

function push<Value>(map: Map<string, Value[]>, at: string, value: Value): void {
  const bucket = map.get(at);
  if (bucket === undefined) {
    map.set(at, [value]);
  } else {
    bucket.push(value);
  }
}
