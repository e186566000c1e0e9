import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { retainedProvider, type ClusterArgs } from "./cluster";
import { readObjectsOf, type LiveObject, type ObjectKey, type ReadObject } from "./live-objects";
import type { Retention } from "./retention";

/** The label that says which stack keeps an object. */
export const ownerLabel = "slipway.dev/stack";

/**
 * The provider applies an object under a name drawn for its life in the state. Under one name for all its
 * lives a stack that adopts an object is the manager it was before: it changes what it set, and no more.
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
const fieldManager = { "pulumi.com/patchFieldManager": "slipway" } as const;

export interface AdoptionArgs {
  /** The stack's name: it adopts what carries it, and nothing else. */
  readonly owner: string;
  /** The provider of what is kept: its creation of an object that is there already updates the object. */
  readonly provider: kubernetes.Provider;
  /** Asks the cluster what is there. */
  readonly read: ReadObject;
}

/** Where data is kept, what an earlier life of the stack kept is taken back into it. */
export function adoptionOf(retention: Retention, cluster: ClusterArgs): Adoption | undefined {
  return retention === "keep"
    ? new Adoption({
        owner: pulumi.getStack(),
        provider: retainedProvider("cluster-retained", cluster),
        read: readObjectsOf(cluster),
      })
    : undefined;
}

/** A resource's properties and options, as a transformation sees them. */
export interface Declared<Options extends pulumi.ResourceOptions> {
  /** Its properties. */
  readonly props: pulumi.Inputs;
  /** Its options. */
  readonly opts: Options;
}

/**
 * Takes objects that outlived their stack back into it. An object that is kept (`retainOnDelete`) carries
 * its stack's name as a label; when the engine is about to create one that is there already, the label
 * decides: with it the object is updated and belongs to the stack again, without it the run fails.
 *
 * The cluster is asked in the hook before a creation, which is the one place that knows that the state
 * lacks the object. A run that creates nothing asks nothing.
 */
export class Adoption {
  private readonly guard: pulumi.ResourceHook;

  constructor(private readonly args: AdoptionArgs) {
    this.guard = new pulumi.ResourceHook("adoption", ({ newInputs }) => this.check(newInputs), {
      onDryRun: true,
    });
  }

  /** Makes what a program declares itself adoptable; a transformation of the rooms. */
  readonly ofResource: pulumi.ResourceTransformation = ({ type, props, opts }) =>
    type.startsWith("kubernetes:") ? this.of({ props, opts }) : undefined;

  /** Makes a kept object adoptable, and leaves any other as it is. */
  of<Options extends pulumi.ResourceOptions>({
    props,
    opts,
  }: Declared<Options>): {
    props: pulumi.Inputs;
    opts: Options;
  } {
    if (opts.retainOnDelete !== true) {
      return { props, opts };
    }
    const hooks = {
      ...opts.hooks,
      beforeCreate: [...(opts.hooks?.beforeCreate ?? []), this.guard],
    };
    return {
      props: owned(props, this.args.owner),
      opts: { ...opts, provider: this.args.provider, hooks },
    };
  }

  /**
   * What a kept Secret of this stack holds. It asks for it in the hook before the creation of what would
   * take its place, so it costs nothing where the state has that.
   */
  secret(namespace: string, name: string): KeptSecret {
    const key = { apiVersion: "v1", kind: "Secret", namespace, name };
    return new KeptSecret(key, async () => {
      const live = await this.args.read(key);
      return live?.labels[ownerLabel] === ownerValue(this.args.owner) ? live.data : undefined;
    });
  }

  private async check(inputs: unknown): Promise<void> {
    const object = objectKey(inputs);
    const live = await this.args.read(object);
    const problem = adoptionProblem(object, live, this.args.owner);
    if (problem !== undefined) {
      throw new Error(problem);
    }
    if (live !== undefined && object.kind !== "CustomResourceDefinition") {
      await pulumi.log.info(`Adopts the ${objectText(object)}, which this stack kept.`);
    }
  }
}

/** A Secret that may have outlived its stack. */
export class KeptSecret {
  private data: Readonly<Record<string, string>> | undefined;

  constructor(
    private readonly key: ObjectKey,
    private readonly read: () => Promise<Readonly<Record<string, string>> | undefined>,
  ) {}

  /** A hook that has what the Secret holds before it returns. */
  readonly look = async (): Promise<void> => {
    this.data = await this.read();
  };

  /** What it holds under a key; undefined where there is no such Secret, or nobody looked. */
  value(key: string): string | undefined {
    return this.data?.[key];
  }

  /**
   * A hook before the creation of the Secret that takes its place: the value that opens the data is never
   * overwritten by another. They differ when a run ended between the two creations.
   */
  keeps(key: string, value: () => string, holder: () => string): () => Promise<void> {
    return async () => {
      const kept = (await this.read())?.[key];
      if (kept !== undefined && kept !== value()) {
        throw new Error(
          `The ${objectText(this.key)} was kept with the data that it opens, but the state holds another ` +
            `${key} for it. Take that out of the state, and the kept one is used: ` +
            `pulumi state delete --force --target-dependents '${holder()}'`,
        );
      }
    };
  }
}

/** Why an object cannot be created; undefined where it is not there yet, or is the stack's own. */
export function adoptionProblem(
  object: ObjectKey,
  live: LiveObject | undefined,
  owner: string,
): string | undefined {
  const found = live?.labels[ownerLabel];
  if (live === undefined || found === ownerValue(owner)) {
    return undefined;
  }
  const state =
    found === undefined ? "is not one that Slipway kept" : `belongs to the stack ${found}`;
  const { kind, namespace, name } = object;
  const place = namespace === undefined ? name : `${name} --namespace ${namespace}`;
  return (
    `The ${objectText(object)} already exists, and ${state}: it lacks the label ` +
    `${ownerLabel}=${ownerValue(owner)}. Nothing of it was changed. Remove or rename it; or, if this stack is ` +
    `to take it over with its data, say so: kubectl label --overwrite ${kind.toLowerCase()} ${place} ` +
    `${ownerLabel}=${ownerValue(owner)}`
  );
}

/** A stack's name as the value of a label, which is shorter and has to end in a letter or digit. */
export function ownerValue(stack: string): string {
  return stack.slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}

/** Names, labels and annotations are plain values in this program. */
function owned(props: pulumi.Inputs, owner: string): pulumi.Inputs {
  const metadata = props.metadata as
    { readonly labels?: object; readonly annotations?: object } | undefined;
  return {
    ...props,
    metadata: {
      ...metadata,
      labels: { ...metadata?.labels, [ownerLabel]: ownerValue(owner) },
      annotations: { ...metadata?.annotations, ...fieldManager },
    },
  };
}

function objectKey(inputs: unknown): ObjectKey {
  const { apiVersion, kind, metadata } = inputs as {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
  };
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

function objectText({ kind, namespace, name }: ObjectKey): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
