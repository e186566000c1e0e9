import { dump } from "js-yaml";
import { NOT_IMPLEMENTED } from "../check/not-implemented";
import { type Action, type Fragment, type Rule, type Topic } from "../core/rule";
import { SETTINGS } from "../core/settings";
import { THEMES } from "../pack/themes";
import { RULES } from "../rules";

const INTRODUCTION = `# Policies

Every rule of the policy pack, by theme. This page is generated from the rules; \`npm run generate\`
writes it anew. The same rules judge a Pulumi preview, plain YAML
(\`npm run policy -- check <files, folders or ->\`) and the tests of this project.

A rule is mandatory (it stops the deployment), advisory (it is reported), or off (it is asked only when a
configuration or the profile \`all\` turns it on). The column shows the profile \`production\`, the default.

| profile | what it changes |
| --- | --- |
| \`baseline\` | only the Pod Security baseline, probes, memory limits and images stay mandatory |
| \`production\` | nothing |
| \`strict\` | advisory rules become mandatory |
| \`all\` | as \`strict\`, and rules that are off become advisory, except those that demand the contrary of another |

## Configuration

The same keys under \`--config\` of the checker and under \`configuration\` of the pack's own configuration:

\`\`\`yaml
profile: production
rules:
  image-digest: off
settings:
  allowedRegistries: [registry.example/shop]
exemptNamespaces: [kube-system]
exemptions:
  - rules: [host-path-volume]
    object: DaemonSet/monitoring/node-exporter
    reason: It reads the node's /proc and /sys, which is its purpose.
    expires: 2027-06-30
\`\`\`
`;

/** The whole page as Markdown. */
export function referencePage(): string {
  const topics = Object.keys(THEMES) as Topic[];
  return [INTRODUCTION, settingsTable(), ...topics.map(topicSection), missingSection()].join(
    "\n\n",
  );
}

function settingsTable(): string {
  const { numbers, texts, lists } = SETTINGS;
  const rows = Object.entries({ ...numbers, ...texts, ...lists }).map(
    ([name, definition]) =>
      `| \`${name}\` | ${cell(JSON.stringify(definition.default))} | ${cell(definition.description)} |`,
  );
  return ["| setting | default | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

function topicSection(topic: Topic): string {
  const rules = RULES.filter((rule) => rule.topic === topic);
  const rows = rules.map(
    ({ id, assertion, severity, action }) =>
      `| [\`${id}\`](#${id}) | ${cell(assertion)} | ${severity} | ${action} |`,
  );
  const table = [
    "| rule | asserts | severity | action |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  return [`## ${topic}`, THEMES[topic], table, ...rules.map(ruleSection)].join("\n\n");
}

function ruleSection(rule: Rule): string {
  const facts = [
    `- Severity ${rule.severity}, ${ACTIONS[rule.action]}.`,
    `- Judges ${rule.kinds?.join(", ") ?? "every kind"}.`,
    `- Others that have it: ${rule.anchors?.join(", ") ?? "none"}.`,
    `- Source: <${rule.source}>`,
    ...("remedy" in rule && rule.remedy !== undefined
      ? ["- The pack can repair it when remediation is switched on."]
      : []),
    ...list("- Not in the profile `all`, as it contradicts", rule.contradicts),
  ];
  return [
    `### ${rule.id}`,
    `${rule.assertion} ${rule.why}`,
    facts.join("\n"),
    `Fix: ${rule.fix}`,
    ...example("Fails", rule.examples.fail),
    ...example("Passes", rule.examples.pass),
  ].join("\n\n");
}

const ACTIONS: Readonly<Record<Action, string>> = {
  mandatory: "mandatory",
  advisory: "advisory",
  off: "off unless configured",
};

function example(title: string, objects: Fragment | readonly Fragment[]): string[] {
  const documents = [objects].flat() as Fragment[];
  const text = documents.map((one) =>
    Object.keys(one).length === 0 ? "# nothing is set\n" : dump(one, { lineWidth: 100 }),
  );
  return [`${title}:`, `\`\`\`yaml\n${text.join("---\n")}\`\`\``];
}

function list(title: string, ids: readonly string[] | undefined): string[] {
  return ids === undefined ? [] : [`${title} ${ids.map((id) => `\`${id}\``).join(", ")}.`];
}

function missingSection(): string {
  const rows = NOT_IMPLEMENTED.map(
    ({ id, missingReason }) => `| \`${id}\` | ${cell(missingReason ?? "")} |`,
  );
  return [
    "## Rules of others that are left out",
    ["| rule | reason |", "| --- | --- |", ...rows].join("\n"),
  ].join("\n\n");
}

// A bar would end the cell.
function cell(text: string): string {
  return text.replace(/\|/g, "\\|");
}
