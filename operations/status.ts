import type { DeployedServices } from "../components/apps/workload/release";
import type { Progress } from "../sandbox/terminal/progress";
import type { ClusterReader } from "./cluster";
import { openCluster } from "./cluster";
import { explain, type ExplainedController } from "./explain";
import { problemText } from "./pod";
import { deployedAt, imageOf } from "./progress";
import { isMain, readServices, type StackServices } from "./services";
import type { Stack } from "./stack";
import { table } from "./table";

/** What is deployed of one service. */
export interface ServiceStatus {
  /** `<application>/<service>`. */
  readonly service: string;
  /** The image of its pods. */
  readonly image: string;
  /** How many pods are ready. @default - it has none all the time */
  readonly ready?: number;
  /** How many there are to be. @default - it has none all the time */
  readonly wanted?: number;
  /** When it was last deployed, as an ISO time. @default - it is not in the cluster */
  readonly since?: string;
  /** Whether everything is as it should be. */
  readonly healthy: boolean;
  /** Why it is not. @default - it is */
  readonly reason?: string;
}

/** How `status` prints. */
export interface StatusOptions {
  /** Whether it prints JSON. */
  readonly json: boolean;
  readonly progress: Progress;
  /** Columns of the terminal. @default - as wide as the longest line */
  readonly width?: number | undefined;
}

/** `status`: what is deployed, and how it is. */
export async function status(stack: Stack, options: StatusOptions): Promise<string> {
  const statuses = await options.progress.step(`Looking at stack ${stack.name}`, async (detail) => {
    detail("its state");
    const services = await readServices(stack);
    detail("its services");
    return statusOf(services, await openCluster(stack.cluster()));
  });
  return options.json ? JSON.stringify(statuses, null, 2) : statusTable(statuses, options);
}

/** Looks at every service of a stack. */
export async function statusOf(
  { controllers, deployed }: StackServices,
  cluster: ClusterReader,
): Promise<readonly ServiceStatus[]> {
  const statuses = controllers
    .filter(isMain)
    .map(async (controller) => serviceStatus(await explain(cluster, controller), deployed));
  return (await Promise.all(statuses)).sort((a, b) => (a.service < b.service ? -1 : 1));
}

/** What a look at its object says of a service. */
export function serviceStatus(
  { controller, object, progress, pods }: ExplainedController,
  deployed: DeployedServices,
): ServiceStatus {
  const { service, kind } = controller;
  const since = object === undefined ? undefined : deployedAt(object);
  const problem = pods.find((pod) => pod.problem !== undefined)?.problem;
  const lastFailed = deployed.get(service)?.failed === true;
  const reason =
    progress.state !== "complete"
      ? [problem === undefined ? [] : [problemText(problem)], progress.detail ?? []]
          .flat()
          .join("; ")
      : lastFailed
        ? "it serves, but a step of its last rollout failed"
        : undefined;
  return {
    service,
    image: object === undefined ? "" : imageOf(kind, object, service),
    ...(progress.replicas ?? {}),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    healthy: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The services as a table for a person. One that is wider than the terminal is cut to it. */
export function statusTable(
  statuses: readonly ServiceStatus[],
  {
    width = Infinity,
    now = new Date(),
  }: { readonly width?: number | undefined; readonly now?: Date } = {},
): string {
  if (statuses.length === 0) {
    return "This stack has no services.";
  }
  const rows = statuses.map(({ service, image, ready, wanted, since, healthy, reason }) => [
    service,
    image,
    ready === undefined ? "-" : `${String(ready)}/${String(wanted)}`,
    since === undefined ? "-" : `${age(new Date(since), now)} ago`,
    healthy ? "healthy" : (reason ?? "unhealthy"),
  ]);
  const wide = table(head, rows);
  const fits = wide.split("\n").every((line) => line.length <= width);
  return fits ? wide : narrowTable(rows, width);
}

const head = ["SERVICE", "IMAGE", "READY", "SINCE", "HEALTH"];
const hint = "Images are cut to the width of the terminal: --wide shows them whole.";

/** The same rows with the ends of their images, and with what is wrong below its service. */
function narrowTable(rows: readonly (readonly string[])[], width: number): string {
  const short = rows.map(([service = "", image = "", ready = "", since = "", health = ""]) => ({
    cells: [service, image, ready, since, health === "healthy" ? health : "unhealthy"],
    reason: health === "healthy" ? [] : wrap(health, width - reasonIndent.length),
  }));
  const withoutImages = table(
    head.filter((title) => title !== "IMAGE"),
    short.map(({ cells }) => cells.filter((_, column) => column !== 1)),
  );
  const taken = Math.max(...withoutImages.split("\n").map((line) => line.length));
  const room = Math.max(width - taken - "  ".length, shortestImage);
  const [titles = "", ...lines] = table(
    head,
    short.map(({ cells: [service = "", image = "", ...rest] }) => [
      service,
      endOf(image, room),
      ...rest,
    ]),
  ).split("\n");
  return [
    titles,
    ...short.flatMap(({ reason }, index) => [
      lines[index] ?? "",
      ...reason.map((line) => reasonIndent + line),
    ]),
    "",
    ...wrap(hint, width),
  ].join("\n");
}

const reasonIndent = "    ";
/** An image is left this many characters, whatever else there is: enough for a version. */
const shortestImage = 12;

/** The end of an image, where its name and version stand; of a digest the beginning, which tells it from others. */
function endOf(image: string, length: number): string {
  const text = image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1");
  return text.length <= length ? text : `…${text.slice(1 - length)}`;
}

/** Lines of whole words; a word that is longer than a line has one of its own. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** A time span in its largest unit: `42s`, `5m`, `3h`, `12d`. */
export function age(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  const units = [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
  ] as const;
  const [unit, length] = units.find(([, each]) => seconds >= each) ?? ["s", 1];
  return `${String(Math.floor(seconds / length))}${unit}`;
}
