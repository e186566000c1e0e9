import { existsSync } from "node:fs";
import { join } from "node:path";
import { charts } from "../../components/charts";
import { decide, readDecisions } from "../decisions";
import { type SandboxFolder, checkout } from "../folder";
import { type Progress } from "../terminal/progress";
import { probe } from "../toolchain/download";

/** The charts of our own that stand in for those of the repositories. */
export const standInCharts = join(checkout, "sandbox", "charts");

/** How long a repository may take to answer, in milliseconds. */
const answerTime = 3_000;

/** Says why a repository cannot be used; undefined when it can. */
export type RepositoryProbe = (repository: string) => Promise<string | undefined>;

/**
 * The mirror that the stack's charts come from: none where every repository answers, else the folder of the
 * stand-ins. Asked once for a sandbox: charts must not change from one `up` to the next.
 */
export async function chartMirror(
  folder: SandboxFolder,
  progress: Progress,
  offline: boolean,
  look: RepositoryProbe = probeRepository,
): Promise<string | undefined> {
  const { charts: known } = readDecisions(folder.decisions);
  const chosen = known ?? (await choose(progress, offline, look));
  if (known === undefined) {
    decide(folder.decisions, { charts: chosen });
  }
  return chosen === "stand-ins" ? standInCharts : undefined;
}

async function choose(
  progress: Progress,
  offline: boolean,
  look: RepositoryProbe,
): Promise<"repositories" | "stand-ins"> {
  const unreachable = offline ? "not tried (--offline)" : await firstUnreachable(progress, look);
  if (unreachable === undefined) {
    return "repositories";
  }
  progress.note(
    `  Charts: Slipway's stand-ins in sandbox/charts; their repositories: ${unreachable}`,
  );
  return "stand-ins";
}

function firstUnreachable(progress: Progress, look: RepositoryProbe): Promise<string | undefined> {
  const repositories = [...new Set(Object.values(charts).map(({ repository }) => repository))];
  return progress.step("Looking for the chart repositories", async () => {
    const answers = await Promise.all(repositories.map(look));
    return answers.find((answer) => answer !== undefined);
  });
}

/** Asks a repository for its index, or an OCI registry for its API, which may ask for a login first. */
async function probeRepository(repository: string): Promise<string | undefined> {
  if (existsSync(repository)) {
    return undefined;
  }
  const oci = repository.startsWith("oci://");
  const url = oci
    ? `https://${new URL(repository).host}/v2/`
    : `${repository.replace(/\/$/, "")}/index.yaml`;
  const accept = (status: number): boolean => status < 400 || (oci && status === 401);
  return (await probe(url, accept, answerTime)).failure;
}
