import * as pulumi from "@pulumi/pulumi";
import { ObjectStore } from "../../../../components/data/object-store";
import { Postgres } from "../../../../components/data/postgres";
import { adoptionOf } from "../../../../components/kit/adoption";
import { connectCluster } from "../../../../components/kit/cluster";
import { clusterApi } from "../../../../components/kit/cluster-api";
import type { Retention } from "../../../../components/kit/retention";
import { Pgo } from "../../../../components/platform/pgo";
import { ClusterPriorityClasses } from "../../../../components/platform/priority-classes";
import { certificates, dataOf, secretStores } from "../../../../tests/support/rooms";

/** An operator's database and a chart's object store with what their stack says of retention, as in index.ts. */
export = async () => {
  const config = new pulumi.Config();
  const retention = config.require<Retention>("retention");
  const cluster = { context: config.require("context"), identity: config.require("identity") };

  const kubernetes = await connectCluster("cluster", cluster);
  const adoption = adoptionOf(retention, cluster);
  const opts = { providers: { kubernetes }, transformations: adoption && [adoption.ofResource] };
  const environment = { mirror: config.require("charts"), simulated: true, adoption };

  const { ofPlatform: priority } = new ClusterPriorityClasses("priorities", { retention }, opts);
  const operator = new Pgo(
    "pgo",
    { replicas: 1, environment: { ...environment, api: clusterApi(cluster) }, retention },
    opts,
  );
  // There is no cert-manager in this stack.
  const settings = dataOf({ objectStore: { tls: false } });
  new Postgres(
    "postgres",
    {
      settings: { ...settings.postgres, instances: 1, pgBouncer: { replicas: 1 } },
      tenants: [],
      operator,
      secretStores,
      priority,
      retention,
    },
    opts,
  );
  new ObjectStore(
    "object-store",
    {
      settings: settings.objectStore,
      tenants: [],
      certificates,
      secretStores,
      environment,
      retention,
    },
    opts,
  );
};
