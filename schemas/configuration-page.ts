import { fullKey, type SchemaNode } from "./stack-file-schema";

interface Row {
  readonly key: string;
  readonly type: string;
  readonly presence: string;
  readonly description: string;
}

/** The configuration reference: each topic of the settings as a table of its keys. */
export function configurationPage(settings: SchemaNode): string {
  const topics = Object.entries(settings.properties ?? {}).map(([key, node]) => {
    const required = (settings.required ?? []).includes(key);
    return [
      `## \`${fullKey(key)}\``,
      "",
      node.description ?? "",
      "",
      ...table(fullKey(key), node, required),
    ];
  });
  return [
    "# Configuration",
    "",
    "Every key of a stack file, `Pulumi.<stack>.yaml`. This page is generated from the settings schema;",
    "`npm run generate` writes it anew.",
    "",
    ...topics.flatMap((topic) => [...topic, ""]),
  ].join("\n");
}

function table(key: string, node: SchemaNode, required: boolean): readonly string[] {
  const rows = isMap(node) ? children(key, node) : [row(key, node, required)];
  return [
    "| key | type | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ key: name, type, presence, description }) =>
        `| \`${name}\` | ${type} | ${presence} | ${description} |`,
    ),
  ];
}

function children(prefix: string, node: SchemaNode): readonly Row[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = `${prefix}.${key}`;
    const required = (node.required ?? []).includes(key);
    return [row(path, child, required), ...descend(path, child)];
  });
  const rest = node.additionalProperties;
  const others = typeof rest === "object" ? descend(`${prefix}.<name>`, rest) : [];
  return [...own, ...others];
}

function descend(path: string, node: SchemaNode): readonly Row[] {
  const branches = node.oneOf ?? node.anyOf;
  if (branches !== undefined) {
    return branches.flatMap((branch) => (isMap(branch) ? children(path, branch) : []));
  }
  if (node.items !== undefined && isMap(node.items)) {
    return children(`${path}[]`, node.items);
  }
  return isMap(node) ? children(path, node) : [];
}

function row(key: string, node: SchemaNode, required: boolean): Row {
  const example = node.examples?.[0];
  const description = [
    node.description ?? "",
    example === undefined ? "" : `Example: ${code(example)}.`,
  ]
    .filter((text) => text !== "")
    .join(" ");
  return {
    key,
    type: typeText(node),
    presence: presenceText(node, required),
    description: cell(description),
  };
}

function presenceText(node: SchemaNode, required: boolean): string {
  if (node.default !== undefined) {
    return cell(code(node.default));
  }
  return required ? "required" : (node.behaviour ?? "not set");
}

function typeText(node: SchemaNode): string {
  const branches = node.oneOf ?? node.anyOf;
  if (branches !== undefined) {
    return [...new Set(branches.map(typeText))].join(" or ");
  }
  if (node.enum !== undefined) {
    return node.enum.map(code).join(", ");
  }
  if (node.const !== undefined) {
    return code(node.const);
  }
  const unit = node.unit === undefined ? "" : ` (${node.unit})`;
  const range =
    node.minimum !== undefined &&
    node.maximum !== undefined &&
    node.maximum < Number.MAX_SAFE_INTEGER
      ? ` ${String(node.minimum)}–${String(node.maximum)}`
      : "";
  if (node.type === "array") {
    return `list of ${node.items === undefined ? "values" : typeText(node.items)}`;
  }
  const name = node.type === "object" || node.type === undefined ? "map" : String(node.type);
  return `${name}${range}${unit}`;
}

function isMap(node: SchemaNode): boolean {
  return node.properties !== undefined || typeof node.additionalProperties === "object";
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

/** A pipe would end the table's cell, and an angle bracket would start a tag. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
