import type * as pulumi from "@pulumi/pulumi";
import type { ChartEnvironment } from "../kit/chart";
import { Component } from "../kit/component";
import type { ApplicationDemand, Connection, Demand } from "../kit/connection";
import type { Problem } from "../kit/problem";
import type { Retention } from "../kit/retention";
import type { Platform } from "../platform";
import type { DataSettings } from "../settings/data";
import { isDataDemand, type BucketDemand, type DatabaseDemand } from "./demands";
import { ExternalObjectStore } from "./external-object-store";
import { ExternalPostgres } from "./external-postgres";
import { Nats } from "./nats";
import { ObjectStore } from "./object-store";
import { Postgres } from "./postgres";
import { backupTenants, sharedBucketProblems, type BackupBucket } from "./postgres-backups";
import { streamProblems } from "./stream-problems";
import { scaledOn, tenantsOf, type Answers } from "./tenants";

export { connectionLimits, type ConnectionLimits } from "./connection-limits";
export { bucket, database, isDataDemand, plainDemand, previewDemand, stream } from "./demands";
export type {
  BucketDemand,
  ConsumerDemand,
  DataDemand,
  DatabaseDemand,
  DatabaseUse,
  StreamDemand,
  StreamUse,
} from "./demands";

export interface DataServicesArgs {
  /** What the stack says of the data services. */
  readonly settings: DataSettings;
  /** The controllers they rely on. */
  readonly platform: Pick<
    Platform,
    "certificates" | "features" | "postgresOperator" | "priority" | "secretStores"
  >;
  /** Everything the applications demand. */
  readonly demands: readonly ApplicationDemand[];
  /** What all charts of the stack share. */
  readonly environment: ChartEnvironment;
  /** What becomes of data, and of the credentials that open it, on a destroy. */
  readonly retention: Retention;
}

/** What is wrong with what applications demand of a stack's data services, before anything is registered. */
export function demandProblems(
  settings: DataSettings,
  demands: readonly ApplicationDemand[],
): readonly Problem[] {
  return [
    ...streamProblems(settings.nats, tenantsOf(demands, "stream")),
    ...sharedBucketProblems(settings.postgres, tenantsOf(demands, "bucket")),
  ];
}

/**
 * The services that hold state: a message bus, databases and an object store, each with what the
 * applications demand of it. It hands out connections: addresses and references to Secrets.
 */
export class DataServices extends Component {
  private readonly nats: Nats;
  private readonly postgres: Answers<DatabaseDemand>;
  private readonly objectStore: Answers<BucketDemand>;
  private readonly demands: readonly ApplicationDemand[];

  constructor(name: string, args: DataServicesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "DataServices", name, opts);
    const { settings, platform, demands, retention } = args;
    const environment = { ...args.environment, priority: platform.priority };

    this.demands = demands;
    this.nats = new Nats(
      `${name}-nats`,
      {
        settings: settings.nats,
        tenants: tenantsOf(demands, "stream"),
        certificates: platform.certificates,
        secretStores: platform.secretStores,
        monitoring: platform.features.monitoring,
        scaler: scaledOn(demands, "stream") ? platform.features.eventScaling?.operator : undefined,
        environment,
        retention,
      },
      { parent: this },
    );
    const backups = backupTenants(settings.postgres);
    const objectStore = createObjectStore(this);
    this.objectStore = objectStore;
    this.postgres = createPostgres(this);
    this.registerOutputs({});

    function createPostgres(parent: DataServices): Answers<DatabaseDemand> {
      const tenants = tenantsOf(demands, "database");
      if (settings.postgres.kind === "external") {
        return new ExternalPostgres(
          `${name}-postgres`,
          {
            settings: settings.postgres,
            tenants,
            secretStores: platform.secretStores,
            retention,
            adoption: environment.adoption,
          },
          { parent },
        );
      }
      if (platform.postgresOperator === undefined) {
        throw new Error("The stack has no Postgres operator; the settings let it pass.");
      }
      return new Postgres(
        `${name}-postgres`,
        {
          settings: settings.postgres,
          tenants,
          operator: platform.postgresOperator,
          secretStores: platform.secretStores,
          bucket: backupBucket(),
          priority: platform.priority,
          monitoring: platform.features.monitoring,
          retention,
        },
        { parent },
      );
    }

    /** Databases use the object store as an application does, by a user with the rights on its bucket. */
    function backupBucket(): BackupBucket | undefined {
      const [tenant] = backups;
      const [demand] = tenant?.demands ?? [];
      return tenant && demand
        ? {
            connection: objectStore.connect(tenant.application, demand),
            uriStyle:
              settings.objectStore.kind === "external" ? settings.objectStore.uriStyle : "path",
          }
        : undefined;
    }

    function createObjectStore(parent: DataServices): Answers<BucketDemand> {
      const tenants = [...tenantsOf(demands, "bucket"), ...backups];
      return settings.objectStore.kind === "external"
        ? new ExternalObjectStore(
            `${name}-object-store`,
            { settings: settings.objectStore, tenants, secretStores: platform.secretStores },
            { parent },
          )
        : new ObjectStore(
            `${name}-object-store`,
            {
              settings: settings.objectStore,
              tenants,
              certificates: platform.certificates,
              secretStores: platform.secretStores,
              monitoring: platform.features.monitoring,
              environment,
              retention,
            },
            { parent },
          );
    }
  }

  /**
   * How an application uses what it demanded.
   * @throws when the application did not demand it: its user would not exist.
   */
  connect(application: string, demand: Demand): Connection {
    const demanded = this.demands
      .filter((known) => known.application === application)
      .map(({ demand: { key } }) => key);
    if (!isDataDemand(demand) || !demanded.includes(demand.key)) {
      throw new Error(
        `The application "${application}" uses "${demand.key}", which it did not demand. It demanded: ` +
          `${demanded.length === 0 ? "nothing" : demanded.join(", ")}. Add it to the demands given to DataServices.`,
      );
    }
    switch (demand.kind) {
      case "database":
        return this.postgres.connect(application, demand);
      case "stream":
        return this.nats.connect(application, demand);
      case "bucket":
        return this.objectStore.connect(application, demand);
    }
  }
}
