import type {
  V1MutatingWebhookConfiguration,
  V1ObjectMeta,
  V1Secret,
  V1ValidatingWebhookConfiguration,
} from "@kubernetes/client-node";
import { groupOf, orStatus, type ClusterApi, type Listing, type ServedKind } from "../api";
import type { DeclaredObject } from "../drift/declared";
import { dryRun } from "../drift/dry-run";
import type { KubeObject } from "../../sandbox/plugins/kubernetes/object/kube-object";
import type {
  MetadataOnly,
  PendingOperation,
  Seen,
  Source,
  TlsSecret,
  WebhookCertificate,
  WebhookClient,
} from "./seen";

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
  nodes: { kind: "/Node" },
  validating: { kind: "admissionregistration.k8s.io/ValidatingWebhookConfiguration" },
  mutating: { kind: "admissionregistration.k8s.io/MutatingWebhookConfiguration" },
  releases: { kind: "/Secret", fieldSelector: "type=helm.sh/release.v1", onlyMetadata: true },
} as const satisfies Readonly<
  Record<string, Omit<Listing, "namespaces"> & { readonly kind: string }>
>;

/** What was listed, in the checks' words where they look at it as it is. */
type Listed = Pick<Seen, Extract<keyof typeof lists, Source>> & {
  readonly validating: readonly V1ValidatingWebhookConfiguration[];
  readonly mutating: readonly V1MutatingWebhookConfiguration[];
};

/** The source that misses what a list was denied. */
function sourceOf(list: keyof typeof lists): Source {
  return list === "validating" || list === "mutating" ? "webhooks" : list;
}

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
        note(sourceOf(source as keyof typeof lists), missing);
        return [source, items];
      }),
    ),
  ) as unknown as Listed;
  const webhooks = webhooksIn(listed, namespaces);
  const shown = await webhookCertificatesOf(api, webhooks, listed.certificates);
  note("webhookCertificates", shown.denied);
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
      webhooks,
      webhookCertificates: shown.items,
      ending: ending.items,
      drift,
      pending: await Promise.all(pending.map(async (each) => withExistence(api, kinds, each))),
    },
    denied,
  };
}

/** Asks for the object that an interrupted run was creating. */
async function withExistence(
  api: ClusterApi,
  kinds: readonly ServedKind[],
  operation: PendingOperation,
): Promise<PendingOperation> {
  const { object } = operation;
  if (object === undefined) {
    return operation;
  }
  const isServed = kinds.some((served) => nameOf(served) === nameOf(object));
  if (!isServed) {
    return { ...operation, exists: false };
  }
  const found = await api.objects
    .get({ ...object, metadata: { ...object.metadata } })
    .catch((error: unknown) => orStatus(error, 403, 404));
  return found === 403 ? operation : { ...operation, exists: found !== 404 };
}

/** The namespaces in which a stack has objects, without those of the cluster itself. */
function namespacesOf(declared: readonly DeclaredObject[]): readonly string[] {
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
function concerning<T extends Listed>(
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
  return readCertificates(api, [...named.values()]);
}

/** The certificates in TLS Secrets; their keys are dropped at once. */
async function readCertificates<S extends { readonly namespace: string; readonly name: string }>(
  api: ClusterApi,
  secrets: readonly S[],
): Promise<{
  readonly items: readonly (S & { readonly certificate?: string })[];
  readonly denied: readonly string[];
}> {
  const read = await Promise.all(
    secrets.map(async (named) => {
      const { namespace, name } = named;
      const secret = await api.objects
        .get({ apiVersion: "v1", kind: "Secret", metadata: { namespace, name } })
        .catch((error: unknown) => orStatus(error, 403, 404));
      const encoded =
        typeof secret === "number"
          ? undefined
          : (secret as Pick<V1Secret, "data">).data?.["tls.crt"];
      const certificate = encoded && Buffer.from(encoded, "base64").toString("utf8");
      return {
        isDenied: secret === 403,
        secret: { ...named, ...(certificate && { certificate }) },
      };
    }),
  );
  return {
    items: read.filter(({ isDenied }) => !isDenied).map(({ secret }) => secret),
    denied: read
      .filter(({ isDenied }) => isDenied)
      .map(({ secret: { namespace, name } }) => `get secret ${namespace}/${name}`),
  };
}

/** The webhooks that Services in the stack's namespaces serve, once for each Service and authority. */
function webhooksIn(
  { validating, mutating }: Listed,
  namespaces: readonly string[],
): readonly WebhookClient[] {
  const all = [
    ...validating.map((each) => ["ValidatingWebhookConfiguration", each] as const),
    ...mutating.map((each) => ["MutatingWebhookConfiguration", each] as const),
  ];
  const found = new Map<string, WebhookClient>();
  for (const [kind, { metadata, webhooks = [] }] of all) {
    for (const { name: webhook, clientConfig, failurePolicy } of webhooks) {
      const { service, caBundle } = clientConfig;
      if (service !== undefined && namespaces.includes(service.namespace)) {
        const configuration = metadata?.name ?? "";
        const { namespace, name } = service;
        const ignoresFailure = failurePolicy === "Ignore";
        const key = [kind, configuration, namespace, name, caBundle, ignoresFailure].join(" ");
        const names = [...(found.get(key)?.names ?? []), webhook];
        found.set(key, {
          ...{ kind, configuration, names, service: { namespace, name }, ignoresFailure },
          ...(caBundle === undefined ? {} : { caBundle }),
        });
      }
    }
  }
  return [...found.values()];
}

/** What the webhooks' Services show, where a Certificate says in which Secret it is. */
async function webhookCertificatesOf(
  api: ClusterApi,
  webhooks: readonly WebhookClient[],
  certificates: Seen["certificates"],
): Promise<{ readonly items: readonly WebhookCertificate[]; readonly denied: readonly string[] }> {
  const secrets = webhooks.flatMap(({ service }) => {
    const { namespace } = service;
    const dnsName = `${service.name}.${namespace}.svc`;
    const name = certificates.find(
      ({ metadata, spec }) =>
        metadata.namespace === namespace && (spec?.dnsNames ?? []).includes(dnsName),
    )?.spec?.secretName;
    return name === undefined ? [] : [{ namespace, name, dnsName }];
  });
  const once = [...new Map(secrets.map((each) => [each.dnsName, each])).values()];
  const { items, denied } = await readCertificates(api, once);
  return {
    items: items.flatMap(({ namespace, name, dnsName, certificate }) =>
      certificate === undefined ? [] : [{ namespace, secret: name, dnsName, certificate }],
    ),
    denied,
  };
}

function nameOf({ apiVersion, kind }: Pick<ServedKind, "apiVersion" | "kind">): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

function nameIn({ metadata }: KubeObject): string {
  return (metadata as V1ObjectMeta).name ?? "";
}
