import { expect } from "chai";
import { CommanderError } from "commander";
import { CommandLine } from "../../../sandbox/terminal/command-line";

/** What a command line like ours says to these arguments; undefined when it has nothing to say against them. */
function refusalOf(...args: readonly string[]): string | undefined {
  const program = new CommandLine("npm run").exitOverride().configureOutput({
    writeErr: () => undefined,
    writeOut: () => undefined,
  });
  program
    .command("status")
    .exitOverride()
    .argument("[service]")
    .requiredOption("--stack <stack>", "the stack")
    .option("--json", "prints JSON")
    .action(() => undefined);
  try {
    program.parse(["status", ...args], { from: "user" });
    return undefined;
  } catch (error) {
    return error instanceof CommanderError ? error.message : String(error);
  }
}

describe("a command line", () => {
  it("takes the options that it has", () => {
    expect(refusalOf("storefront/auth", "--stack", "sandbox", "--json")).to.equal(undefined);
  });

  it("names a misspelt option and the one that was meant, which it does not miss then", () => {
    expect(refusalOf("--stak", "sandbox")).to.equal(
      "error: unknown option '--stak'; did you mean --stack?",
    );
    expect(refusalOf("--stak=sandbox")).to.contain("unknown option '--stak'; did you mean");
  });

  it("lists the options where none is near", () => {
    expect(refusalOf("--everything")).to.contain("it may be --help, --stack, --json");
  });

  it("misses a required option that was not meant either", () => {
    expect(refusalOf("--json")).to.contain("required option '--stack <stack>' not specified");
  });

  it("says that npm took an option which has no -- before it", () => {
    process.env["npm_config_stack"] = "true";
    try {
      expect(refusalOf("sandbox")).to.match(/npm took --stack .* npm run .* -- --stack …/);
      expect(refusalOf("--stack", "sandbox")).to.equal(undefined);
      expect(refusalOf("--help")).to.equal("(outputHelp)");
    } finally {
      delete process.env["npm_config_stack"];
    }
  });

  it("shows its help, whatever is missing", () => {
    expect(refusalOf("--help")).to.equal("(outputHelp)");
  });
});
