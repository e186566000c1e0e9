import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import { Applications, demandsOf } from "../../components/apps";
import type {
  ApplicationDeclaration,
  DeclaredService,
  DeclaredValue,
} from "../../components/apps/declaration";
import { resolveApplications } from "../../components/apps/resolve";
import type { ResolvedApplication } from "../../components/apps/resolved";
import { storefront } from "../../components/apps/storefront";
import { givenFeatures } from "../../components/apps/workload/feature-problems";
import { DataServices } from "../../components/data";
import { diagramOf } from "../../diagram/model";
import { deploy, type RecordedResource } from "../support/mocks";
import {
  allFeatures,
  certificates,
  dataOf,
  environment,
  postgresOperator,
  priority,
  secretStores,
} from "../support/rooms";
import { images, platform } from "./fixtures";

/** The declaration without one edge: what a service uses, and everything in it that speaks of that. */
function withoutEdge(
  declaration: ApplicationDeclaration,
  name: string,
  used: string,
): ApplicationDeclaration {
  const services = declaration.services.map((service): DeclaredService => {
    if (service.name !== name) {
      return service;
    }
    const gone = service.uses?.[used];
    if (gone === undefined) {
      throw new Error(`${name} does not use ${used}.`);
    }
    const speaksOf = (value: DeclaredValue): boolean =>
      typeof value !== "string" &&
      ("demand" in value
        ? "key" in gone && value.demand.key === gone.key
        : "address" in gone && value.service === gone.name);
    const uses = Object.fromEntries(
      Object.entries(service.uses ?? {}).filter(([key]) => key !== used),
    );
    const env = Object.fromEntries(
      Object.entries(service.env ?? {}).filter(([, value]) => !speaksOf(value)),
    );
    const changed = { ...service, uses, env };
    return "scaling" in changed && changed.scaling?.natsLag?.stream === gone
      ? { ...changed, scaling: { fixed: 2 } }
      : changed;
  });
  return { ...declaration, services };
}

function resolve(declaration: ApplicationDeclaration): ResolvedApplication {
  const [resolved] = resolveApplications(
    [{ declaration, settings: { host: "shop.example.com", services: {} } }],
    { environment: "test", images, features: givenFeatures(allFeatures) },
  );
  if (resolved === undefined) {
    throw new Error("Nothing was resolved.");
  }
  return resolved;
}

/** A part of what follows from a declaration; a list has its entries' names for keys, so none has a number. */
type Tree = Readonly<Record<string, unknown>>;

/** Everything that follows from a declaration: every object of every room, what it waits for, and the picture. */
async function everythingOf(declaration: ApplicationDeclaration): Promise<Tree> {
  const application = resolve(declaration);
  const { resources } = await deploy(() => {
    const data = new DataServices("data", {
      settings: dataOf(),
      platform: { certificates, features: allFeatures, postgresOperator, priority, secretStores },
      demands: demandsOf([application]),
      environment,
      retention: "keep",
    });
    new Applications("apps", {
      applications: [application],
      platform: { ...platform, features: allFeatures },
      data,
      pullSecrets: [],
    });
  });
  const { edges, groups } = diagramOf("Storefront", [application]);
  const nodes = groups.flatMap((group) => group.nodes.map(({ id }) => id));
  return {
    ...Object.fromEntries(resources.map((resource) => [nameIn(resource), treeOf(resource)])),
    diagram: setOf([...nodes, ...edges.map(({ from, to }) => `${from} → ${to}`)]),
  };
}

const shortName = (name: string): string => name.replace(/^apps-storefront-/, "");

function nameIn({ type, name }: RecordedResource): string {
  return `${type.split(":").at(-1) ?? ""} ${shortName(name)}`;
}

function treeOf({ inputs, dependencies, ignoreChanges, ...options }: RecordedResource): Tree {
  const { protect, retainOnDelete, deleteBeforeReplace } = options;
  return {
    ...inputs,
    "waits for": setOf(dependencies.map((urn) => shortName(urn.split("::").at(-1) ?? ""))),
    options: { ...setOf(ignoreChanges), protect, retainOnDelete, deleteBeforeReplace },
  };
}

function setOf(entries: readonly string[]): Tree {
  return Object.fromEntries(entries.map((entry) => [entry, true]));
}

/** What is gone (-), new (+) or another (~) in one of two trees, each as high up as it can be said. */
function differences(from: unknown, to: unknown, path: readonly string[] = []): readonly string[] {
  if (isDeepStrictEqual(from, to)) {
    return [];
  }
  const [one, other] = [treeIn(from), treeIn(to)];
  if (from === undefined || to === undefined || one === undefined || other === undefined) {
    return [`${to === undefined ? "-" : from === undefined ? "+" : "~"} ${path.join(" ")}`];
  }
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) =>
    differences(one[key], other[key], [...path, key]),
  );
}

function treeIn(value: unknown): Tree | undefined {
  if (Array.isArray(value)) {
    return Object.fromEntries(value.map((entry: unknown) => [entryName(entry), entry]));
  }
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}

/** What an entry of a list is called; a rule of a NetworkPolicy, by the pods at its other end. */
function entryName(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) {
    return String(entry);
  }
  const { name, alert, user, resources, from, to } = entry as Record<string, unknown>;
  const peers = from ?? to;
  if (peers !== undefined) {
    const labels = JSON.stringify(peers).matchAll(/"(?:[^"]*\/)?([^"/]+)":"([^"]+)"/g);
    return [...labels].map(([, label, value]) => `${String(label)}=${String(value)}`).join(" ");
  }
  return String(name ?? alert ?? user ?? resources ?? JSON.stringify(entry));
}

