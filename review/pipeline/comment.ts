import { commentLimit } from "../page/markdown";
import { type CodeHost } from "./code-host";

/** A stack's page, as `npm run review` wrote it. */
export interface StackPage {
  /** The stack's name. */
  readonly stack: string;
  /** The content of its review.md. */
  readonly markdown: string;
}

/** The mark that a pipeline finds its own comment by. */
const mark = "<!-- slipway-review -->";

/** Characters kept free for the note about what was left out. */
const reserve = 512;

/** A page in the comment: as it is, without the differences, or not at all. */
interface Shown {
  readonly stack: string;
  readonly text: string;
  readonly part: "all" | "summary" | "none";
}

/**
 * The pages of all stacks as one comment: the verdict of each first, then the pages. Where they do not fit, the longest
 * lose their differences first, and then go; the whole pages are in the pipeline's artifacts.
 */
export function commentOf(pages: readonly StackPage[]): string {
  const verdicts = pages.map(({ stack, markdown }) => `- ${stack}: ${verdictOf(markdown)}`);
  const head = `${mark}\n## Review\n\n${verdicts.join("\n")}\n`;
  const shown = pages.map(({ stack, markdown }): Shown => {
    return { stack, text: pageText(stack, pageOf(markdown)), part: "all" };
  });
  const left = commentLimit - reserve - head.length;
  for (const part of ["all", "summary"] as const) {
    while (lengthOf(shown) > left && shown.some((page) => page.part === part)) {
      const longest = shown
        .filter((page) => page.part === part)
        .reduce((most, page) => (page.text.length > most.text.length ? page : most));
      shown[shown.indexOf(longest)] = part === "all" ? summaryOf(longest) : without(longest);
    }
  }
  const cut = shown.filter(({ part }) => part !== "all").map(({ stack }) => stack);
  const note =
    cut.length === 0
      ? ""
      : `\n_No room was left for all of ${cut.join(", ")}: the whole pages are among the pipeline's artifacts._\n`;
  return `${head}${shown.map(({ text }) => text).join("")}${note}`;
}

function lengthOf(shown: readonly Shown[]): number {
  return shown.reduce((sum, { text }) => sum + text.length, 0);
}

function pageText(stack: string, content: string): string {
  return `\n<details><summary>${stack}</summary>\n\n${content}\n</details>\n`;
}

function summaryOf({ stack, text }: Shown): Shown {
  const end = text.indexOf("\n### Every difference\n");
  const summary = end === -1 ? text : `${text.slice(0, end)}\n</details>\n`;
  return { stack, text: summary, part: "summary" };
}

function without({ stack }: Shown): Shown {
  return { stack, text: "", part: "none" };
}

/** Writes the comment, in the place of the one that an earlier run wrote. */
export async function writeComment(host: CodeHost, pages: readonly StackPage[]): Promise<void> {
  const existing = (await host.comments()).find(({ body }) => body.startsWith(mark));
  await host.comment(commentOf(pages), existing);
}

function verdictOf(markdown: string): string {
  return /^\*\*(.+)\*\*$/m.exec(markdown)?.[1] ?? "no verdict";
}

/** The page without its own mark and heading, which the comment has already. */
function pageOf(markdown: string): string {
  return markdown.replace(/^<!--[^\n]*-->\n## [^\n]*\n/, "");
}
