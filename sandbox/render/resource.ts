/** A resource as the engine plans it, whatever its type. */
export interface PlannedResource {
  /** The resource's URN. */
  readonly urn: string;
  /** Its type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Whether a provider manages it; false for components. */
  readonly custom: boolean;
  /** Whether it is only read, never made. */
  readonly external: boolean;
  /** URN of the resource above it; undefined at the top. */
  readonly parent: string | undefined;
  /** URNs it waits for. */
  readonly dependencies: readonly string[];
  /** Former URNs it may be found under. */
  readonly aliases: readonly string[];
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
  /** Whether the object stays in the cluster when the resource goes. */
  readonly retainOnDelete: boolean;
  /** Whether the program asks for deletion before replacement. */
  readonly deleteBeforeReplace: boolean;
  /** Its inputs after the provider's check, secrets masked. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The type token of a URN's own resource, without those of its parents. */
export function typeOfUrn(urn: string): string {
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}

/** The logical name a URN ends in; it may hold `::` itself. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
