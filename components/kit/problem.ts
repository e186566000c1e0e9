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

/**
 * What is wrong by a check that relies on types. Nothing checks the types of a program that is run without
 * `npm run check`; a value of another type is told as one more problem then, and not as a stack trace.
 */
export function typedProblems(field: string, check: () => readonly Problem[]): readonly Problem[] {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
    pulumi.log.debug(error.stack ?? error.message).catch(() => undefined);
    return [
      {
        field,
        message:
          `has a value of a type that it cannot have (${error.message}). ` +
          `npm run check names the file, the line and what it may be.`,
      },
    ];
  }
}

/** Moves problems below a field of the argument that holds them. */
export function within(field: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({
    ...problem,
    field: `${field}${problem.field.startsWith("[") ? "" : "."}${problem.field}`,
  }));
}
