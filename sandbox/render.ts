import { relative } from "node:path";
import { handleInterruption } from "./processes/interruption";
import { render } from "./render/render";
import { CommandLine, endCommand } from "./terminal/command-line";
import { elapsed, terminalProgress } from "./terminal/progress";

/** The options as the command line gives them. */
interface Arguments {
  readonly stack: string;
  readonly out: string;
  readonly charts?: string;
  readonly offline?: boolean;
  readonly images?: string;
}

async function main(): Promise<void> {
  handleInterruption();
  const command = new CommandLine("npm run render --")
    .description(
      "Writes every Kubernetes object of a stack as YAML, without its cluster or credentials.",
    )
    .requiredOption("--stack <name>", "the stack, as in Pulumi.<name>.yaml")
    .requiredOption("--out <folder>", "the folder that gets the files and index.json")
    .option("--charts <folder>", "a folder that serves the charts instead of their repositories")
    .option("--images <pairs>", "tags in place of a placeholder, as SLIPWAY_IMAGES has them")
    .option("--offline", "take the stand-in plugins and charts without trying the official ones")
    .showHelpAfterError()
    .exitOverride();
  const given = command.parse().opts<Arguments>();
  const started = Date.now();
  const { objects, components, charts } = await render({
    ...given,
    progress: terminalProgress(),
  });
  console.log(
    `${objects.length} objects of ${components.length} components, ${charts.length} charts → ` +
      `${relative(process.cwd(), given.out) || "."} (${elapsed(started)})`,
  );
}

main().catch(endCommand);
