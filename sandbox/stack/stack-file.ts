import { parseDocument } from "yaml";
import { Failure } from "../terminal/failure";

/** What the sandbox knows and a stack file cannot: where it runs. */
export interface StackFacts {
  /** The kubeconfig context of the cluster. */
  readonly context: string;
  /** The uid of its kube-system namespace. */
  readonly identity: string;
  /** Whether its nodes run nothing. */
  readonly simulated: boolean;
  /** A folder that serves every chart; a mirror in the stack file wins. @default - the charts' repositories */
  readonly chartMirror?: string;
  /** The name of its platform stack in this backend. @default - what the stack file says */
  readonly platformStack?: string;
  /** What the passphrase's key is derived with, as the CLI wrote it. @default - a new stack has none yet */
  readonly encryptionSalt?: string;
}

/**
 * The text of a stack file with the facts of a sandbox filled in; comments and order stay.
 * @throws Failure when the file cannot be read as a stack's configuration.
 */
export function fillStackFile(text: string, facts: StackFacts, file: string): string {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new Failure(`${file} is not valid YAML: ${problem.message}`, "Correct the file.");
  }
  const cluster = ["config", "slipway:cluster"];
  document.setIn([...cluster, "context"], facts.context);
  document.setIn([...cluster, "identity"], facts.identity);
  document.setIn([...cluster, "simulated"], facts.simulated);
  const mirror = ["config", "slipway:charts", "mirror"];
  if (facts.chartMirror !== undefined && !document.hasIn(mirror)) {
    document.setIn(mirror, facts.chartMirror);
  }
  if (facts.platformStack !== undefined) {
    document.setIn(["config", "slipway:platformStack"], facts.platformStack);
  }
  if (facts.encryptionSalt !== undefined) {
    document.set("encryptionsalt", facts.encryptionSalt);
  }
  return document.toString({ lineWidth: 0 });
}

/** The encryption salt of a stack file. */
export function readSalt(text: string): string | undefined {
  const salt: unknown = parseDocument(text).get("encryptionsalt");
  return typeof salt === "string" ? salt : undefined;
}
