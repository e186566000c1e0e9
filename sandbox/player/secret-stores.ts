import type { Action } from "./action";
import { isReady, sameConditions, withTransitionTimes } from "./conditions";
import { type Condition, decode, type KubernetesObject } from "./objects";
import { runningOperator } from "./operators";
import { derivedPassword } from "./passwords";
import { requestedFailure } from "./requested-failure";
import type { World } from "./world";

/** A SecretStore or a ClusterSecretStore. */
export interface SecretStore extends KubernetesObject {
  /** Where the values are; exactly one provider is set. */
  readonly spec: {
    readonly provider?: {
      readonly kubernetes?: {
        readonly remoteNamespace?: string;
        readonly auth?: {
          readonly serviceAccount?: { readonly name: string; readonly namespace?: string };
        };
      };
      readonly fake?: {
        readonly data?: readonly { readonly key: string; readonly value?: string }[];
      };
      readonly [provider: string]: unknown;
    };
  };
  /** Whether it can be read. */
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Asks the API server what a ServiceAccount may read. */
export interface Reviewer {
  /** Whether the account may get the Secret. */
  mayRead(account: AccountName, secret: SecretName): Promise<boolean>;
}

/** A ServiceAccount. */
export interface AccountName {
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** A Secret. */
export interface SecretName {
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** A value that could not be read, in the words of External Secrets. */
export class ReadProblem extends Error {}

/** Reports each store valid. No provider is asked. */
export function playSecretStores(world: World, now: string): readonly Action[] {
  if (runningOperator(world, "externalSecrets") === undefined) {
    return [];
  }
  const stores = [
    ...world.list<SecretStore>("SecretStore"),
    ...world.list<SecretStore>("ClusterSecretStore"),
  ];
  return stores.flatMap((object): readonly Action[] => {
    const failure = requestedFailure(object);
    const conditions = [
      failure === undefined
        ? ({ type: "Ready", status: "True", reason: "Valid", message: "store validated" } as const)
        : ({
            type: "Ready",
            status: "False",
            reason: failure,
            message: "failed on request",
          } as const),
    ];
    const present = object.status?.conditions;
    return sameConditions(conditions, present)
      ? []
      : [
          {
            do: "mergeStatus",
            object,
            fields: {
              capabilities: "ReadWrite",
              conditions: withTransitionTimes(conditions, present, now),
            },
          },
        ];
  });
}

/** The store a reference names. */
export function storeOf(
  reference: { readonly name?: string; readonly kind?: string } | undefined,
  namespace: string,
  world: World,
): SecretStore {
  const name = reference?.name ?? "";
  const kind = reference?.kind === "ClusterSecretStore" ? "ClusterSecretStore" : "SecretStore";
  const store =
    kind === "SecretStore"
      ? world.get<SecretStore>(kind, name, namespace)
      : world.get<SecretStore>(kind, name);
  if (store === undefined) {
    throw new ReadProblem(`could not get ${kind} "${name}", not found`);
  }
  if (!isReady(store.status)) {
    throw new ReadProblem(`${kind} "${name}" is not ready`);
  }
  return store;
}

/**
 * All values of one remote Secret. The `kubernetes` provider really reads it, by the rights of the store's account; the
 * `fake` provider has its values in its spec; for any other, values are made up and stay the same.
 */
export async function readRemote(
  store: SecretStore,
  key: string,
  namespace: string,
  world: World,
  reviewer: Reviewer,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { kubernetes, fake } = store.spec.provider ?? {};
  if (kubernetes !== undefined) {
    const secret = { namespace: kubernetes.remoteNamespace ?? "default", name: key };
    const account = kubernetes.auth?.serviceAccount;
    const reader = account && { name: account.name, namespace: account.namespace ?? namespace };
    if (reader !== undefined && !(await reviewer.mayRead(reader, secret))) {
      const user = `system:serviceaccount:${reader.namespace}:${reader.name}`;
      throw new ReadProblem(
        `secrets "${key}" is forbidden: User "${user}" cannot get resource "secrets" in the namespace "${secret.namespace}"`,
      );
    }
    const found = world.secret(secret.namespace, secret.name);
    if (found === undefined) {
      throw new ReadProblem(`secrets "${key}" not found in the namespace "${secret.namespace}"`);
    }
    return decode(found);
  }
  if (fake !== undefined) {
    const value = fake.data?.find((entry) => entry.key === key)?.value;
    if (value === undefined) {
      throw new ReadProblem(`the fake provider has no value for the key "${key}"`);
    }
    return parsed(value);
  }
  return undefined;
}

/** The value a provider that is not asked is said to hold. */
export function playedValue(store: SecretStore, key: string, property = ""): string {
  return derivedPassword(`${store.kind}/${store.metadata.name}/${key}/${property}`);
}

function parsed(value: string): Readonly<Record<string, string>> {
  try {
    const content: unknown = JSON.parse(value);
    return typeof content === "object" && content !== null
      ? Object.fromEntries(Object.entries(content).map(([name, part]) => [name, String(part)]))
      : { "": value };
  } catch {
    return { "": value };
  }
}
