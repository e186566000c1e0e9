import { type Progress } from "../terminal/progress";
import { Failure } from "../terminal/failure";

/** An executable that was found, and the words that say where. */
export interface FoundTool {
  /** Absolute path. */
  readonly path: string;
  /** Where it came from, such as "built from its Go module". */
  readonly origin: string;
}

/** What a source may use. */
export interface SourceContext {
  /** The folder of built and downloaded binaries. */
  readonly cache: string;
  /** The folder for the logs of builds. */
  readonly logs: string;
  /** Where to tell what is going on. */
  readonly progress: Progress;
  /** Whether to leave official downloads untried. Go modules are built all the same. */
  readonly offline: boolean;
}

/** Why a source has no tool, in a few words. */
export interface MissingTool {
  readonly missing: string;
}

/** One place a tool can come from. */
export interface ToolSource {
  /** The place, in words. */
  readonly name: string;
  /** Looks for what is on this machine already. */
  look(context: SourceContext): Promise<FoundTool | MissingTool>;
  /** Downloads or builds the tool. @default - there is nothing to be had beyond what is here */
  get?(context: SourceContext): Promise<FoundTool | MissingTool>;
}

/** A tool of the sandbox and its sources, best first. */
export interface Tool {
  /** The name it is known by. */
  readonly name: string;
  /** The exact version that is built; a source may accept others. */
  readonly version: string;
  /** Tried in this order: first what is here already, then what has to be downloaded or built. */
  readonly sources: readonly ToolSource[];
}

/** Takes a tool from the first source that has it, or can get it. */
export async function provideTool(tool: Tool, context: SourceContext): Promise<FoundTool> {
  const reasons = new Map<string, string>();
  for (const source of tool.sources) {
    const found = await source.look(context);
    if ("path" in found) {
      return found;
    }
    reasons.set(source.name, found.missing);
  }
  for (const source of tool.sources) {
    const got = await source.get?.(context);
    if (got !== undefined && "path" in got) {
      return got;
    }
    if (got !== undefined) {
      reasons.set(source.name, got.missing);
    }
  }
  const tried = [...reasons].map(([name, reason]) => `${name}: ${reason}`).join("; ");
  throw new Failure(
    `${tool.name} ${tool.version} is not to be had (${tried}).`,
    "Install Go 1.26 or newer (https://go.dev/dl), then run the same command again.",
  );
}
