import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { parse } from "yaml";

const root = join(__dirname, "..");

/** How quickly the program gets to work, and how much memory it has taken by then. */
export interface ProgramStart {
  /** From the start of the Node process to its first resource, in seconds. */
  readonly seconds: number;
  /** The most memory it held until then, in bytes; undefined where the system does not tell. */
  readonly bytes: number | undefined;
}

/**
 * Starts a program as the official language host does, against a monitor that only waits for its
 * first resource, and ends it there.
 * @param env what is set for it: our own program asks the CLI for the stack's state
 * @param folder where the program is; our own by default
 */
export async function measureProgramStart(
  stack: string,
  env: Readonly<Record<string, string | undefined>>,
  folder = root,
): Promise<ProgramStart> {
  const server = new Server();
  const first = new Promise<void>((resolve) => {
    server.addService(ResourceMonitorService, monitor(resolve));
  });
  server.addService(EngineService, engine);
  const port = await listen(server);
  const started = process.hrtime.bigint();
  const child = startProgram(`127.0.0.1:${String(port)}`, stack, folder, env);
  try {
    await Promise.race([first, failure(child)]);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    return { seconds, bytes: peakMemory(child.pid) };
  } finally {
    child.kill("SIGKILL");
    server.forceShutdown();
  }
}

type Unary = (
  call: { readonly request: RegisterResourceRequest },
  answer: (error: null, response: unknown) => void,
) => void;

function monitor(onFirst: () => void): Readonly<Record<string, Unary>> {
  return {
    supportsFeature: (_, answer) => {
      const response = new SupportsFeatureResponse();
      response.setHassupport(true);
      answer(null, response);
    },
    registerResource: ({ request }, answer) => {
      if (request.getType() === "pulumi:pulumi:Stack") {
        const response = new RegisterResourceResponse();
        response.setUrn("urn:pulumi:bench::slipway::pulumi:pulumi:Stack::slipway-bench");
        answer(null, response);
      } else {
        onFirst();
      }
    },
    registerResourceOutputs: (_, answer) => {
      answer(null, new Empty());
    },
  };
}

const engine: Readonly<Record<string, Unary>> = {
  log: (_, answer) => {
    answer(null, new Empty());
  },
  setRootResource: (_, answer) => {
    answer(null, new SetRootResourceResponse());
  },
};

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) {
        resolve(port);
      } else {
        reject(error);
      }
    });
  });
}

function startProgram(
  address: string,
  stack: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): ChildProcess {
  const script = require.resolve("@pulumi/pulumi/cmd/run");
  const addresses = ["--monitor", address, "--engine", address];
  const names = ["--project", "slipway", "--stack", stack, "--pwd", folder, "--parallel", "16"];
  return spawn(process.execPath, [script, ...addresses, ...names, "."], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      ...env,
      PULUMI_CONFIG: JSON.stringify(stackConfig(stack)),
      PULUMI_NODEJS_TYPESCRIPT: "false",
      SLIPWAY_IMAGES: "*=1.0.0",
    },
  });
}

/** The stack file's configuration as the engine hands it over: texts as they are, the rest as JSON. */
function stackConfig(stack: string): Record<string, string> {
  const file = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  return Object.fromEntries(
    Object.entries(file.config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** Rejects when the program ends before it registers anything, with what it printed. */
function failure(child: ChildProcess): Promise<never> {
  const printed: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => printed.push(chunk.toString()));
  return new Promise((_, reject) => {
    child.once("close", (code) => {
      reject(
        new Error(
          `The program ended with ${String(code)} before its first resource: ${printed.join("")}`,
        ),
      );
    });
  });
}

function peakMemory(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    const kilobytes = /^VmHWM:\s+([0-9]+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
