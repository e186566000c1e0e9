import type { Problem } from "../kit/problem";
import { secretName } from "./connect";
import { usedDemands, type DeclaredService } from "./declaration";
import { insteadOf, type GivenImages } from "./images";
import { rollbackTarget, type DeployedServices, type Release } from "./workload/release";

/** A service that is rolled back, and what to. */
export interface Rollback {
  /** `<application>/<service>`. */
  readonly service: string;
  /** The release that it gets again, whatever its declaration says by now. */
  readonly target: Release;
}

const variable = "SLIPWAY_ROLLBACK";

/**
 * Finds what the service is rolled back to that the environment variable names.
 *
 * @param known the services the stack deploys
 * @returns undefined when none is named; else the rollback, or what is wrong with it.
 */
export function findRollback(
  service: string,
  stack: {
    readonly known: readonly string[];
    readonly given: GivenImages;
    readonly deployed: DeployedServices;
  },
): Rollback | Problem {
  const problem = (message: string): Problem => ({ field: variable, message });
  if (!stack.known.includes(service)) {
    return problem(`names "${service}", which is not deployed; ${insteadOf(service, stack.known)}`);
  }
  if (stack.given.services[service] !== undefined) {
    return problem(
      `names "${service}", to which SLIPWAY_IMAGES gives a version; name it in one of them.`,
    );
  }
  const deployed = stack.deployed.get(service);
  if (deployed === undefined) {
    return problem(`names "${service}", which this stack has never deployed.`);
  }
  const target = rollbackTarget(deployed);
  return target === undefined
    ? problem(
        `names "${service}", which has no predecessor: ${deployed.release.image} is its first image. ` +
          `A change of configuration alone is taken back in the checkout.`,
      )
    : { service, target };
}

/** What is wrong with bringing a release back beside the declaration of today. */
export function rollbackProblems(
  declaration: DeclaredService,
  { service, target }: Rollback,
): readonly Problem[] {
  const carried = usedDemands(declaration).map(({ key }) => secretName(declaration.name, key));
  return target.env.flatMap(({ name, value }) =>
    typeof value === "string" || carried.includes(value.secretName)
      ? []
      : [
          {
            field: variable,
            message:
              `names "${service}", whose predecessor reads ${name} from the Secret "${value.secretName}", which its ` +
              `declaration does not use any more. Check out the commit of that version and deploy it from there.`,
          },
        ],
  );
}
