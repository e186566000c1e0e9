import { Command, CommanderError, Option } from "commander";
import { check, type CheckResult } from "./check";
import { formatGithub } from "./format-github";
import { formatSarif } from "./format-sarif";
import { formatExemptions, formatText } from "./format-text";
import { renderRelease } from "./render";
import { formatRules, ruleRows } from "./rule-list";
import { checkFolder, UnreadableSourceError } from "./sources";
import { ConfigError, readConfig, type PolicyConfig } from "../core/config";
import { isMap } from "../core/fields";
import { INVALID_DOCUMENT } from "../core/finding";
import { type ObjectView } from "../core/object";
import { PROFILES } from "../core/profile";
import { configFileContent } from "../pack/config-file";
import { readExemptionFiles } from "../pack/exemption-files";
import { RULES } from "../rules";

const FORMATS: Readonly<Record<string, (result: CheckResult) => Iterable<string>>> = {
  text: (result) => [formatText(result)],
  json: ({ findings }) => formatJson(findings),
  sarif: (result) => [formatSarif(result)],
  github: (result) => [formatGithub(result)],
};

/** Nothing mandatory was found. */
const PASSED = 0;
/** A mandatory rule is violated. */
const VIOLATED = 1;
/** A document, a file or the configuration could not be read. */
const UNREADABLE = 2;

interface CheckFlags {
  readonly format: string;
  readonly each: boolean;
  readonly profile?: string;
  readonly config?: string;
  readonly exemptions?: string;
  readonly render: boolean;
  readonly helm: string;
}

const program = new Command("npm run policy --")
  .description("Judges Kubernetes objects.")
  .showHelpAfterError()
  .exitOverride();

program
  .command("check")
  .description("Judges files and folders of YAML or JSON, or standard input.")
  .argument("<paths...>", "files, folders, or - for standard input")
  .addOption(new Option("--format <format>").choices(Object.keys(FORMATS)).default("text"))
  .addOption(new Option("--profile <profile>", "how strictly").choices([...PROFILES]))
  .option(
    "--config <file>",
    "configuration: profile, rules, settings, exemptNamespaces, exemptions",
  )
  .option("--exemptions <folder>", "folder of reviewed exemption files")
  .option("--each", "judge every file as a stack of its own", false)
  .option("--render", "render releases with Helm and judge their objects", false)
  .option("--helm <command>", "the Helm command for --render", "helm")
  .action((paths: string[], flags: CheckFlags) => {
    const render = (object: ObjectView) => renderRelease(object, flags.helm, process.cwd());
    const result = check(paths, {
      config: configuration(flags),
      each: flags.each,
      ...(flags.render ? { render } : {}),
    });
    write(FORMATS[flags.format]?.(result) ?? []);
    if (flags.format !== "text") {
      // The other formats have no place for them.
      formatExemptions(result).forEach((listed) => process.stderr.write(`${listed}\n`));
    }
    process.exitCode = exitCode(result);
  });

program
  .command("rules")
  .description("Lists every rule.")
  .addOption(new Option("--format <format>").choices(["text", "json"]).default("text"))
  .action(({ format }: { format: string }) => {
    const rows = ruleRows();
    write(format === "json" ? formatJson(rows) : [formatRules(rows)]);
  });

function configuration({ profile, config, exemptions }: CheckFlags): PolicyConfig {
  const given = config === undefined ? {} : (configFileContent(config) ?? {});
  const merged = profile === undefined || !isMap(given) ? given : { ...given, profile };
  const read = readConfig(merged, new Set(RULES.map(({ id }) => id)));
  const reviewed =
    exemptions === undefined ? [] : readExemptionFiles(checkFolder("--exemptions", exemptions));
  return { ...read, exemptions: [...read.exemptions, ...reviewed] };
}

function exitCode({ findings }: CheckResult): number {
  if (findings.some(({ rule }) => rule === INVALID_DOCUMENT)) {
    return UNREADABLE;
  }
  return findings.some(({ enforcement }) => enforcement === "mandatory") ? VIOLATED : PASSED;
}

/** Records in one piece of output: the text of them all is larger than everything else the check holds. */
const BATCH = 1000;

/** One record a line: half the size of an indented array, and it can be searched by line. */
function* formatJson(records: readonly object[]): Generator<string> {
  yield "[";
  for (let at = 0; at < records.length; at += BATCH) {
    const lines = records.slice(at, at + BATCH).map((record) => `\n${JSON.stringify(record)}`);
    yield (at === 0 ? "" : ",") + lines.join(",");
  }
  yield "\n]\n";
}

function write(texts: Iterable<string>): void {
  for (const text of texts) {
    process.stdout.write(text);
  }
}

try {
  program.parse();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed the help or what is wrong with the call.
    process.exitCode = error.exitCode === PASSED ? PASSED : UNREADABLE;
  } else if (error instanceof ConfigError || error instanceof UnreadableSourceError) {
    process.exitCode = UNREADABLE;
    process.stderr.write(`${error.message}\n`);
  } else {
    throw error;
  }
}
