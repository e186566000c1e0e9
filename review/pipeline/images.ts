import { text } from "../../policy/core/fields";
import { placeholderTag } from "../../sandbox/render/preview";
import { compareText } from "../model/order";
import { type Snapshot } from "../model/snapshot";

/**
 * The images that the pods of a stack run, sorted. Those with render's placeholder instead of a tag are left
 * out: the pipeline that built them has scanned them.
 */
export function imagesOf({ objects }: Snapshot): readonly string[] {
  const found = objects.flatMap(({ view }) =>
    (view.pod?.containers ?? []).flatMap(({ spec }) => text(spec["image"]) ?? []),
  );
  return [...new Set(found)]
    .filter((image) => !image.endsWith(`:${placeholderTag}`))
    .sort(compareText);
}
