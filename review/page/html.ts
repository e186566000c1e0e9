import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Report } from "../report";
import { changesMarkup } from "./html-changes";
import { markup, Markup } from "./markup";
import { sectionsOf, type Row, type Section } from "./sections";

/** The report as one page without anything to load: it works from a pipeline's artifact. */
export function htmlOf(report: Report): string {
  const style = asset("page.css");
  const script = asset("page.client.js");
  const sections = sectionsOf(report);
  const title = report.stack === "" ? "Review" : `Review of stack ${report.stack}`;
  // The page runs its own style and script and nothing else, whatever the texts in it are.
  const policy = `default-src 'none'; style-src '${digest(style)}'; script-src '${digest(script)}'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#changes">Skip to the differences</a>
<header>
<h1>${title}</h1>
<p class="verdict ${report.verdict.outcome}">${report.verdict.line}</p>
<nav aria-label="Sections">${navigation(sections, report)}</nav>
</header>
<div class="tools" role="search">
<label for="search">Search</label>
<input id="search" type="search" placeholder="Search: kind, name, field, value" autocomplete="off" spellcheck="false">
<button type="button" id="open">Open all</button>
<button type="button" id="close">Close all</button>
<output id="found" aria-live="polite"></output>
<span class="keys"><kbd>/</kbd> search, <kbd>j</kbd> <kbd>k</kbd> next and previous difference, <kbd>Esc</kbd> clear</span>
</div>
<main>
${sections.map(sectionMarkup)}
<section id="changes" aria-labelledby="changes-title">
<h2 id="changes-title">Every difference</h2>
${changesMarkup(report.changes)}
</section>
</main>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function asset(name: string): string {
  return readFileSync(join(__dirname, name), "utf8");
}

/** A hash as a content security policy names it. */
function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function navigation(sections: readonly Section[], { changes }: Report): readonly Markup[] {
  return [
    ...sections.map(
      ({ title, rows }) => markup`<a href="#${idOf(title)}">${title} <b>${rows.length}</b></a> `,
    ),
    markup`<a href="#changes">Every difference <b>${changes.length}</b></a>`,
  ];
}

function sectionMarkup({ title, note, columns, rows }: Section): Markup {
  const id = idOf(title);
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${note === "" ? "" : markup`<p class="note">${note}</p>`}
<div class="table"><table>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => rowMarkup(row, columns))}</tbody>
</table></div>
</section>
`;
}

function rowMarkup({ level, cells }: Row, columns: readonly string[]): Markup {
  const mark = level === "none" ? "" : markup`<span class="level">${level}</span> `;
  return markup`<tr class="item ${level}">${cells.map(
    (cell, index) =>
      markup`<td data-label="${columns[index] ?? ""}">${index === 0 ? mark : ""}${cell}</td>`,
  )}</tr>
`;
}

function idOf(title: string): string {
  return title.toLowerCase().replace(/[^a-z]+/g, "-");
}
