import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { UNLIMITED_MESSAGES } from "./serve";

/** How loud a message is. */
export type Severity = "debug" | "info" | "warning" | "error";

const SEVERITIES: Readonly<Record<Severity, LogSeverity>> = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
};

/** Writes messages beside a resource in the CLI's display. */
export class EngineLog {
  private readonly client: EngineClient | undefined;
  private readonly lastStatus = new Map<string, string>();

  /** @param address the engine's host and port; without one, messages are dropped */
  constructor(address: string | undefined) {
    this.client =
      address === undefined
        ? undefined
        : new EngineClient(address, credentials.createInsecure(), UNLIMITED_MESSAGES);
  }

  /** Writes a message that stays in the log of the operation. */
  log(severity: Severity, urn: string, message: string): void {
    this.send(severity, urn, message, false);
  }

  /** Shows a message in the resource's row until the next one; repeating it costs nothing. */
  status(severity: Severity, urn: string, message: string): void {
    if (this.lastStatus.get(urn) !== message) {
      this.lastStatus.set(urn, message);
      this.send(severity, urn, message, true);
    }
  }

  private send(severity: Severity, urn: string, message: string, ephemeral: boolean): void {
    if (this.client === undefined) {
      return;
    }
    const request = new LogRequest();
    request.setSeverity(SEVERITIES[severity]);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // A message that the engine no longer takes (it is shutting down) is not worth an error.
    this.client.log(request, () => undefined);
  }
}
