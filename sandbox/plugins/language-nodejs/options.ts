import { type ProgramInfo } from "@pulumi/pulumi/proto/language_pb";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The `runtime.options` of a Pulumi.yaml or PulumiPolicy.yaml. */
export interface NodeOptions {
  /** Whether the program is compiled by ts-node at start. */
  readonly typescript: boolean;

  /** Path of the compiler's configuration, from the program's folder. */
  readonly tsconfig?: string;

  /** Arguments of Node itself. */
  readonly nodeArgs: readonly string[];
}

export function nodeOptions(info: ProgramInfo | undefined): NodeOptions {
  const { typescript = true, tsconfig, nodeargs = "" } = info?.getOptions()?.toJavaScript() ?? {};
  if (typeof typescript !== "boolean") {
    throw new Error(
      `runtime.options.typescript is ${JSON.stringify(typescript)}; it may be true or false.`,
    );
  }
  if (tsconfig !== undefined && typeof tsconfig !== "string") {
    throw new Error(`runtime.options.tsconfig is ${JSON.stringify(tsconfig)}; it may be a path.`);
  }
  if (typeof nodeargs !== "string") {
    throw new Error(
      `runtime.options.nodeargs is ${JSON.stringify(nodeargs)}; it may be a string of arguments.`,
    );
  }
  return { typescript, tsconfig, nodeArgs: nodeargs.split(/\s+/).filter((part) => part !== "") };
}

/** The environment variables by which the SDK's start script learns the options. */
export function optionVariables(options: NodeOptions): Record<string, string> {
  return {
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}

/** Finds a module of the SDK the way the program itself would. */
export function locateModule(module: string, programDirectory: string): string {
  try {
    return createRequire(join(programDirectory, "package.json")).resolve(module);
  } catch {
    throw new Error(
      `The program in ${programDirectory} has no ${module}. Run "npm ci" there, then try again.`,
    );
  }
}
