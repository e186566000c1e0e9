import * as pulumi from "@pulumi/pulumi";
import { Callback } from "@pulumi/pulumi/proto/callback_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { disconnect, getMonitor } from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";

/** The properties of a resource as the engine would receive them, outputs resolved. */
export type Properties = Readonly<Record<string, unknown>>;

/** A resource that a program registered, with the options a test may ask about. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  /** URN of the parent; empty at the top. */
  readonly parent: string;
  /** URNs of everything it waits for: `dependsOn` and the resources its inputs come from. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
  /** The id of the object it takes over; empty when it is made. */
  readonly import: string;
  readonly aliases: number;
  /** The logical name of the provider that was given to it, empty where it is its parent's. */
  readonly provider: string;
  /** The time-outs as they were given, such as `"10m"`; empty where none was. */
  readonly timeouts: { readonly create: string; readonly update: string; readonly delete: string };
  /** Applies the resource's own `transforms` to a child's properties, as the engine would. */
  transform(type: string, name: string, props: Properties): Promise<TransformedChild>;
}

export interface TransformedChild {
  readonly props: Properties;
  readonly opts: pulumi.ResourceOptions;
}

/** Everything a program registered, in order. */
export class Recorded {
  constructor(readonly resources: readonly RecordedResource[]) {}

  /** The only resource of this type and name (logical or `metadata.name`). Throws when there is none, naming what there is. */
  find(type: string, name: string): RecordedResource {
    const found = this.all(type).filter(
      (resource) => resource.name === name || objectName(resource) === name,
    );
    const [first] = found;
    if (first === undefined || found.length > 1) {
      const there = this.all(type).map((resource) => resource.name);
      throw new Error(
        `${String(found.length)} resources ${type} "${name}"; of that type there are: ${there.join(", ")}`,
      );
    }
    return first;
  }

  /** All resources of a type token, or of its last part (`Deployment`). */
  all(type: string): readonly RecordedResource[] {
    return this.resources.filter(
      (resource) => resource.type === type || resource.type.split(":").at(-1) === type,
    );
  }
}

function objectName(resource: RecordedResource): unknown {
  const metadata = resource.inputs.metadata;
  return typeof metadata === "object" && metadata !== null && "name" in metadata
    ? metadata.name
    : undefined;
}

/** How the pretended provider answers. */
export interface MockOptions {
  /** Whether the program runs as a preview. @default false */
  readonly preview?: boolean;
  /** Whether the hooks before a creation run; the program's own ask the cluster. @default false */
  readonly hooks?: boolean;
  /** Stack configuration, by full key. @default - none */
  readonly config?: Readonly<Record<string, string>>;
  /** Adds to the state of a resource that was registered or read. @default - its inputs are its state */
  readonly state?: (type: string, inputs: Properties) => Properties;
}

/**
 * Runs a program against pretended providers and gives what it registered, once every registration
 * is through. It rejects when the program or a hook throws.
 */
export async function deploy(program: () => unknown, options: MockOptions = {}): Promise<Recorded> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => ({
        id: id ?? `${name}-id`,
        state: {
          ...inputs,
          // A preview does not know what a provider makes up.
          ...(options.preview === true ? {} : outputsOf(type, inputs)),
          ...options.state?.(type, inputs),
        },
      }),
      call: ({ token }) => {
        throw new Error(`The program called the provider function ${token}; none is pretended.`);
      },
    },
    "slipway",
    "test",
    options.preview ?? false,
    "acme",
  );
  pulumi.runtime.setAllConfig({ ...options.config });
  const refusals: unknown[] = [];
  const resources = record(options, refusals);
  const { stackTraceLimit } = Error;
  // The SDK writes down a stack for every promise it makes; mapped to the sources, these take most of the time.
  Error.stackTraceLimit = 1;
  try {
    await program();
    await disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    setPreview(false);
  }
  if (refusals.length > 0) {
    throw refusals[0];
  }
  return new Recorded(resources);
}

/** Outputs the program builds on which no input holds. */
function outputsOf(type: string, inputs: Properties): Properties {
  // The engine's stash gives back what was put in first.
  if (type === "pulumi:index:Stash") {
    return { output: revealed(inputs.input) };
  }
  return type.startsWith("random:") ? { result: "aRandomValueForTests", hex: "0a1b2c" } : {};
}

function revealed(value: unknown): unknown {
  return typeof value === "object" && value !== null && "secret" in value ? value.secret : value;
}

