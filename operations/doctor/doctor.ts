import type { Progress } from "../../sandbox/terminal/progress";
import { ClusterApi } from "../api";
import { openKubeConfig, WrongClusterError } from "../cluster";
import { declaredObjects } from "../drift/declared";
import { exportState, servicesIn } from "../services";
import { isSimulated, type Stack } from "../stack";
import { examine, type Examination } from "./examine";
import { look } from "./look";
import { reportText } from "./report";
import type { Context, PendingOperation } from "./seen";

/** How the doctor is asked. */
export interface DoctorOptions {
  /** Whether it answers in JSON. */
  readonly json: boolean;
  /** Takes the answer. */
  readonly print: (text: string) => void;
  /** Where progress goes. */
  readonly progress: Progress;
}

/** `doctor`: what is wrong with a stack, and what to do about it. Changes nothing. Gives the exit code. */
export async function doctor(
  stack: Stack,
  { json, print, progress }: DoctorOptions,
): Promise<number> {
  const examination = await progress.step(`Looking at stack ${stack.name}`, (detail) =>
    examineStack(stack, detail),
  );
  print(
    json
      ? JSON.stringify({ stack: stack.name, ...examination }, null, 2)
      : reportText(stack.name, examination),
  );
  return examination.findings.length === 0 ? 0 : 2;
}

/** Looks at a stack, as at a time. */
export async function examineStack(
  stack: Stack,
  detail: (text: string) => void,
  now = new Date(),
): Promise<Examination> {
  detail("its state");
  const state = await exportState(stack);
  const named = stack.cluster();
  const config = await openKubeConfig(named).catch((error: unknown) => {
    if (error instanceof WrongClusterError) {
      return error;
    }
    throw error;
  });
  if (config instanceof WrongClusterError) {
    return wrongCluster(config);
  }
  const { controllers } = servicesIn(state);
  const isSandbox = isSimulated(stack.name);
  const context: Context = {
    now,
    stack: stack.name,
    kubectl: isSandbox ? "npm run sandbox -- kubectl" : `kubectl --context ${named.context}`,
    pulumi: isSandbox ? "npm run sandbox -- pulumi" : "pulumi",
    serviceOf: (kind, namespace, name) =>
      controllers.find(
        (each) => each.kind === kind && each.namespace === namespace && each.name === name,
      )?.service,
  };
  const api = await ClusterApi.connect(config);
  try {
    const sight = await look(api, declaredObjects(state), pendingIn(state), detail);
    return examine(sight, context, isSandbox);
  } finally {
    api.close();
  }
}

/** Nothing else can be said: what is in another cluster is not the stack's. */
function wrongCluster({ message, fix = "" }: WrongClusterError): Examination {
  return {
    findings: [
      {
        check: "cluster",
        severity: "critical",
        where: "slipway:cluster",
        what: message,
        why: "Every command of this stack refuses that cluster.",
        fix,
      },
    ],
    notLooked: [{ check: "everything else", reason: "it is not the stack's cluster" }],
  };
}

/** The operations in an exported state that began and did not end. Of an object only its name is kept. */
export function pendingIn(state: unknown): readonly PendingOperation[] {
  const { deployment } = state as {
    deployment?: {
      pending_operations?: readonly {
        resource?: { urn?: string; inputs?: unknown };
        type?: string;
      }[];
    };
  };
  return (deployment?.pending_operations ?? []).map(({ resource, type = "changing" }) => {
    const object = named(resource?.inputs);
    return { urn: resource?.urn ?? "", type, ...(object === undefined ? {} : { object }) };
  });
}

function named(inputs: unknown): PendingOperation["object"] {
  const { apiVersion, kind, metadata } = (inputs ?? {}) as Partial<
    NonNullable<PendingOperation["object"]>
  >;
  const { name, namespace } = metadata ?? {};
  return apiVersion === undefined || kind === undefined || name === undefined
    ? undefined
    : { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}
