/** What the API server answered when it refused a request. */
export interface ApiStatus {
  /** HTTP status code. */
  readonly code: number;

  /** Machine-readable reason, such as NotFound or Conflict. */
  readonly reason: string;

  /** What the server says, for people. */
  readonly message: string;

  /** The kind of object the refusal is about. @default not said */
  readonly kind?: string;
}

/** The API server refused a request. */
export class ApiError extends Error {
  constructor(readonly status: ApiStatus) {
    super(status.message);
  }
}

/** The API server knows no such API version and kind. */
export class NoSuchKind extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }
}

/** The API server could not be asked at all. */
export class Unreachable extends Error {}

export function hasReason(error: unknown, ...reasons: readonly string[]): error is ApiError {
  return error instanceof ApiError && reasons.includes(error.status.reason);
}

/** Whether the object's namespace, not the object, is what was not found. */
export function isNamespaceMissing(error: unknown): boolean {
  return hasReason(error, "NotFound") && error.status.kind === "namespaces";
}
