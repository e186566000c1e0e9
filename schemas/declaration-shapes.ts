import { join } from "node:path";
import ts from "typescript";
import type { Shape, Shapes } from "../components/apps/shapes/shape";

/** The types that are checked when the program runs, and where they are. */
const roots = {
  ApplicationDeclaration: "apps/declaration",
  WorkloadArgs: "apps/workload/workload-args",
  DatabaseUse: "data/demands",
  StreamUse: "data/demands",
  ExternalSpec: "apps/external",
  StoreSecretSpec: "apps/store-secret",
} as const;

/** The table of shapes as a file: a line for each type. */
export function shapesText(shapes: Shapes): string {
  const lines = Object.entries(shapes).map(
    ([name, shape]) => `  ${JSON.stringify(name)}: ${JSON.stringify(shape)}`,
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  lib: ["lib.es2022.d.ts"],
  types: [],
};

/**
 * The shapes of what teams declare, read from the types of the declarations. What a package declares, such
 * as a Pulumi resource, is taken as it is. Two tags of a type's comment count: `@form`, which a field may have
 * too, is what a value is called in a message, and `@opaque` is on what functions make, which is looked at no further than its kind.
 */
export function declarationShapes(components: string): Shapes {
  const { checker, declaration, aliases } = compile(components);
  const shapes: Record<string, Shape> = {};
  const names = new Map<ts.Type, string>();

  for (const property of checker.getPropertiesOfType(checker.getTypeAtLocation(declaration))) {
    const shape = shapeOf(checker.getTypeOfSymbol(property));
    if (shape.$ref !== property.name) {
      shapes[property.name] = shape;
    }
  }
  return sorted(withoutCopies(shapes));

  function shapeOf(type: ts.Type): Shape {
    const symbol = aliasOf(type) ?? type.getSymbol();
    const description = symbol && tagOf(symbol, "form");
    const said = description === undefined ? {} : { description };
    if (symbol !== undefined && tagOf(symbol, "opaque") !== undefined) {
      return { ...said, ...opaque(type) };
    }
    if (type.isUnion() && !(type.flags & ts.TypeFlags.Boolean)) {
      const make = (): Shape => ({ ...said, ...union(type) });
      return symbol === undefined || isHelper(symbol) ? make() : named(type, symbol, make);
    }
    const isInterface = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Interface) !== 0;
    return isInterface && !checker.isArrayType(type)
      ? named(type, symbol, () => ({ ...said, ...object(type) }))
      : { ...said, ...plain(type) };
  }

  /** A shape under the name of its type, so that it is there once, and may hold itself. */
  function named(type: ts.Type, { name: short }: ts.Symbol, make: () => Shape): Shape {
    const name = names.get(type) ?? (short in shapes ? checker.typeToString(type) : short);
    if (!names.has(type)) {
      names.set(type, name);
      // It may hold itself.
      shapes[name] = {};
      shapes[name] = make();
    }
    return { $ref: name };
  }

  function plain(type: ts.Type): Shape {
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) {
      return {};
    }
    if (flags & ts.TypeFlags.Boolean) {
      return { type: "boolean" };
    }
    if (flags & ts.TypeFlags.String) {
      return { type: "string" };
    }
    if (flags & ts.TypeFlags.Number) {
      return { type: "number" };
    }
    if (flags & ts.TypeFlags.Null) {
      return { type: "null" };
    }
    if (flags & ts.TypeFlags.Literal) {
      return { enum: [literal(type)] };
    }
    if (flags & ts.TypeFlags.TemplateLiteral) {
      return text([type as ts.TemplateLiteralType]);
    }
    if (isObject(type)) {
      return object(type);
    }
    throw new Error(`Nothing is known of the shape of ${checker.typeToString(type)}.`);
  }

  function literal(type: ts.Type): string | number | boolean {
    return type.isStringLiteral() || type.isNumberLiteral()
      ? type.value
      : checker.typeToString(type) === "true";
  }

  /** A choice; literals are one shape, and so are the forms of a text. */
  function union(type: ts.UnionType): Shape {
    const members = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const isBoolean = members.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length > 1;
    const others = members.filter(
      ({ flags }) => !isBoolean || !(flags & ts.TypeFlags.BooleanLiteral),
    );
    const values = others.filter(({ flags }) => flags & ts.TypeFlags.Literal).map(literal);
    const forms = others.filter(({ flags }) => flags & ts.TypeFlags.TemplateLiteral);
    const rest = others.filter(
      ({ flags }) => !(flags & (ts.TypeFlags.Literal | ts.TypeFlags.TemplateLiteral)),
    );
    const anyOf: readonly Shape[] = [
      ...(isBoolean ? [{ type: "boolean" as const }] : []),
      ...(values.length > 0 ? [{ enum: values.sort() }] : []),
      ...(forms.length > 0 ? [text(forms as ts.TemplateLiteralType[])] : []),
      ...rest.map(shapeOf),
    ];
    return anyOf.length === 1 ? (anyOf[0] ?? {}) : { anyOf };
  }

  /** A text that has one of some forms, each with places for numbers or for any text. */
  function text(forms: readonly ts.TemplateLiteralType[]): Shape {
    const patterns = forms.map(({ texts, types }) =>
      texts
        .map((part, index) => {
          const place = types[index];
          return (
            part + (place === undefined ? "" : place.flags & ts.TypeFlags.Number ? number : ".*")
          );
        })
        .join(""),
    );
    return { type: "string", pattern: `^(${patterns.sort().join("|")})$` };
  }

  function object(type: ts.Type): Shape {
    if (type.getCallSignatures().length > 0) {
      return { type: "function" };
    }
    if (checker.isArrayType(type)) {
      const [items] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: "array", items: items && shapeOf(items) };
    }
    const [index] = checker.getIndexInfosOfType(type);
    if (index !== undefined) {
      return { type: "object", additionalProperties: shapeOf(index.type) };
    }
    const fields = checker
      .getPropertiesOfType(type)
      .map((field) => ({ field, type: defined(checker.getTypeOfSymbol(field)) }))
      .filter((field) => !(field.type.flags & ts.TypeFlags.Never));
    return {
      type: "object",
      properties: Object.fromEntries(
        fields.map((each) => [each.field.name, fieldShape(each.field, each.type)] as const),
      ),
      ...requiring(
        fields
          .filter(({ field }) => !(field.flags & ts.SymbolFlags.Optional))
          .map(({ field }) => field.name),
      ),
    };
  }

  /** The shape of a field, whose comment may say what a value is called that has no type of its own. */
  function fieldShape(field: ts.Symbol, type: ts.Type): Shape {
    const description = tagOf(field, "form");
    return { ...shapeOf(type), ...(description === undefined ? {} : { description }) };
  }

  /** The kinds that something has which a function made; what else it has is not looked at. */
  function opaque(type: ts.Type): Shape {
    const kinds = (type.isUnion() ? type.types : [type]).flatMap((member) => {
      const kind = member.getProperty("kind");
      const found = kind && checker.getTypeOfSymbol(kind);
      return found?.isUnion() ? found.types.map(literal) : found ? [literal(found)] : [];
    });
    return {
      type: "object",
      ...(kinds.length === 0
        ? {}
        : { properties: { kind: { enum: [...new Set(kinds)].sort() } }, required: ["kind"] }),
      additionalProperties: true,
    };
  }

  /** A type without `undefined`, which stands for a key that is left out. */
  function defined(type: ts.Type): ts.Type {
    return type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Null)
      ? type
      : checker.getNonNullableType(type);
  }

  function aliasOf(type: ts.Type): ts.Symbol | undefined {
    return type.aliasSymbol ?? aliases.get(fullText(checker, type));
  }

  function tagOf(symbol: ts.Symbol, name: string): string | undefined {
    const tag = symbol.getJsDocTags(checker).find((each) => each.name === name);
    return tag && ts.displayPartsToString(tag.text).replace(/\s+/g, " ");
  }
}

