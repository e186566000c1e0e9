import { RunResponse, type RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { type ChildProcesses } from "./child-processes";
import { locateModule, nodeOptions, optionVariables } from "./options";

/** The SDK's exit code for "the error was shown already" (cmd/run/index.js of @pulumi/pulumi). */
const ERROR_WAS_SHOWN = 32;

/** Runs the program and reports how it ended. */
export async function run(
  request: RunRequest,
  engineAddress: string | undefined,
  children: ChildProcesses,
): Promise<RunResponse> {
  const response = new RunResponse();
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const options = nodeOptions(info);
  const ending = await children.run(
    process.execPath,
    [
      ...options.nodeArgs,
      locateModule("@pulumi/pulumi/cmd/run", directory),
      ...runArguments(request, directory, engineAddress),
    ],
    {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        ...optionVariables(options),
        PULUMI_CONFIG: JSON.stringify(programConfig(request)),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );
  if (ending.code === ERROR_WAS_SHOWN) {
    response.setBail(true);
  } else if (ending.code === undefined) {
    response.setError(ending.problem ?? "The program ended for an unknown reason.");
  } else if (ending.code !== 0) {
    response.setError(`Program exited with non-zero exit code: ${ending.code}`);
  }
  return response;
}

/** The command line of the SDK's start script. */
export function runArguments(
  request: RunRequest,
  programDirectory: string,
  engineAddress: string | undefined,
): readonly string[] {
  const info = request.getInfo();
  const flags: readonly (readonly [string, string | undefined])[] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engineAddress],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory()],
    ["stack", request.getStack()],
    ["pwd", programDirectory],
    ["parallel", String(request.getParallel())],
  ];
  return [
    ...flags.flatMap(([flag, value]) =>
      value === undefined || value === "" ? [] : [`--${flag}`, value],
    ),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? ".",
    ...request.getArgsList(),
  ];
}

/** The stack's settings with the keys the SDK reads: `slipway:rooms` becomes `slipway:config:rooms`. */
function programConfig(request: RunRequest): Record<string, string> {
  return Object.fromEntries(
    request
      .getConfigMap()
      .toArray()
      .map(([key, value]) => [configKey(key), value]),
  );
}

/** @param key `namespace:name`, or the older `namespace:config:name` */
export function configKey(key: string): string {
  const [namespace, ...name] = key.split(":");
  return [namespace, "config", ...(name[0] === "config" ? name.slice(1) : name)].join(":");
}
