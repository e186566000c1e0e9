import { NotReady, judgeNow } from "./await/wait";
import { readCondition } from "./await/choose";
import { hasReason, NoSuchKind } from "./client/api-error";
import { createObject, NotPreviewable } from "./change/create";
import { deleteObject } from "./change/delete";
import { adoptedInputs, liveInputs } from "./change/live-inputs";
import { updateObject } from "./change/update";
import { settle, type WriteArgs } from "./change/write";
import { readCheckpoint, readInputs, writeCheckpoint } from "./object/checkpoint";
import {
  idOf,
  isCustomResourceDefinition,
  withoutValue,
  type KubeObject,
} from "./object/kube-object";
import { fieldManagerName } from "./object/names";
import { normaliseInputs } from "./object/normalise";
import { markSecrets } from "./object/secrecy";
import { kindOfType } from "./resource-type";
import { type Session } from "./session";
import { ResourceInitFailed } from "../rpc/unary";
import { typeOfUrn } from "../rpc/urn";
import { containsUnknown, type PropertyMap } from "../rpc/values";

/** What an operation leaves in the state. */
export interface Outcome {
  /** The resource's id; empty in a preview, or when a read finds nothing. */
  readonly id: string;

  /** The resource's outputs. */
  readonly properties: PropertyMap;

  /** The resource's inputs, when they were read from the cluster. */
  readonly inputs?: PropertyMap;
}

/** What every operation on a resource gets from the engine. */
export interface Operation {
  /** The resource. */
  readonly urn: string;

  /** Whether nothing may be changed. */
  readonly preview: boolean;

  /** The engine's time-out in seconds; 0 means none was given. */
  readonly timeoutSeconds: number;
}

export async function create(
  session: Session,
  operation: Operation,
  properties: PropertyMap,
): Promise<Outcome> {
  const inputs = readInputs(properties);
  if (operation.preview && (await cannotDryRun(session, inputs))) {
    return { id: "", properties };
  }
  const fieldManager = fieldManagerName(inputs, "");
  const args = writeArgs(operation, inputs, fieldManager);
  const checkpoint = (live: KubeObject): PropertyMap =>
    writeCheckpoint(
      { inputs, live, fieldManager, initialApiVersion: inputs.apiVersion },
      properties,
    );
  try {
    const written = await createObject(session, args);
    if (operation.preview) {
      // What a status will say is not known before the object exists.
      return { id: "", properties: checkpoint(withoutValue(written, ["status"]) as KubeObject) };
    }
    const live = await orInitFailed(
      settle(session, args, written),
      `resource "${operation.urn}" was successfully created, but the Kubernetes API server ` +
        "reported that it failed to fully initialize or become live",
      checkpoint,
      written,
    );
    forgetKinds(session, inputs);
    return { id: idOf(live), properties: checkpoint(live) };
  } catch (error) {
    if (operation.preview && error instanceof NotPreviewable) {
      return { id: "", properties };
    }
    throw error;
  }
}

export async function update(
  session: Session,
  operation: Operation,
  state: PropertyMap,
  properties: PropertyMap,
  ignoreChanges: readonly string[],
): Promise<Outcome> {
  const inputs = normaliseInputs(readInputs(properties)) as KubeObject;
  if (operation.preview && (await cannotDryRun(session, inputs))) {
    return { id: "", properties };
  }
  const old = readCheckpoint(state);
  const fieldManager = fieldManagerName(inputs, old.fieldManager);
  const args = { ...writeArgs(operation, inputs, fieldManager), ignoreChanges };
  const checkpoint = (live: KubeObject): PropertyMap =>
    writeCheckpoint(
      { inputs, live, fieldManager, initialApiVersion: old.initialApiVersion },
      properties,
    );
  try {
    const written = await updateObject(session, args);
    const live = await orInitFailed(
      settle(session, args, written),
      `the Kubernetes API server reported that "${idOf(written)}" failed to fully initialize or become live`,
      checkpoint,
      written,
    );
    forgetKinds(session, inputs);
    return { id: idOf(live), properties: checkpoint(live) };
  } catch (error) {
    if (operation.preview && hasReason(error, "Forbidden")) {
      return { id: "", properties };
    }
    if (error instanceof ResourceInitFailed) {
      throw error;
    }
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`update of resource "${operation.urn}" failed: ${message}`);
  }
}

