import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzerResourceOptions,
  AnalyzeRequest,
  type AnalyzeResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** What the pack costs beside the engine. */
export interface PackCost {
  /** From the start of its process until it takes requests, in seconds. */
  readonly startSeconds: number;
  /** Judging one Deployment, with the round trip over gRPC, in milliseconds. */
  readonly resourceMilliseconds: number;
}

/** Starts a compiled pack as the engine does, and sends it resources one after the other. */
export async function measurePack(pack: string, objects: readonly object[]): Promise<PackCost> {
  const root = join(__dirname, "..");
  const runner = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  const started = process.hrtime.bigint();
  // The first argument is the engine's address, which this pack never calls.
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
    cwd: root,
  });
  try {
    const port = await readPort(child);
    const startSeconds = secondsSince(started);
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    const requests = objects.map(requestFor);
    // The first requests compile the rules.
    await analyzeAll(client, requests.slice(0, requests.length / 2));
    const measured = process.hrtime.bigint();
    const rest = requests.slice(requests.length / 2);
    await analyzeAll(client, rest);
    client.close();
    return { startSeconds, resourceMilliseconds: (secondsSince(measured) * 1000) / rest.length };
  } finally {
    child.kill();
  }
}

async function analyzeAll(
  client: AnalyzerClient,
  requests: readonly AnalyzeRequest[],
): Promise<void> {
  for (const request of requests) {
    await new Promise<AnalyzeResponse>((resolve, reject) => {
      client.analyze(request, (error, response) =>
        error === null ? resolve(response) : reject(error),
      );
    });
  }
}

function requestFor(object: object, index: number): AnalyzeRequest {
  const request = new AnalyzeRequest();
  request.setType("kubernetes:apps/v1:Deployment");
  request.setName(`web-${index}`);
  request.setUrn(`urn:pulumi:bench::bench::kubernetes:apps/v1:Deployment::web-${index}`);
  request.setProperties(Struct.fromJavaScript(object as Record<string, never>));
  request.setOptions(new AnalyzerResourceOptions());
  return request;
}

async function readPort(child: ChildProcess): Promise<string> {
  const failed = once(child, "exit").then(() =>
    Promise.reject(new Error("The policy pack ended before it took requests.")),
  );
  const printed = once(child.stdout ?? child, "data").then(([data]) => String(data).trim());
  return Promise.race([printed, failed]);
}

function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}
