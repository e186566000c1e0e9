import { Command, CommanderError, type ParseOptionsResult } from "commander";
import { nearestOf } from "../../components/settings/errors";
import { describeFailure } from "./failure";

/**
 * A command that names a misspelt option first: the library misses the required option that was meant by it,
 * and never says which one was misspelt.
 */
export class CommandLine extends Command {
  override createCommand(name?: string): CommandLine {
    return new CommandLine(name);
  }

  override parseOptions(args: string[]): ParseOptionsResult {
    const parsed = super.parseOptions(args);
    const [first = ""] = parsed.unknown;
    // What a command does not know may be known to the command below it.
    const isMisspelt = first.startsWith("--") && first !== "--help" && this.commands.length === 0;
    if (isMisspelt) {
      const [flag = ""] = first.split("=");
      const known = this.options.flatMap(({ long }) => long ?? []);
      const nearest = nearestOf(flag, known);
      const meant =
        nearest === undefined
          ? `it may be ${["--help", ...known].join(", ")}`
          : `did you mean ${nearest}?`;
      this.error(`error: unknown option '${flag}'; ${meant}`, { code: "commander.unknownOption" });
    }
    this.refuseWhatNpmTook(parsed);
    return parsed;
  }

  /** Without `--` before it, npm takes an option for its own and leaves the script a variable. */
  private refuseWhatNpmTook({ unknown }: ParseOptionsResult): void {
    const taken = this.options.find(
      ({ long, mandatory }) =>
        mandatory &&
        this.getOptionValue(attributeOf(long)) === undefined &&
        process.env[`npm_config_${attributeOf(long)}`] !== undefined,
    );
    if (taken !== undefined && !unknown.includes("--help") && !unknown.includes("-h")) {
      const flag = taken.long ?? "";
      this.error(
        `error: npm took ${flag} for an option of its own; write "--" before it: ` +
          `npm run ${process.env["npm_lifecycle_event"] ?? "<script>"} -- ${flag} …`,
        { code: "commander.missingMandatoryOptionValue" },
      );
    }
  }
}

/** The name under which an option of one word has its value. */
function attributeOf(long: string | undefined): string {
  return long?.replace(/^--/, "") ?? "";
}

/** Ends a command that failed: what is wrong with its call was printed already, anything else is told here. */
export function endCommand(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
    return;
  }
  console.error(describeFailure(error));
  process.exitCode = 1;
}
