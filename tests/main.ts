import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import Mocha from "mocha";
import { changedVariables } from "./support/environment";
import { CountingReporter } from "./support/reporter";

/**
 * `npm test [-- paths… --grep text --long]`: runs every spec below the paths, all of them by default.
 * The engine's tests come last, because they start a cluster and the quick ones should fail first.
 */
function main(args: readonly string[]): void {
  const options = parse(args);
  process.env.SLIPWAY_LONG_TESTS = options.long ? "1" : "";
  const mocha = new Mocha({
    reporter: CountingReporter,
    timeout: 20_000,
    ...(options.grep === undefined ? {} : { grep: options.grep }),
  });
  const specs = options.paths.flatMap(specFiles).sort(engineLast);
  if (specs.length === 0) {
    console.error(
      `No *.spec.ts below ${options.paths.join(", ")}. Name a file or folder of tests.`,
    );
    process.exit(2);
  }
  for (const spec of specs) {
    mocha.addFile(spec);
  }
  const leaks: string[] = [];
  const runner = mocha.run((failures) => {
    for (const leak of leaks) {
      console.error(leak);
    }
    process.exit(failures === 0 && leaks.length === 0 ? 0 : 1);
  });
  let before = { ...process.env };
  runner.on(Mocha.Runner.constants.EVENT_SUITE_END, (suite) => {
    const file = relative(__dirname, suite.file ?? "");
    // The engine's tests hand variables to the programs they start through the process.
    if (suite.parent?.root === true && !file.startsWith("engine")) {
      for (const name of changedVariables(before, process.env).filter(isOurs)) {
        leaks.push(
          `tests/${file} left ${name} changed, for the specs after it to trip over. Restore it.`,
        );
      }
      before = { ...process.env };
    }
  });
}

/** Whether a variable is one that the program, its tools or its tests look at. */
function isOurs(name: string): boolean {
  return name.startsWith("SLIPWAY_") || ["KUBECONFIG", "PATH"].includes(name);
}

interface Options {
  readonly paths: readonly string[];
  readonly grep?: string;
  readonly long: boolean;
}

function parse(args: readonly string[]): Options {
  const paths: string[] = [];
  let grep: string | undefined;
  let long = false;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (arg === "--help" || arg === "-h") {
      console.log(
        "npm test [-- paths… --grep <text> --long]: runs every spec below the paths, else all.",
      );
      process.exit(0);
    } else if (arg === "--long") {
      long = true;
    } else if (arg === "--grep" && args[index + 1] !== undefined) {
      index += 1;
      grep = args[index];
    } else if (arg.startsWith("-")) {
      console.error(`Unknown option ${arg}. It may be --grep <text> or --long, or a path.`);
      process.exit(2);
    } else {
      paths.push(resolve(arg));
    }
  }
  return { paths: paths.length === 0 ? [__dirname] : paths, grep, long };
}

function specFiles(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return path.endsWith(".spec.ts") ? [path] : [];
  }
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".spec.ts"))
    .map((file) => join(path, file));
}

function engineLast(left: string, right: string): number {
  const rank = (file: string): number => (relative(__dirname, file).startsWith("engine") ? 1 : 0);
  return rank(left) - rank(right) || left.localeCompare(right);
}

main(process.argv.slice(2));
