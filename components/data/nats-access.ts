import type { StreamDemand } from "./demands";
import type { SecretKey } from "./setup-job";

/** A client of the bus, and what it may do; without permissions it may do everything in its account. */
export interface NatsUser {
  /** The user name. */
  readonly user: string;
  /** The key that holds the password. */
  readonly password: SecretKey;
  /**
   * The subjects it may publish to and subscribe to.
   * @default - every subject of the account
   */
  readonly permissions?: NatsPermissions;
}

/** @see https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization */
export interface NatsPermissions {
  /** The subjects it may publish to. */
  readonly publish: readonly string[];
  /** The subjects it may subscribe to. */
  readonly subscribe: readonly string[];
}

/** A user as the server's configuration has it; the password is the name of a variable. */
export interface NatsUserConfig {
  readonly user: string;
  readonly password: string;
  /** @default - every subject of the account */
  readonly permissions?: NatsPermissions;
}

/** What an environment variable of the server's container comes from. */
export interface NatsEnvFromSecret {
  readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

/**
 * The permissions that follow from everything an application does with streams, and no more.
 *
 * A consumer asks for messages and acknowledges them; the two forms of the acknowledgement are those
 * without and with a JetStream domain. Whoever asks is answered in its inbox.
 * @see https://docs.nats.io/reference/reference-protocols/nats_api_reference
 */
export function streamPermissions(demands: readonly StreamDemand[]): NatsPermissions {
  const publish = demands.flatMap(({ streamName, use }) =>
    use.kind === "publish"
      ? use.subjects
      : [
          // Client libraries ask first whether the account has JetStream at all.
          "$JS.API.INFO",
          `$JS.API.STREAM.INFO.${streamName}`,
          `$JS.API.CONSUMER.INFO.${streamName}.${use.consumer}`,
          `$JS.API.CONSUMER.MSG.NEXT.${streamName}.${use.consumer}`,
          `$JS.ACK.${streamName}.${use.consumer}.>`,
          `$JS.ACK.*.*.${streamName}.${use.consumer}.>`,
        ],
  );
  return { publish: [...new Set(publish)].sort(), subscribe: ["_INBOX.>"] };
}

/** The variable of the server's environment that holds a user's password. */
export function passwordVariable(user: string): string {
  return `NATS_PASSWORD_${user.toUpperCase().replace(/-/g, "_")}`;
}

/**
 * A user in the server's configuration. `<< $X >>` leaves the chart's output unquoted, so that the
 * server reads the variable: the password is neither in the values nor in the ConfigMap.
 */
export function userConfig({ user, permissions }: NatsUser): NatsUserConfig {
  const password = `<< $${passwordVariable(user)} >>`;
  return permissions === undefined ? { user, password } : { user, password, permissions };
}

/** The environment of the server's container: each user's password, by reference. */
export function passwordEnv(users: readonly NatsUser[]): Record<string, NatsEnvFromSecret> {
  return Object.fromEntries(
    users.map(({ user, password }) => [
      passwordVariable(user),
      { valueFrom: { secretKeyRef: { name: password.secret, key: password.key } } },
    ]),
  );
}
