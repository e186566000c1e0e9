import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { InvalidArgumentError } from "commander";
import { CommandLine, endCommand } from "../sandbox/terminal/command-line";
import { Failure } from "../sandbox/terminal/failure";
import { dotOf } from "./dot";
import { mermaidOf } from "./mermaid";
import type { Diagram } from "./model";
import { stackDiagram } from "./stack";

/** The options as the command line gives them. */
interface Arguments {
  readonly stack: string;
  readonly out: string;
  readonly check?: boolean;
}

/** How a diagram is written, by the ending of the file's name. */
const writers: Readonly<Record<string, (diagram: Diagram) => string | Promise<string>>> = {
  svg: async (diagram) => (await Graphviz.load()).layout(dotOf(diagram), "svg", "dot"),
  md: mermaidOf,
};

async function main(): Promise<void> {
  const command = new CommandLine("npm run diagram --")
    .description("Draws a stack: its applications, what they use, and what is exposed.")
    .requiredOption("--stack <name>", "the stack, as in Pulumi.<name>.yaml")
    .requiredOption("--out <file>", "an .svg, or an .md that code hosts draw", knownFile)
    .option("--check", "writes nothing; fails when the file is not what would be written")
    .showHelpAfterError()
    .exitOverride();
  const { stack, out, check } = command.parse().opts<Arguments>();
  const diagram = stackDiagram(stack);
  const text = (await writers[endingOf(out)]?.(diagram)) ?? "";
  if (check === true) {
    if (!existsSync(out) || readFileSync(out, "utf8") !== text) {
      throw new Failure(
        `${out} does not show the stack ${stack} as it is.`,
        `Run npm run diagram -- --stack ${stack} --out ${out}.`,
      );
    }
    return;
  }
  writeFileSync(out, text);
  const nodes = diagram.nodes.length + diagram.groups.flatMap((group) => group.nodes).length;
  console.log(`${String(nodes)} nodes and ${String(diagram.edges.length)} edges → ${out}`);
}

function knownFile(file: string): string {
  if (!(endingOf(file) in writers)) {
    const known = Object.keys(writers).map((ending) => `.${ending}`);
    throw new InvalidArgumentError(`It has to end in ${known.join(" or ")}.`);
  }
  return file;
}

function endingOf(file: string): string {
  return file.slice(file.lastIndexOf(".") + 1);
}

main().catch(endCommand);
