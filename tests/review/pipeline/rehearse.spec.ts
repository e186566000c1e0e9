import { expect } from "chai";
import { pipelineCommands, reasonAgainst } from "../../../review/pipeline/rehearse";

const commands = pipelineCommands();
const ofSystem = (gitlab: boolean): readonly string[] => [
  ...new Set(
    commands
      .filter(({ where }) => where.startsWith(".gitlab-ci.yml") === gitlab)
      .map(({ command }) => command)
      .filter((command) => /^(npm (run|test)|pulumi)/.test(command))
      // A job of GitLab needs the other one; GitHub's are in two files, of two branches.
      .filter((command) => !command.includes("environment -- await"))
      // Where the systems name the same thing otherwise, and where one writes an artifact and the other a file.
      .map((command) => command.replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", "$BASE"))
      .map((command) => command.replace("> out/images.txt", "> images.txt")),
  ),
];

describe("the files of both CI systems", () => {
  it("run the same commands", () => {
    expect([...ofSystem(true)].sort()).to.deep.equal([...ofSystem(false)].sort());
  });

  it("check, test and review a change without credentials", () => {
    const rehearsed = commands.filter(({ command }) => reasonAgainst(command) === undefined);
    expect(rehearsed.map(({ command }) => command)).to.include.members([
      "npm run check",
      "npm test",
      'npm run pipeline -- offline --base "$BASE" --out out',
    ]);
  });

  it("hold no command that a rehearsal would run against a cluster or a code host", () => {
    const dangerous = commands.filter(({ command }) =>
      /pulumi up|-- (comment|drift|create|delete|expire)/.test(command),
    );
    expect(dangerous).not.to.deep.equal([]);
    expect(dangerous.filter(({ command }) => reasonAgainst(command) === undefined)).to.deep.equal(
      [],
    );
  });
});
