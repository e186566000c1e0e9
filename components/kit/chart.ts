import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { Adoption } from "./adoption";
import { disruptionBudgetOptions } from "./disruption";
import type { ImmutableGuard } from "./immutable-guard";
import type { StackImages } from "./stack-images";

/**
 * The digest of an archive.
 * @form a digest such as "sha256:9f86d081…"
 */
export type Digest = `sha256:${string}`;

/** Where a chart comes from, down to the exact version. */
export interface ChartCoordinates {
  /** The chart repository: `https://…` with an index, or `oci://…` without the chart's name. */
  readonly repository: string;
  /** The chart's name in the repository; also the folder's name in a mirror. */
  readonly chart: string;
  /** The exact version; a range or a partial version is refused by the type's users. */
  readonly version: string;
  /**
   * The digest of the packaged chart, recorded only from a source that was seen.
   * @default - not known yet; `npm run charts -- lock` fills it where there is a network
   */
  readonly digest?: Digest;
}

/** A chart in a folder of the repository: its version is the commit. */
export interface ChartFolder {
  /** The folder that holds its Chart.yaml, from the root of the repository. */
  readonly folder: string;
}

/** What every chart of a stack shares; it comes from the stack's settings. */
export interface ChartEnvironment {
  /**
   * A folder, an `https://` repository or an `oci://` registry that serves every chart instead of
   * its own repository.
   * @default - each chart's own repository
   */
  readonly mirror?: string;
  /** Whether the cluster's nodes run nothing, so that no admission webhook and no API of a pod ever answers. */
  readonly simulated: boolean;
  /**
   * Takes back what an earlier life of the stack kept.
   * @default - nothing is kept
   */
  readonly adoption?: Adoption;
  /**
   * Where images are pulled from.
   * @default - where the chart says
   */
  readonly images?: StackImages;
  /**
   * Looks for edits that an object cannot take.
   * @default - they are left to the provider, which makes the object anew
   */
  readonly guard?: ImmutableGuard;
  /**
   * How much the pods matter when nodes are full.
   * @default - as the chart says
   */
  readonly priority?: PodPriority;
}

/** How much pods matter when nodes are full. */
export interface PodPriority {
  /** The name of their PriorityClass. */
  readonly className: string;
  /** What they depend on: a pod whose class is missing is refused. */
  readonly ready: readonly pulumi.Resource[];
}

/** A Kubernetes object as a chart renders it. */
export type ChartObject = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
};

/** Changes one rendered object; pure, and given every object of the chart. */
export type ObjectTransform = (object: ChartObject) => ChartObject;

export interface InstallChartArgs<Values extends object> {
  /** The chart and its exact version; a folder is taken as it is, and never from a mirror. */
  readonly coordinates: ChartCoordinates | ChartFolder;
  /** What all charts of the stack share. */
  readonly environment: ChartEnvironment;
  /** The Helm release name; chart templates derive object names from it. */
  readonly releaseName: string;
  /** The namespace the release is rendered for; it has to exist. */
  readonly namespace: pulumi.Input<string>;
  /** The values we set, typed by the component that owns the chart. */
  readonly values: Values;
  /**
   * Values merged last and deeply: the escape hatch for a key that our interface does not have.
   * @default - none
   */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /**
   * Changes to rendered objects that no value of the chart can make, such as a missing probe.
   * @default - none
   */
  readonly transforms?: readonly ObjectTransform[];
}

/**
 * Installs a Helm chart as `helm.v4.Chart`: every object in it is a resource of its own, so previews
 * show it and policies judge it.
 *
 * Helm hooks are dropped by `helm.v4.Chart`; a chart that needs one has it replaced by its component.
 *
 * @throws when a mirror folder does not hold the chart at the version asked for.
 * @see https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v4/chart/
 */
export function installChart<Values extends object>(
  name: string,
  args: InstallChartArgs<Values>,
  opts: pulumi.ComponentResourceOptions,
): kubernetes.helm.v4.Chart {
  const { environment } = args;
  const change = objectTransform(environment, args.transforms ?? []);
  const chart = new kubernetes.helm.v4.Chart(
    name,
    {
      ...("folder" in args.coordinates
        ? { chart: resolve(args.coordinates.folder) }
        : chartSource(args.coordinates, environment.mirror)),
      name: args.releaseName,
      namespace: args.namespace,
      values: mergeValues(Object.fromEntries(Object.entries(args.values)), args.overrides ?? {}),
    },
    {
      ...pulumi.mergeOptions(opts, { dependsOn: [...(environment.priority?.ready ?? [])] }),
      transforms: [
        ...(opts.transforms ?? []),
        ({ props, opts: objectOpts }) => {
          if (!isChartObject(props)) {
            return undefined;
          }
          const changed = change(props);
          const ownOpts = optionsOf(props, objectOpts);
          const { guard, adoption } = environment;
          const object = { props: changed, opts: guard?.check(changed, ownOpts) ?? ownOpts };
          return adoption?.of(object) ?? object;
        },
      ],
    },
  );
  environment.images?.await(chart.resources);
  environment.guard?.await(chart);
  return chart;
}

/**
 * The engine's options of a chart's object. An object of a chart has one name, so the old one has to go before
 * the new one comes; the provider asks for that itself, but the SDK denies it where a transform applies.
 */
export function optionsOf(
  { kind }: Pick<ChartObject, "kind">,
  opts: pulumi.ResourceOptions,
): pulumi.CustomResourceOptions {
  return kind === "PodDisruptionBudget"
    ? pulumi.mergeOptions(opts, disruptionBudgetOptions)
    : { ...opts, deleteBeforeReplace: true };
}

