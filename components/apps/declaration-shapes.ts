import type { DatabaseDemand, StreamDemand } from "../data";
import { refuse, within, type Problem } from "../kit/problem";
import table from "./shapes/declaration-shapes.json";
import { connectedOf, type ApplicationDeclaration, type Connected, type Used } from "./declaration";
import { shapeProblems } from "./shapes/problems";
import type { Shape, Shapes } from "./shapes/shape";
import type { StoreSecret } from "./store-secret";
import type { WorkloadArgs } from "./workload/workload-args";

/** The shapes of declarations, which `npm run generate` reads from their types. */
export const shapes = table as unknown as Shapes;

/**
 * Refuses applications whose declaration is not of its type. Only the compiler compares the two, and nobody
 * has to ask it before a deployment; and what an object that is spread has too much, it does not see either.
 * @throws `pulumi.RunError` with every problem of every application.
 */
export function refuseShapes(declarations: readonly ApplicationDeclaration[]): void {
  refuse("The applications", declarations.flatMap(declarationShapeProblems));
}

/** What of an application is not of its type; with the names of its services in the paths. */
export function declarationShapeProblems(declaration: ApplicationDeclaration): readonly Problem[] {
  const { name } = declaration;
  const problems = shapeProblems(declaration, of("ApplicationDeclaration"), shapes).map(
    ({ field, message }) => ({ field: namedField(declaration, field), message }),
  );
  // What is used was made of what was written, so the writing is looked at.
  return problems.length > 0
    ? problems
    : connectedOf(declaration).flatMap((each) =>
        usesProblems(each).map(({ field, message }) => ({
          field: `${name}/${each.name} ${field}`,
          message,
        })),
      );
}

/** What of a workload's arguments is not of its type. */
export function argsShapeProblems(args: WorkloadArgs): readonly Problem[] {
  return shapeProblems(args, of("WorkloadArgs"), shapes);
}

function of(name: keyof typeof table): Shape {
  return { $ref: name };
}

/** `services[2].scaling` is `shop/orders scaling`. */
function namedField({ name, services }: ApplicationDeclaration, field: string): string {
  const [whole, index] = /^services\[([0-9]+)\]\.?/.exec(field) ?? [];
  if (whole === undefined) {
    return `${name} ${field}`;
  }
  const service: unknown = services[Number(index)]?.name;
  return typeof service === "string"
    ? `${name}/${service} ${field.slice(whole.length)}`
    : `${name} ${field}`;
}

function usesProblems({ uses = {} }: Connected): readonly Problem[] {
  return Object.entries(uses).flatMap(([name, used]) =>
    within(`uses.${name}`, writtenProblems(used)),
  );
}

function writtenProblems(used: Used): readonly Problem[] {
  switch (used.kind) {
    case "database":
      return shapeProblems((used as DatabaseDemand).said, of("DatabaseUse"), shapes);
    case "stream":
      return shapeProblems((used as StreamDemand).said, of("StreamUse"), shapes);
    case "secret":
      return shapeProblems((used as StoreSecret).stored, of("StoreSecretSpec"), shapes);
    case "external":
      return shapeProblems(used.said, of("ExternalSpec"), shapes);
    default:
      return [];
  }
}
