import { takenName } from "../../components/apps/name-problems";
import { imageProblems } from "../../components/apps/workload/image-problems";
import { portProblems } from "../../components/apps/workload/ports";
import { nearestOf } from "../../components/settings/errors";
import { dnsLabel } from "../../components/settings/values";
import { Failure } from "../../sandbox/terminal/failure";
import type { Use } from "./uses";

/** What a service is made as: it answers calls, it works in the background, it runs at set times. */
export const serviceKinds = ["web", "worker", "cron"] as const;

/** One of the kinds. */
export type ServiceKind = (typeof serviceKinds)[number];

/** What a team asks for. */
export interface ServiceRequest {
  /** The application's name. */
  readonly application: string;
  /** The service's name. */
  readonly service: string;
  /** What it is made as. */
  readonly kind: ServiceKind;
  /**
   * The port it listens on.
   * @default - the one that the application's services share, else 8080
   */
  readonly port?: number;
  /**
   * Its path under the application's host.
   * @default - it is not reached from outside
   */
  readonly path?: string;
  /**
   * A public image, with its tag or digest.
   * @default - its own image, of the stack's registry
   */
  readonly image?: string;
  /** What it uses. */
  readonly uses: readonly Use[];
  /**
   * When a cron service runs: five fields, or a name such as `@daily`.
   * @default - it is no cron service
   */
  readonly schedule?: string;
  /**
   * A sentence for the stack files' reference.
   * @default - its name
   */
  readonly description?: string;
  /** Makes the application, too. */
  readonly newApplication: boolean;
  /**
   * The team that owns a new application.
   * @default - the application's name
   */
  readonly team?: string;
}

/**
 * Reads `<application>/<service>`.
 * @throws Failure when it is not of that form, or one of the names is none of Kubernetes.
 */
export function parseTarget(target: string): Pick<ServiceRequest, "application" | "service"> {
  const [application = "", service, ...rest] = target.split("/");
  if (service === undefined || rest.length > 0) {
    throw new Failure(`Got "${target}".`, "Name the service as <application>/<service>.");
  }
  checkName("application", application);
  checkName("service", service);
  return { application, service };
}

function checkName(what: string, name: string): void {
  if (!dnsLabel.safeParse(name).success) {
    throw new Failure(
      `The ${what} name "${name}" is not allowed.`,
      "Use lower-case letters, digits and hyphens, a letter first, at most 63.",
    );
  }
}

/** The longest name of a CronJob: the API server adds to it for each Job. */
const longestCronJob = 52;

/**
 * Checks what can be known before any file is read.
 * @throws Failure with the first thing that is wrong.
 */
export function checkRequest(request: ServiceRequest): void {
  const { service, kind, port, path, image, schedule } = request;
  const owner = takenName(service);
  const wrong = [
    ...(owner === undefined ? [] : [`The name "${service}" is that of ${owner}.`]),
    ...(kind === "cron" && service.length > longestCronJob
      ? [`The name of a cron service has at most ${String(longestCronJob)} characters.`]
      : []),
    ...(kind === "cron" ? cronProblems(request) : []),
    ...(kind !== "cron" && schedule !== undefined
      ? ["--schedule belongs to --kind cron: no other service runs at set times."]
      : []),
    ...(kind === "worker" && path !== undefined
      ? ["--path belongs to --kind web: nobody calls a worker."]
      : []),
    ...(port === undefined
      ? []
      : portProblems({ http: port }).map(({ message }) => `--port ${message}`)),
    ...(path === undefined || /^\/[A-Za-z0-9/_-]*$/.test(path)
      ? []
      : [
          `--path got "${path}"; it starts with a slash and has only letters, digits, "-", "_" and "/".`,
        ]),
    ...(image === undefined ? [] : imageProblems(image).map(({ message }) => `--image ${message}`)),
    ...(request.team !== undefined && !request.newApplication
      ? ["--team belongs to --new-application: an application has its team already."]
      : []),
  ];
  const [first] = wrong;
  if (first !== undefined) {
    throw new Failure(first, "npm run new -- service --help lists the options.");
  }
}

function cronProblems({ port, path, schedule }: ServiceRequest): readonly string[] {
  return [
    ...(schedule === undefined ? ['--kind cron needs --schedule, such as "*/15 * * * *".'] : []),
    ...(port === undefined && path === undefined
      ? []
      : ["--port and --path belong to services that answer calls; a cron service does not."]),
  ];
}

/** The words behind a name that is not known: the one that was probably meant, or all there are. */
export function meant(name: string, known: readonly string[]): string {
  const nearest = nearestOf(name, known);
  return nearest === undefined
    ? `It may be ${known.join(", ") || "none: there is none yet"}.`
    : `Did you mean "${nearest}"?`;
}
