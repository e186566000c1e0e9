import type {
  ApplicationSettings,
  PreviewSettings,
  TenantSettings,
} from "../settings/applications";
import type { ApplicationDeclaration } from "./declaration";
import { fulfilment } from "./fulfilment";
import { goreliable } from "./goreliable";
import { onlineBoutique } from "./online-boutique";
import type { PlatformStack } from "./platform-stack";
import { previewsIn, type PreviewedApplication } from "./previews";
import { demandsOf, resolveApplications, type StackFacts } from "./resolve";
import type { ResolvedApplication, StackApplication, StackSettings } from "./resolved";
import { storefront } from "./storefront";
import { tenantsIn, type TenantApplication, type TenantFacts } from "./tenants";

export { Applications, type ApplicationsArgs } from "./applications";
export type { GivenImages, ImageSupply } from "./images";
export { platformOutputs } from "./platform-stack";
export { demandsOf } from "./resolve";
export { readRun } from "./run";
export type { ExportedState } from "./workload/deployed-state";

/** Every application that there is; a stack's settings say which it deploys. */
export const declarations = [storefront, goreliable, onlineBoutique, fulfilment];

/**
 * The applications that a stack deploys, with everything it says of them, checked. It registers nothing.
 * `outside` is the stack that has their platform and made their namespaces.
 * @throws `pulumi.RunError` with every problem of every application.
 */
export function readApplications(
  settings: ApplicationSettings,
  facts: StackFacts,
  outside?: PlatformStack,
): readonly ResolvedApplication[] {
  const applications = [
    ...deployed(storefront, settings.storefront),
    ...deployed(goreliable, settings.goreliable),
    ...deployed(onlineBoutique, settings["online-boutique"]),
    ...deployed(fulfilment, settings.fulfilment),
  ];
  const resolved = resolveApplications(
    applications.map((each) => withTenancy(each, outside)),
    facts,
  );
  outside?.refuseMissing(resolved, demandsOf(resolved));
  return resolved;
}

/** The applications that have stacks of their own beside this one, and what to make for them. */
export function readTenants(
  settings: TenantSettings,
  facts: TenantFacts,
): readonly TenantApplication[] {
  return tenantsIn(settings, declarations, facts);
}

/** The applications that may have preview environments beside this stack, and what to make for them. */
export function readPreviews(settings: PreviewSettings): readonly PreviewedApplication[] {
  return previewsIn(settings, declarations);
}

/** What the namespace allows, where the platform stack made it. */
function withTenancy(
  { declaration, settings }: StackApplication,
  outside: PlatformStack | undefined,
): StackApplication {
  const tenant = outside?.tenant(declaration.name);
  return tenant === undefined
    ? { declaration, settings }
    : { declaration, settings: { ...settings, quota: tenant.quota, limits: tenant.limits } };
}

/** An application where the stack's settings have it; none where they leave it out. */
function deployed<Name extends string>(
  declaration: ApplicationDeclaration<Name>,
  settings: StackSettings<NoInfer<Name>> | undefined,
): readonly StackApplication[] {
  return settings === undefined ? [] : [{ declaration, settings }];
}
