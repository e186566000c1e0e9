import type { PlatformOutputs, TenantOutputs } from "../../components/apps/platform-stack";
import { namespaceOf } from "../../components/apps/previews";
import { Failure } from "../../sandbox/terminal/failure";
import type { EnvironmentCluster } from "./cluster";
import { environmentObjects, type EnvironmentPlan, type Subject } from "./objects";
import type { EnvironmentStacks } from "./stacks";
import { stackOf } from "./template";

/** What the commands work with. */
export interface Tools {
  /** The environments' stacks. */
  readonly stacks: EnvironmentStacks;
  /** The cluster they are on. */
  readonly cluster: EnvironmentCluster;
  /** Says what happens. */
  readonly print: (line: string) => void;
}

/** How an environment is made. */
export interface CreateOptions {
  /** How long it is wanted, in seconds. */
  readonly lifetime: number;
  /** Which half of the work is done. @default - both */
  readonly only?: "namespaces" | "stack";
  /** Who deploys the stack. @default - somebody who may do everything already */
  readonly runner?: Subject;
  /** The time. @default - now */
  readonly now?: Date;
}

/** An environment that is there. */
export interface Environment {
  /** Its name. */
  readonly name: string;
  /** Its stack. */
  readonly stack: string;
  /** Its namespaces. */
  readonly namespaces: readonly string[];
  /** Until when it is wanted. @default - nobody said */
  readonly expires?: Date;
}

/**
 * Makes an environment, or brings it to what its template says by now, and prolongs it: its namespaces with
 * what it needs in them, then its stack. Whatever ended half-way is gone on with.
 */
export async function create(
  { stacks, cluster, print }: Tools,
  name: string,
  options: CreateOptions,
): Promise<number> {
  const { template } = stacks;
  const stack = stackOf(template, name);
  if (options.only !== "stack") {
    const expires = new Date((options.now ?? new Date()).getTime() + options.lifetime * 1000);
    const previews = previewsOf(await stacks.platformOutputs(), template);
    await makeNamespaces(cluster, {
      name,
      stack,
      template,
      expires,
      previews,
      ...(options.runner === undefined ? {} : { runner: options.runner }),
    });
    print(`${name}: its namespaces are there until ${expires.toISOString()}.`);
  }
  if (options.only === "namespaces") {
    return 0;
  }
  await stacks.prepare(stack, name);
  return stacks.run(stack, ["up", "--yes", "--skip-preview"]);
}

async function makeNamespaces(cluster: EnvironmentCluster, plan: EnvironmentPlan): Promise<void> {
  const { name, stack, template } = plan;
  for (const application of template.applications) {
    const namespace = namespaceOf(application, name);
    const found = await cluster.namespace(namespace);
    if (found?.leaving === true) {
      throw new Failure(
        `The namespace ${namespace} is being deleted.`,
        "Run the same command again once it is gone.",
      );
    }
    if (found !== undefined && found.stack !== stack) {
      throw new Failure(
        `The namespace ${namespace} is there and is ${found.stack === undefined ? "no environment's" : `that of ${found.stack}`}.`,
        "Use another name.",
      );
    }
  }
  for (const object of environmentObjects(plan)) {
    await cluster.apply(object);
  }
  for (const application of template.applications) {
    for (const pullSecret of template.pullSecrets) {
      const { type, data } = await cluster.secret(application, pullSecret);
      await cluster.apply({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: pullSecret, namespace: namespaceOf(application, name) },
        type,
        data,
      });
    }
  }
}

/** What the platform stack has for previews of the template's applications. */
function previewsOf(
  outputs: unknown,
  { applications, platformStack }: EnvironmentStacks["template"],
): Readonly<Record<string, TenantOutputs>> {
  const { previews = {} } = outputs as Partial<PlatformOutputs>;
  const missing = applications.filter((application) => previews[application] === undefined);
  if (missing.length > 0) {
    throw new Failure(
      `The stack ${platformStack} lets ${missing.join(" and ")} have no preview environments.`,
      `Add them to slipway:previews.applications of its file, and run pulumi up --stack ${platformStack}.`,
    );
  }
  return previews;
}

/** Removes an environment: what its stack has deployed, the stack, its grants and its namespaces. */
export async function remove({ stacks, cluster, print }: Tools, name: string): Promise<number> {
  const stack = stackOf(stacks.template, name);
  if (await stacks.exists(stack)) {
    await stacks.prepare(stack, name);
    for (const args of [
      ["destroy", "--yes", "--skip-preview"],
      ["stack", "rm", "--yes"],
    ]) {
      const code = await stacks.run(stack, args);
      if (code !== 0) {
        print(`${name}: pulumi ${args.join(" ")} failed; its namespaces are left as they are.`);
        return code;
      }
    }
  }
  await cluster.remove(stack);
  stacks.forget(stack);
  print(`${name}: it is gone.`);
  return 0;
}

/** The environments of a template, by name. */
export async function list({
  stacks,
  cluster,
}: Pick<Tools, "stacks" | "cluster">): Promise<readonly Environment[]> {
  const prefix = `${stacks.template.stack}-`;
  const found = new Map<string, Environment>();
  for (const { name: namespace, stack, expires } of await cluster.namespaces(
    stacks.template.stack,
  )) {
    if (stack?.startsWith(prefix) === true) {
      const known = found.get(stack);
      found.set(stack, {
        name: stack.slice(prefix.length),
        stack,
        namespaces: [...(known?.namespaces ?? []), namespace].sort(),
        ...(expires === undefined ? {} : { expires }),
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Removes the environments whose time is over. One that cannot be removed does not keep the others. */
export async function expire(tools: Tools, now = new Date()): Promise<number> {
  let code = 0;
  for (const { name, expires } of await list(tools)) {
    if (expires === undefined || !isOver(expires, now)) {
      continue;
    }
    try {
      code = Math.max(code, await remove(tools, name));
    } catch (error) {
      tools.print(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      code = 1;
    }
  }
  return code;
}

function isOver(expires: Date, now: Date): boolean {
  // A date that nobody can read is kept: somebody has written it by hand.
  return expires.getTime() <= now.getTime();
}
