import { type ServerWritableStream } from "@grpc/grpc-js";
import {
  DependencyInfo,
  GetProgramDependenciesResponse,
  InstallDependenciesResponse,
  type GetProgramDependenciesRequest,
  type InstallDependenciesRequest,
} from "@pulumi/pulumi/proto/language_pb";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type ChildProcesses } from "./child-processes";

const LOCK = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

/** Installs the program's npm packages, streaming npm's output. */
export async function installDependencies(
  call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
  children: ChildProcesses,
): Promise<void> {
  const directory = call.request.getInfo()?.getProgramDirectory() ?? ".";
  const command = existsSync(join(directory, "package-lock.json")) ? "ci" : "install";
  const ending = await children.run(
    "npm",
    [command, "--no-audit", "--no-fund"],
    { cwd: directory, stdio: ["ignore", "pipe", "pipe"] },
    (child) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        const response = new InstallDependenciesResponse();
        response.setStdout(chunk);
        call.write(response);
      });
      child.stderr?.on("data", (chunk: Buffer) => {
        const response = new InstallDependenciesResponse();
        response.setStderr(chunk);
        call.write(response);
      });
    },
  );
  if (ending.code !== 0) {
    const outcome = ending.problem ?? `it ended with code ${ending.code}`;
    throw new Error(`"npm ${command}" in ${directory} failed: ${outcome}.`);
  }
}

/** Lists the npm packages of the program from its lock file. */
export function programDependencies(
  request: GetProgramDependenciesRequest,
): GetProgramDependenciesResponse {
  const directory = request.getInfo()?.getProgramDirectory() ?? ".";
  const lock = LOCK.parse(JSON.parse(readFileSync(join(directory, "package-lock.json"), "utf8")));
  const response = new GetProgramDependenciesResponse();
  response.setDependenciesList(
    lockedPackages(
      lock.packages,
      directDependencies(directory),
      request.getTransitivedependencies(),
    ),
  );
  return response;
}

function lockedPackages(
  packages: Readonly<Record<string, { version?: string }>>,
  direct: ReadonlySet<string>,
  transitive: boolean,
): DependencyInfo[] {
  const marker = "node_modules/";
  return Object.entries(packages).flatMap(([path, { version }]) => {
    const name = path.slice(path.lastIndexOf(marker) + marker.length);
    const isDirect = path === `${marker}${name}` && direct.has(name);
    if (version === undefined || path === "" || !(transitive || isDirect)) {
      return [];
    }
    const dependency = new DependencyInfo();
    dependency.setName(name);
    dependency.setVersion(version);
    return [dependency];
  });
}

const MANIFEST = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

function directDependencies(directory: string): ReadonlySet<string> {
  const manifest = MANIFEST.parse(
    JSON.parse(readFileSync(join(directory, "package.json"), "utf8")),
  );
  return new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
}
