import { randomPassword } from "./passwords";
import { playedValue, ReadProblem, readRemote, type Reviewer, storeOf } from "./secret-stores";
import type { World } from "./world";

interface StoreReference {
  readonly name?: string;
  readonly kind?: string;
}

interface RemoteReference {
  readonly key: string;
  readonly property?: string;
}

interface SourceReference {
  readonly storeRef?: StoreReference;
  readonly generatorRef?: { readonly kind: string; readonly name: string };
}

interface Rewrite {
  readonly regexp?: { readonly source: string; readonly target: string };
}

/** The spec of an ExternalSecret, as far as it is played. */
export interface ExternalSecretSpec {
  /** Where values are read, unless an entry says otherwise. */
  readonly secretStoreRef?: StoreReference;
  /** The Secret that is written. */
  readonly target?: {
    readonly name?: string;
    readonly creationPolicy?: "Owner" | "Orphan" | "Merge" | "None";
    readonly immutable?: boolean;
    readonly template?: {
      readonly type?: string;
      readonly mergePolicy?: "Replace" | "Merge";
      readonly data?: Readonly<Record<string, string>>;
      readonly metadata?: {
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
      };
    };
  };
  /** Single values, each under a key of the target. */
  readonly data?: readonly {
    readonly secretKey: string;
    readonly remoteRef: RemoteReference;
    readonly sourceRef?: SourceReference;
  }[];
  /** All values of a remote Secret, of a generator, or of all Secrets whose name fits. */
  readonly dataFrom?: readonly {
    readonly extract?: RemoteReference;
    readonly find?: { readonly name?: { readonly regexp?: string } };
    readonly rewrite?: readonly Rewrite[];
    readonly sourceRef?: SourceReference;
  }[];
}

/**
 * The values an ExternalSecret asks for, by the keys of its target.
 * @param present what the target holds: a generated value is kept
 * @throws ReadProblem when one cannot be read
 */
export async function collectValues(
  spec: ExternalSecretSpec,
  namespace: string,
  present: Readonly<Record<string, string>>,
  world: World,
  reviewer: Reviewer,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const { extract, find, rewrite, sourceRef } of spec.dataFrom ?? []) {
    if (sourceRef?.generatorRef !== undefined) {
      Object.assign(values, renamed(generated(sourceRef.generatorRef, present), rewrite));
    } else if (extract !== undefined) {
      const store = storeOf(sourceRef?.storeRef ?? spec.secretStoreRef, namespace, world);
      const remote = await readRemote(store, extract.key, namespace, world, reviewer);
      Object.assign(values, renamed(remote ?? { value: playedValue(store, extract.key) }, rewrite));
    } else if (find !== undefined) {
      throw new ReadProblem("the sandbox does not play dataFrom.find");
    }
  }
  for (const { secretKey, remoteRef, sourceRef } of spec.data ?? []) {
    const store = storeOf(sourceRef?.storeRef ?? spec.secretStoreRef, namespace, world);
    const remote = await readRemote(store, remoteRef.key, namespace, world, reviewer);
    values[secretKey] =
      remote === undefined
        ? playedValue(store, remoteRef.key, remoteRef.property)
        : pick(remote, remoteRef);
  }
  return values;
}

/** Without a property: the single value, or all of them as JSON. */
function pick(
  remote: Readonly<Record<string, string>>,
  { key, property }: RemoteReference,
): string {
  if (property === undefined) {
    return remote[""] ?? JSON.stringify(remote);
  }
  const value = remote[property];
  if (value === undefined) {
    throw new ReadProblem(`property ${property} does not exist in data of secret "${key}"`);
  }
  return value;
}

/** The one generator that is played; it draws once and keeps what it drew. */
function generated(
  { kind, name }: { readonly kind: string; readonly name: string },
  present: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (kind !== "Password") {
    throw new ReadProblem(`the sandbox does not play the generator ${kind} "${name}"`);
  }
  return { password: present["password"] ?? randomPassword() };
}

function renamed(
  values: Readonly<Record<string, string>>,
  rewrites: readonly Rewrite[] = [],
): Readonly<Record<string, string>> {
  return rewrites.reduce((before, { regexp }) => {
    if (regexp === undefined) {
      throw new ReadProblem("the sandbox plays only rewrites with a regexp");
    }
    // Go writes a group as $1 or ${1}; JavaScript knows the first.
    const target = regexp.target.replaceAll(/\$\{(\d+)\}/g, "$$$1");
    return Object.fromEntries(
      Object.entries(before).map(([key, value]) => [
        key.replaceAll(new RegExp(regexp.source, "g"), target),
        value,
      ]),
    );
  }, values);
}
