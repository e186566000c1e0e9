import { parseDocument } from "yaml";
import { previewEnvironmentSettings } from "../../components/settings/rooms";
import { Failure } from "../../sandbox/terminal/failure";

/** What the template of preview environments says, as far as it is needed to make one. */
export interface Template {
  /** The stack that it is the file of; the name of an environment's stack starts with it. */
  readonly stack: string;
  /** The stack that has the platform. */
  readonly platformStack: string;
  /** The environment's name in labels. */
  readonly environment: string;
  /** The applications that are deployed. */
  readonly applications: readonly string[];
  /** The names of the image pull Secrets. */
  readonly pullSecrets: readonly string[];
  /** Whether its cluster is the sandbox's. */
  readonly simulated: boolean;
}

/** What a stack file needs in order to encrypt what it encrypts, as the state knows it. */
export type Encryption = Readonly<
  Partial<Record<"encryptionsalt" | "secretsprovider" | "encryptedkey", string>>
>;

/**
 * Reads the template.
 * @throws Failure when it is not a stack of applications beside a platform stack.
 */
export function readTemplate(stack: string, text: string): Template {
  const document = parseDocument(text);
  const at = (...path: readonly string[]): unknown => {
    const value: unknown = document.getIn(["config", ...path]);
    return typeof value === "object" && value !== null && "toJSON" in value
      ? (value as { toJSON(): unknown }).toJSON()
      : value;
  };
  const platformStack = at("slipway:platformStack");
  if (typeof platformStack !== "string" || at("slipway:previewEnvironment") === undefined) {
    throw new Failure(
      `Pulumi.${stack}.yaml is no template of preview environments: it has no ` +
        `${typeof platformStack === "string" ? "slipway:previewEnvironment" : "slipway:platformStack"}.`,
      "Name one with --template, such as preview.",
    );
  }
  return {
    stack,
    platformStack,
    environment: String(at("slipway:environment")),
    applications: Object.keys((at("slipway:applications") ?? {}) as object),
    pullSecrets: (at("slipway:images", "pullSecrets") ?? []) as readonly string[],
    simulated: at("slipway:cluster", "simulated") === true,
  };
}

/**
 * The name of an environment's stack.
 * @throws Failure when the environment's name is not one.
 */
export function stackOf(template: Pick<Template, "stack">, name: string): string {
  const { error } = previewEnvironmentSettings.unwrap().shape.name.safeParse(name);
  const stack = `${template.stack}-${name}`;
  if (error !== undefined || !/^[a-z0-9-]{1,63}$/.test(stack)) {
    throw new Failure(
      `"${name}" cannot be the name of a preview environment.`,
      "Use at most 30 lower-case letters, digits and hyphens, a letter first: pr-12.",
    );
  }
  return stack;
}

/**
 * The stack file of an environment: the template with its name, which becomes part of each host's first
 * word. One wildcard record, and one wildcard certificate, is enough for all environments.
 */
export function environmentFile(
  text: string,
  name: string,
  slot: number,
  encryption: Encryption = {},
): string {
  const document = parseDocument(text);
  document.commentBefore = " Written by npm run environment from its template; changes are lost.";
  document.setIn(["config", "slipway:previewEnvironment"], { name, slot });
  const applications = document.getIn(["config", "slipway:applications"]) as
    { readonly items: readonly { readonly key: unknown }[] } | undefined;
  for (const { key } of applications?.items ?? []) {
    const path = ["config", "slipway:applications", String(key), "host"];
    const host: unknown = document.getIn(path);
    if (typeof host === "string") {
      document.setIn(path, hostOf(host, name));
    }
  }
  // The template's own would not open what the environment's stack has encrypted.
  for (const key of ["encryptionsalt", "encryptedkey"]) {
    document.delete(key);
  }
  for (const [key, value] of Object.entries(encryption)) {
    document.set(key, value);
  }
  return document.toString({ lineWidth: 0 });
}

/** A host with an environment's name in its first word: `shop.example.com` becomes `shop-pr-12.example.com`. */
function hostOf(host: string, name: string): string {
  const [first = "", ...rest] = host.split(".");
  const word = `${first}-${name}`;
  if (word.length > 63) {
    throw new Failure(
      `The host ${host} leaves no room for "${name}": ${word} has more than 63 letters.`,
      "Use a shorter name.",
    );
  }
  return [word, ...rest].join(".");
}

/** What an exported state says of how its stack encrypts. */
export function encryptionOf(state: unknown): Encryption {
  const { deployment } = state as {
    readonly deployment?: {
      readonly secrets_providers?: {
        readonly type?: string;
        readonly state?: {
          readonly salt?: string;
          readonly url?: string;
          readonly encryptedkey?: string;
        };
      };
    };
  };
  const { type, state: kept = {} } = deployment?.secrets_providers ?? {};
  switch (type) {
    case "passphrase":
      return kept.salt === undefined ? {} : { encryptionsalt: kept.salt };
    case "cloud":
      return {
        ...(kept.url === undefined ? {} : { secretsprovider: kept.url }),
        ...(kept.encryptedkey === undefined ? {} : { encryptedkey: kept.encryptedkey }),
      };
    default:
      return {};
  }
}
