import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, checkout, sandboxFolder } from "../folder";
import { runCommand } from "../processes/command";
import { describeFailure } from "../terminal/failure";
import { gitlabProblems } from "./gitlab-file";
import { terminalProgress } from "../terminal/progress";
import { actionlint } from "../toolchain/actionlint";
import { provideTool } from "../toolchain/tool";

/** One step of `npm run check`: the files of both CI systems, judged by what their hosts accept. */
async function main(): Promise<void> {
  const problems = [
    ...(await workflowProblems()),
    ...gitlabProblems(readFileSync(join(checkout, ".gitlab-ci.yml"), "utf8")),
  ];
  for (const problem of problems) {
    console.log(problem);
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}

async function workflowProblems(): Promise<readonly string[]> {
  const { path } = await provideTool(actionlint, {
    cache: cacheFolder(),
    logs: sandboxFolder().logs,
    progress: terminalProgress(),
    offline: false,
  });
  const folder = join(checkout, ".github", "workflows");
  const files = readdirSync(folder).map((name) => join(".github", "workflows", name));
  // Its own look for shellcheck and pyflakes would make the answer depend on the machine.
  const args = ["-no-color", "-shellcheck=", "-pyflakes=", ...files];
  const { code, stdout, stderr } = await runCommand(path, args, { cwd: checkout });
  return code === 0 ? [] : [`${stdout}${stderr}`.trim()];
}

main().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
