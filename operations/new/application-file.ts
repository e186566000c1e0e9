import * as ts from "typescript";
import {
  bare,
  callOf,
  literalOf,
  propertyName,
  propertyOf,
  textOf,
  topLevelValues,
} from "./source-edit";

/** A service of an application's file. */
export interface WrittenService {
  /** Its name. */
  readonly name: string;
  /** The variable that holds it. */
  readonly variable: string;
  /** The names of its ports that others may call; none where it is a job. */
  readonly ports: readonly string[];
}

/** What several services of a file are written with: `...web`. */
export interface SharedSpec {
  /** The variable that holds it. */
  readonly variable: string;
  /** The name of its port. */
  readonly port: string;
  /** The port's number, as it is written. */
  readonly number: string;
}

/** What an application's file says, as far as a new service has to know it. */
export interface WrittenApplication {
  /** The application's name. */
  readonly name: string;
  /** The statement that declares the application. */
  readonly statement: ts.Statement;
  /** The list of its services. */
  readonly list: ts.ArrayLiteralExpression;
  /** Its services. */
  readonly services: readonly WrittenService[];
  /**
   * What its services share.
   * @default - they share no ports, probes and resources
   */
  readonly shared?: SharedSpec;
}

/** What an application's file says; undefined where it declares no application in a form that is known. */
export function readApplication(file: ts.SourceFile): WrittenApplication | undefined {
  const values = topLevelValues(file);
  for (const [, value] of values) {
    const declared = literalOf(callOf(value, "application")?.arguments[0]);
    const name = textOf(propertyOf(declared, "name"));
    const list = propertyOf(declared, "services");
    const statement = file.statements.find(
      (each) => each.pos <= value.pos && value.end <= each.end,
    );
    if (name !== undefined && list && ts.isArrayLiteralExpression(list) && statement) {
      const services = list.elements.flatMap((element) => writtenService(element, values));
      return { name, statement, list, services, shared: sharedSpec(values) };
    }
  }
  return undefined;
}

type Values = ReadonlyMap<string, ts.Expression>;

function writtenService(element: ts.Expression, values: Values): readonly WrittenService[] {
  const variable = ts.isIdentifier(element) ? element.text : undefined;
  const call = callOf(variable === undefined ? undefined : values.get(variable));
  const name = textOf(call?.arguments[0]);
  return variable === undefined || name === undefined
    ? []
    : [{ name, variable, ports: callablePorts(findProperty(call?.arguments[1], "ports", values)) }];
}

/** A property of an object literal, or of what is spread into it; of two, the last counts. */
function findProperty(
  expression: ts.Expression | undefined,
  name: string,
  values: Values,
): ts.Expression | undefined {
  const literal = literalOf(valueOf(expression, values));
  return literal?.properties
    .map((property) => {
      if (ts.isSpreadAssignment(property)) {
        return findProperty(property.expression, name, values);
      }
      return ts.isPropertyAssignment(property) && propertyName(property.name) === name
        ? property.initializer
        : undefined;
    })
    .filter((found) => found !== undefined)
    .at(-1);
}

/** What a variable holds, or what a function of the file returns. */
function valueOf(expression: ts.Expression | undefined, values: Values): ts.Expression | undefined {
  const found = expression && bare(expression);
  if (found !== undefined && ts.isIdentifier(found)) {
    return values.get(found.text);
  }
  return callOf(found) === undefined ? found : returnedBy(found as ts.CallExpression, values);
}

function returnedBy(call: ts.CallExpression, values: Values): ts.Expression | undefined {
  const name = (call.expression as ts.Identifier).text;
  const arrow = values.get(name);
  if (arrow !== undefined && ts.isArrowFunction(arrow) && !ts.isBlock(arrow.body)) {
    return arrow.body;
  }
  const declared = call
    .getSourceFile()
    .statements.filter(ts.isFunctionDeclaration)
    .find((each) => each.name?.text === name);
  return declared?.body?.statements.filter(ts.isReturnStatement).at(-1)?.expression;
}

function callablePorts(ports: ts.Expression | undefined): readonly string[] {
  return (
    literalOf(ports)?.properties.flatMap((property) => {
      const name = property.name && propertyName(property.name);
      return name === undefined || isForKubelet(property) ? [] : [name];
    }) ?? []
  );
}

/** `{ number: 8080, service: false }`: no other service may call it. */
function isForKubelet(property: ts.ObjectLiteralElementLike): boolean {
  const port = ts.isPropertyAssignment(property) ? literalOf(property.initializer) : undefined;
  return propertyOf(port, "service")?.kind === ts.SyntaxKind.FalseKeyword;
}

/** The first variable that has ports, probes and resources, and so all that a service must have. */
function sharedSpec(values: Values): SharedSpec | undefined {
  for (const [variable, value] of values) {
    const literal = literalOf(value);
    const ports = literalOf(propertyOf(literal, "ports"));
    const [port, ...others] = ports?.properties ?? [];
    const isWhole = ["probes", "resources"].every((name) => propertyOf(literal, name));
    if (isWhole && port !== undefined && ts.isPropertyAssignment(port) && others.length === 0) {
      const name = propertyName(port.name);
      if (name !== undefined && ts.isNumericLiteral(port.initializer)) {
        return { variable, port: name, number: port.initializer.getText() };
      }
    }
  }
  return undefined;
}
