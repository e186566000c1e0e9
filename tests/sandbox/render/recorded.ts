const secretKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** How the engine's plan writes what a preview does not know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret as a plan that shows secrets writes it. */
export function secret(value: unknown): Record<string, unknown> {
  return { [secretKey]: secretSignature, plaintext: JSON.stringify(value) };
}

/** A secret as a plan that hides secrets writes it. */
export function encrypted(ciphertext: string): Record<string, unknown> {
  return { [secretKey]: secretSignature, ciphertext };
}

/** One resource of a recorded preview. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly external?: boolean;
  readonly parent?: string;
  readonly dependencies?: readonly string[];
  readonly retainOnDelete?: boolean;
  readonly protect?: boolean;
  readonly deleteBeforeReplace?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** The two documents a preview leaves behind, in the engine's own form. */
export function recordedPreview(resources: readonly RecordedResource[]) {
  return {
    plan: {
      manifest: {},
      resourcePlans: Object.fromEntries(
        resources.map(({ urn, type, custom, inputs, deleteBeforeReplace }) => [
          urn,
          {
            goal: {
              type,
              custom: custom ?? true,
              inputDiff: { adds: inputs },
              deleteBeforeReplace,
            },
          },
        ]),
      ),
    },
    preview: {
      steps: resources.map(({ urn, inputs: _inputs, deleteBeforeReplace: _order, ...state }) => ({
        op: "create",
        urn,
        newState: { urn, custom: true, ...state },
      })),
    },
  };
}

/** A URN of the stack `production`. */
export function urn(type: string, name: string): string {
  return `urn:pulumi:production::slipway::${type}::${name}`;
}
