import type { Problem } from "../../kit/problem";

/** Names whose last word says that the value opens something. */
const credentialName =
  /(^|_)(pass(word|wd|phrase)?|pwd|secret|token|credentials?|(api|access|private|secret|signing|encryption)_?key)$/i;

/** A user's password within an address. */
const addressWithPassword = /:\/\/[^\s/:@]*:[^\s/@$]+@/;

/** Values that are none themselves: nothing, a switch, the place of a file, another variable. */
const harmless = /^(|true|false|\/.*|\$\([^)]*\))$/i;

/**
 * Credentials written out where everybody who may read the workload, the repository or the state reads
 * them. No message shows a value.
 */
export function plainSecretProblems(env: Readonly<Record<string, unknown>>): readonly Problem[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (typeof value !== "string" || harmless.test(value)) {
      return [];
    }
    if (credentialName.test(name)) {
      return [
        {
          field: name,
          message:
            "holds a credential as a text. Use a value of a connection, or a key of a Secret, so that it is only referred to.",
        },
      ];
    }
    return addressWithPassword.test(value)
      ? [
          {
            field: name,
            message:
              "holds an address with a password in it. Use the url of a connection, which is only referred to.",
          },
        ]
      : [];
  });
}
