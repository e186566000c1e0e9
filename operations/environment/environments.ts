import type { PlatformOutputs, PreviewOutputs } from "../../components/apps/platform-stack";
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
    await refuseStrangers(cluster, { name, stack, template });
    const slot = await claimSlot(cluster, { stack, template, previews });
    await makeNamespaces(cluster, {
      name,
      stack,
      template,
      expires,
      previews,
      slot,
      ...(options.runner === undefined ? {} : { runner: options.runner }),
    });
    print(`${name}: its namespaces are there until ${expires.toISOString()}.`);
  }
  if (options.only === "namespaces") {
    return 0;
  }
  await stacks.prepare(stack, name, await slotIn(cluster, name, template));
  return stacks.run(stack, ["up", "--yes", "--skip-preview"]);
}

/** The slot that an environment's namespaces say: who only deploys may ask for these, and not for claims. */
export async function slotIn(
  cluster: EnvironmentCluster,
  name: string,
  { applications }: EnvironmentStacks["template"],
): Promise<number> {
  const [application = ""] = applications;
  const namespace = namespaceOf(application, name);
  const slot = (await cluster.namespace(namespace))?.slot;
  if (slot === undefined) {
    throw new Failure(
      `The environment has no namespace ${namespace} that says which of the previews' data it has.`,
      "Make it: npm run environment -- create <name> --only namespaces.",
    );
  }
  return slot;
}

/** The slot that an environment has, or the first one that is free, which is its own from then on. */
async function claimSlot(
  cluster: EnvironmentCluster,
  { stack, template, previews }: Pick<EnvironmentPlan, "stack" | "template" | "previews">,
): Promise<number> {
  const atOnce = Math.min(
    ...template.applications.map((application) => previews[application]?.slots.length ?? 0),
  );
  const claims = await cluster.claims();
  const own = [...claims].find(([slot, holder]) => holder === stack && slot <= atOnce);
  if (own !== undefined) {
    return own[0];
  }
  for (let slot = 1; slot <= atOnce; slot += 1) {
    if (!claims.has(slot) && (await cluster.claim(slot, stack))) {
      return slot;
    }
  }
  throw new Failure(
    `The stack ${template.platformStack} has data for ${String(atOnce)} preview environments at once, and all of it is ` +
      `in use: ${[...new Set(claims.values())].sort().join(", ")}.`,
    "Delete one of them, or raise slipway:previews.atOnce of the platform stack and run pulumi up on it.",
  );
}

async function refuseStrangers(
  cluster: EnvironmentCluster,
  { name, stack, template }: Pick<EnvironmentPlan, "name" | "stack" | "template">,
): Promise<void> {
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
}

async function makeNamespaces(cluster: EnvironmentCluster, plan: EnvironmentPlan): Promise<void> {
  const { name, template } = plan;
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
): Readonly<Record<string, PreviewOutputs>> {
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

/**
 * Removes an environment: what its stack has deployed, the stack, its data, its grants and its namespaces. Its
 * slot is free once its data is gone.
 */
export async function remove({ stacks, cluster, print }: Tools, name: string): Promise<number> {
  const stack = stackOf(stacks.template, name);
  const slots = [...(await cluster.claims())].filter(([, holder]) => holder === stack);
  if (await stacks.exists(stack)) {
    // What is destroyed is what the state has: the file only has to be there.
    await stacks.prepare(stack, name, slots[0]?.[0] ?? 1);
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
  for (const [slot] of slots) {
    await cluster.wipe(slot);
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
