import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import type { Connection, Demand } from "../kit/connection";
import type {
  ApplicationSettings,
  PreviewSettings,
  TenantSettings,
} from "../settings/applications";
import { Application, type ApplicationArgs } from "./application";
import type { ApplicationDeclaration } from "./declaration";
import { fulfilment } from "./fulfilment";
import { goreliable } from "./goreliable";
import { onlineBoutique } from "./online-boutique";
import { imagesOf, type ServiceImages } from "./release";
import type { PlatformStack } from "./platform-stack";
import { previewsIn, type PreviewedApplication } from "./previews";
import { demandsOf, resolveApplications, type StackFacts } from "./resolve";
import type { ResolvedApplication, StackApplication, StackSettings } from "./resolved";
import { connectStore, isStoreSecret } from "./store-secret";
import { storefront } from "./storefront";
import { tenantsIn, type TenantApplication, type TenantFacts } from "./tenants";

export type { ExportedState } from "./deployed-state";
export type { GivenImages, ImageSupply } from "./images";
export { platformOutputs } from "./platform-stack";
export { demandsOf } from "./resolve";
export { readRun } from "./run";

/** Every application that there is; a stack's settings say which it deploys. */
export /** The applications that there are. */
const declarations = [storefront, goreliable, onlineBoutique, fulfilment];

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

export interface ApplicationsArgs extends Pick<
  ApplicationArgs,
  "platform" | "pullSecrets" | "retention" | "environment"
> {
  /** What is deployed, from `readApplications`. */
  readonly applications: readonly ResolvedApplication[];
  /**
   * Whether the applications' namespaces were made for them.
   * @default false
   */
  readonly namespacesGiven?: boolean;
  /** The data room, which meets the applications' demands. */
  readonly data: {
    /** Gives the connection that meets a demand. */
    connect(application: string, demand: Demand): Connection;
  };
}

/** What the teams wrote: one component for each application. */
export class Applications extends Component {
  /** The URL of each application that is reached from outside, by its name. */
  readonly urls: Readonly<Record<string, string>>;

  /** The image of each service and the one before, by `<application>/<service>`. */
  readonly images: Readonly<Record<string, ServiceImages>>;

  constructor(name: string, args: ApplicationsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("apps", "Applications", name, opts);

    const applications = args.applications.map(
      (application) =>
        [
          application.name,
          new Application(
            `${name}-${application.name}`,
            {
              application,
              platform: args.platform,
              place: args.namespacesGiven
                ? { name: application.namespace, exists: [], ready: [] }
                : undefined,
              connect: (demand) =>
                isStoreSecret(demand)
                  ? connectStore(demand, args.platform.secretStores)
                  : args.data.connect(application.name, demand),
              pullSecrets: args.pullSecrets,
              retention: args.retention,
              environment: args.environment,
            },
            { parent: this },
          ),
        ] as const,
    );

    this.urls = Object.fromEntries(
      applications.flatMap(([application, { url }]) =>
        url === undefined ? [] : [[application, url]],
      ),
    );
    this.images = Object.fromEntries(
      args.applications.flatMap(({ name: application, services }) =>
        services.map(({ shape, release }) => [
          `${application}/${shape.service}`,
          imagesOf(shape.image, release.deployed),
        ]),
      ),
    );
    this.registerOutputs({ urls: this.urls, images: this.images });
  }
}
