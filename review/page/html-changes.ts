import { dump } from "js-yaml";
import { actionWords, type Change } from "../model/change";
import { type FieldChange } from "../model/field-diff";
import { maskManifest } from "../model/mask";
import { isQuiet } from "../model/noise";
import { titleOf } from "../model/snapshot";
import { fieldLines, type DiffLine } from "./field-lines";
import { markup, none, type Markup } from "./markup";
import { counted, originOf, splitNoise } from "./words";

/** Every difference, closed; those that only follow from others come last, in one fold. */
export function changesMarkup(changes: readonly Change[]): Markup {
  if (changes.length === 0) {
    return markup`<p>Nothing changes.</p>`;
  }
  const quiet = changes.filter(isQuiet);
  const fold =
    quiet.length === 0
      ? none
      : markup`<details class="noise"><summary>${counted(quiet.length, "object")} with nothing but labels and checksums that follow from other changes</summary>
${quiet.map(changeMarkup)}</details>
`;
  return markup`${changes.filter((change) => !isQuiet(change)).map(changeMarkup)}${fold}`;
}

function changeMarkup(change: Change): Markup {
  const { action, object } = change;
  const { telling, noise } = splitNoise(change);
  const whole = action === "create" || action === "delete";
  const size = whole || telling.length === 0 ? "" : counted(telling.length, "field");
  return markup`<details class="item change ${action}">
<summary><span class="action">${actionWords[action]}</span> <b>${titleOf(object)}</b> <span class="origin">${originOf(change)}</span> <span class="size">${size}</span></summary>
${whole ? wholeObject(change) : reasons(change)}${telling.length === 0 ? "" : difference(telling)}${folded(noise)}</details>
`;
}

function wholeObject({ object }: Change): Markup {
  return markup`<pre>${dump(maskManifest(object), { lineWidth: -1 })}</pre>`;
}

function reasons({ immutable }: Change): readonly Markup[] {
  return immutable.map(
    ({ path, why, safePath, outcome }) =>
      markup`<p class="reason"><b>${path}</b> cannot change in place (${outcome}), because ${why}. ${safePath}</p>`,
  );
}

function folded(noise: readonly FieldChange[]): Markup {
  return noise.length === 0
    ? none
    : markup`<details class="noise"><summary>${counted(noise.length, "field")} from other changes</summary>${difference(noise)}</details>`;
}

function difference(fields: readonly FieldChange[]): Markup {
  return markup`<pre class="diff">${fields.flatMap(fieldLines).map(lineMarkup)}</pre>`;
}

function lineMarkup({ sign, text }: DiffLine): Markup {
  switch (sign) {
    case "-":
      return markup`<del>- ${text}</del>`;
    case "+":
      return markup`<ins>+ ${text}</ins>`;
    case "@":
      return markup`<b>${text}</b>`;
    case " ":
      return markup`<span>  ${text}</span>`;
  }
}
