import { Application } from "../components/apps/application";
import { deploy } from "../tests/support/mocks";
import { applicationOf } from "./programs/stack";

/** An object, and what Pulumi calls it. */
export interface ServiceObject {
  /** The type of its resource. */
  readonly type: string;
  /** The name of its resource. */
  readonly name: string;
  /** The object. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The objects that Slipway makes of so many services, without what it tells the provider of them. */
export async function serviceObjects(services: number): Promise<readonly ServiceObject[]> {
  const recorded = await deploy(() => new Application("bench", applicationOf(services)));
  return recorded.resources
    .filter(({ type }) => type.startsWith("kubernetes:") && !type.endsWith(":Namespace"))
    .map(({ type, name, inputs }) => {
      const { annotations = {}, ...metadata } = inputs.metadata as Record<string, object>;
      const kept = Object.entries(annotations).filter(([key]) => !key.startsWith("pulumi.com/"));
      return {
        type,
        name,
        inputs: { ...inputs, metadata: { ...metadata, annotations: Object.fromEntries(kept) } },
      };
    });
}
