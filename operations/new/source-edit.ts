import * as ts from "typescript";

/** A TypeScript file, and changes to it: they are made all at once, so that positions stay what they are. */
export class SourceEdit {
  readonly file: ts.SourceFile;
  private readonly insertions: { readonly at: number; readonly text: string }[] = [];

  constructor(
    readonly path: string,
    private readonly source: string,
  ) {
    this.file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  }

  /** Puts text before a node; before the comment that documents it. */
  insertBefore(node: ts.Node, text: string): void {
    this.insertions.push({ at: node.getStart(this.file, true), text });
  }

  /** Puts text behind a node. */
  insertAfter(node: ts.Node, text: string): void {
    this.insertions.push({ at: node.end, text });
  }

  /** Adds an element, a property or a name to the end of a list. */
  append(list: ts.NodeArray<ts.Node>, text: string): void {
    const last = list.at(-1);
    this.insertions.push({
      at: last?.end ?? list.pos,
      text: last === undefined ? text : `, ${text}`,
    });
  }

  /** Imports names from a module: with those that the file has from there, or by a line of its own. */
  importNames(module: string, names: readonly string[]): void {
    const imports = this.file.statements.filter(ts.isImportDeclaration);
    const bindings = imports
      .filter((each) => modulePath(each) === module)
      .map((each) => each.importClause?.namedBindings)
      .find((each) => each !== undefined && ts.isNamedImports(each));
    if (bindings !== undefined && ts.isNamedImports(bindings)) {
      const known = bindings.elements.map(({ name }) => name.text);
      for (const name of names.filter((each) => !known.includes(each))) {
        const next = bindings.elements.find((element) => element.name.text > name);
        if (next === undefined) {
          this.append(bindings.elements, name);
        } else {
          this.insertBefore(next, `${name}, `);
        }
      }
    } else if (names.length > 0) {
      this.insertImport(imports, module, `import { ${names.join(", ")} } from "${module}";\n`);
    }
  }

  /** Before the next module in their order: packages, then `../data`, then `./declaration`. */
  private insertImport(
    imports: readonly ts.ImportDeclaration[],
    module: string,
    line: string,
  ): void {
    const next = imports.find((each) => orderOf(modulePath(each)) > orderOf(module));
    const last = imports.at(-1);
    if (next !== undefined) {
      this.insertBefore(next, line);
    } else if (last !== undefined) {
      this.insertAfter(last, `\n${line.trimEnd()}`);
    } else {
      this.insertions.push({ at: 0, text: `${line}\n` });
    }
  }

  /** The file with every change. */
  text(): string {
    return [...this.insertions]
      .map((insertion, order) => ({ ...insertion, order }))
      .sort((left, right) => right.at - left.at || right.order - left.order)
      .reduce(
        (text, { at, text: added }) => text.slice(0, at) + added + text.slice(at),
        this.source,
      );
  }
}

/** A text that sorts a module among the imports. */
function orderOf(module: string): string {
  const distance = module.startsWith("./") ? 2 : module.startsWith("../") ? 1 : 0;
  return `${String(distance)}${module}`;
}

function modulePath({ moduleSpecifier }: ts.ImportDeclaration): string {
  return ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : "";
}

/** The file that a name is imported from, as the import writes it. */
export function importedFrom(file: ts.SourceFile, name: string): string | undefined {
  const found = file.statements.filter(ts.isImportDeclaration).find(({ importClause }) => {
    const bindings = importClause?.namedBindings;
    return (
      bindings !== undefined &&
      ts.isNamedImports(bindings) &&
      bindings.elements.some((element) => element.name.text === name)
    );
  });
  return found && modulePath(found);
}

/** The variables that a file declares at its top, by name. */
export function topLevelValues(file: ts.SourceFile): ReadonlyMap<string, ts.Expression> {
  return new Map(
    file.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) =>
        declarationList.declarations.flatMap(({ name, initializer }) =>
          ts.isIdentifier(name) && initializer !== undefined ? [[name.text, initializer]] : [],
        ),
      ),
  );
}

/** Every name that a file declares or imports at its top. */
export function topLevelNames(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set(topLevelValues(file).keys());
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
      names.add(statement.name.text);
    }
    const bindings = ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : undefined;
    if (bindings !== undefined && ts.isNamedImports(bindings)) {
      bindings.elements.forEach((element) => names.add(element.name.text));
    }
  }
  return names;
}

/** The expression behind `as const`, `satisfies` and brackets. */
export function bare(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression)
    ? bare(expression.expression)
    : expression;
}

/** A call of a function by its name; undefined for any other expression. */
export function callOf(
  expression: ts.Expression | undefined,
  callee?: string,
): ts.CallExpression | undefined {
  const call = expression && bare(expression);
  return call !== undefined &&
    ts.isCallExpression(call) &&
    ts.isIdentifier(call.expression) &&
    (callee === undefined || call.expression.text === callee)
    ? call
    : undefined;
}

/** The object literal that an expression is. */
export function literalOf(
  expression: ts.Expression | undefined,
): ts.ObjectLiteralExpression | undefined {
  const found = expression && bare(expression);
  return found !== undefined && ts.isObjectLiteralExpression(found) ? found : undefined;
}

/** The value of a property of an object literal; of two, the last counts. */
export function propertyOf(
  literal: ts.ObjectLiteralExpression | undefined,
  name: string,
): ts.Expression | undefined {
  return literal?.properties
    .filter(ts.isPropertyAssignment)
    .filter((property) => propertyName(property.name) === name)
    .at(-1)?.initializer;
}

/** The name of a property as it is written, quoted or not. */
export function propertyName(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}

/** The text of a string literal. */
export function textOf(expression: ts.Expression | undefined): string | undefined {
  return expression !== undefined && ts.isStringLiteralLike(expression)
    ? expression.text
    : undefined;
}

/** A call within a chain of calls: `literal` of `z.strictObject(literal).describe(…)`. */
export function chainedCall(
  expression: ts.Expression | undefined,
  callee: string,
): ts.CallExpression | undefined {
  const call = expression && bare(expression);
  if (call === undefined || !ts.isCallExpression(call)) {
    return undefined;
  }
  if (ts.isIdentifier(call.expression)) {
    return call.expression.text === callee ? call : undefined;
  }
  if (!ts.isPropertyAccessExpression(call.expression)) {
    return undefined;
  }
  return call.expression.name.text === callee
    ? call
    : chainedCall(call.expression.expression, callee);
}
