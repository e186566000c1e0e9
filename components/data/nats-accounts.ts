import type { StreamDemand } from "./demands";
import { bySlot, residents, type Tenant } from "./tenants";

/**
 * An account of the bus: its clients hear each other, and nobody of another account. Its streams are its own.
 * @see https://docs.nats.io/running-a-nats-service/configuration/securing_nats/accounts
 */
export interface NatsAccount {
  /** Its name. */
  readonly name: string;
  /** The user that makes its streams. */
  readonly admin: string;
  /** The name of the Job that makes them. */
  readonly streamsJob: string;
  /** Whose users it has. */
  readonly tenants: readonly Tenant<StreamDemand>[];
  /**
   * The slot of the preview environments that it is for.
   * @default - it is the stack's own
   */
  readonly slot?: number;
}

/** The account that the applications share, and one for each slot of the preview environments. */
export function natsAccounts(
  tenants: readonly Tenant<StreamDemand>[],
): readonly [NatsAccount, ...NatsAccount[]] {
  return [
    { name: "APP", admin: "admin", streamsJob: "nats-streams", tenants: residents(tenants) },
    ...bySlot(tenants).map(([slot, its]) => ({
      name: `PREVIEW_${String(slot)}`,
      admin: `admin-preview-${String(slot)}`,
      streamsJob: `nats-streams-preview-${String(slot)}`,
      tenants: its,
      slot,
    })),
  ];
}