/** Wraps the mock monitor, which forgets a registration's options, and allows `transforms`, which it refuses. */
function record(
  { preview = false, hooks: runsHooks = false }: MockOptions,
  refusals: unknown[],
): RecordedResource[] {
  const store = internalStore();
  const transforms = new Map<string, pulumi.ResourceTransform>();
  const hooks = new Map<string, pulumi.ResourceHook>();
  store.supportsTransforms = true;
  store.callbacks = {
    registerTransform: (transform: pulumi.ResourceTransform) => {
      const callback = new Callback();
      callback.setToken(`transform-${String(transforms.size)}`);
      transforms.set(callback.getToken(), transform);
      return Promise.resolve(callback);
    },
    registerStackTransform: () => undefined,
    registerStackInvokeTransform: () => undefined,
    registerStackInvokeTransformAsync: () => Promise.resolve(new Callback()),
    registerResourceHook: (hook: pulumi.ResourceHook) => {
      hooks.set(hook.name, hook);
      return Promise.resolve();
    },
    registerErrorHook: () => Promise.resolve(),
    shutdown: () => undefined,
    awaitStackRegistrations: () => Promise.resolve(),
  };
  const monitor: Monitor | undefined = getMonitor();
  if (monitor === undefined) {
    throw new Error("The mock monitor is not set.");
  }
  const resources: RecordedResource[] = [];
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    // What a hook refuses is thrown at the end: the SDK would only tell the engine of it.
    const hooksRun = runHooks(request, runsHooks ? hooks : new Map()).catch((error: unknown) =>
      refusals.push(error),
    );
    void hooksRun.then(() => {
      register(request, (error, response) => {
        if (response !== undefined) {
          resources.push(recorded(request, response.getUrn(), transforms, preview));
        }
        callback(error, response);
      });
    });
  };
  return resources;
}

/** Runs the hooks of a creation: there is no state here, so every resource is created. */
async function runHooks(
  request: RegisterResourceRequest,
  hooks: ReadonlyMap<string, pulumi.ResourceHook>,
): Promise<void> {
  for (const hook of request.getHooks()?.getBeforeCreateList() ?? []) {
    await hooks.get(hook)?.callback({
      urn: "",
      id: "",
      name: request.getName(),
      type: request.getType(),
      newInputs: plain(request.getObject()?.toJavaScript() ?? {}),
    });
  }
}

/** Says whether what runs from now on is a preview. */
function setPreview(preview: boolean): void {
  internalStore().settings.options.dryRun = preview;
}

/** The SDK's store; the package exports its accessor but leaves it out of the type declarations. */
function internalStore(): Store {
  return (state as unknown as { getStore(): Store }).getStore();
}

interface Store {
  supportsTransforms: boolean;
  callbacks: unknown;
  readonly settings: { readonly options: { dryRun?: boolean } };
}

interface Monitor {
  registerResource(
    request: RegisterResourceRequest,
    callback: (error: unknown, response: { getUrn(): string } | undefined) => void,
  ): void;
}

function recorded(
  request: RegisterResourceRequest,
  urn: string,
  transforms: ReadonlyMap<string, pulumi.ResourceTransform>,
  preview: boolean,
): RecordedResource {
  const timeouts = request.getCustomtimeouts();
  const own = request.getTransformsList().map((callback) => transforms.get(callback.getToken()));
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    inputs: plain(request.getObject()?.toJavaScript() ?? {}),
    parent: request.getParent(),
    dependencies: request.getDependenciesList(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    deletedWith: request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    import: request.getImportid(),
    aliases: request.getAliasesList().length,
    provider: request.getProvider().split("::")[3] ?? "",
    timeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
    async transform(type, name, props) {
      let child: TransformedChild = { props, opts: {} };
      for (const transform of own) {
        const change = async () => transform?.({ custom: true, type, name, ...child });
        // Up to its first wait it runs at once, so that no other transform is between the two.
        setPreview(preview);
        const changing = change();
        setPreview(false);
        const result = await changing;
        child = result === undefined ? child : { props: result.props, opts: result.opts };
      }
      return child;
    },
  };
}

/** The key by which the SDK marks a wrapped value on the wire. */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A value that the program marked as a secret; tests see that it is one, and what it holds. */
export interface SecretValue {
  readonly secret: unknown;
}

/** Unwraps what the wire format adds: a secret becomes `{ secret: value }`. */
function plain(properties: object): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]: [string, unknown]) => [key, unwrap(value)]),
  );
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unwrap);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = value as Record<string, unknown>;
  return entries[signature] === secretSignature
    ? ({ secret: unwrap(entries.value) } satisfies SecretValue)
    : plain(entries);
}

/** The URNs of resources, in their order. */
export function urnsOf(resources: readonly pulumi.Resource[]): Promise<readonly string[]> {
  return Promise.all(resources.map(({ urn }) => valueOf(urn)));
}

/** The value of an output, once it is known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
    });
  });
}
