import type { Diagram, DiagramEdge, DiagramNode, NodeKind } from "./model";

/** The brackets that give each kind of node its shape. */
const brackets = {
  internet: ["([", "])"],
  edge: ["{{", "}}"],
  service: ["[", "]"],
  job: ["[/", "/]"],
  database: ["[(", ")]"],
  stream: [">", "]"],
  bucket: ["[\\", "\\]"],
} as const satisfies Readonly<Record<NodeKind, readonly [string, string]>>;

/**
 * The diagram as Markdown, in the language that code hosts draw.
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaidOf({ title, nodes, groups, edges }: Diagram): string {
  return [
    `# ${title}`,
    "",
    "```mermaid",
    "flowchart LR",
    ...nodes.map((node) => `  ${nodeText(node)}`),
    ...groups.flatMap((group, index) => [
      `  subgraph group${String(index)} [${quoted(group.label)}]`,
      ...group.nodes.map((node) => `    ${nodeText(node)}`),
      "  end",
    ]),
    ...edges.map((edge) => `  ${edgeText(edge)}`),
    "```",
    "",
  ].join("\n");
}

function nodeText({ id, kind, label, detail }: DiagramNode): string {
  const [open, close] = brackets[kind];
  const text = detail === undefined ? label : `${label}<br/>${detail}`;
  return `${name(id)}${open}${quoted(text)}${close}`;
}

function edgeText({ from, to, label }: DiagramEdge): string {
  const text = label === undefined ? "" : `|${quoted(label.replace(/\n/g, "<br/>"))}|`;
  return `${name(from)} -->${text} ${name(to)}`;
}

/** A node's id in a language that has letters, digits and underscores; `end` and the like are words of it. */
function name(id: string): string {
  return `n_${id.replace(/[^A-Za-z0-9]/g, (letter) => `_${letter.charCodeAt(0).toString(16)}`)}`;
}

function quoted(text: string): string {
  return `"${text.replace(/"/g, "#quot;")}"`;
}
