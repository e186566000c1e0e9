import type { KubeConfig } from "@kubernetes/client-node";
import { CommandLine } from "../../sandbox/terminal/command-line";
import { loadKubeConfig, missingContext } from "../cluster";
import { claimedManagers } from "./claim";
import { claim, readRelated } from "./cluster";
import { takenOver } from "./related";
import { reportOf } from "./report";

/** The options as the command line gives them. */
interface Options {
  readonly context: string;
  readonly namespace: string;
  readonly claim?: boolean;
}

/** A mistake of the caller, or an answer of the cluster: printed without a stack trace. */
class Refused extends Error {}

async function main(): Promise<void> {
  const command = new CommandLine("npm run adopt --")
    .description(
      "Prints what to write to take a running Deployment over. It changes nothing in the cluster, but for --claim.",
    )
    .argument("<deployment>", "the Deployment: deployment/orders")
    .requiredOption("--namespace <name>", "its namespace")
    // Never the one that happens to be current: --claim writes to its cluster.
    .requiredOption("--context <name>", "the context of the kubeconfig")
    .option(
      "--claim",
      "gives the fields that Helm and kubectl own to Pulumi's provider; only metadata.managedFields changes",
    )
    .showHelpAfterError()
    .parse();
  const [target = ""] = command.args;
  const { context, namespace, claim: claims } = command.opts<Options>();
  const config = kubeConfig(context);
  const where = `namespace ${namespace} of context ${context}`;
  const explain = (error: unknown): never => refuse(error, where);
  const related = await readRelated(config, namespace, deploymentName(target)).catch(explain);
  if (claims !== true) {
    process.stdout.write(reportOf(related, namespace));
    return;
  }
  for (const object of takenOver(related)) {
    const managers = claimedManagers(object);
    await claim(config, namespace, object).catch(explain);
    const what = managers.length === 0 ? "nothing to claim" : `claimed from ${managers.join(", ")}`;
    process.stdout.write(`${object.kind} ${object.metadata.name}: ${what}\n`);
  }
}

function kubeConfig(context: string): KubeConfig {
  const config = loadKubeConfig();
  if (config.getContextObject(context) === null) {
    throw new Refused(missingContext(context, config));
  }
  config.setCurrentContext(context);
  return config;
}

function deploymentName(target: string): string {
  const [kind, name = kind] = target.split("/");
  if (
    name === undefined ||
    name === "" ||
    (name !== kind && !/^deploy(ment)?s?$/.test(kind ?? ""))
  ) {
    throw new Refused(`Got "${target}"; only Deployments are taken over: deployment/<name>.`);
  }
  return name;
}

/** Says what the cluster answered, and where it was asked. */
function refuse(error: unknown, where: string): never {
  const body = (error as { readonly body?: unknown }).body;
  const text = typeof body === "string" ? body : "";
  const message = /"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]?.replaceAll('\\"', '"');
  throw message === undefined ? error : new Refused(`${message} (${where})`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Refused ? error.message : error);
  process.exitCode = 1;
});
