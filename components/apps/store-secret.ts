import * as pulumi from "@pulumi/pulumi";
import type { Connection, ConnectionField, Demand } from "../kit/connection";
import type { Problem } from "../kit/problem";
import type { SecretStores } from "../platform";
import { usedDemands, type DeclaredService } from "./declaration";

export interface StoreSecretSpec<Field extends string = string> {
  /** The store's name in `slipway:platform.externalSecrets.stores`. */
  readonly store: string;
  /** Where the secret is in the store: `storefront/payments`. */
  readonly key: string;
  /** Its properties that the service reads, by the names it gives them. */
  readonly fields: Readonly<Record<Field, string>>;
}

/** A secret that is kept in one of the stack's stores. */
export interface StoreSecret extends Demand {
  readonly kind: "secret";
  /** Where it is kept, and what is read of it. */
  readonly stored: StoreSecretSpec;
}

/**
 * Asks for a secret of one of the stack's stores.
 *
 * @example
 * const payments = secret("payments", {
 *   store: "vault",
 *   key: "storefront/payments",
 *   fields: { apiKey: "api_key" },
 * });
 * service("orders", { uses: { payments }, env: { PAYMENTS_KEY: payments.apiKey }, ... });
 * @throws when the name is not one of up to 40 lower-case letters, digits and hyphens.
 */
export function secret<const Field extends string>(
  name: string,
  stored: StoreSecretSpec<Field>,
): StoreSecret & Readonly<Record<Field, ConnectionField>> {
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) {
    throw new pulumi.RunError(
      `The secret name "${name}" is not allowed: use 1 to 40 lower-case letters, digits and hyphens, with a ` +
        `letter or digit at both ends.`,
    );
  }
  const demand: StoreSecret = { kind: "secret", key: `secret/${name}`, stored };
  const fields: Partial<Record<Field, ConnectionField>> = {};
  for (const field of Object.keys(stored.fields ?? {}) as Field[]) {
    fields[field] = { demand, field };
  }
  return { ...demand, ...(fields as Record<Field, ConnectionField>) };
}

/** Says whether a store of the stack answers a demand. */
export function isStoreSecret(demand: Demand): demand is StoreSecret {
  return demand.kind === "secret";
}

/**
 * How a service reads a secret of a store.
 * @throws when the stack has no such store; `storeProblems` finds it before anything is registered.
 */
export function connectStore(
  demand: StoreSecret,
  { ready, stores }: Pick<SecretStores, "ready" | "stores">,
): Connection {
  const { store, key, fields } = demand.stored;
  const reads = stores[store];
  if (reads === undefined) {
    throw new Error(`The demand ${demand.key} names the store "${store}", which is not there.`);
  }
  return {
    demand,
    fields: Object.fromEntries(
      Object.keys(fields).map((field) => [field, { kind: "secret", key: field }] as const),
    ),
    secret: { store, name: key, keys: Object.keys(fields), properties: fields },
    peers: [],
    ready: [...ready, ...reads],
  };
}

/** What is wrong with the secrets that a service reads: each store has to be one of the stack's. */
export function storeProblems(
  declaration: Pick<DeclaredService, "uses">,
  stores: readonly string[],
): readonly Problem[] {
  return usedDemands(declaration)
    .filter(isStoreSecret)
    .filter(({ stored }) => !stores.includes(stored.store))
    .map(({ key, stored }) => ({
      field: `uses ${key}`,
      message:
        `names the store "${stored.store}"; the stack has ${stores.length === 0 ? "none" : stores.join(", ")}. ` +
        `Add it to slipway:platform.externalSecrets.stores, or name one of these.`,
    }));
}