/** The part of the Chart's arguments that says where it is found. */
export interface ChartSource {
  /** The chart's name, its path, or its OCI reference. */
  readonly chart: string;
  /** The exact version; a folder was checked to hold it. */
  readonly version: string;
  /**
   * The chart repository with an index.
   * @default - `chart` says it all
   */
  readonly repositoryOpts?: { readonly repo: string };
}

/**
 * Finds a chart: in its own repository, or in the mirror when there is one.
 * @throws when the mirror is a folder without the chart, or with another version or archive of it.
 */
export function chartSource(coordinates: ChartCoordinates, mirror?: string): ChartSource {
  const { chart, version } = coordinates;
  const source = mirror ?? coordinates.repository;
  if (source.startsWith("oci://")) {
    return { chart: `${source.replace(/\/$/, "")}/${chart}`, version };
  }
  if (/^https?:\/\//.test(source)) {
    return { chart, version, repositoryOpts: { repo: source } };
  }
  return { chart: chartInFolder(source, coordinates), version };
}

function chartInFolder(folder: string, { chart, version, digest }: ChartCoordinates): string {
  const archive = join(folder, `${chart}-${version}.tgz`);
  if (existsSync(archive)) {
    refuseOtherArchive(archive, digest);
    return archive;
  }
  const unpacked = join(folder, chart);
  const metadata = join(unpacked, "Chart.yaml");
  if (!existsSync(metadata) || !statSync(metadata).isFile()) {
    throw new pulumi.RunError(
      `The chart mirror "${folder}" holds neither "${chart}-${version}.tgz" nor a folder "${chart}" with a ` +
        `Chart.yaml. Put the chart there, or change slipway:charts.mirror.`,
    );
  }
  const found: unknown = parse(readFileSync(metadata, "utf8"));
  const foundVersion =
    typeof found === "object" && found !== null && "version" in found ? found.version : undefined;
  if (foundVersion !== version) {
    throw new pulumi.RunError(
      `The chart mirror "${folder}" holds ${chart} ${String(foundVersion)}, but the chart table asks for ` +
        `${version}. Put version ${version} there, or change the table.`,
    );
  }
  return unpacked;
}

function refuseOtherArchive(archive: string, digest: ChartCoordinates["digest"]): void {
  const found = createHash("sha256").update(readFileSync(archive)).digest("hex");
  if (digest !== undefined && digest !== `sha256:${found}`) {
    throw new pulumi.RunError(
      `${archive} is sha256:${found}, but the chart table says ${digest}. Find out who replaced the archive; ` +
        `npm run charts -- vendor pulls the right one.`,
    );
  }
}

/**
 * Builds the one function that changes each rendered object: first the chart's own transforms, then
 * where its images come from, then what the cluster demands.
 */
export function objectTransform(
  environment: ChartEnvironment,
  transforms: readonly ObjectTransform[],
): ObjectTransform {
  const { images, priority, simulated } = environment;
  const all: readonly ObjectTransform[] = [
    ...transforms,
    ...(priority === undefined ? [] : [inClass(priority.className)]),
    ...(images === undefined ? [] : [(object: ChartObject) => images.ofChart(object)]),
    ...(simulated ? [withoutPodsToAsk] : []),
  ];
  return (object) => all.reduce((changed, transform) => transform(changed), object);
}

/** Where the fields of a pod's spec are, in what a chart or an operator makes pods of. */
const podSpecPaths: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  Prometheus: ["spec"],
  Alertmanager: ["spec"],
};

/** Puts the pods of a chart that run all the time into a PriorityClass; a chart's own choice stays. */
function inClass(priorityClassName: string): ObjectTransform {
  return (object) => {
    const path = podSpecPaths[object.kind];
    if (path === undefined) {
      return object;
    }
    const podSpec = path.reduce<unknown>((value, key) => (isMap(value) ? value[key] : {}), object);
    if (isMap(podSpec) && hasText(podSpec.priorityClassName)) {
      return object;
    }
    const given = path.reduceRight<Record<string, unknown>>((inner, key) => ({ [key]: inner }), {
      priorityClassName,
    });
    return { ...mergeValues(object, given), apiVersion: object.apiVersion, kind: object.kind };
  };
}

function hasText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/**
 * Keeps the API server from asking pods, which answer nothing on simulated nodes: one unanswered webhook
 * with `failurePolicy: Fail` rejects every object it guards, and one unanswered API group keeps every
 * namespace from being deleted.
 * @see https://github.com/kubernetes/kubernetes/issues/60807
 */
const withoutPodsToAsk: ObjectTransform = (object) => {
  switch (object.kind) {
    case "ValidatingWebhookConfiguration":
    case "MutatingWebhookConfiguration":
      return { ...object, webhooks: [] };
    case "APIService":
      return { ...object, spec: withoutService(object.spec) };
    default:
      return object;
  }
};

/** Without a Service an API group counts as the API server's own: it is there, and empty. */
function withoutService(spec: unknown): unknown {
  const ofPods = ["service", "insecureSkipTLSVerify", "caBundle"];
  return isMap(spec)
    ? Object.fromEntries(Object.entries(spec).filter(([field]) => !ofPods.includes(field)))
    : spec;
}

/** Merges maps deeply; lists and scalars of `over` replace those of `base`, as Helm does it. */
export function mergeValues(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const present = merged[key];
    merged[key] = isMap(present) && isMap(value) ? mergeValues(present, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isChartObject(props: unknown): props is ChartObject {
  return isMap(props) && typeof props.apiVersion === "string" && typeof props.kind === "string";
}
