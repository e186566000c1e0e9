import { type Finding } from "../core/finding";
import { type Severity } from "../core/rule";
import { RULES } from "../rules";
import { type CheckResult } from "./check";

const LEVELS: Readonly<Record<Finding["enforcement"], string>> = {
  mandatory: "error",
  advisory: "warning",
};

// Code hosts sort by this number. https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
const SCORES: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
};

/** SARIF 2.1.0, so that a code host shows each finding on its line. */
export function formatSarif(result: CheckResult): string {
  const used = new Set(result.findings.map(({ rule }) => rule));
  const run = {
    tool: {
      driver: {
        name: "slipway-policy",
        rules: [
          ...RULES.filter(({ id }) => used.has(id)).map((rule) => ({
            id: rule.id,
            shortDescription: { text: rule.assertion },
            fullDescription: { text: rule.why },
            help: { text: rule.fix },
            helpUri: rule.source,
            properties: { "security-severity": SCORES[rule.severity] },
          })),
          ...[...used].filter((id) => !RULES.some((rule) => rule.id === id)).map((id) => ({ id })),
        ],
      },
    },
    results: result.findings.map((finding) => resultOf(finding, result)),
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(finding: Finding, result: CheckResult): object {
  const position = result.position(finding);
  const region =
    position === undefined
      ? {}
      : { region: { startLine: position.line, startColumn: position.column } };
  const location = {
    physicalLocation: { artifactLocation: { uri: uriOf(finding.file) }, ...region },
  };
  return {
    ruleId: finding.rule,
    level: LEVELS[finding.enforcement],
    message: { text: `${finding.message}. ${finding.fix}` },
    ...(finding.file === "" ? {} : { locations: [location] }),
  };
}

function uriOf(file: string): string {
  return file === "-"
    ? "stdin"
    : file.split("\\").join("/").split("/").map(encodeURIComponent).join("/");
}
