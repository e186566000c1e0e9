import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { addressBlocks } from "../kit/addresses";
import type { CloudIdentity } from "../kit/cloud-identity";
import { Component } from "../kit/component";
import type { Connection, RemoteSecret } from "../kit/connection";
import { externalSecret, externalSecretTimeouts } from "../kit/external-secret";
import { Namespace } from "../kit/namespace";
import { toBlocks } from "../kit/network-policy";
import { refuse, type Problem } from "../kit/problem";
import type { SecretStores } from "../platform";
import type { CloudIdentitySettings, ExternalObjectStoreSettings } from "../settings/data";
import { createBucketWipes } from "./bucket-wipe";
import { bucketUserName } from "./buckets";
import type { BucketDemand } from "./demands";
import { SecretAccess } from "./secret-access";
import { residents, unknownNames, type Answers, type Tenant } from "./tenants";

/** The namespace of the keys; where pods have an identity there are none, and it is not made. */
const namespaceName = "object-store";

export interface ExternalObjectStoreArgs {
  /** What the stack says of the object store. */
  readonly settings: ExternalObjectStoreSettings;
  /** The applications that demand buckets. */
  readonly tenants: readonly Tenant<BucketDemand>[];
  /** What reads the keys. */
  readonly secretStores: SecretStores;
}

/**
 * An object store outside the cluster, which speaks S3 or is reached by its cloud's own libraries. Its
 * buckets are there. An application proves who it is by keys that are carried from a store, or by the
 * identity that the cloud gives its pods; then there is no key, and a variable for one is left out.
 */
export class ExternalObjectStore extends Component implements Answers<BucketDemand> {
  private readonly settings: ExternalObjectStoreSettings;
  private readonly ready: ReadonlyMap<string, readonly pulumi.Resource[]>;

  constructor(
    name: string,
    args: ExternalObjectStoreArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("data", "ExternalObjectStore", name, opts);
    const { settings, tenants, secretStores } = args;
    const { access } = settings;
    refuse("The object store", problemsOf(settings, tenants));

    this.settings = settings;
    this.ready = access.kind === "keys" ? carryKeys(this, access) : new Map();
    this.registerOutputs({});

    function carryKeys(
      parent: ExternalObjectStore,
      keys: KeyAccess,
    ): ReadonlyMap<string, readonly pulumi.Resource[]> {
      const namespace = new Namespace(
        `${name}-namespace`,
        {
          name: namespaceName,
          podSecurity: "restricted",
          labels: { "app.kubernetes.io/managed-by": "pulumi" },
        },
        { parent },
      );
      const inNamespace = { parent, dependsOn: [namespace] };
      const carried = new Map(
        tenants.map(({ application, namespace: applicationNamespace, demands, slot }) => {
          const secrets = demands.map(({ bucketName }) =>
            carry(parent, namespace, bucketUserName(application, bucketName), {
              store: keys.store,
              key:
                keys.secrets[`${application}/${bucketName}`] ??
                bucketUserName(application, bucketName),
            }),
          );
          if (slot !== undefined) {
            return [application, secrets] as const;
          }
          const { ready } = new SecretAccess(
            `${name}-${application}-access`,
            {
              namespace: namespaceName,
              application,
              applicationNamespace,
              secretNames: demands.map(({ bucketName }) => bucketUserName(application, bucketName)),
            },
            inNamespace,
          );
          return [application, [...secrets, ...ready]] as const;
        }),
      );
      createBucketWipes(
        name,
        {
          tenants,
          namespace: namespaceName,
          secretOf: (user) => user,
          bucketOf: ({ bucketName }) => settings.buckets[bucketName] ?? bucketName,
          endpoint: settings.endpoint,
          egress: [toBlocks(addressBlocks(settings.addresses), [portOf(settings.endpoint)])],
        },
        { parent, dependsOn: [namespace, ...[...carried.values()].flat()] },
      );
      return carried;
    }

    function carry(
      parent: ExternalObjectStore,
      namespace: Namespace,
      secret: string,
      from: { readonly store: string; readonly key: string },
    ): pulumi.Resource {
      const reads = secretStores.stores[from.store];
      return new kubernetes.apiextensions.CustomResource(
        `${name}-${secret}`,
        externalSecret({
          name: secret,
          namespace: namespaceName,
          store: { kind: "ClusterSecretStore", name: from.store },
          data: {
            accessKey: { key: from.key, property: "accessKey" },
            secretKey: { key: from.key, property: "secretKey" },
          },
        }),
        {
          parent,
          dependsOn: [namespace, ...secretStores.ready, ...(reads ?? [])],
          customTimeouts: externalSecretTimeouts,
        },
      );
    }
  }

