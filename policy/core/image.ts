/** The parts of an image reference `registry[:port]/repository[:tag][@digest]`. */
export interface ImageReference {
  /** Registry host with its port; `docker.io` when the reference names none. */
  readonly registry: string;
  /** Repository inside the registry; official images carry `library/`. */
  readonly repository: string;
  /** Tag as written, undefined when there is none. */
  readonly tag: string | undefined;
  /** Digest as written (`sha256:…`), undefined when there is none; `@latest` is none. */
  readonly digest: string | undefined;
}

// https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
const DIGEST = /^sha(?:256|384|512):./;

/** Registry of references that name none, as the container runtimes resolve them. */
export const DEFAULT_REGISTRY = "docker.io";

/** Reads an image reference the way container runtimes do; undefined when it is empty. */
export function parseImage(reference: unknown): ImageReference | undefined {
  if (typeof reference !== "string" || reference.trim() === "") {
    return undefined;
  }
  const [named = "", digest] = split(reference.trim(), reference.trim().indexOf("@"));
  const slash = named.indexOf("/");
  const first = slash === -1 ? "" : named.slice(0, slash);
  // Only a first part with a dot, a port or "localhost" is a host; "team/app" is a Docker Hub name.
  const hasRegistry = first.includes(".") || first.includes(":") || first === "localhost";
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const [path = "", tag] = split(rest, rest.indexOf(":"));
  const registry = hasRegistry ? first : DEFAULT_REGISTRY;
  const official =
    (registry === DEFAULT_REGISTRY || registry === "index.docker.io") && !path.includes("/");
  return {
    registry: registry === "index.docker.io" ? DEFAULT_REGISTRY : registry,
    repository: official ? `library/${path}` : path,
    tag: tag === "" ? undefined : tag,
    digest: digest !== undefined && DIGEST.test(digest) ? digest : undefined,
  };
}

function split(value: string, index: number): [string, string | undefined] {
  return index === -1 ? [value, undefined] : [value.slice(0, index), value.slice(index + 1)];
}
