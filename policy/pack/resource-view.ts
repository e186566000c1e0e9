import { isMap, type Fields } from "../core/fields";
import { type ObjectView, type ResourceFacts } from "../core/object";
import { guardUnknowns } from "../core/unknown";
import { view } from "../core/walk";
import * as proxy from "@pulumi/policy/proxy";

/** The parts of the SDK's resource arguments that the pack reads; resource and stack policies share them. */
export interface EngineResource {
  readonly type: string;
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly opts: { readonly protect: boolean; readonly ignoreChanges?: readonly string[] };
  readonly dependencies?: readonly { readonly urn: string }[];
}

// The SDK marks unknown values by these texts.
const SENTINELS = new Set(
  Object.entries(proxy as Readonly<Record<string, unknown>>)
    .filter(([name]) => /^unknown\w+Value$/.test(name))
    .map(([, value]) => value)
    .filter((value) => typeof value === "string"),
);

// Looking at the length first spares hashing every text of every resource.
const LENGTHS = new Set([...SENTINELS].map(({ length }) => length));

function isUnknown(value: unknown): boolean {
  return typeof value === "string" && LENGTHS.has(value.length) && SENTINELS.has(value);
}

/**
 * The properties without the SDK's proxies, which give up at the first unknown value. A remediation gets two
 * of them, one inside the other.
 */
export function rawProperties(props: Readonly<Record<string, unknown>>): Fields {
  let raw: Fields = props;
  while (raw["__isSpecialProxy"] === true) {
    const target = raw["__getSpecialProxyTarget"];
    if (!isMap(target) || target === raw) {
      break;
    }
    raw = target;
  }
  return raw;
}

const TOKEN = /^kubernetes:(.+):([A-Za-z0-9]+?)(Patch)?$/;
// Components of the provider that hold objects but are none.
const CONTAINERS = /^(?:yaml|kustomize)/;

/**
 * The Kubernetes object of a resource; undefined when it is none.
 * @param declared What the program asked for, where it is known.
 */
export function resourceView(
  resource: EngineResource,
  declared: Fields = rawProperties(resource.props),
): ObjectView | undefined {
  const [, api = "", kind = "", patch] = TOKEN.exec(resource.type) ?? [];
  if (kind === "" || CONTAINERS.test(api)) {
    return undefined;
  }
  const named = { apiVersion: api.replace(/^core\//, ""), kind, ...declared };
  const raw = containsUnknown(declared) ? guardUnknowns(named, isUnknown) : named;
  return view(raw as Fields, { patch: patch !== undefined, resource: factsOf(resource) });
}

function factsOf({ urn, type, opts, dependencies = [] }: EngineResource): ResourceFacts {
  return {
    urn,
    type,
    protect: opts.protect,
    ignoreChanges: opts.ignoreChanges,
    dependencies: dependencies.map((dependency) => dependency.urn),
    stack: urn.split(":")[2] ?? "",
  };
}

function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(containsUnknown);
  }
  return isMap(value) ? Object.values(value).some(containsUnknown) : isUnknown(value);
}
