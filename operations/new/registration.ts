import * as ts from "typescript";
import { Failure } from "../../sandbox/terminal/failure";
import { makerOf } from "./service-text";
import {
  bare,
  chainedCall,
  importedFrom,
  literalOf,
  propertyName,
  topLevelValues,
  type SourceEdit,
} from "./source-edit";
import type { ServiceRequest } from "./request";
import { sentence } from "./words";

/** Where the applications are registered, from the root of the checkout. */
export const registryPath = "components/apps/index.ts";

/** Where the settings of every application are, from the root of the checkout. */
export const settingsPath = "components/settings/applications.ts";

/** An application that is registered. */
export interface RegisteredApplication {
  /** The variable that holds it. */
  readonly variable: string;
  /** Its file, from the root of the checkout. */
  readonly path: string;
}

/** Every application that is registered. */
export function registeredApplications(file: ts.SourceFile): readonly RegisteredApplication[] {
  return declared(file).elements.flatMap((element) => {
    const module = ts.isIdentifier(element) ? importedFrom(file, element.text) : undefined;
    return module === undefined || !ts.isIdentifier(element)
      ? []
      : [{ variable: element.text, path: `components/apps/${module.replace("./", "")}.ts` }];
  });
}

/** Registers an application: for stacks of its own, and for those that deploy it. */
export function register(edit: SourceEdit, application: string, variable: string): void {
  const deployed = deployedApplications(edit.file);
  edit.importNames(`./${application}`, [variable]);
  edit.append(declared(edit.file).elements, variable);
  edit.append(deployed.elements, `...deployed(${variable}, settings${access(application)})`);
}

function declared(file: ts.SourceFile): ts.ArrayLiteralExpression {
  const list = topLevelValues(file).get("declarations");
  if (list === undefined || !ts.isArrayLiteralExpression(list)) {
    throw unknownForm(registryPath, 'no list "declarations"');
  }
  return list;
}

/** The list in `readApplications`, whose elements are calls of `deployed`. */
function deployedApplications(file: ts.SourceFile): ts.ArrayLiteralExpression {
  const find = (node: ts.Node): ts.ArrayLiteralExpression | undefined =>
    ts.isArrayLiteralExpression(node) && node.elements.some(isDeployed)
      ? node
      : ts.forEachChild(node, find);
  const list = find(file);
  if (list === undefined) {
    throw unknownForm(registryPath, 'no list of "...deployed(…)"');
  }
  return list;
}

function isDeployed(element: ts.Expression): boolean {
  return (
    ts.isSpreadElement(element) &&
    ts.isCallExpression(element.expression) &&
    element.expression.expression.getText() === "deployed"
  );
}

/** Adds what a stack may say of a service, and of its application where that is new. */
export function addSettings(edit: SourceEdit, request: ServiceRequest): void {
  const { application, service, description = sentence(service) } = request;
  const applications = strictObject(edit.file, "applicationSettings");
  const shape = makerOf(request);
  const entry = `${key(service)}: ${shape}.describe(${JSON.stringify(description)})`;
  const known = property(applications, application);
  if (known === undefined) {
    edit.append(
      applications.properties,
      `${key(application)}: application({ ${entry} }).describe(${JSON.stringify(sentence(application))})`,
    );
    edit.append(
      strictObject(edit.file, "tenantSettings").properties,
      `${key(application)}: tenant`,
    );
    return;
  }
  const services = literalOf(chainedCall(known.initializer, "application")?.arguments[0]);
  if (services === undefined) {
    throw unknownForm(settingsPath, `no call of application for ${application}`);
  }
  if (property(services, service) === undefined) {
    edit.append(services.properties, entry);
  }
}

function strictObject(file: ts.SourceFile, variable: string): ts.ObjectLiteralExpression {
  const call = chainedCall(topLevelValues(file).get(variable), "strictObject");
  const argument = call?.arguments[0];
  const literal = argument && literalOf(bare(argument));
  if (literal === undefined) {
    throw unknownForm(settingsPath, `no z.strictObject in "${variable}"`);
  }
  return literal;
}

function property(
  literal: ts.ObjectLiteralExpression,
  name: string,
): ts.PropertyAssignment | undefined {
  return literal.properties
    .filter(ts.isPropertyAssignment)
    .find((each) => propertyName(each.name) === name);
}

function key(name: string): string {
  return name.includes("-") ? `"${name}"` : name;
}

function access(name: string): string {
  return name.includes("-") ? `["${name}"]` : `.${name}`;
}

/** The file was rewritten by hand into a form that this command does not know. */
export function unknownForm(path: string, what: string): Failure {
  return new Failure(
    `${path} has ${what}, so it cannot be edited from here.`,
    "Add the service by hand; the other applications show how.",
  );
}
