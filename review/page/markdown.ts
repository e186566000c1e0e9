import { type Change } from "../model/change";
import { isQuiet } from "../model/noise";
import { type Report } from "../report";
import { fieldLines } from "./field-lines";
import { sectionsOf, type Row, type Section } from "./sections";
import { changeTitle, counted, originOf, splitNoise } from "./words";

/** What the usual code hosts accept as one comment, in characters. */
export const commentLimit = 65_536;

/** Characters kept free for the host's own additions and for the note about what was cut. */
const reserve = 1_536;

/** Rows per section, tried in this order until everything before the differences fits. */
const rowLimits = [100, 40, 15, 5, 1];

/** A mark that a pipeline finds its own comment by. */
export function commentMark(stack: string): string {
  return `<!-- slipway-review ${stack} -->`;
}

/**
 * The report as one comment, beside a text that takes some characters of it. Whatever does not fit is left out from the end, the differences first and the
 * data at risk last, and the comment says what is missing.
 */
export function markdownOf(report: Report, taken = 0): string {
  const budget = commentLimit - reserve - taken;
  const sections = sectionsOf(report);
  const heads = rowLimits.map((rows) => head(report, sections, rows));
  const chosen = heads.find((text) => text.length < budget * 0.8) ?? heads.at(-1) ?? "";
  const changes = differences(report.changes, budget - chosen.length);
  const rowsCut =
    heads.indexOf(chosen) > 0 || sections.some(({ rows }) => rows.length > (rowLimits[0] ?? 0));
  const cut = [
    ...(rowsCut ? ["rows of long tables"] : []),
    ...(changes.left === 0
      ? []
      : [`${changes.left} of ${counted(report.changes.length, "difference")}`]),
  ];
  const note =
    cut.length === 0
      ? ""
      : `\n_Cut to fit a comment: ${cut.join(", ")}. The whole report is in review.html._\n`;
  return `${chosen}${changes.text}${note}`;
}

function head(report: Report, sections: readonly Section[], mostRows: number): string {
  const title = report.stack === "" ? "Review" : `Review of stack ${escapeMarkdown(report.stack)}`;
  const parts = sections.map((section) => sectionText(section, mostRows));
  return `${commentMark(report.stack)}\n## ${title}\n\n**${escapeMarkdown(report.verdict.line)}**\n${parts.join("")}`;
}

function sectionText({ title, note, columns, rows }: Section, mostRows: number): string {
  const left = rows.length - mostRows;
  const lines = [
    `\n### ${title}`,
    ...(note === "" ? [] : [`\n${escapeMarkdown(note)}`]),
    "",
    `| ${columns.join(" | ")} |`,
    `| ${columns.map(() => "---").join(" | ")} |`,
    ...rows.slice(0, mostRows).map(rowText),
    ...(left > 0 ? [`\n… and ${counted(left, "more row")}.`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function rowText({ level, cells }: Row): string {
  const [first = "", ...rest] = cells.map((cell) => escapeMarkdown(clip(cell)));
  return `| ${[level === "high" ? `**${first}**` : first, ...rest].join(" | ")} |`;
}

function differences(
  changes: readonly Change[],
  budget: number,
): { readonly text: string; readonly left: number } {
  if (changes.length === 0) {
    return { text: "", left: 0 };
  }
  const telling = changes.filter((change) => !isQuiet(change));
  const quiet = changes.length - telling.length;
  const rest =
    quiet === 0
      ? ""
      : `\n${counted(quiet, "object")} with nothing but labels and checksums that follow from other changes.\n`;
  let text = "\n### Every difference\n\n";
  let shown = 0;
  for (const change of telling) {
    const next = changeText(change);
    if (text.length + next.length + rest.length > budget) {
      break;
    }
    text += next;
    shown += 1;
  }
  return { text: text + rest, left: telling.length - shown };
}

function changeText(change: Change): string {
  const { telling, noise } = splitNoise(change);
  const origin = originOf(change);
  const from = origin === "" ? "" : ` (${origin})`;
  if (telling.length + noise.length === 0) {
    return `- ${escapeMarkdown(changeTitle(change) + from)}\n`;
  }
  const lines = telling
    .flatMap(fieldLines)
    .map(({ sign, text }) => `${sign === "@" ? "#" : sign} ${clip(text)}`);
  const folded =
    noise.length === 0
      ? []
      : [
          `# ${counted(noise.length, "field")} ${noise.length === 1 ? "follows" : "follow"} from other changes`,
        ];
  const body = [...lines, ...folded].join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(body) + 1));
  return [
    `<details><summary>${escapeMarkdown(changeTitle(change) + from)}: ${counted(telling.length, "field")}</summary>`,
    `\n${fence}diff\n${body}\n${fence}`,
    "</details>\n",
  ].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

function clip(text: string, longest = 300): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Text of the stack is shown, not interpreted: no markup, no mention of a person or an issue. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/&(?=[a-z#])/gi, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/[\\|*`~]|\b_|_\b|\](?=[([:])|!(?=\[)/g, (sign) => `\\${sign}`)
    .replace(/#(?=\d)/g, "&#35;")
    .replace(/@/g, "&#64;");
}
