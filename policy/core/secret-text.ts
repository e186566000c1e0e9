import { isMap, step } from "./fields";
import { peek } from "./unknown";

// Formats that their issuers document or that secret scanners agree on. Whatever can repeat is bounded, or starts
// where a run of it starts: a hostile text of a megabyte would otherwise take minutes.
const TOKENS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /---BEGIN[ A-Z0-9_-]{0,40}PRIVATE KEY/i],
  ["an AWS access key", /\b(?:A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}\b/],
  ["a Google API key", /\bAIza[\w\\\]^-]{35}/],
  ["a GitHub token", /\b(?:gh[opsur]_[0-9A-Za-z]{36}|github_pat_\w{22,})/],
  ["a GitLab token", /\bglpat-[\w-]{20}/],
  ["a Terraform token", /\b[a-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/i],
  ["an npm token", /\bnpm_[0-9A-Za-z]{36}\b/],
  ["a Stripe key", /\b[prs]k_(?:test|live)_[0-9A-Za-z]{10,}/],
  ["a Slack token", /\bxox[abeoprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com\/services\/\w+\/\w+\/\w+/],
  ["a JSON Web Token", /(?<![\w-])eyJ?[\w-]{15,}\.ey[\w/-]{15,}\.[\w/-]{10,}/],
  ["a Twilio key", /\bSK[0-9a-f]{32}\b/i],
  ["a Vault token", /\bhv[sb]\.[\w-]{24,}/],
  ["a SendGrid key", /\bSG\.[\w-]{22}\.[\w-]{43}/],
  ["a New Relic key", /\b(?:NRAK-[A-Z0-9]{27}|NRJS-[a-f0-9]{19})\b/i],
  ["a PyPI token", /\bpypi-AgE[\w-]{50,}/],
];

// Tokens without a mark of their own: only the name beside them tells.
const NAMED_TOKENS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a Bitbucket secret", named("bitbucket", "[0-9a-z]{32}")],
  ["a Datadog key", named("datadog", "[0-9a-z]{40}")],
  ["a Heroku key", named("heroku", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")],
  ["a LaunchDarkly key", named("launchdarkly", "[0-9a-z=_-]{40}")],
  ["a New Relic key", named("new[-_]?relic", "[0-9a-z]{64}")],
  ["an Okta token", named("okta", "[0-9a-z=_-]{42}")],
  ["a Sumo Logic key", named("sumo", "(?:[0-9a-z]{14}|[0-9a-z]{64})")],
];

function named(vendor: string, value: string): RegExp {
  return new RegExp(
    `${vendor}[\\w\\t .-]{0,20}["'\\s]{0,3}(?:<=|=>|:=|\\|\\|:|=|:|>)["'\\s\`=]{0,5}${value}(?:["'\\s\`;]|$)`,
    "i",
  );
}

// One pass tells that a text holds none of them, which is nearly always.
const ANY_TOKEN = new RegExp(TOKENS.map(([, { source }]) => source).join("|"), "i");
const ANY_VENDOR = /bitbucket|datadog|heroku|launchdarkly|new[-_]?relic|okta|sumo/i;

/** What kind of secret a text holds; undefined when it looks harmless. The key beside it may give it away. */
export function findToken(value: string, key = ""): string | undefined {
  if (value.length >= 12 && ANY_TOKEN.test(value)) {
    const found = TOKENS.find(([, pattern]) => pattern.test(value));
    if (found !== undefined) {
      return found[0];
    }
  }
  if (ANY_VENDOR.test(key) || (value.length > 14 && ANY_VENDOR.test(value))) {
    return NAMED_TOKENS.find(
      ([, pattern]) => pattern.test(value) || pattern.test(`${key}=${value}`),
    )?.[0];
  }
  return undefined;
}

const SECRET_NAME =
  /passw(?:or)?d|passphrase|passwrd|pswrd|pword|(?:^|[_.-])(?:pass|pwd)(?:$|[_.-])|db_?pass|secret|token|bearer|api[_.-]?key|private[_.-]?key|access[_.-]?key|encryption[_.-]?key|^aws_access_key_id$|^azure_.+key$|^oci_cli_key_content$|^google_application_credentials$|credentials?$/i;

// Names that speak about a secret without holding it: where it lies, what it is called, how long it lasts.
const ABOUT_A_SECRET =
  /(?:^|[_.-])(?:file|files|path|dir|directory|name|names|namespace|ref|enabled|disabled|ttl|expir\w{0,20}|lifetime|duration|length|size|count|limit|max|min|url|uri|endpoint|host|issuer|audience|type|algorithm|header|policy|rotation|interval|timeout|provider|backend|store|engine|version|id_prefix)$/i;

/** True for names of variables and keys that hold secrets (`DB_PASSWORD`, `api-key`). */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !ABOUT_A_SECRET.test(name);
}

/** True for values that cannot be the secret: empty, a switch, a reference to something else, a mount path. */
export function isHarmless(value: string): boolean {
  const trimmed = value.trim().replace(/^["']|["']$/g, "");
  return (
    trimmed === "" ||
    /^(?:true|false|null|none|yes|no|~)$/i.test(trimmed) ||
    /^(?:\$\{|\$\(|\{\{|\$[A-Z_]\w*[\s,;}\]]*$|<)/i.test(trimmed) ||
    /^\/[\w./-]*$/.test(trimmed)
  );
}

// Starts at the word that gives a secret away: a repeated prefix before it would take a time that grows with
// the square of a long line.
const ASSIGNMENT =
  /(?:pass(?:word|phrase|wd|wrd)?|pword|pswrd|pwd|secret(?:_?key)?|token|access_key_id)["']?\s*[:=][ \t]*(\S[^]*)?$/i;

/** The name of the first line of a text that assigns a literal to a secret's name. */
export function findAssignment(value: string): string | undefined {
  for (const line of value.split("\n")) {
    const match = ASSIGNMENT.exec(line);
    if (match !== null && !isHarmless(match[1] ?? "") && !/^\s*(?:#|\/\/)/.test(line)) {
      const name =
        /[\w.-]*$/.exec(line.slice(Math.max(0, match.index - 64), match.index))?.[0] ?? "";
      return name + (/^[\w.-]+/.exec(match[0])?.[0] ?? "");
    }
  }
  return undefined;
}

/**
 * Calls back for every text of a value with the key it stands under and the keys and indices that lead to it.
 * The trail is reused: `trailPath` turns it into a path when there is something to say.
 */
export function eachText(
  value: unknown,
  visit: (text: string, key: string, trail: readonly (string | number)[]) => void,
  key = "",
  trail: (string | number)[] = [],
): void {
  if (typeof value === "string") {
    visit(value, key, trail);
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      trail.push(index);
      eachText(value[index], visit, key, trail);
      trail.pop();
    }
  } else if (isMap(value)) {
    for (const name of Object.keys(value)) {
      trail.push(name);
      eachText(peek(value, name), visit, name, trail);
      trail.pop();
    }
  }
}

/** The path that a trail stands for. */
export function trailPath(trail: readonly (string | number)[]): string {
  return trail
    .map((part) => (typeof part === "number" ? `[${part}]` : step(part)))
    .join("")
    .replace(/^\./, "");
}
