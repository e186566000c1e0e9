import type { V1ObjectMeta, V1Secret } from "@kubernetes/client-node";
import { groupOf, orStatus, type ClusterApi, type Listing, type ServedKind } from "../api";
import type { DeclaredObject } from "../drift/declared";
import { dryRun } from "../drift/dry-run";
import type { KubeObject } from "../../sandbox/plugins/kubernetes/object/kube-object";
import type { MetadataOnly, PendingOperation, Seen, Source, TlsSecret } from "./seen";

/** What was seen, and what we were not allowed to see. */
export interface Sight {
  readonly seen: Seen;
  /** By source, the rights that are missing, in words. */
  readonly denied: ReadonlyMap<Source, readonly string[]>;
}

/** Where the lists of objects come from: the group and kind, and which of them. */
const lists = {
  namespaces: { kind: "/Namespace" },
  deployments: { kind: "apps/Deployment" },
  statefulSets: { kind: "apps/StatefulSet" },
  daemonSets: { kind: "apps/DaemonSet" },
  jobs: { kind: "batch/Job" },
  pods: { kind: "/Pod" },
  events: { kind: "/Event", fieldSelector: "type=Warning" },
  claims: { kind: "/PersistentVolumeClaim" },
  quotas: { kind: "/ResourceQuota" },
  budgets: { kind: "policy/PodDisruptionBudget" },
  autoscalers: { kind: "autoscaling/HorizontalPodAutoscaler" },
  scaledObjects: { kind: "keda.sh/ScaledObject" },
  apiServices: { kind: "apiregistration.k8s.io/APIService" },
  ingresses: { kind: "networking.k8s.io/Ingress" },
  certificates: { kind: "cert-manager.io/Certificate" },
  secretStores: { kind: "external-secrets.io/SecretStore" },
  clusterSecretStores: { kind: "external-secrets.io/ClusterSecretStore" },
  externalSecrets: { kind: "external-secrets.io/ExternalSecret" },
  definitions: { kind: "apiextensions.k8s.io/CustomResourceDefinition" },
  releases: { kind: "/Secret", fieldSelector: "type=helm.sh/release.v1", onlyMetadata: true },
} as const satisfies Partial<
  Record<Source, Omit<Listing, "namespaces"> & { readonly kind: string }>
>;

/** Looks at the cluster of a stack. Nothing is changed; of Secrets only names and certificates are kept. */
export async function look(
  api: ClusterApi,
  declared: readonly DeclaredObject[],
  pending: readonly PendingOperation[],
  detail: (text: string) => void,
): Promise<Sight> {
  const namespaces = namespacesOf(declared);
  const denied = new Map<Source, readonly string[]>();
  const note = (source: Source, missing: readonly string[]): void => {
    if (missing.length > 0) {
      denied.set(source, [...(denied.get(source) ?? []), ...missing]);
    }
  };
  detail("its kinds");
  const kinds = await api.kinds();
  detail(`${String(kinds.length)} kinds in ${String(namespaces.length)} namespaces`);
  const listed = Object.fromEntries(
    await Promise.all(
      Object.entries(lists).map(async ([source, { kind, ...listing }]) => {
        const served = kinds.find((each) => nameOf(each) === kind);
        // A kind that nobody installed has no objects.
        const { items, denied: missing } =
          served === undefined
            ? { items: [], denied: [] }
            : await api.list(served, { namespaces, ...listing });
        note(source as Source, missing);
        return [source, items];
      }),
    ),
  ) as unknown as Pick<Seen, keyof typeof lists>;
  const tls = await tlsSecretsOf(api, listed.ingresses);
  note("tlsSecrets", tls.denied);
  const ending = await endingOf(api, kinds, namespaces, declared);
  note("ending", ending.denied);
  detail(`a dry run of ${String(declared.length)} objects`);
  const drift = await dryRun(api.objects, declared);
  return {
    seen: {
      ...concerning(listed, declared, namespaces),
      tlsSecrets: tls.items,
      ending: ending.items,
      drift,
      pending,
    },
    denied,
  };
}

/** The namespaces in which a stack has objects, without those of the cluster itself. */
export function namespacesOf(declared: readonly DeclaredObject[]): readonly string[] {
  const all = declared.flatMap(({ object: { kind, metadata } }) => {
    const { name, namespace } = metadata as V1ObjectMeta;
    return [namespace, kind === "Namespace" ? name : undefined];
  });
  return [...new Set(all)]
    .filter((name) => name !== undefined)
    .filter((name) => !name.startsWith("kube-"))
    .sort();
}

