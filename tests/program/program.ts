import { LoopbackApi, LoopbackKubeconfig } from "../support/loopback-api";
import { type Properties, type Recorded, type RecordedResource } from "../support/mocks";
import { configOf, type DeployedStack, type DeployOptions, deployStack } from "../support/stacks";

/** Runs index.ts as `up` would, on a cluster that is the one the stack names and serves every API. */
export async function programOf(
  stack: string,
  options: DeployOptions = {},
): Promise<DeployedStack> {
  const { identity, context } = configOf(stack)["slipway:cluster"] as {
    readonly identity: string;
    readonly context: string;
  };
  const api = new LoopbackApi(identity, () => [201, ""]);
  const kubeconfig = new LoopbackKubeconfig({ [context]: await api.listen() });
  try {
    return await deployStack(stack, options);
  } finally {
    kubeconfig.remove();
    await api.close();
  }
}

/** What a program registers on the cluster itself; of a chart, mocks render no object. */
export function objectsOf(recorded: Recorded): readonly RecordedResource[] {
  return recorded.resources.filter(
    ({ type }) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh"),
  );
}

/** The metadata of an object; empty where it has none. */
export function metadataOf({ inputs }: Pick<RecordedResource, "inputs">): Properties {
  return (inputs.metadata ?? {}) as Properties;
}
