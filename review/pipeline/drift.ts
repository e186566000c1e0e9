import { markdownOf } from "../page/markdown";
import { type Report } from "../report";
import { type CodeHost } from "./code-host";

/** The label of the issues that tell of drift. */
export const driftLabel = "drift";

/**
 * Tells of what differs between a cluster and what was deployed: one open issue for each stack, written anew
 * while something differs and closed when nothing does any more.
 */
export async function tellDrift(host: CodeHost, report: Report): Promise<void> {
  const mark = `<!-- slipway-drift ${report.stack} -->`;
  const existing = (await host.issues(driftLabel)).find(({ body }) => body.startsWith(mark));
  if (!hasDrifted(report)) {
    if (existing !== undefined) {
      await host.close(existing, "The cluster is again what the stack says.");
    }
    return;
  }
  const title = `Stack ${report.stack} has drifted`;
  const body = `${mark}\nThe cluster differs from what the stack says. An update would change the following; whoever changed the cluster by hand has to change the program instead.\n\n${markdownOf(report)}`;
  await host.issue({ title, body, label: driftLabel }, existing);
}

/** Says whether an update would change anything, or could not even be previewed. */
export function hasDrifted({ changes, resources, problems }: Report): boolean {
  return changes.length + resources.length + problems.length > 0;
}
