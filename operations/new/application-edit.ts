import * as ts from "typescript";
import { Failure } from "../../sandbox/terminal/failure";
import type { WrittenApplication } from "./application-file";
import { writeDemand, type DemandUse, type WrittenUse } from "./demands";
import { meant, type ServiceRequest } from "./request";
import { makerOf, serviceText } from "./service-text";
import { callOf, topLevelNames, topLevelValues, type SourceEdit } from "./source-edit";
import type { Use } from "./uses";
import { camelCase, free, sentence, upperSnake } from "./words";

/**
 * Adds a service to an application's file: what it demands, its declaration, and its name in the list.
 * @throws Failure when the application has a service of the name, or none of those it uses.
 */
export function addService(
  edit: SourceEdit,
  application: WrittenApplication,
  request: ServiceRequest,
): void {
  const names = application.services.map(({ name }) => name);
  if (names.includes(request.service)) {
    throw new Failure(
      `The application ${application.name} has a service ${request.service} already, in ${edit.path}.`,
      "Give the new one another name, or edit the one there is.",
    );
  }
  const taken = new Set(topLevelNames(edit.file));
  const variable = free(camelCase(request.service), taken);
  taken.add(variable);
  const demands = request.uses
    .filter(isDemand)
    .map((use) => ({ use, written: writeDemand(use, edit, taken) }));
  const uses = request.uses.map(
    (use) =>
      demands.find((demand) => demand.use === use)?.written ??
      serviceUse(use as Extract<Use, { kind: "service" }>, application),
  );
  const lines = demands.flatMap(({ written }) => written.line ?? []);
  insertDemands(edit, lines);
  edit.importNames("../data", [...new Set(demands.flatMap(({ written }) => written.imports))]);
  edit.importNames("./declaration", [makerOf(request)]);
  edit.insertBefore(
    application.statement,
    `${serviceText(variable, request, uses, application.shared)}\n\n`,
  );
  edit.append(application.list.elements, variable);
}

function isDemand(use: Use): use is DemandUse {
  return use.kind !== "service";
}

function serviceUse(
  { name }: Extract<Use, { kind: "service" }>,
  application: WrittenApplication,
): WrittenUse {
  const found = application.services.find((service) => service.name === name);
  if (found === undefined) {
    throw new Failure(
      `--uses names the service "${name}", which ${application.name} does not have.`,
      meant(
        name,
        application.services.map((service) => service.name),
      ),
    );
  }
  const [port] = found.ports;
  if (port === undefined) {
    throw new Failure(
      `--uses names ${name}, which has no port that another service may call.`,
      "Give it one first, or leave it out.",
    );
  }
  return {
    variable: found.variable,
    env: { [`${upperSnake(name)}_ADDRESS`]: `${found.variable}.address.${port}` },
    prefix: upperSnake(name),
  };
}

/** Behind the demands that the file has, else behind its imports. */
function insertDemands(edit: SourceEdit, lines: readonly string[]): void {
  if (lines.length === 0) {
    return;
  }
  const values = topLevelValues(edit.file);
  const makers = ["database", "bucket", "stream", "external", "secret"];
  const last = [...values.values()]
    .filter((value) => makers.some((maker) => callOf(value, maker) !== undefined))
    .at(-1);
  const statement = edit.file.statements.find(
    (each) => last !== undefined && each.pos <= last.pos && last.end <= each.end,
  );
  const imports = edit.file.statements.filter(ts.isImportDeclaration);
  const at = statement ?? imports.at(-1);
  if (at !== undefined) {
    edit.insertAfter(at, `${statement === undefined ? "\n" : ""}\n${lines.join("\n")}`);
  }
}

/** The file of a new application, before its first service is in it. */
export function emptyApplication({
  application,
  team = application,
}: Pick<ServiceRequest, "application" | "team">): string {
  return `import { application } from "./declaration";

/** ${sentence(application)} */
export const ${free(camelCase(application), new Set())} = application({
  name: "${application}",
  team: "${team}",
  services: [],
});
`;
}
