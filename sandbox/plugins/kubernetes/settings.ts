import { Unsupported } from "../rpc/unary";
import { revealMap, Unknown, type Plain, type PropertyMap } from "../rpc/values";
import { type Mutability } from "./diff/force-new";

/** The provider's configuration. */
export interface ProviderSettings {
  /** Path or text of a kubeconfig; empty means the ambient one, undefined that it is not known yet. */
  readonly kubeconfig: string | undefined;

  /** Context in the kubeconfig. @default the current one */
  readonly context?: string;

  /** Cluster in the kubeconfig. @default the context's */
  readonly cluster?: string;

  /** Namespace of objects that name none. @default the context's */
  readonly namespace?: string;

  /** Whether conflicts with other field managers are always won. */
  readonly patchForce: boolean;

  /** Whether creating an existing object updates it. */
  readonly upsert: boolean;

  /** Whether data objects may change in place. */
  readonly mutable: Mutability;

  /** Whether the state forgets objects of a cluster that does not answer. */
  readonly deleteUnreachable: boolean;

  /** Whether reads return the state when the cluster does not answer. */
  readonly skipUpdateUnreachable: boolean;
}

/** What the official provider can be told and the stand-in does not do. */
const UNSUPPORTED = ["renderYamlToDirectory", "alwaysRender", "helmReleaseSettings", "strictMode"];

/** What has no effect here: the stand-in prints no such warnings and limits requests itself. */
const WITHOUT_EFFECT = [
  "clusterIdentifier",
  "kubeClientSettings",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
];

/** The settings, each with the environment variable that gives it when the program does not. */
const FLAGS = {
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
  skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
} as const;
const TEXTS = ["kubeconfig", "context", "cluster", "namespace"];
const KNOWN: ReadonlySet<string> = new Set([
  ...TEXTS,
  ...Object.keys(FLAGS),
  ...WITHOUT_EFFECT,
  "enableServerSideApply",
  // The engine adds the version of the provider's SDK.
  "version",
]);

/** Reads the arguments of the provider resource. Booleans arrive as text, values may not be known yet. */
export function readSettings(args: PropertyMap): ProviderSettings {
  const values = revealMap(args);
  for (const [key, value] of Object.entries(values)) {
    if (UNSUPPORTED.includes(key) && value !== "" && value !== false && value !== "false") {
      throw new Unsupported(`The provider setting "${key}"`);
    }
    if (!KNOWN.has(key) && !UNSUPPORTED.includes(key)) {
      throw new Unsupported(`The provider setting "${key}"`);
    }
  }
  if (String(values["enableServerSideApply"] ?? "true") === "false") {
    throw new Unsupported(
      'The provider setting "enableServerSideApply: false" (client-side apply)',
    );
  }
  const flag = (key: keyof typeof FLAGS): boolean =>
    String(values[key] ?? process.env[FLAGS[key]] ?? "false") === "true";
  const text = (key: string): string | undefined => {
    const value = values[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const { kubeconfig } = values;
  return {
    kubeconfig: kubeconfigText(kubeconfig ?? ""),
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    patchForce: flag("enablePatchForce"),
    upsert: flag("upsertExistingObjects"),
    mutable: { configMaps: flag("enableConfigMapMutable"), secrets: flag("enableSecretMutable") },
    deleteUnreachable: flag("deleteUnreachable"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable"),
  };
}

function kubeconfigText(kubeconfig: Plain): string | undefined {
  if (kubeconfig instanceof Unknown) {
    return undefined;
  }
  return typeof kubeconfig === "string" ? kubeconfig : JSON.stringify(kubeconfig);
}
