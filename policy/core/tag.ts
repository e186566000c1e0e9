import { type ImageReference } from "./image";

/** True when the tag of the reference can move to other content: no tag, latest, a channel name, a bare major. */
export function movesByTag(image: ImageReference, mutableTags: readonly string[]): boolean {
  return (
    image.digest === undefined && (isLatest(image) || isMutableTag(image.tag ?? "", mutableTags))
  );
}

/** True when the reference means `latest`, openly or by leaving the tag out. */
export function isLatest({ tag }: ImageReference): boolean {
  return tag === undefined || tag === "latest";
}

/** True for tags that name a channel or a bare major version; a longer number is a build, not a major. */
export function isMutableTag(tag: string, mutableTags: readonly string[]): boolean {
  return mutableTags.includes(tag.toLowerCase()) || /^v?\d{1,3}$/i.test(tag);
}
