import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { fields, maps, text, type Fields } from "../../../policy/core/fields";
import { checkout } from "../../../sandbox/folder";

const folder = join(checkout, ".github", "workflows");
const workflows = readdirSync(folder).map((file) => ({
  file,
  content: fields(parse(readFileSync(join(folder, file), "utf8"))),
}));
const jobs = workflows.flatMap(({ file, content }) =>
  Object.entries(fields(content["jobs"])).map(([name, job]) => ({
    where: `${file}: ${name}`,
    job: fields(job),
  })),
);
const steps = jobs.flatMap(({ where, job }) =>
  maps(job["steps"]).map((step) => ({ where, step, with: fields(step["with"]) })),
);
const gitlab = fields(
  parse(readFileSync(join(checkout, ".gitlab-ci.yml"), "utf8"), { merge: true }),
);

/** What a job of GitLab has, its own or by what it extends. */
function inherited(name: string, key: string): unknown {
  const job = fields(gitlab[name]);
  const parents = [job["extends"]].flat().filter((parent) => typeof parent === "string");
  return (
    job[key] ??
    parents.reverse().reduce<unknown>((found, each) => found ?? inherited(each, key), undefined)
  );
}

describe("a workflow of GitHub", () => {
  it("may read the code and no more, unless a job says what else and why", () => {
    for (const { file, content } of workflows) {
      expect(content["permissions"], file).to.deep.equal({ contents: "read" });
    }
    const more = jobs.filter(({ job }) => job["permissions"] !== undefined);
    expect(more.map(({ where }) => where)).to.have.members([
      "drift.yml: drift",
      "pull-request.yml: comment",
      "pull-request.yml: offline",
    ]);
  });

  it("ends every job in time", () => {
    for (const { where, job } of jobs) {
      expect(job["timeout-minutes"], where).to.be.a("number");
    }
  });

  it("puts nothing that an author writes into a shell, and leaves no token behind", () => {
    for (const { where, step, with: given } of steps) {
      expect(text(step["run"]) ?? "", where).not.to.contain("${{");
      if (text(step["uses"])?.startsWith("actions/checkout@") === true) {
        expect(given["persist-credentials"], where).to.equal(false);
      }
    }
  });

  it("runs with the rights to make namespaces by the code of main alone", () => {
    const { content } = workflows.find(({ file }) => file === "environments.yml") ?? {};
    const trigger = fields(fields(content?.["on"])["pull_request_target"]);
    expect(trigger["branches"]).to.deep.equal(["main"]);
    const checkouts = steps.filter(
      ({ where, step }) =>
        where.startsWith("environments.yml") &&
        text(step["uses"])?.startsWith("actions/checkout@") === true,
    );
    expect(
      checkouts.map(({ where, with: given }) => `${where}: ${text(given["ref"]) ?? "default"}`),
    ).to.have.members([
      "environments.yml: namespaces: main",
      "environments.yml: delete: main",
      // A schedule runs on the default branch.
      "environments.yml: expire: default",
    ]);
    const others = workflows.filter(
      ({ file, content: { on } }) =>
        file !== "environments.yml" && fields(on)["pull_request_target"] !== undefined,
    );
    expect(others).to.deep.equal([]);
  });
});

describe("a job of GitLab", () => {
  const withRights = Object.entries(gitlab).filter(
    ([name, job]) =>
      !name.startsWith(".") &&
      text(fields((job as Fields)["environment"])["name"])?.startsWith("environments-admin/") ===
        true,
  );

  it("with the rights to make namespaces runs the default branch, pinned in the project's settings", () => {
    const pinned = withRights.filter(([name]) => name !== "environments-expire");
    expect(pinned.map(([name]) => name)).to.have.members([
      "environment-namespaces",
      "environment-delete",
    ]);
    for (const [name] of pinned) {
      const rules = maps(inherited(name, "rules")).map((rule) => text(rule["if"]) ?? "");
      expect(rules, name).to.have.length(1);
      expect(rules[0], name).to.contain("$CI_CONFIG_PATH =~ /@/");
      const before = [inherited(name, "before_script")].flat();
      expect(before.slice(0, 2), name).to.deep.equal([
        'git fetch --depth 1 origin "$CI_DEFAULT_BRANCH"',
        "git checkout --force --detach FETCH_HEAD",
      ]);
      expect(inherited(name, "cache"), name).to.deep.equal([]);
    }
  });

  it("that serves merge requests with a secret runs for none from a fork", () => {
    for (const name of ["preview", "comment", "environment", "environment-namespaces"]) {
      for (const rule of maps(inherited(name, "rules"))) {
        expect(text(rule["if"]), name).to.contain(
          "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID",
        );
      }
    }
  });

  it("ends in time", () => {
    expect(fields(gitlab["default"])["timeout"]).to.equal("30 minutes");
  });
});
