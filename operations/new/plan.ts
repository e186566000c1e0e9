import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { Failure } from "../../sandbox/terminal/failure";
import { addService, emptyApplication } from "./application-edit";
import { readApplication } from "./application-file";
import {
  addSettings,
  register,
  registeredApplications,
  registryPath,
  settingsPath,
  unknownForm,
} from "./registration";
import { checkRequest, meant, type ServiceRequest } from "./request";
import { SourceEdit, topLevelValues } from "./source-edit";

/** A file as it is to be. */
export interface Change {
  /** From the root of the checkout. */
  readonly path: string;
  /**
   * What it holds now.
   * @default - it does not exist
   */
  readonly before?: string;
  /** What it will hold. */
  readonly after: string;
}

/**
 * Works out every file that a new service changes; writes nothing.
 * @throws Failure when the request cannot be met, with the nearest name where one is not known.
 */
export async function planService(
  root: string,
  request: ServiceRequest,
): Promise<readonly Change[]> {
  checkRequest(request);
  const registry = open(root, registryPath);
  const settings = open(root, settingsPath);
  const known = registeredApplications(registry.file).flatMap(({ path }) => {
    const edit = open(root, path);
    const application = readApplication(edit.file);
    return application === undefined ? [] : [{ edit, application }];
  });
  const found = known.find(({ application }) => application.name === request.application);
  const names = known.map(({ application }) => application.name);
  refuseApplication(request, names);

  const target = found ?? newApplication(root, request);
  addService(target.edit, target.application, request);
  addSettings(settings, request);
  if (found === undefined) {
    const [variable = ""] = topLevelValues(target.edit.file).keys();
    register(registry, request.application, variable);
  }
  return Promise.all(
    [target.edit, settings, ...(found === undefined ? [registry] : [])].map((edit) =>
      changeOf(root, edit),
    ),
  );
}

function refuseApplication(
  { application, newApplication: isNew }: ServiceRequest,
  known: readonly string[],
): void {
  if (isNew && known.includes(application)) {
    throw new Failure(
      `There is an application ${application} already.`,
      "Leave --new-application out to add a service to it.",
    );
  }
  if (!isNew && !known.includes(application)) {
    throw new Failure(
      `There is no application "${application}".`,
      `${meant(application, known)} With --new-application it is made.`,
    );
  }
}

function newApplication(root: string, request: ServiceRequest) {
  const path = `components/apps/${request.application}.ts`;
  if (existsSync(join(root, path))) {
    throw new Failure(
      `${path} exists, and is no application that is registered; nothing is overwritten.`,
      "Give the application another name, or move the file away.",
    );
  }
  const edit = new SourceEdit(path, emptyApplication(request));
  const application = readApplication(edit.file);
  if (application === undefined) {
    throw unknownForm(path, "no application");
  }
  return { edit, application };
}

function open(root: string, path: string): SourceEdit {
  const file = join(root, path);
  if (!existsSync(file)) {
    throw unknownForm(path, "been moved");
  }
  return new SourceEdit(path, readFileSync(file, "utf8"));
}

async function changeOf(root: string, edit: SourceEdit): Promise<Change> {
  const file = join(root, edit.path);
  const after = await format(edit.text(), { ...(await resolveConfig(file)), filepath: file });
  return existsSync(file)
    ? { path: edit.path, before: readFileSync(file, "utf8"), after }
    : { path: edit.path, after };
}
