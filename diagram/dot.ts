import type { Diagram, DiagramEdge, DiagramNode, NodeKind } from "./model";

const ink = "#1f2933";
const font = "Helvetica, Arial, sans-serif";

/** How each kind of node looks. */
const looks = {
  internet: { shape: "ellipse", fill: "#ffffff" },
  edge: { shape: "box", fill: "#fde8d7" },
  service: { shape: "box", fill: "#dceafd" },
  job: { shape: "box", fill: "#e8e4fb" },
  database: { shape: "cylinder", fill: "#dcf3e4" },
  stream: { shape: "box", fill: "#dcf3e4" },
  bucket: { shape: "folder", fill: "#dcf3e4" },
} as const satisfies Readonly<Record<NodeKind, { readonly shape: string; readonly fill: string }>>;

/**
 * The diagram in Graphviz's language.
 * @see https://graphviz.org/doc/info/lang.html
 */
export function dotOf({ title, nodes, groups, edges }: Diagram): string {
  return [
    "digraph stack {",
    `  graph [rankdir=LR, label=${quoted(title)}, labelloc=t, fontsize=18, fontname=${quoted(font)}, nodesep=0.18, ranksep=0.9, pad=0.3, bgcolor="#ffffff"]`,
    `  node [style="filled,rounded", fontsize=12, fontname=${quoted(font)}, color="#9aa5b1", fontcolor=${quoted(ink)}, height=0.42, margin="0.14,0.06"]`,
    `  edge [color="#7b8794", fontsize=10, fontname=${quoted(font)}, fontcolor="#52606d", arrowsize=0.6]`,
    ...nodes.map((node) => `  ${nodeText(node)}`),
    ...groups.flatMap((group, index) => [
      `  subgraph cluster_${String(index)} {`,
      `    graph [label=${quoted(group.label)}, labeljust=l, fontsize=13, style=rounded, color=${group.room === "data" ? '"#4c9a6a"' : '"#6b9bd6"'}]`,
      ...group.nodes.map((node) => `    ${nodeText(node)}`),
      "  }",
    ]),
    ...edges.map((edge) => `  ${edgeText(edge)}`),
    "}",
    "",
  ].join("\n");
}

function nodeText({ id, kind, label, detail }: DiagramNode): string {
  const { shape, fill } = looks[kind];
  const text = detail === undefined ? label : `${label}\n${detail}`;
  const style = shape === "box" ? "" : ", style=filled";
  return `${quoted(id)} [label=${quoted(text)}, shape=${shape}, fillcolor=${quoted(fill)}${style}]`;
}

function edgeText({ from, to, label }: DiagramEdge): string {
  const text = label === undefined ? "" : ` [label=${quoted(label)}]`;
  return `${quoted(from)} -> ${quoted(to)}${text}`;
}

function quoted(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;
}