/** Of what the whole cluster shares, only what the stack has to do with. */
function concerning<T extends Pick<Seen, keyof typeof lists>>(
  listed: T,
  declared: readonly DeclaredObject[],
  namespaces: readonly string[],
): T {
  const groups = new Set(declared.map(({ object }) => groupOf(object.apiVersion)));
  const names = new Set(declared.map(({ object }) => nameIn(object)));
  const stores = new Set(
    (listed.externalSecrets as Seen["externalSecrets"]).map(
      ({ spec }) => spec?.secretStoreRef?.name,
    ),
  );
  return {
    ...listed,
    namespaces: listed.namespaces.filter(({ metadata }) =>
      namespaces.includes(metadata?.name ?? ""),
    ),
    definitions: listed.definitions.filter(
      ({ metadata, spec }) => names.has(metadata?.name ?? "") || groups.has(spec.group),
    ),
    clusterSecretStores: listed.clusterSecretStores.filter(
      ({ metadata: { name = "" } }) => names.has(name) || stores.has(name),
    ),
  };
}

/** The objects of every kind that are being deleted: their metadata is enough. */
async function endingOf(
  api: ClusterApi,
  kinds: readonly ServedKind[],
  namespaces: readonly string[],
  declared: readonly DeclaredObject[],
): Promise<{ readonly items: readonly MetadataOnly[]; readonly denied: readonly string[] }> {
  const own = new Set(declared.map(({ object }) => `${object.kind} ${nameIn(object)}`));
  const ownKinds = new Set(declared.map(({ object }) => object.kind));
  // Events have no finalizers, and are many.
  const wanted = kinds.filter(
    ({ kind, namespaced }) => kind !== "Event" && (namespaced || ownKinds.has(kind)),
  );
  const found = await Promise.all(
    wanted.map(async (served) => {
      const { items, denied } = await api.list<KubeObject>(served, {
        namespaces,
        onlyMetadata: true,
      });
      const ending = items.filter(({ metadata }) => {
        const { deletionTimestamp, finalizers = [] } = metadata as V1ObjectMeta;
        return deletionTimestamp !== undefined && finalizers.length > 0;
      });
      const concerned = ending.filter(
        (object) => served.namespaced || own.has(`${object.kind} ${nameIn(object)}`),
      );
      return { items: concerned as unknown as MetadataOnly[], denied };
    }),
  );
  return {
    items: found.flatMap(({ items }) => items),
    denied: found.flatMap(({ denied }) => denied),
  };
}

/** The certificates that Ingresses serve: the Secrets are read one by one, and their keys are dropped at once. */
async function tlsSecretsOf(
  api: ClusterApi,
  ingresses: Seen["ingresses"],
): Promise<{ readonly items: readonly TlsSecret[]; readonly denied: readonly string[] }> {
  const named = new Map(
    ingresses.flatMap(({ metadata, spec }) =>
      (spec?.tls ?? []).flatMap(({ secretName: name }) => {
        const { namespace = "" } = metadata ?? {};
        return name === undefined ? [] : [[`${namespace}/${name}`, { namespace, name }] as const];
      }),
    ),
  );
  const read = await Promise.all(
    [...named.values()].map(async (metadata) => {
      const secret = await api.objects
        .get({ apiVersion: "v1", kind: "Secret", metadata })
        .catch((error: unknown) => orStatus(error, 403, 404));
      const encoded =
        typeof secret === "number"
          ? undefined
          : (secret as Pick<V1Secret, "data">).data?.["tls.crt"];
      return {
        ...metadata,
        isDenied: secret === 403,
        ...(encoded === undefined
          ? {}
          : { certificate: Buffer.from(encoded, "base64").toString("utf8") }),
      };
    }),
  );
  return {
    items: read.filter(({ isDenied }) => !isDenied).map(({ isDenied: _, ...secret }) => secret),
    denied: read
      .filter(({ isDenied }) => isDenied)
      .map(({ namespace, name }) => `get secret ${namespace}/${name}`),
  };
}

function nameOf({ apiVersion, kind }: ServedKind): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

function nameIn({ metadata }: KubeObject): string {
  return (metadata as V1ObjectMeta).name ?? "";
}
