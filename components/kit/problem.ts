import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with what a component was given. */
export interface Problem {
  /** The field, as a path from the component's arguments: `probes.liveness.failureThreshold`. */
  readonly field: string;
  /** What it got, what it may be, and what to do. */
  readonly message: string;
}

/**
 * Refuses what has problems, and names all of them at once.
 * @throws `pulumi.RunError`, which the engine prints without a stack trace.
 */
export function refuse(subject: string, problems: readonly Problem[]): void {
  if (problems.length > 0) {
    throw new pulumi.RunError(
      [`${subject} cannot be deployed:`, ...problems.map(problemLine)].join("\n"),
    );
  }
}

function problemLine({ field, message }: Problem): string {
  return `  ${field}: ${message}`;
}

/** Moves problems below a field of the argument that holds them. */
export function within(field: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({
    ...problem,
    field: `${field}${problem.field.startsWith("[") ? "" : "."}${problem.field}`,
  }));
}
