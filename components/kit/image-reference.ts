/** The parts of an image reference. */
export interface ImageReference {
  /** Registry, path and name: `registry.example.com:5000/team/app`. */
  readonly repository: string;
  /**
   * The tag.
   * @default - none
   */
  readonly tag?: string;
  /**
   * The digest, with its algorithm.
   * @default - none
   */
  readonly digest?: string;
}

/**
 * Takes an image reference apart. A colon before the last slash belongs to the registry's port.
 * @see https://github.com/distribution/reference
 */
export function parseImage(image: string): ImageReference {
  const [name = "", digest] = image.split("@");
  const [, repository = name, tag] = /^(.*):([^/:]+)$/.exec(name) ?? [];
  return { repository, tag, digest };
}