/** A number of a text. The compiler lets fractions and signs pass, for which no unit here has a use. */
const number = "[0-9]+";

function requiring(keys: readonly string[]): Pick<Shape, "required"> {
  return keys.length === 0 ? {} : { required: keys };
}

/** Says whether an alias works a type out of others, such as `OneOf`: it says nothing of what the type is. */
function isHelper({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(
    (each) =>
      ts.isTypeAliasDeclaration(each) &&
      (ts.isIndexedAccessTypeNode(each.type) || ts.isMappedTypeNode(each.type)),
  );
}

/** A generic type has a shape for each of its arguments; those that came out alike are one. */
function withoutCopies(shapes: Shapes): Shapes {
  const copy = Object.entries(shapes).find(([name, shape]) => {
    const first = shapes[shortName(name)];
    return shortName(name) !== name && JSON.stringify(first) === JSON.stringify(shape);
  });
  if (copy === undefined) {
    return shapes;
  }
  const [name] = copy;
  const others = Object.fromEntries(Object.entries(shapes).filter(([other]) => other !== name));
  const reference = (of: string): string => JSON.stringify({ $ref: of } satisfies Shape);
  const text = JSON.stringify(others).replaceAll(reference(name), reference(shortName(name)));
  return withoutCopies(JSON.parse(text) as Shapes);
}

function shortName(name: string): string {
  return name.replace(/<.*/, "");
}

function sorted(shapes: Shapes): Shapes {
  return Object.fromEntries(
    Object.entries(shapes).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function isObject(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection();
}

/** A type without the names of types in it. */
function fullText(checker: ts.TypeChecker, type: ts.Type): string {
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;
  return checker.typeToString(type, undefined, flags);
}

/** Our own types, without those of packages: nothing that is checked is of one, and they are many. */
function compile(components: string): {
  readonly checker: ts.TypeChecker;
  readonly declaration: ts.InterfaceDeclaration;
  readonly aliases: ReadonlyMap<string, ts.Symbol>;
} {
  const entry = join(components, "roots.ts");
  const imports = Object.entries(roots).map(
    ([name, file]) => `import type { ${name} } from "./${file}";`,
  );
  const fields = Object.keys(roots).map((name) => `${name}: ${name};`);
  const text = [...imports, "interface Roots {", ...fields, "}"].join("\n");
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) =>
    file === entry
      ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022)
      : getSourceFile(file, ...rest);
  host.resolveModuleNameLiterals = (modules, from) =>
    modules.map((module) =>
      module.text.startsWith(".")
        ? ts.resolveModuleName(module.text, from, options, host)
        : { resolvedModule: undefined },
    );
  const program = ts.createProgram([entry], options, host);
  const checker = program.getTypeChecker();
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(components));
  const declaration = own
    .flatMap(({ statements }) => [...statements])
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === "Roots");
  if (declaration === undefined) {
    throw new Error("The compiler found none of the types.");
  }
  const aliases = own.flatMap(({ statements }) =>
    statements
      .filter(ts.isTypeAliasDeclaration)
      .filter(({ typeParameters }) => typeParameters === undefined)
      .map(
        (alias) =>
          [checker.getTypeAtLocation(alias), checker.getSymbolAtLocation(alias.name)] as const,
      )
      .filter(([type]) => type.isUnion())
      .flatMap(([type, symbol]) =>
        symbol === undefined ? [] : [[fullText(checker, type), symbol] as const],
      ),
  );
  return { checker, declaration, aliases: new Map(aliases) };
}
