import type { ApplicationDemand } from "../kit/connection";
import { applicationLabels } from "../kit/labels";
import { refuse, within, type Problem } from "../kit/problem";
import { capacityProblems } from "./capacity-problems";
import { usedDemands, usedServices, type DeclaredService } from "./declaration";
import {
  applicationProblems,
  serviceProblems,
  settingsProblems,
  sharedPathProblems,
  type PlatformOffer,
} from "./declaration-problems";
import { chooseImages, type ChosenImage, type ImageNeed, type ImageSupply } from "./images";
import { applicationNameProblems } from "./name-problems";
import { namespaceOf } from "./previews";
import { resolveService } from "./resolve-service";
import type { ResolvedApplication, ResolvedService, StackApplication } from "./resolved";
import { findRollback, rollbackProblems, type Rollback } from "./rollback";
import { refuseShapes } from "./declaration-shapes";
import { isStoreSecret, storeProblems } from "./store-secret";
import type { DeployedService, DeployedServices, WorkloadRelease } from "./workload/release";
import { queueOf } from "./workload/scaling";

/** What all applications of a stack share. */
export interface StackFacts extends PlatformOffer {
  /** The environment's name, for the labels. */
  readonly environment: string;
  /**
   * The preview environment that the stack is.
   * @default - none: a namespace is named as its application
   */
  readonly previewName?: string;
  /** Where images come from. */
  readonly images: ImageSupply;
  /**
   * The names of the stack's secret stores.
   * @default - none
   */
  readonly stores?: readonly string[];
  /**
   * What is deployed, by the stack's state.
   * @default - nothing
   */
  readonly deployed?: DeployedServices;
  /**
   * The service to roll back, as `<application>/<service>`.
   * @default - none
   */
  readonly rollback?: string;
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
  refuseShapes(applications.map(({ declaration }) => declaration));
  const needs = applications.flatMap(imageNeeds);
  const rollback = resolveRollback(needs, facts);
  const services = chooseImages(needs, { ...facts.images, deployed: facts.deployed, rollback }).map(
    (need) => ({
      ...resolveService(need.application, need.declaration, need.chosen, facts.environment),
      release: releaseOf(need, facts, rollback),
    }),
  );
  refuse("The applications", [
    ...services.flatMap((service) => serviceProblems(service, facts)),
    ...services.flatMap(({ shape, release }) => autoscalerChangeProblems(shape, release.deployed)),
    ...services.flatMap(({ declaration, shape }) =>
      storeProblems(declaration, facts.stores ?? []).map(({ field, message }) => ({
        field: `${shape.application}/${shape.service} ${field}`,
        message,
      })),
    ),
    ...applications.flatMap(({ declaration: { name, chart } }) =>
      (chart?.pods ?? []).flatMap((pods) =>
        within(`${name} chart.pods.${pods.name}`, storeProblems(pods, facts.stores ?? [])),
      ),
    ),
    ...applicationNameProblems(applications.map(({ declaration }) => declaration)),
    ...applications.flatMap(({ declaration }) => applicationProblems(declaration)),
    ...applications.flatMap(settingsProblems),
    ...sharedPathProblems(applications),
  ]);
  // Sums need amounts that parse, so they come once nothing else is wrong.
  refuse(
    "The applications",
    applications.flatMap((each) => capacityProblems(each, services)),
  );
  return applications.map(({ declaration: { name, team, chart }, settings }) => ({
    name,
    namespace: namespaceOf(name, facts.previewName),
    labels: applicationLabels({ application: name, team, environment: facts.environment }),
    settings,
    services: inOrder(services.filter(({ shape }) => shape.application === name)),
    chart,
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
    application,
    declaration,
  }));
}

/** Finds what the named service is rolled back to, and refuses what cannot be. */
function resolveRollback(
  needs: readonly ServiceNeed[],
  { rollback: named, images: { given }, deployed = new Map() }: StackFacts,
): Rollback | undefined {
  if (named === undefined || named === "") {
    return undefined;
  }
  const found = findRollback(named, { known: needs.map(({ id }) => id), given, deployed });
  refuse("The rollback", "target" in found ? [] : [found]);
  const rollback = found as Rollback;
  refuse(
    "The rollback",
    needs
      .filter(({ id }) => id === named)
      .flatMap(({ declaration }) => rollbackProblems(declaration, rollback)),
  );
  return rollback;
}

function releaseOf(
  { id, chosen, pinned }: ServiceNeed & { readonly chosen: ChosenImage },
  { images: { given }, deployed }: StackFacts,
  rollback: Rollback | undefined,
): WorkloadRelease {
  const isGiven =
    given.services[id] !== undefined || (given.others !== undefined && pinned === undefined);
  const isAbout = isGiven || rollback?.service === id;
  const isAboutSome = Object.keys(given.services).length > 0 || rollback !== undefined;
  return {
    origin: chosen.origin,
    pinned: chosen.pinned,
    deployed: deployed?.get(id),
    bystander: isAboutSome && !isAbout,
    rollback: rollback?.service === id ? rollback.target : undefined,
  };
}

/** KEDA's autoscaler has the name that one without KEDA has, and goes after it would be made. */
function autoscalerChangeProblems(
  shape: ResolvedService["shape"],
  deployed: DeployedService | undefined,
): readonly Problem[] {
  return deployed?.eventScaled === true && "scaling" in shape && shape.scaling?.hpa !== undefined
    ? [
        {
          field: `${shape.application}/${shape.service} scaling.hpa`,
          message:
            `KEDA scales the service in this stack until now, by an autoscaler of the name that this one would have, ` +
            `and an update makes before it removes. Deploy it with fixed first, and then with hpa.`,
        },
      ]
    : [];
}

/** What the applications ask of the data room, each thing once. */
export function demandsOf(
  applications: readonly ResolvedApplication[],
): readonly ApplicationDemand[] {
  return applications.flatMap(({ name, namespace, services, chart }) => {
    const using = [...services.map(({ declaration }) => declaration), ...(chart?.pods ?? [])];
    const demands = using.flatMap(usedDemands).filter((demand) => !isStoreSecret(demand));
    const queues = new Set(services.map(({ shape }) => queueOf(shape)?.key));
    return [...new Map(demands.map((demand) => [demand.key, demand])).values()].map((demand) => ({
      application: name,
      namespace,
      demand,
      scaledOn: queues.has(demand.key),
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
