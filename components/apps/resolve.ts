import type { ApplicationDemand } from "../kit/connection";
import { applicationLabels } from "../kit/labels";
import { refuse } from "../kit/problem";
import { usedDemands, usedServices, type DeclaredService, type DeclaredValue } from "./declaration";
import {
  applicationProblems,
  serviceProblems,
  settingsProblems,
  sharedPathProblems,
} from "./declaration-problems";
import {
  chooseImages,
  type ChosenImage,
  type ImageNeed,
  type ImageSupply,
  type StandIn,
} from "./images";
import type {
  JobSettings,
  ResolvedApplication,
  ResolvedService,
  StackApplication,
} from "./resolved";
import type { SmokeTestShape } from "./rollout-job";

/** What all applications of a stack share. */
export interface StackFacts {
  /** The environment's name, for the labels. */
  readonly environment: string;
  /** Where images come from. */
  readonly images: ImageSupply;
}

/**
 * Puts together what the declarations and the stack say of each application, and checks all of it. It
 * registers nothing, so a mistake in one service is found before the first object changes.
 * @throws `pulumi.RunError` with every problem of every application.
 */
export function resolveApplications(
  applications: readonly StackApplication[],
  facts: StackFacts,
): readonly ResolvedApplication[] {
  const services = chooseImages(applications.flatMap(imageNeeds), facts.images).map((need) =>
    resolveService(need, need.chosen, facts.environment),
  );
  refuse("The applications", [
    ...services.flatMap(serviceProblems),
    ...applications.flatMap(({ declaration }) => applicationProblems(declaration)),
    ...applications.flatMap(settingsProblems),
    ...sharedPathProblems(applications),
  ]);
  return applications.map(({ declaration: { name, team }, settings }) => ({
    name,
    labels: applicationLabels({ application: name, team, environment: facts.environment }),
    settings,
    services: inOrder(services.filter(({ shape }) => shape.application === name)),
  }));
}

interface ServiceNeed extends ImageNeed {
  readonly application: StackApplication;
  readonly declaration: DeclaredService;
}

function imageNeeds(application: StackApplication): readonly ServiceNeed[] {
  return application.declaration.services.map((declaration) => ({
    id: `${application.declaration.name}/${declaration.name}`,
    pinned: declaration.image,
    runs: declaration.kind === "CronJob" ? "to-completion" : "always",
    application,
    declaration,
  }));
}

function resolveService(
  { application, declaration }: ServiceNeed,
  { image, standIn }: ChosenImage,
  environment: string,
): ResolvedService {
  const { name, team } = application.declaration;
  const settings = application.settings.services[declaration.name];
  const common = {
    service: declaration.name,
    application: name,
    team,
    environment,
    image,
    // A stand-in has its own entry point.
    command: standIn === undefined ? declaration.command : undefined,
    args: (declaration.kind === "CronJob" ? standIn?.jobArgs : standIn?.args) ?? declaration.args,
    resources: settings?.resources ?? declaration.resources,
    config: declaration.config,
    user: declaration.user,
    writable: declaration.writable,
    priorityClass: declaration.priorityClass,
  };
  return {
    declaration,
    env: { ...declaration.env, ...settings?.env },
    shape:
      declaration.kind === "CronJob"
        ? { ...common, kind: "CronJob", schedule: declaration.schedule }
        : {
            ...common,
            kind: "Deployment",
            ports: declaration.ports,
            probes: declaration.probes,
            scaling: settings?.scaling ?? declaration.scaling,
            rollout: declaration.rollout,
            shutdown: declaration.shutdown,
            placement: declaration.placement,
            migration: rolloutJob(declaration.migration, settings?.migration, standIn),
            smokeTest: rolloutJob(declaration.smokeTest, settings?.smokeTest, standIn),
            exposure: declaration.exposure,
          },
  };
}

/** A job beside a rollout, as the stack has it; an image of its own needs no stand-in. */
function rolloutJob(
  declared: SmokeTestShape<DeclaredValue> | undefined,
  settings: JobSettings | undefined,
  standIn: StandIn | undefined,
): SmokeTestShape<DeclaredValue> | undefined {
  return (
    declared && {
      ...declared,
      ...(standIn === undefined || declared.image !== undefined
        ? {}
        : { command: undefined, args: standIn.jobArgs }),
      retry: settings?.retry ?? declared.retry,
    }
  );
}

/** What the applications ask of other rooms, each thing once. */
export function demandsOf(
  applications: readonly ResolvedApplication[],
): readonly ApplicationDemand[] {
  return applications.flatMap(({ name, services }) => {
    const demands = services.flatMap(({ declaration }) => usedDemands(declaration));
    return [...new Map(demands.map((demand) => [demand.key, demand])).values()].map((demand) => ({
      application: name,
      namespace: name,
      demand,
    }));
  });
}

/** The services in an order in which each comes after those it uses. */
function inOrder(services: readonly ResolvedService[]): readonly ResolvedService[] {
  const ordered = new Set<ResolvedService>();
  const add = (service: ResolvedService): void => {
    const used = usedServices(service.declaration).map(({ name }) => name);
    services.filter(({ declaration }) => used.includes(declaration.name)).forEach(add);
    ordered.add(service);
  };
  services.forEach(add);
  return [...ordered];
}
