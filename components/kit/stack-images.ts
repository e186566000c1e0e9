import * as pulumi from "@pulumi/pulumi";

/** Where image pull Secrets are carried from. */
export interface PullSecretSource {
  /** The ClusterSecretStore that has them. */
  readonly store: string;
  /** What each is called there, where it is called otherwise. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The property that holds the credentials of the registries. */
  readonly property: string;
}

/** Image pull Secrets that are carried into every namespace of the stack. */
export interface CarriedPullSecrets extends PullSecretSource {
  /** Their names in these namespaces. */
  readonly names: readonly string[];
}

export interface StackImagesArgs {
  /**
   * The registry, with an optional path, that has a copy of every image.
   * @default - each image comes from its own registry
   */
  readonly mirror?: string;
  /**
   * The registry of the applications' own images: they are pushed there, so no mirror holds them.
   * @default - there is none
   */
  readonly registry?: string;
  /** Names of the Secrets that open the mirror. */
  readonly pullSecrets: readonly string[];
  /**
   * Where these are carried from, into every namespace that has the label for it.
   * @default - they are there already
   */
  readonly pullSecretsFrom?: PullSecretSource;
}

/** The label of the namespaces that image pull Secrets are carried into. */
export const pullSecretsLabel = { "slipway.dev/pull-secrets": "carried" } as const;

type Fields = Readonly<Record<string, unknown>>;

/** Custom resources whose pods an operator makes: their spec has the pull Secrets of these. */
const operated = [
  "PostgresCluster",
  "Prometheus",
  "PrometheusAgent",
  "Alertmanager",
  "ThanosRuler",
];

/** Kinds that hold texts or schemas, of which none is an image. */
const withoutImages = ["ConfigMap", "Secret", "CustomResourceDefinition"];

/**
 * The images of everything a stack puts on its cluster, the charts' included. With a mirror each is taken
 * from there, under its full name: `quay.io/minio/minio:1` becomes `<mirror>/quay.io/minio/minio:1`, so that
 * images of one name in two registries stay apart.
 */
export class StackImages {
  private readonly seen = new Set<string>();
  private readonly charts: pulumi.Output<unknown>[] = [];

  constructor(private readonly args: StackImagesArgs) {}

  /** Changes what the program declares itself; a transformation of the rooms. */
  readonly ofResource: pulumi.ResourceTransformation = ({ type, props, opts }) =>
    type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh")
      ? { props: this.changed(props as Fields, false), opts }
      : undefined;

  /**
   * Changes what a chart renders. Its operators are told in arguments and variables which images to run, so
   * these are looked at too; those of an application are its own matter.
   */
  ofChart<Rendered extends object>(object: Rendered): Rendered {
    return { ...object, ...this.changed(Object.fromEntries(Object.entries(object)), true) };
  }

  /** The pull Secrets that have to be carried; undefined where they are there already. */
  get carried(): CarriedPullSecrets | undefined {
    const { pullSecretsFrom, pullSecrets } = this.args;
    return pullSecretsFrom && { ...pullSecretsFrom, names: pullSecrets };
  }

  /** Waits for the objects of a chart, as far as `all` is concerned. */
  await(resources: pulumi.Output<unknown>): void {
    this.charts.push(resources);
  }

  /** Every image that pods of the stack may run, as they are pulled, once all charts are rendered. */
  all(): pulumi.Output<readonly string[]> {
    return pulumi.all(this.charts).apply(() => [...this.seen].sort());
  }

  private changed(object: Fields, fromChart: boolean): Fields {
    if (withoutImages.includes(String(object.kind))) {
      return object;
    }
    const changed = this.labelled(this.walk(object, fromChart) as Fields);
    return this.pullSecrets.length > 0 && operated.includes(String(object.kind))
      ? { ...changed, spec: this.withPullSecrets(fieldsOf(changed.spec)) }
      : changed;
  }

  private labelled(object: Fields): Fields {
    if (this.args.pullSecretsFrom === undefined || object.kind !== "Namespace") {
      return object;
    }
    const metadata = fieldsOf(object.metadata);
    const labels = { ...fieldsOf(metadata.labels), ...pullSecretsLabel };
    return { ...object, metadata: { ...metadata, labels } };
  }

  private walk(value: unknown, fromChart: boolean): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.walk(item, fromChart));
    }
    if (!isPlain(value)) {
      return value;
    }
    const fields = Object.fromEntries(
      Object.entries(value).map(([key, below]) => [
        key,
        key === "image" && typeof below === "string" && below !== ""
          ? this.pulled(below)
          : this.walk(below, fromChart),
      ]),
    );
    const isContainer = typeof fields.image === "string";
    const told = fromChart && isContainer ? { ...fields, ...this.told(fields) } : fields;
    return Array.isArray(fields.containers) ? this.withPullSecrets(told) : told;
  }

  /** The arguments and variables of a container that name an image. */
  private told({ args, command, env }: Fields): Fields {
    const texts = (list: unknown): unknown =>
      Array.isArray(list) ? list.map((item) => this.namedIn(item)) : list;
    return {
      ...(args === undefined ? {} : { args: texts(args) }),
      ...(command === undefined ? {} : { command: texts(command) }),
      ...(Array.isArray(env)
        ? {
            env: env.map((variable: unknown) =>
              isPlain(variable) && "value" in variable
                ? { ...variable, value: this.namedIn(variable.value) }
                : variable,
            ),
          }
        : {}),
    };
  }

  private namedIn(text: unknown): unknown {
    if (typeof text !== "string") {
      return text;
    }
    const [, flag = "", image] = imageInText.exec(text) ?? [];
    return image === undefined ? text : `${flag}${this.pulled(image)}`;
  }

  /** Where an image is pulled from. */
  private pulled(image: string): string {
    const { mirror, registry } = this.args;
    const isThere = [mirror, registry].some(
      (place) => place !== undefined && image.startsWith(`${place}/`),
    );
    const pulled = mirror === undefined || isThere ? image : `${mirror}/${fullName(image)}`;
    this.seen.add(pulled);
    return pulled;
  }

  /** The Secrets are for the mirror; the applications have theirs whether there is one or not. */
  private get pullSecrets(): readonly string[] {
    return this.args.mirror === undefined ? [] : this.args.pullSecrets;
  }

  private withPullSecrets(podSpec: Fields): Fields {
    const present = Array.isArray(podSpec.imagePullSecrets)
      ? (podSpec.imagePullSecrets as readonly { readonly name?: unknown }[])
      : [];
    const missing = this.pullSecrets.filter(
      (secret) => !present.some(({ name }) => name === secret),
    );
    return missing.length === 0
      ? podSpec
      : { ...podSpec, imagePullSecrets: [...present, ...missing.map((name) => ({ name }))] };
  }
}

/** A whole image reference with its registry and a version: the text of a variable, or behind `--flag=`. */
const imageInText =
  /^(--?[A-Za-z0-9-]+=)?((?:[a-z0-9-]+\.)+[a-z0-9-]+(?::[0-9]+)?(?:\/[a-z0-9._-]+)+(?::[A-Za-z0-9_][A-Za-z0-9._-]*(?:@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64}))$/;

/**
 * An image's name with its registry, as container runtimes complete it.
 * @see https://github.com/distribution/reference
 */
export function fullName(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) {
    return `docker.io/library/${image}`;
  }
  return /[.:]/.test(first) || first === "localhost" ? image : `docker.io/${image}`;
}

function fieldsOf(value: unknown): Fields {
  return isPlain(value) ? value : {};
}

/** Whether a value is a map of the program's own: what only another resource knows is left alone. */
function isPlain(value: unknown): value is Fields {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