/** What every changed pod template brings along: the digests by which a rollout is known. */
const rolled = (service: string): readonly string[] => [
  `~ Deployment ${service}-deployment metadata annotations slipway.dev/revision`,
  `~ Deployment ${service}-deployment metadata annotations slipway.dev/spec`,
];

const edges: readonly {
  readonly service: string;
  readonly used: string;
  readonly gone: readonly string[];
}[] = [
  {
    service: "orders",
    used: "products",
    gone: [
      "- Workload orders release env PRODUCTS_ADDRESS",
      "- Deployment orders-deployment spec template spec containers orders env PRODUCTS_ADDRESS",
      "- NetworkPolicy orders-paths spec egress metadata.name=storefront app=products",
      "- NetworkPolicy products-paths spec ingress metadata.name=storefront app=orders",
      "- Deployment orders-deployment waits for products-deployment",
      "- diagram storefront/orders → storefront/products",
    ],
  },
  {
    service: "products",
    used: "catalogue",
    gone: [
      "- Workload products release env DATABASE_URL",
      "- Deployment products-deployment spec template spec containers products env DATABASE_URL",
      // The Secret with the user's password, who may read it, and what restarts the pods when it changes.
      "- ExternalSecret secrets-products-database-products",
      "- Role data-postgres-storefront-access-role rules secrets resourceNames db-pguser-storefront-products",
      "- Deployment products-deployment metadata annotations secret.reloader.stakater.com/reload",
      // Postgres lets a namespace in as a whole, which other services of it still need.
      "- NetworkPolicy products-paths spec egress metadata.name=postgres cluster=db role=pgbouncer",
      "- NetworkPolicy products-paths spec egress metadata.name=postgres cluster=db data=postgres",
      "- PostgresCluster data-postgres-cluster spec users storefront-products",
      "- Deployment products-deployment waits for secrets-products-database-products",
      "- Deployment products-deployment waits for data-postgres-cluster",
      "- Deployment products-deployment waits for data-postgres-storefront-access-role",
      "- Deployment products-deployment waits for data-postgres-storefront-access-role-binding",
      "- diagram database/products",
      "- diagram storefront/products → database/products",
    ],
  },
  {
    service: "notifications",
    used: "announced",
    gone: [
      "- Workload notifications release env NATS_BROKER_URL",
      "- Workload notifications release env NATS_CA",
      "- Workload notifications release env NATS_CONSUMER",
      "- Deployment notifications-deployment spec template spec containers notifications env NATS_BROKER_URL",
      "- Deployment notifications-deployment spec template spec containers notifications env NATS_CA",
      "- Deployment notifications-deployment spec template spec containers notifications env NATS_CONSUMER",
      "- ExternalSecret secrets-notifications-stream-messages-notifications",
      "~ Deployment notifications-deployment metadata annotations secret.reloader.stakater.com/reload",
      "- NetworkPolicy notifications-paths spec egress metadata.name=nats component=nats instance=nats name=nats",
      // The durable consumer, and the right to read as it.
      "- ConfigMap data-nats-streams-script data consumer.messages.notifications.json",
      "~ ConfigMap data-nats-streams-script metadata name",
      "~ Job data-nats-streams-job metadata name",
      "~ Job data-nats-streams-job spec template spec volumes setup configMap name",
      "- ConfigMap data-nats-streams-check-script data consumer.messages.notifications.json",
      "~ ConfigMap data-nats-streams-check-script metadata name",
      "~ CronJob data-nats-streams-check-job spec jobTemplate spec template spec volumes setup configMap name",
      ...[
        "$JS.ACK.*.*.messages.notifications.>",
        "$JS.ACK.messages.notifications.>",
        "$JS.API.CONSUMER.INFO.messages.notifications",
        "$JS.API.CONSUMER.MSG.NEXT.messages.notifications",
        "$JS.API.INFO",
        "$JS.API.STREAM.INFO.messages",
      ].map(
        (subject) =>
          `- Chart data-nats-chart values config merge accounts APP users storefront permissions publish ${subject}`,
      ),
      // What scales on it, may ask how much waits, and alerts; the number of pods is the stack's again.
      "- ScaledObject notifications-scaled-object",
      "- NetworkPolicy data-nats-allow-servers spec ingress metadata.name=keda app=operator",
      "- PrometheusRule notifications-alerts spec groups storefront-notifications rules ConsumerLagging",
      "- Deployment notifications-deployment options spec.replicas",
      "+ Deployment notifications-deployment spec replicas",
      "- Deployment notifications-deployment waits for secrets-notifications-stream-messages-notifications",
      "- Deployment notifications-deployment waits for data-nats-streams-job",
      "- Deployment notifications-deployment waits for data-nats-storefront-access-role",
      "- Deployment notifications-deployment waits for data-nats-storefront-access-role-binding",
      "- diagram storefront/notifications → stream/messages",
    ],
  },
];

describe("without one edge of the storefront", function () {
  this.timeout("1m");
  let everything: Tree;
  before(async () => {
    everything = await everythingOf(storefront);
  });

  for (const { service, used, gone } of edges) {
    it(`from ${service} to ${used}, what follows from it is gone, and nothing else changes`, async () => {
      const without = await everythingOf(withoutEdge(storefront, service, used));
      expect(differences(everything, without)).to.have.members([...rolled(service), ...gone]);
    });
  }

  it("nothing changes that has not to: twice the same is the same", async () => {
    expect(differences(everything, await everythingOf(storefront))).to.deep.equal([]);
  });
});
