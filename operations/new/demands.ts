import * as ts from "typescript";
import {
  callOf,
  literalOf,
  propertyOf,
  textOf,
  topLevelValues,
  type SourceEdit,
} from "./source-edit";
import type { Use } from "./uses";
import { camelCase, free, upperSnake } from "./words";

/** A use of the data room. */
export type DemandUse = Exclude<Use, { readonly kind: "service" }>;

/** What a service has in `uses` for one thing, and the variables of its environment that follow. */
export interface WrittenUse {
  /** The variable that holds what is used. */
  readonly variable: string;
  /** The environment: expressions by name, in the order in which they are written. */
  readonly env: Readonly<Record<string, string>>;
  /** What its variables start with where another use has their names. */
  readonly prefix: string;
}

/** A demand, and the lines that have to be written for it. */
export interface WrittenDemand extends WrittenUse {
  /**
   * The line that declares it.
   * @default - the file has it
   */
  readonly line?: string;
  /** What the line needs of "../data". */
  readonly imports: readonly string[];
}

/**
 * The variable of the file that holds a demand, or a line that declares it. A publisher that the file has
 * gets the subject: two demands of one stream to publish would be one, said in two ways.
 */
export function writeDemand(use: DemandUse, edit: SourceEdit, taken: Set<string>): WrittenDemand {
  const found = findDemand(use, edit.file);
  if (found !== undefined) {
    found.extend?.(edit);
    return { ...writtenUse(use, found.variable), imports: [] };
  }
  const variable = free(nameOf(use), taken);
  taken.add(variable);
  const { maker, call } = callText(use);
  return {
    ...writtenUse(use, variable),
    line: `const ${variable} = ${call};`,
    imports: [maker],
  };
}

function nameOf(use: DemandUse): string {
  switch (use.kind) {
    case "database":
      return camelCase(`${use.name}-database`);
    case "bucket":
      return camelCase(`${use.name}-bucket`);
    case "publish":
      return camelCase(`publish-${use.stream}`);
    case "consume":
      return camelCase(`consume-${use.stream}`);
  }
}

function callText(use: DemandUse): { readonly maker: string; readonly call: string } {
  switch (use.kind) {
    case "database":
    case "bucket":
      return { maker: use.kind, call: `${use.kind}("${use.name}")` };
    case "publish":
      return {
        maker: "stream",
        call: `stream("${use.stream}", { publish: "${use.subject}" })`,
      };
    case "consume":
      return {
        maker: "stream",
        call: `stream("${use.stream}", { consumer: "${use.consumer}" })`,
      };
  }
}

function writtenUse(use: DemandUse, variable: string): WrittenUse {
  const isStream = use.kind === "publish" || use.kind === "consume";
  const prefix = upperSnake(isStream ? `${use.kind}-${use.stream}` : use.name);
  return { variable, env: envOf(use, variable), prefix };
}

/** The names of the environment are those of the storefront. */
function envOf(use: DemandUse, variable: string): WrittenUse["env"] {
  switch (use.kind) {
    case "database":
      return { DATABASE_URL: `${variable}.url` };
    case "bucket": {
      const name = upperSnake(use.name);
      return {
        [`${name}_ENDPOINT`]: `${variable}.endpoint`,
        [`${name}_BUCKET`]: `${variable}.bucket`,
        [`${name}_ACCESS_KEY`]: `${variable}.accessKey`,
        [`${name}_SECRET_KEY`]: `${variable}.secretKey`,
      };
    }
    // The server's certificate is of an authority of the stack's own.
    case "publish":
      return { NATS_BROKER_URL: `${variable}.url`, NATS_CA: `${variable}.ca` };
    case "consume":
      return {
        NATS_BROKER_URL: `${variable}.url`,
        NATS_CA: `${variable}.ca`,
        NATS_CONSUMER: `${variable}.consumer`,
      };
  }
}

/** A demand that a file has; one of another subject can be extended. */
interface FoundDemand {
  readonly variable: string;
  readonly extend?: (edit: SourceEdit) => void;
}

function findDemand(use: DemandUse, file: ts.SourceFile): FoundDemand | undefined {
  for (const [variable, value] of topLevelValues(file)) {
    const { maker } = callText(use);
    const call = callOf(value, maker);
    if (call !== undefined && textOf(call.arguments[0]) === nameIn(use)) {
      const options = literalOf(call.arguments[1]);
      if (use.kind === "database" || use.kind === "bucket") {
        return { variable };
      }
      if (use.kind === "consume" && textOf(propertyOf(options, "consumer")) === use.consumer) {
        return { variable };
      }
      const published = use.kind === "publish" ? propertyOf(options, "publish") : undefined;
      if (use.kind === "publish" && published !== undefined) {
        return { variable, extend: (edit) => addSubject(edit, published, use.subject) };
      }
    }
  }
  return undefined;
}

function nameIn(use: DemandUse): string {
  return use.kind === "database" || use.kind === "bucket" ? use.name : use.stream;
}

function addSubject(edit: SourceEdit, published: ts.Expression, subject: string): void {
  if (ts.isArrayLiteralExpression(published)) {
    if (!published.elements.some((element) => textOf(element) === subject)) {
      edit.append(published.elements, `"${subject}"`);
    }
  } else if (textOf(published) !== subject) {
    edit.insertBefore(published, "[");
    edit.insertAfter(published, `, "${subject}"]`);
  }
}
