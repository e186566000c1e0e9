import { readdirSync } from "node:fs";
import { checkout } from "../../sandbox/folder";
import { readStackFile } from "../../sandbox/render/stack-file";

/** The stacks that are delivered: every stack file but those of simulated clusters, sorted. */
export function deliveredStacks(folder = checkout): readonly string[] {
  return readdirSync(folder)
    .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
    .filter((stack) => !readStackFile(stack, folder).simulated)
    .sort();
}
