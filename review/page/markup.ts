/** Markup that is safe to put into a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | Markup | readonly Markup[];

/** No markup at all. */
export const none = new Markup("");

/** Markup with values in it: texts are escaped, markup and lists of it are taken as they are. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = parts.map(partText);
  return new Markup(strings.reduce((all, next, index) => all + (texts[index - 1] ?? "") + next));
}

function partText(part: Part): string {
  if (part instanceof Markup) {
    return part.text;
  }
  return typeof part === "object"
    ? part.map(({ text }) => text).join("")
    : escapeText(String(part));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
