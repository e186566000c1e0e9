/**
 * An expected failure. It is printed as what went wrong and what to do about it, never as a stack trace.
 */
export class Failure extends Error {
  /**
   * @param reason what went wrong, one line
   * @param fix what the reader can do, one line
   */
  constructor(
    reason: string,
    readonly fix?: string,
  ) {
    super(reason);
    this.name = "Failure";
  }
}

/** The lines that tell a reader about an error: two for a Failure, the whole stack for a defect of ours. */
export function describeFailure(error: unknown): string {
  if (error instanceof Failure) {
    return error.fix === undefined ? error.message : `${error.message}\n  → ${error.fix}`;
  }
  const code = errorCode(error);
  if (code === "ENOSPC") {
    return "No space is left on the disk.\n  → Free some space, then run the same command again.";
  }
  if (code === "EACCES" || code === "EROFS") {
    return `${(error as Error).message}\n  → Make this path writable, then run the same command again.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The system's code of an error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
