import { type Finding } from "../core/finding";
import { type CheckResult } from "./check";

/** Workflow commands: GitHub Actions shows each finding beside its line. */
export function formatGithub(result: CheckResult): string {
  return result.findings.map((finding) => `${command(finding, result)}\n`).join("");
}

function command(finding: Finding, result: CheckResult): string {
  const position = result.position(finding);
  const properties = {
    ...(finding.file === "" || finding.file === "-" ? {} : { file: finding.file }),
    ...(position === undefined ? {} : { line: position.line, col: position.column }),
    title: `${finding.rule} (${finding.severity})`,
  };
  const written = Object.entries(properties).map(
    ([name, value]) => `${name}=${escapeProperty(String(value))}`,
  );
  const level = finding.enforcement === "mandatory" ? "error" : "warning";
  return `::${level} ${written.join(",")}::${escapeData(`${finding.message}. ${finding.fix}`)}`;
}

// https://docs.github.com/en/actions/writing-workflows/choosing-what-your-workflow-does/workflow-commands-for-github-actions
function escapeData(value: string): string {
  return value.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(value: string): string {
  return escapeData(value).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
