import { parseImage } from "../../kit/image-reference";
import type { Problem } from "../../kit/problem";

/** What is wrong with a container's image. */
export function imageProblems(image: string): readonly Problem[] {
  const { tag, digest } = parseImage(image);
  if (digest !== undefined || (tag !== undefined && tag !== "latest")) {
    return [];
  }
  return [
    {
      field: "image",
      message: `got "${image}"; it has to end in a tag other than "latest", or in a digest, so that every pod runs the same version.`,
    },
  ];
}
