import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { readJson, writeJson } from "./json-file";
import { type ClusterPorts } from "./cluster/ports";

/** Which cluster a sandbox uses. */
export interface ClusterChoice {
  /** The embedded control plane, a kind cluster, or the cluster of a kubeconfig that was named. */
  readonly kind: "embedded" | "kind" | "kubeconfig";
  /** The file that was named, for `kubeconfig`. @default - none */
  readonly file?: string;
}

/** What was decided for one sandbox and stays so until `reset`. */
export interface Decisions {
  /** Loopback ports of the embedded control plane. */
  readonly ports?: ClusterPorts;
  /** The cluster. */
  readonly cluster?: ClusterChoice;
  /** Where each tool came from, by name, in words. */
  readonly tools?: Readonly<Record<string, string>>;
  /** Whether the plugins are the official ones or the project's stand-ins. */
  readonly plugins?: "official" | "stand-ins";
  /** Whether the charts come from their repositories or are the project's stand-ins. */
  readonly charts?: "repositories" | "stand-ins";
}

/** Reads what was decided; empty for a new sandbox. */
export function readDecisions(file: string): Decisions {
  const content = readJson(file);
  return typeof content === "object" && content !== null ? (content as Decisions) : {};
}

/** Adds decisions to those of a sandbox, whose folder is made where a tool is looked for before a cluster is. */
export function decide(file: string, decisions: Decisions): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeJson(file, { ...readDecisions(file), ...decisions });
}
