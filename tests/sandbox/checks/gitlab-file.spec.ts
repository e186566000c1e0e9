import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { gitlabProblems } from "../../../sandbox/checks/gitlab-file";
import { checkout } from "../../../sandbox/folder";

describe("the check of .gitlab-ci.yml", () => {
  it("holds for the file of this project", () => {
    expect(gitlabProblems(readFileSync(join(checkout, ".gitlab-ci.yml"), "utf8"))).to.deep.equal(
      [],
    );
  });

  it("names the place of a value that GitLab does not take", () => {
    expect(gitlabProblems("build:\n  script: [make]\n  when: sometimes\n").join("\n")).to.contain(
      ".gitlab-ci.yml: /build/when",
    );
  });

  it("finds a job that does nothing", () => {
    expect(gitlabProblems("build:\n  stage: build\n  scripts: [make]\n")).not.to.deep.equal([]);
  });
});
