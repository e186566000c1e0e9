import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "chai";
import ts from "typescript";

const root = join(__dirname, "..");

interface Source {
  readonly path: string;
  readonly text: string;
}

const sources: readonly Source[] = readdirSync(join(root, "components"), {
  recursive: true,
  encoding: "utf8",
})
  .filter((file) => file.endsWith(".ts"))
  .map((file) => join(root, "components", file))
  .map((file) => ({ path: relative(root, file), text: readFileSync(file, "utf8") }));

function parse({ path, text }: Source): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

/** Every node below a node, and itself. */
function within(node: ts.Node): readonly ts.Node[] {
  const nodes = [node];
  ts.forEachChild(node, (child) => {
    nodes.push(...within(child));
  });
  return nodes;
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** The optional fields of a file's exported interfaces and types, as `Interface.field`. */
function optionalFields(
  source: Source,
): readonly { readonly name: string; readonly field: ts.PropertySignature }[] {
  return parse(source)
    .statements.filter(
      (statement) =>
        (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
        isExported(statement),
    )
    .flatMap((statement) =>
      within(statement)
        .filter(ts.isPropertySignature)
        .filter(({ questionToken }) => questionToken !== undefined)
        .map((field) => ({
          name: `${source.path}: ${(statement as ts.InterfaceDeclaration).name.text}.${field.name.getText()}`,
          field,
        })),
    );
}

/** The lines of a constructor without the functions declared in it, which are its details. */
function tableOfContents(body: ts.Block): number {
  const lines = (node: ts.Node): number => node.getText().split("\n").length;
  const inner = body.statements.filter(ts.isFunctionDeclaration).map(lines);
  return lines(body) - inner.reduce((sum, count) => sum + count, 0);
}

describe("the components", () => {
  it("are in files of at most 400 lines", () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > 400);
    expect(long).to.deep.equal([]);
  });

  it("say of every optional field what holds without it", () => {
    const fields = sources.flatMap(optionalFields);
    expect(fields).to.not.have.length(0);
    const silent = fields.filter(({ field }) =>
      ts.getJSDocTags(field).every(({ tagName }) => tagName.text !== "default"),
    );
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
  });

  it("have constructors that read as a table of contents, of at most 80 lines", () => {
    const constructors = sources.flatMap((source) =>
      within(parse(source))
        .filter(ts.isConstructorDeclaration)
        .flatMap(({ body }) =>
          body === undefined ? [] : [{ path: source.path, lines: tableOfContents(body) }],
        ),
    );
    expect(constructors.map(({ path }) => path)).to.include("components/apps/workload/workload.ts");
    expect(constructors.filter(({ lines }) => lines > 80)).to.deep.equal([]);
  });
});
