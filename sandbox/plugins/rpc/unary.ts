import { Metadata, status, type ServiceError, type handleUnaryCall } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { encodeStruct, type PropertyMap } from "./values";

/** A request that asks for something the stand-in does not do. */
export class Unsupported extends Error {
  /** @param feature what was asked for, as a noun phrase with its place in the program */
  constructor(feature: string) {
    super(
      `${feature} is not supported by Slipway's stand-in plugin. ` +
        "Install the official Pulumi plugin, or leave the feature out.",
    );
  }
}

/** The object exists on the cluster but is not ready: the engine records it and tries again next time. */
export class ResourceInitFailed extends Error {
  /**
   * @param id the resource's id
   * @param message what happened
   * @param reasons what was observed, one sentence each
   * @param properties the resource's outputs as they are now
   * @param inputs the resource's inputs, when they were read from the cluster
   */
  constructor(
    readonly id: string,
    message: string,
    readonly reasons: readonly string[],
    readonly properties: PropertyMap,
    readonly inputs?: PropertyMap,
  ) {
    super(message);
  }
}

/** Turns an asynchronous function into the handler of one gRPC method. */
export function unary<Request, Response>(
  handler: (request: Request) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(serviceError(error)),
      );
  };
}

/** What the engine shows for an error: its message, without a stack. */
export function serviceError(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ResourceInitFailed) {
    return { code: status.UNKNOWN, details: message, metadata: initFailedDetails(error) };
  }
  const code = error instanceof Unsupported ? status.UNIMPLEMENTED : status.UNKNOWN;
  return { code, details: message };
}

function initFailedDetails(failure: ResourceInitFailed): Metadata {
  const detail = new ErrorResourceInitFailed();
  detail.setId(failure.id);
  detail.setReasonsList([failure.message, ...failure.reasons]);
  detail.setProperties(encodeStruct(failure.properties));
  if (failure.inputs !== undefined) {
    detail.setInputs(encodeStruct(failure.inputs));
  }
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const rpcStatus = new Status();
  rpcStatus.setCode(status.UNKNOWN);
  rpcStatus.setMessage(failure.message);
  rpcStatus.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(rpcStatus.serializeBinary()));
  return metadata;
}
