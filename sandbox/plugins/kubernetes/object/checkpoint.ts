import { isPlainMap, reveal, type Plain, type PlainMap, type PropertyMap } from "../../rpc/values";
import { type KubeObject } from "./kube-object";
import { markSecrets } from "./secrecy";

/** What the state keeps of an object, beside what the server returned. */
export interface Checkpoint {
  /** What the program asked for. */
  readonly inputs: PlainMap;

  /** The object as the server returned it. */
  readonly live: PlainMap;

  /** The name that owns the fields the program set. */
  readonly fieldManager: string;

  /** The API version the object was created with. */
  readonly initialApiVersion: string;
}

const INPUTS = "__inputs";
const FIELD_MANAGER = "__fieldManager";
const INITIAL_API_VERSION = "__initialApiVersion";

/** The extensions of a JSON schema whose names are no identifiers, as the SDK spells them. */
const UNDERSCORED = [
  "embedded_resource",
  "int_or_string",
  "list_map_keys",
  "list_type",
  "map_type",
  "preserve_unknown_fields",
  "validations",
].map((name) => `x_kubernetes_${name}`);
const TO_DASHES = new Map(UNDERSCORED.map((name) => [name, name.replaceAll("_", "-")]));
const TO_UNDERSCORES = new Map(UNDERSCORED.map((name) => [name.replaceAll("_", "-"), name]));

/** Inputs as Kubernetes spells them, with secrets in the clear. */
export function readInputs(values: PropertyMap): KubeObject {
  return rename(reveal(values), TO_DASHES) as KubeObject;
}

/** Writes a checkpoint as the outputs of a resource; what is secret in `origin` stays secret. */
export function writeCheckpoint(checkpoint: Checkpoint, origin: PropertyMap): PropertyMap {
  const live = rename(checkpoint.live, TO_UNDERSCORES) as PropertyMap;
  const inputs = rename(checkpoint.inputs, TO_UNDERSCORES) as PropertyMap;
  return {
    ...markSecrets(live, origin),
    [INPUTS]: markSecrets(inputs, origin),
    [INITIAL_API_VERSION]: checkpoint.initialApiVersion,
    [FIELD_MANAGER]: checkpoint.fieldManager,
  };
}

/** Reads the outputs of a resource as the checkpoint they were written from. */
export function readCheckpoint(state: PropertyMap): Checkpoint {
  const {
    [INPUTS]: inputs,
    [FIELD_MANAGER]: fieldManager,
    [INITIAL_API_VERSION]: initialApiVersion,
    ...live
  } = readInputs(state) as PlainMap;
  const known = isPlainMap(inputs) ? inputs : {};
  return {
    inputs: known,
    live,
    fieldManager: typeof fieldManager === "string" ? fieldManager : "",
    initialApiVersion:
      typeof initialApiVersion === "string"
        ? initialApiVersion
        : String(known["apiVersion"] ?? live["apiVersion"] ?? ""),
  };
}

function rename(value: Plain, names: ReadonlyMap<string, string>): Plain {
  if (Array.isArray(value)) {
    return (value as readonly Plain[]).map((item) => rename(item, names));
  }
  if (!isPlainMap(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [names.get(key) ?? key, rename(item, names)]),
  );
}
