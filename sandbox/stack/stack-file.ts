import { isMap, parseDocument } from "yaml";
import { stackDocument } from "./stack-document";

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
  const document = stackDocument(text, file);
  if (!isMap(document.get("config", true))) {
    document.set("config", document.createNode({}));
  }
  fill("slipway:cluster", "context", facts.context);
  fill("slipway:cluster", "identity", facts.identity);
  fill("slipway:cluster", "simulated", facts.simulated);
  if (facts.chartMirror !== undefined && !document.hasIn(["config", "slipway:charts", "mirror"])) {
    fill("slipway:charts", "mirror", facts.chartMirror);
  }
  if (facts.platformStack !== undefined) {
    document.setIn(["config", "slipway:platformStack"], facts.platformStack);
  }
  if (facts.encryptionSalt !== undefined) {
    document.set("encryptionsalt", facts.encryptionSalt);
  }
  return document.toString({ lineWidth: 0 });

  /** What is no map is a mistake, which the settings name. */
  function fill(setting: string, key: string, value: unknown): void {
    const holder: unknown = document.getIn(["config", setting], true);
    if (holder === undefined || isMap(holder)) {
      document.setIn(["config", setting, key], value);
    }
  }
}

/** The encryption salt of a stack file. */
export function readSalt(text: string): string | undefined {
  const salt: unknown = parseDocument(text).get("encryptionsalt");
  return typeof salt === "string" ? salt : undefined;
}
