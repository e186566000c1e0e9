import { randomBytes } from "node:crypto";
import { Secret, Unknown, type PropertyMap } from "../rpc/values";
import { randomText, ruleProblems, type CharacterRules } from "./characters";

/** One kind of resource the random plugin makes. */
export interface RandomResource {
  /** The inputs it takes, with the value each has when it is left out. */
  readonly defaults: PropertyMap;

  /** Returns what is wrong with the inputs, one sentence each. */
  problems(inputs: PropertyMap): readonly { property: string; reason: string }[];

  /** Draws a new value. */
  create(inputs: PropertyMap): { readonly id: string; readonly outputs: PropertyMap };

  /** The outputs whose value is not known in a preview. */
  readonly drawn: readonly string[];

  /** The outputs that are secret. */
  readonly secrets: readonly string[];
}

const TEXT_DEFAULTS: PropertyMap = {
  length: 0,
  lower: true,
  upper: true,
  numeric: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
  overrideSpecial: "",
  keepers: {},
};

const PASSWORD: RandomResource = {
  defaults: TEXT_DEFAULTS,
  problems: textProblems,
  create: (inputs) => ({ id: "none", outputs: { result: randomText(characterRules(inputs)) } }),
  drawn: ["result"],
  secrets: ["result"],
};

const STRING: RandomResource = {
  defaults: TEXT_DEFAULTS,
  problems: textProblems,
  create: (inputs) => {
    const result = randomText(characterRules(inputs));
    return { id: result, outputs: { result } };
  },
  drawn: ["result"],
  secrets: [],
};

const ID: RandomResource = {
  defaults: { byteLength: 0, prefix: "", keepers: {} },
  problems: ({ byteLength }) =>
    byteLength instanceof Unknown ||
    (typeof byteLength === "number" && Number.isInteger(byteLength) && byteLength >= 1)
      ? []
      : [
          {
            property: "byteLength",
            reason: `byteLength is ${String(byteLength)}; it may be a whole number of at least 1.`,
          },
        ],
  create: (inputs) => {
    const bytes = randomBytes(Number(inputs["byteLength"]));
    const prefix = String(inputs["prefix"] ?? "");
    const hex = bytes.toString("hex");
    return {
      id: bytes.toString("base64url"),
      outputs: {
        hex: prefix + hex,
        dec: prefix + BigInt(`0x${hex}`).toString(),
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
      },
    };
  },
  drawn: ["hex", "dec", "b64Std", "b64Url"],
  secrets: [],
};

/** The kinds by their type token. */
export const RANDOM_RESOURCES: Readonly<Record<string, RandomResource>> = {
  "random:index/randomPassword:RandomPassword": PASSWORD,
  "random:index/randomString:RandomString": STRING,
  "random:index/randomId:RandomId": ID,
};

/** The outputs of a resource with the secret ones marked. */
export function markSecrets(resource: RandomResource, outputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [
      key,
      resource.secrets.includes(key) && !(value instanceof Secret) ? new Secret(value) : value,
    ]),
  );
}

function textProblems(inputs: PropertyMap): readonly { property: string; reason: string }[] {
  const hasUnknown = Object.values(inputs).some((value) => value instanceof Unknown);
  return hasUnknown ? [] : ruleProblems(characterRules(inputs));
}

function characterRules(inputs: PropertyMap): CharacterRules {
  const number = (key: string): number => Number(inputs[key]);
  const flag = (key: string): boolean => inputs[key] === true;
  return {
    length: number("length"),
    lower: flag("lower"),
    upper: flag("upper"),
    numeric: flag("numeric"),
    special: flag("special"),
    minLower: number("minLower"),
    minUpper: number("minUpper"),
    minNumeric: number("minNumeric"),
    minSpecial: number("minSpecial"),
    overrideSpecial: String(inputs["overrideSpecial"] ?? ""),
  };
}
