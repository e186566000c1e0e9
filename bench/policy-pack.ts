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
import type { ServiceObject } from "./service-objects";
import { median } from "./table";

/** How many resources are sent to one pack before it is the other's turn. */
const BATCH = 50;

/** What a pack costs beside the engine. */
export interface PackCost {
  /** From the start of its process until it takes requests, in seconds. */
  readonly startSeconds: number;
  /** Judging one resource, with the round trip over gRPC, in milliseconds: the median of all batches. */
  readonly resourceMilliseconds: number;
}

/**
 * Starts compiled packs as the engine does, and sends each of them the same resources in turns, so that
 * whatever else the machine does meets all of them.
 */
export async function measurePacks(
  packs: readonly string[],
  objects: readonly ServiceObject[],
): Promise<readonly PackCost[]> {
  const running: RunningPack[] = [];
  try {
    for (const pack of packs) {
      running.push(await startPack(pack));
    }
    const requests = objects.map(requestFor);
    const batches = Array.from({ length: Math.ceil(requests.length / BATCH) }, (_, index) =>
      requests.slice(index * BATCH, (index + 1) * BATCH),
    );
    const costs = running.map((): number[] => []);
    for (const batch of batches) {
      for (const [index, { client }] of running.entries()) {
        const started = process.hrtime.bigint();
        await analyzeAll(client, batch);
        costs[index]?.push((secondsSince(started) * 1000) / batch.length);
      }
    }
    return running.map(({ startSeconds }, index) => ({
      startSeconds,
      // The first half compiles the rules.
      resourceMilliseconds: median((costs[index] ?? []).slice(batches.length / 2)),
    }));
  } finally {
    for (const { client, child } of running) {
      client.close();
      child.kill();
    }
  }
}

interface RunningPack {
  readonly child: ChildProcess;
  readonly client: AnalyzerClient;
  readonly startSeconds: number;
}

async function startPack(pack: string): Promise<RunningPack> {
  const root = join(__dirname, "..");
  const runner = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  const started = process.hrtime.bigint();
  // The first argument is the engine's address, which this pack never calls.
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", pack], { cwd: root });
  try {
    const port = await readPort(child);
    const startSeconds = secondsSince(started);
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    return { child, client, startSeconds };
  } catch (error) {
    child.kill();
    throw error;
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

function requestFor({ type, name, inputs }: ServiceObject): AnalyzeRequest {
  const request = new AnalyzeRequest();
  request.setType(type);
  request.setName(name);
  request.setUrn(`urn:pulumi:bench::bench::${type}::${name}`);
  request.setProperties(Struct.fromJavaScript(inputs as Record<string, never>));
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
