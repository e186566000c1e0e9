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

/**
 * The pages of all stacks as one comment: the verdict of each first, then the pages, as far as they fit. A page
 * that does not fit is in the pipeline's artifacts.
 */
export function commentOf(pages: readonly StackPage[]): string {
  const verdicts = pages.map(({ stack, markdown }) => `- ${stack}: ${verdictOf(markdown)}`);
  let body = `${mark}\n## Review\n\n${verdicts.join("\n")}\n`;
  const left: string[] = [];
  for (const { stack, markdown } of pages) {
    const page = `\n<details><summary>${stack}</summary>\n\n${pageOf(markdown)}\n</details>\n`;
    if (body.length + page.length > commentLimit - reserve) {
      left.push(stack);
    } else {
      body += page;
    }
  }
  return left.length === 0
    ? body
    : `${body}\n_No room was left for ${left.join(", ")}: the whole pages are among the pipeline's artifacts._\n`;
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