  /** How an application uses a bucket. */
  connect(application: string, demand: BucketDemand): Connection {
    const { endpoint, region, buckets, access, addresses } = this.settings;
    const key = (name: string) =>
      access.kind === "keys"
        ? ({ kind: "secret", key: name } as const)
        : ({ kind: "none" } as const);
    return {
      demand,
      fields: {
        endpoint: { kind: "plain", value: endpoint },
        // Its certificate is one that every client trusts.
        ca: { kind: "none" },
        region: { kind: "plain", value: region },
        bucket: { kind: "plain", value: buckets[demand.bucketName] ?? demand.bucketName },
        accessKey: key("accessKey"),
        secretKey: key("secretKey"),
      },
      secret: access.kind === "keys" ? keysOf(application, demand) : undefined,
      peers: [],
      outside: { addresses, ports: [portOf(endpoint)] },
      identity:
        access.kind === "identity" ? cloudIdentity(access.identities[application]) : undefined,
      ready: this.ready.get(application) ?? [],
    };
  }
}

type KeyAccess = Extract<ExternalObjectStoreSettings["access"], { kind: "keys" }>;

function keysOf(application: string, { bucketName }: BucketDemand): RemoteSecret {
  return {
    namespace: namespaceName,
    name: bucketUserName(application, bucketName),
    keys: ["accessKey", "secretKey"],
  };
}

function portOf(endpoint: string): number {
  const { port, protocol } = new URL(endpoint);
  return Number(port === "" ? (protocol === "https:" ? "443" : "80") : port);
}

/** An identity as an application's declaration would say it. */
export function cloudIdentity(
  settings: CloudIdentitySettings | undefined,
): CloudIdentity | undefined {
  switch (settings?.kind) {
    case undefined:
      return undefined;
    case "aws":
      return settings.roleArn === undefined
        ? { aws: { podIdentity: true } }
        : { aws: { roleArn: settings.roleArn } };
    case "gcp":
      return { gcp: { serviceAccount: settings.serviceAccount } };
    case "azure":
      return { azure: { clientId: settings.clientId } };
  }
}

function problemsOf(
  { access, buckets }: ExternalObjectStoreSettings,
  tenants: readonly Tenant<BucketDemand>[],
): readonly Problem[] {
  const applications = tenants.map(({ application }) => application);
  const demanded = tenants.flatMap(({ demands }) => demands.map(({ bucketName }) => bucketName));
  const field = "slipway:data.objectStore";
  return [
    ...unknownNames(`${field}.buckets`, Object.keys(buckets), demanded),
    ...(access.kind === "keys"
      ? unknownNames(
          `${field}.access.secrets`,
          Object.keys(access.secrets),
          tenants.flatMap(({ application, demands }) =>
            demands.map(({ bucketName }) => `${application}/${bucketName}`),
          ),
        )
      : [
          ...unknownNames(
            `${field}.access.identities`,
            Object.keys(access.identities),
            applications,
          ),
          ...(tenants.some(({ slot }) => slot !== undefined)
            ? [
                {
                  field: "slipway:previews.applications",
                  message:
                    "names applications that demand buckets, which nothing can empty after a preview without a key. " +
                    `Give the previews keys (${field}.access.kind: keys), or leave these applications out.`,
                },
              ]
            : []),
          ...residents(tenants)
            .map(({ application }) => application)
            .filter((application) => access.identities[application] === undefined)
            .map((application) => ({
              field: `${field}.access.identities.${application}`,
              message: `is missing; ${application} uses a bucket and has no keys.`,
            })),
        ]),
  ];
}
