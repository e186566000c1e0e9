import { insteadOf } from "../components/apps/images";
import { deployedServices, readDeployed } from "../components/apps/workload/deployed-state";
import type { DeployedServices } from "../components/apps/workload/release";
import { Failure } from "../sandbox/terminal/failure";
import type { Stack } from "./stack";

/** The kinds of object that run the pods of a service. */
export type ControllerKind = "Deployment" | "StatefulSet" | "DaemonSet" | "CronJob" | "Job";

/** An object that runs the pods of a service, by the stack's state. */
export interface Controller {
  /** `<application>/<service>`. */
  readonly service: string;
  /** Its kind. */
  readonly kind: ControllerKind;
  /** Its namespace. */
  readonly namespace: string;
  /** Its name. */
  readonly name: string;
}

/** The address of a service's component in the state, and of what is in it. */
export interface ServiceUrns {
  /** The component. */
  readonly component: string;
  /** The resources in it. */
  readonly children: readonly string[];
}

/** What the stack's state says of the services. */
export interface StackServices {
  /** What is deployed, by `<application>/<service>`. */
  readonly deployed: DeployedServices;
  /** What runs the pods: of each service one, and further ones of jobs beside a rollout. */
  readonly controllers: readonly Controller[];
  /** Where they are in the state. */
  readonly urns: ReadonlyMap<string, ServiceUrns>;
}

/** Reads the stack's services from its state. */
export async function readServices(stack: Stack): Promise<StackServices> {
  return servicesIn(await exportState(stack));
}

/** The stack's state as the CLI exports it: secrets are in it as cipher text only. */
export async function exportState(stack: Stack): Promise<unknown> {
  const args = ["stack", "export", "--stack", stack.name, "--non-interactive"];
  const { code, stdout, stderr } = await stack.ask(args);
  if (code !== 0) {
    throw new Failure(
      `The state of stack ${stack.name} cannot be read: ${stderr.trim()}`,
      `Check that this works: pulumi ${args.join(" ")}`,
    );
  }
  readDeployed({ command: `pulumi ${args.join(" ")}`, code, stdout, stderr });
  return JSON.parse(stdout) as unknown;
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly delete?: boolean;
  readonly inputs?: {
    readonly service?: unknown;
    readonly metadata?: { readonly name?: string; readonly namespace?: string };
  };
}

const controllerType =
  /^kubernetes:(?:apps|batch)\/v1:(Deployment|StatefulSet|DaemonSet|CronJob|Job)$/;

/** The services in an exported state. */
export function servicesIn(state: unknown): StackServices {
  const { deployment } = state as { deployment?: { resources?: StateResource[] } };
  const resources = (deployment?.resources ?? []).filter((resource) => resource.delete !== true);
  const deployed = deployedServices(state);
  const urns = new Map<string, ServiceUrns>();
  const controllers: Controller[] = [];
  for (const { urn: component, inputs, type } of resources) {
    const service = inputs?.service;
    if (!type.endsWith("slipway:apps:Workload") || typeof service !== "string") {
      continue;
    }
    const children = resources.filter(({ parent }) => parent === component);
    urns.set(service, { component, children: children.map(({ urn }) => urn) });
    controllers.push(...children.flatMap((child) => controllerOf(service, child)));
  }
  return { deployed, controllers, urns };
}

function controllerOf(service: string, { type, inputs }: StateResource): readonly Controller[] {
  const kind = controllerType.exec(type)?.[1] as ControllerKind | undefined;
  const { name, namespace } = inputs?.metadata ?? {};
  return kind === undefined || name === undefined || namespace === undefined
    ? []
    : [{ service, kind, namespace, name }];
}

/** The objects that run the pods of one service, the jobs beside its rollout included. */
export function controllersOf(
  { controllers, urns }: StackServices,
  service: string,
): readonly Controller[] {
  const found = controllers.filter((controller) => controller.service === service);
  if (found.length === 0) {
    const known = [...urns.keys()].sort();
    throw new Failure(
      `This stack has not deployed "${service}".`,
      known.length === 0
        ? "It has no services: run pulumi up first."
        : `A service is named <application>/<service>: ${insteadOf(service, known)}`,
    );
  }
  return found;
}

/** Whether an object is what a service is named by, and not a job beside its rollout. */
export function isMain({ service, kind, name }: Controller): boolean {
  const own = service.split("/").at(-1) ?? "";
  return kind === "Job" ? /^-[0-9a-f]{10}$/.test(name.slice(own.length)) : true;
}
