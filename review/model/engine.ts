import { type Finding } from "../../policy/core/finding";
import { type StackObject } from "./snapshot";

/** A resource that is no Kubernetes object, such as a generated password, and that changes. */
export interface OtherResource {
  /** Its URN. */
  readonly urn: string;
  /** Its type token, such as `random:index/randomPassword:RandomPassword`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** What the engine does with it. */
  readonly action: "create" | "import" | "update" | "replace" | "delete";
  /** The fields that differ. */
  readonly because: readonly string[];
}

/** An object whose last creation or update did not finish. */
export interface Unfinished {
  /** The object. */
  readonly object: StackObject;
  /** What the engine noted then. */
  readonly reasons: readonly string[];
}

/** What only the engine can tell of a change. */
export interface EngineAccount {
  /** What the policy pack of the run found; undefined when none ran. */
  readonly findings: readonly Finding[] | undefined;
  /** Resources that are no Kubernetes objects. */
  readonly resources: readonly OtherResource[];
  /** Objects whose last update did not finish. */
  readonly unfinished: readonly Unfinished[];
  /** URNs of what an interrupted replacement left behind and this run deletes. */
  readonly leftovers: readonly string[];
  /** URNs of resources that the engine refuses to delete because they are protected. */
  readonly refused: readonly string[];
  /** Why the preview failed; none when it did not. */
  readonly problems: readonly string[];
}

/** An account of nothing: no engine was asked. */
export const noEngine: EngineAccount = {
  findings: undefined,
  resources: [],
  unfinished: [],
  leftovers: [],
  refused: [],
  problems: [],
};
