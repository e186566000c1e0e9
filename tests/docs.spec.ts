import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect } from "chai";

const root = join(__dirname, "..");
const pages = execFileSync("git", ["ls-files", "*.md", ":!tests"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

function textOf(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

/** A page without its blocks of code, in which nothing is a link or a heading. */
function proseOf(page: string): string {
  return textOf(page).replace(/```.*?```/gs, "");
}

/** The anchors of a page's headings, as GitHub and GitLab name them; a repeated heading is numbered. */
function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").trim();
    const anchor = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\-_ ]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${String(before)}`;
  });
  return new Set(anchors);
}

/** The links of a page that lead nowhere in this repository. */
function brokenLinks(page: string): readonly string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? page : normalize(join(dirname(page), file));
      return (
        !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(path).has(anchor))
      );
    });
}

describe("the documentation", () => {
  for (const page of pages) {
    it(`links to what is there: ${page}`, () => {
      expect(brokenLinks(page)).to.deep.equal([]);
    });
  }

  it("names only scripts that package.json has", () => {
    const named = pages.flatMap((page) =>
      [...textOf(page).matchAll(/npm run ([\w:-]+)/g)].map(
        ([, script = ""]) => `${page} ${script}`,
      ),
    );
    expect(named).to.not.have.length(0);
    expect(named.filter((name) => !(String(name.split(" ")[1]) in scripts))).to.deep.equal([]);
  });

  it("names only files and folders of the repository that are there", () => {
    const folders = "components|tests|docs|policy|sandbox|operations|review|schemas|bench|diagram";
    const path = new RegExp(`\`((?:${folders})/[\\w./-]+)\``, "g");
    const named = pages.flatMap((page) =>
      [...textOf(page).matchAll(path)].map(([, file = ""]) => ({ page, file })),
    );
    expect(named).to.not.have.length(0);
    expect(named.filter(({ file }) => !existsSync(join(root, file)))).to.deep.equal([]);
  });
});
