import { parseImage } from "./image-reference";

/** What the labels of an application's objects say. */
export interface ApplicationFacts {
  /** The application's name. */
  readonly application: string;
  /** The team that owns it. */
  readonly team: string;
  /** The environment it runs in. */
  readonly environment: string;
}

/** What the labels of a service's objects say. */
export interface LabelFacts extends ApplicationFacts {
  /** The service's name. */
  readonly service: string;
}

/**
 * The labels that select a service's pods. They never change: a selector is immutable.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates
 */
export function selectorLabels(service: string): Record<string, string> {
  return { "app.kubernetes.io/name": service };
}

/**
 * The labels by which network policies know a service: all its pods have them, those of its migration
 * and its smoke test too, which its Service does not select.
 */
export function networkLabels(service: string): Record<string, string> {
  return { app: service };
}

/**
 * The labels of every object of a service: the recommended ones, and those that say whose it is.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function standardLabels(facts: LabelFacts): Record<string, string> {
  return {
    ...applicationLabels(facts),
    ...selectorLabels(facts.service),
    "app.kubernetes.io/instance": facts.service,
    ...networkLabels(facts.service),
  };
}

/** The labels of what belongs to an application as a whole. */
export function applicationLabels(facts: ApplicationFacts): Record<string, string> {
  return {
    "app.kubernetes.io/name": facts.application,
    "app.kubernetes.io/part-of": facts.application,
    "app.kubernetes.io/managed-by": "pulumi",
    team: facts.team,
    environment: facts.environment,
  };
}

/**
 * The labels of what an image runs in. They are kept off the other objects, so that a new version
 * changes only the workload.
 */
export function versionLabels(image: string): Record<string, string> {
  const version = imageVersion(image);
  return { "app.kubernetes.io/version": version, version };
}

/**
 * The version an image reference names, as a label value: its tag, else the start of its digest.
 * A tag may be longer than a label, and may end in what a label may not.
 */
export function imageVersion(image: string): string {
  const { tag, digest } = parseImage(image);
  const version = tag ?? digest?.replace(":", "-").slice(0, "sha256-".length + 12) ?? "unknown";
  return version
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+/, "")
    .replace(/[^A-Za-z0-9]+$/, "");
}

/** Says whether a text can be the value of a label. */
export function isLabelValue(text: string): boolean {
  return /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/.test(text);
}

/** Says whether a text can be the key of a label: a name, or a DNS name and a name with a slash between them. */
export function isLabelKey(text: string): boolean {
  return /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(
    text,
  );
}
