import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import type { Connection, Demand } from "../kit/connection";
import { Application, type ApplicationArgs } from "./application";
import type { ResolvedApplication } from "./resolved";
import { connectStore, isStoreSecret } from "./store-secret";
import { imagesOf, type ServiceImages } from "./workload/release";

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