export async function remove(
  session: Session,
  operation: Operation,
  state: PropertyMap,
): Promise<void> {
  if (session.unreachable !== "") {
    if (session.settings.deleteUnreachable) {
      session.message(
        "info",
        operation.urn,
        "The cluster does not answer: removed from the state.",
      );
      return;
    }
    throw new Error(unreachableMessage(session));
  }
  const { inputs, live } = readCheckpoint(state);
  const { urn, timeoutSeconds } = operation;
  try {
    await deleteObject(session, { urn, inputs, live: live as KubeObject, timeoutSeconds });
  } catch (error) {
    if (error instanceof NotReady) {
      throw new Error([error.message, ...error.reasons].join("; "));
    }
    throw error;
  }
}

export async function read(
  session: Session,
  operation: Operation,
  id: string,
  state: PropertyMap,
  stateInputs: PropertyMap,
): Promise<Outcome> {
  if (session.unreachable !== "") {
    if (session.settings.skipUpdateUnreachable) {
      return { id, properties: state, inputs: stateInputs };
    }
    if (session.settings.deleteUnreachable) {
      return { id: "", properties: {} };
    }
    throw new Error(unreachableMessage(session));
  }
  const old = readCheckpoint(state);
  const known = readInputs(stateInputs);
  const isAdopted = Object.keys(known).length === 0;
  const { apiVersion, kind } = isAdopted ? kindOfType(typeOfUrn(operation.urn)) : known;
  const [name = "", namespace] = id.split("/").reverse();
  const target: KubeObject = {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
  let live: KubeObject;
  try {
    live = await session.cluster.objects.get(target);
  } catch (error) {
    if (hasReason(error, "NotFound") || error instanceof NoSuchKind) {
      return { id: "", properties: {} };
    }
    throw error;
  }
  const inputs = isAdopted ? adoptedInputs(live) : liveInputs(known, old.live, live);
  const fieldManager = fieldManagerName(inputs, old.fieldManager);
  const initialApiVersion = old.initialApiVersion === "" ? apiVersion : old.initialApiVersion;
  const outcome: Outcome = {
    id,
    properties: writeCheckpoint({ inputs, live, fieldManager, initialApiVersion }, stateInputs),
    inputs: markSecrets(inputs as PropertyMap, stateInputs),
  };
  const condition = isAdopted ? undefined : readCondition(known);
  if (condition !== undefined) {
    const verdict = await judgeNow(session.cluster.objects, live, condition);
    if (verdict.outcome !== "ready") {
      throw new ResourceInitFailed(
        id,
        `Resource '${name}' was created but failed to initialize`,
        verdict.reasons,
        outcome.properties,
        outcome.inputs,
      );
    }
  }
  return outcome;
}

/** Whether a preview can only return the inputs: values, the cluster or the kind are not there yet. */
async function cannotDryRun(session: Session, inputs: KubeObject): Promise<boolean> {
  return (
    session.unreachable !== "" ||
    containsUnknown(inputs) ||
    !(await session.serves(inputs.apiVersion, inputs.kind))
  );
}

function writeArgs(operation: Operation, inputs: KubeObject, fieldManager: string): WriteArgs {
  const { urn, preview, timeoutSeconds } = operation;
  return { urn, inputs, fieldManager, dryRun: preview, timeoutSeconds };
}

async function orInitFailed(
  settled: Promise<KubeObject>,
  message: string,
  checkpoint: (live: KubeObject) => PropertyMap,
  written: KubeObject,
): Promise<KubeObject> {
  try {
    return await settled;
  } catch (error) {
    const live = error instanceof NotReady ? error.object : written;
    const reasons = error instanceof NotReady ? error.reasons : [];
    const cause = error instanceof Error ? error.message : String(error);
    throw new ResourceInitFailed(idOf(live), `${message}: ${cause}`, reasons, checkpoint(live));
  }
}

function forgetKinds(session: Session, inputs: KubeObject): void {
  if (isCustomResourceDefinition(inputs)) {
    session.cluster.discovery.forget();
  }
}

function unreachableMessage({ unreachable }: Session): string {
  return (
    `configured Kubernetes cluster is unreachable: ${unreachable}. If the cluster was deleted, remove ` +
    'its resources from the state by running again with PULUMI_K8S_DELETE_UNREACHABLE="true".'
  );
}
