import { type ServerWritableStream } from "@grpc/grpc-js";
import { RunPluginResponse, type RunPluginRequest } from "@pulumi/pulumi/proto/language_pb";
import { type ChildProcesses } from "./child-processes";
import { locateModule, nodeOptions, optionVariables } from "./options";

/** Runs a plugin that is a Node program, streaming what it writes; a policy pack is one. */
export async function runPlugin(
  call: ServerWritableStream<RunPluginRequest, RunPluginResponse>,
  children: ChildProcesses,
): Promise<void> {
  const request = call.request;
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const options = nodeOptions(info);
  const isPolicyPack = request.getKind() === "analyzer";
  const script = locateModule(
    isPolicyPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin",
    directory,
  );
  // The policy pack's script takes its folder last, the other one first.
  const args = isPolicyPack
    ? [...request.getArgsList(), directory]
    : [directory, ...request.getArgsList()];
  const ending = await children.run(
    process.execPath,
    [...options.nodeArgs, script, ...args],
    {
      cwd: isPolicyPack ? directory : request.getPwd(),
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...variables(request.getEnvList()), ...optionVariables(options) },
    },
    (child) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        const response = new RunPluginResponse();
        response.setStdout(chunk);
        call.write(response);
      });
      child.stderr?.on("data", (chunk: Buffer) => {
        const response = new RunPluginResponse();
        response.setStderr(chunk);
        call.write(response);
      });
      call.once("cancelled", () => child.kill("SIGKILL"));
    },
  );
  if (call.cancelled) {
    return;
  }
  if (ending.code === undefined) {
    throw new Error(ending.problem ?? "The plugin ended for an unknown reason.");
  }
  const last = new RunPluginResponse();
  last.setExitcode(ending.code);
  call.write(last);
}

/** @param assignments `NAME=value` each; none means this process's environment */
function variables(assignments: readonly string[]): NodeJS.ProcessEnv {
  if (assignments.length === 0) {
    return process.env;
  }
  return Object.fromEntries(
    assignments.map((assignment) => {
      const equals = assignment.indexOf("=");
      return [assignment.slice(0, equals), assignment.slice(equals + 1)];
    }),
  );
}
