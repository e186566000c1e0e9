import { findRollback } from "../components/apps/rollback";
import { runningRelease } from "../components/apps/workload/release";
import { Failure } from "../sandbox/terminal/failure";
import { explainFailures } from "./explain";
import { controllersOf, readServices, type ServiceUrns } from "./services";
import type { Stack } from "./stack";

/**
 * `rollback`: deploys the predecessor of one service, image and configuration, by the stack's own program.
 * Nothing else of the stack is touched, whatever the checkout says by now. Gives the exit code.
 */
export async function rollback(
  stack: Stack,
  service: string,
  print: (line: string) => void,
): Promise<number> {
  const state = await readServices(stack);
  controllersOf(state, service);
  const { deployed, urns } = state;
  const known = [...urns.keys()];
  const found = findRollback(service, { known, given: { services: {} }, deployed });
  const from = deployed.get(service);
  const at = urns.get(service);
  if (!("target" in found) || from === undefined || at === undefined) {
    throw new Failure(
      "message" in found ? `The rollback ${found.message}` : `"${service}" is not deployed.`,
    );
  }
  print(`${service}: ${runningRelease(from).image} → ${found.target.image}`);
  const code = await stack.run(rollbackArguments(stack.name, at), {
    SLIPWAY_ROLLBACK: service,
    SLIPWAY_IMAGES: "",
  });
  if (code !== 0) {
    print(
      (await explainFailures(stack, [service])) ?? "The service's objects are as they should be.",
    );
  }
  return code;
}

/** The command line of the CLI: an update of the service's component and of what is in it, and no more. */
export function rollbackArguments(
  stack: string,
  { component, children }: ServiceUrns,
): readonly string[] {
  const name = component.split("::").at(-1) ?? "";
  // Its ConfigMaps may come back that it has not by now; a pattern may find nothing, an address may not.
  const configMaps = ["env", "files"].map((part) => `**ConfigMap::${name}-config-${part}`);
  const targets = [component, ...children, ...configMaps].flatMap((urn) => ["--target", urn]);
  return ["up", "--stack", stack, "--yes", "--skip-preview", ...targets];
}
