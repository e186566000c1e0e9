import { resolve } from "node:path";
import { type ClusterChoice } from "../decisions";
import { Failure } from "../terminal/failure";

/** What the user asked for on the command line. */
export interface ClusterRequest {
  /** `embedded` or `kind`. @default - the one this sandbox has, or a new embedded one */
  readonly cluster?: string | undefined;
  /** A kubeconfig whose current context is used. @default - a cluster of the sandbox's own */
  readonly kubeconfig?: string | undefined;
}

/**
 * Which cluster a sandbox uses. It stays the same until `reset`, because the stack's state describes what
 * is on it.
 * @throws Failure when another one is asked for than the sandbox has.
 */
export function chooseCluster(
  request: ClusterRequest,
  known: ClusterChoice | undefined,
): ClusterChoice {
  const wanted = readRequest(request);
  if (wanted === undefined) {
    return known ?? { kind: "embedded" };
  }
  if (known !== undefined && (known.kind !== wanted.kind || known.file !== wanted.file)) {
    throw new Failure(
      `This sandbox uses ${inWords(known)}, not ${inWords(wanted)}.`,
      "Remove it first: npm run sandbox -- reset; or use another folder: SLIPWAY_SANDBOX=…",
    );
  }
  return wanted;
}

/** A cluster as a person would name it. */
export function inWords(choice: ClusterChoice): string {
  switch (choice.kind) {
    case "embedded":
      return "the embedded cluster";
    case "kind":
      return "a kind cluster";
    case "kubeconfig":
      return `the cluster of ${choice.file ?? "a kubeconfig"}`;
  }
}

function readRequest({ cluster, kubeconfig }: ClusterRequest): ClusterChoice | undefined {
  if (kubeconfig !== undefined) {
    if (cluster !== undefined) {
      throw new Failure("--cluster and --kubeconfig exclude each other.", "Give one of them.");
    }
    return { kind: "kubeconfig", file: resolve(kubeconfig) };
  }
  if (cluster === undefined || cluster === "embedded" || cluster === "kind") {
    return cluster === undefined ? undefined : { kind: cluster };
  }
  throw new Failure(
    `There is no cluster "${cluster}" to choose.`,
    "Give --cluster embedded, --cluster kind, or --kubeconfig FILE.",
  );
}
