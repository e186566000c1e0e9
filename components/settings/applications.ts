import { z } from "zod";
import type { OneOf } from "../kit/one-of";
import { byteSize, dnsLabel, hostName, quantity, replicas } from "./values";

const compute = z.strictObject({
  cpu: quantity.describe("CPU, in cores.").meta({ examples: ["250m"] }),
  memory: byteSize.describe("Memory, in bytes."),
});

const waysToScale = "one of fixed, hpa, natsLag and keda";

const percentage = z.int().min(1).max(100).meta({ unit: "percent of the request" });

/** What a stack says of scaling that the application declares in full. */
interface Bounds {
  min: number;
  max: number;
  fallback?: number;
}

/** A way to scale: one of its keys. */
type Scaling = OneOf<{
  fixed: number;
  hpa: { min: number; max: number; cpu?: number; memory?: number };
  natsLag: Bounds;
  keda: Bounds;
}>;

const apart = {
  error: "above min; for a constant number of pods use fixed",
  path: ["max"],
};

const eventBounds = z
  .strictObject({
    min: z
      .int()
      .min(0)
      .max(1000)
      .describe("The fewest pods; 0 lets the last one go, where minReplicas is 0.")
      .meta({ unit: "pods" }),
    max: replicas.describe("The most pods; above min."),
    fallback: replicas
      .optional()
      .describe("How many pods there are at least while KEDA gets no answer.")
      .meta({ behaviour: "what the application declares" }),
  })
  .refine(({ min, max }) => max > min, apart)
  .optional();

const scaling = z
  .strictObject({
    fixed: replicas.optional().describe("Always this many pods.").meta({ behaviour: "not fixed" }),
    hpa: z
      .strictObject({
        min: replicas.describe("The fewest pods."),
        max: replicas.describe("The most pods; above min."),
        cpu: percentage
          .optional()
          .describe("The use of CPU to aim at.")
          .meta({ behaviour: "70, unless memory is given" }),
        memory: percentage
          .optional()
          .describe("The use of memory to aim at.")
          .meta({ behaviour: "memory is not looked at" }),
      })
      .refine(({ min, max }) => max > min, apart)
      .optional()
      .describe("As many pods as their load asks for.")
      .meta({ behaviour: "no autoscaler" }),
    natsLag: eventBounds
      .describe(
        "The bounds of a service that declares to scale on the messages that wait for it; needs platform.keda.",
      )
      .meta({ behaviour: "what the application declares" }),
    keda: eventBounds
      .describe("The bounds of a service that declares KEDA triggers; needs platform.keda.")
      .meta({ behaviour: "what the application declares" }),
  })
  .transform((value, context): Scaling => {
    const { fixed, hpa, natsLag, keda } = value;
    const said: readonly Scaling[] = [
      ...(fixed === undefined ? [] : [{ fixed }]),
      ...(hpa === undefined ? [] : [{ hpa }]),
      ...(natsLag === undefined ? [] : [{ natsLag }]),
      ...(keda === undefined ? [] : [{ keda }]),
    ];
    const [only] = said;
    if (only === undefined || said.length > 1) {
      context.issues.push({ code: "custom", input: value, message: waysToScale });
      return z.NEVER;
    }
    return only;
  })
  .describe(`How many pods there are: ${waysToScale}.`)
  .meta({ examples: [{ fixed: 2 }, { hpa: { min: 2, max: 6 } }] });

const resources = z
  .strictObject({
    typical: compute.describe(
      "What a container uses in its ordinary hours; becomes its requests. Memory is the steady resident size.",
    ),
    peak: compute
      .partial()
      .optional()
      .describe(
        "What it uses at its busiest; becomes its limits. Memory is at most three times the typical.",
      )
      .meta({ behaviour: "four times the typical CPU, twice the typical memory" }),
    guaranteed: z
      .boolean()
      .default(false)
      .describe("Whether its pods get the QoS class Guaranteed, with requests like limits."),
  })
  .describe("What a container uses.");

const placement = z
  .strictObject({
    hosts: z
      .enum(["preferred", "required"])
      .describe(
        "Whether two pods may share a node: preferred spreads them where there is room, required leaves a pod pending rather than sharing.",
      ),
  })
  .describe("Where its pods may run, beyond being spread over zones and hosts.");

const environmentVariables = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
      error: "the name of an environment variable: letters, digits and underscores",
    }),
    z.string(),
  )
  .default({})
  .describe("Environment variables that are added, or take the place of the declared ones.")
  .meta({ examples: [{ CONN_TIMEOUT: "10s" }] });

const job = z.strictObject({
  retry: z.int().min(0).describe("Another number runs it again, though nothing else has changed."),
});

const declared = { behaviour: "what the application declares" };

/** What a stack may say of a scheduled job. */
const scheduledJob = z
  .strictObject({
    resources: resources.optional().meta(declared),
    env: environmentVariables,
  })
  .prefault({});

/** What a stack may say of a service that runs all the time. */
const service = z
  .strictObject({
    migration: job
      .optional()
      .describe("The job that is done before a new version starts.")
      .meta(declared),
    smokeTest: job.optional().describe("The job that tests what was rolled out.").meta(declared),
    scaling: scaling.optional().meta(declared),
    placement: placement.optional().meta(declared),
    resources: resources.optional().meta(declared),
    env: environmentVariables,
    takeOver: z
      .enum(["unchanged", "update"])
      .optional()
      .describe(
        "Takes over what the service's declaration names in `existing`: unchanged brings the objects into the state as they are, update makes them what is declared.",
      )
      .meta({ behaviour: "every object is made" }),
  })
  .prefault({});

const quota = z
  .strictObject({
    requests: compute.describe("The sum of the pods' requests."),
    limits: compute.describe("The sum of the pods' limits."),
    pods: z.int().min(1).describe("How many pods there may be.").meta({ unit: "pods" }),
    services: z.int().min(1).describe("How many Services there may be."),
  })
  .describe("What the application's namespace may use.");

const limits = z
  .strictObject({
    defaultRequest: compute.describe("The request of a container that names none."),
    defaultLimit: compute.describe("The limit of a container that names none."),
    max: compute
      .optional()
      .describe("The highest limit a container may name.")
      .meta({ behaviour: "no container is refused for its limit" }),
  })
  .describe("What a container of the namespace gets when it does not say.");

/** What a stack says of any application. */
const common = {
  host: hostName
    .describe("The host name under which its services are reached.")
    .meta({ examples: ["shop.example.com"] }),
  clusterIssuer: dnsLabel
    .optional()
    .describe("The ClusterIssuer that signs the host's certificate.")
    .meta({ behaviour: "the issuer of the platform's edge" }),
  existingNamespace: z
    .enum(["open", "closed"])
    .optional()
    .describe(
      "Takes over the application's namespace, which is there already: open leaves it without network policies, quota, limits and Pod Security level; closed adds them.",
    )
    .meta({ behaviour: "the namespace is made" }),
  minReplicas: z
    .int()
    .min(0)
    .max(1000)
    .default(1)
    .describe(
      "The fewest pods that each service may have; at 2, no service stops with the node it runs on; 0 lets services that scale on events end their last pod.",
    )
    .meta({ unit: "pods" }),
  chart: z
    .strictObject({
      values: z
        .record(z.string(), z.json())
        .describe("Values that are added to the declared ones, or take their place.")
        .meta({ examples: [{ replicaCount: 3 }] }),
    })
    .optional()
    .describe("What differs for the team's own chart, where the application has one.")
    .meta({ behaviour: "what the application declares" }),
  quota: quota.optional().meta({ behaviour: "no ResourceQuota" }),
  limits: limits.optional().meta({ behaviour: "no LimitRange" }),
};

/** What a stack says of one application; `services` has the shape of each. */
function application<Services extends z.core.$ZodLooseShape>(services: Services) {
  return z
    .strictObject({
      ...common,
      services: z
        .strictObject(services)
        .prefault({} as never)
        .describe("What differs from the declaration, by service."),
    })
    .optional()
    .meta({ behaviour: "the application is not deployed" });
}

/** `slipway:applications`: what this stack's environment changes of each application. */
export const applicationSettings = z
  .strictObject({
    storefront: application({
      auth: service.describe("Signs users in, and decides what they may do."),
      products: service.describe("The list of products."),
      orders: service.describe("Orders."),
      notifications: service.describe("Sends what the other services announce."),
      "scheduled-notifications": scheduledJob.describe("Announces what is due."),
    }).describe("The storefront: auth, products, orders, notifications."),
    goreliable: application({
      "api-gateway": service.describe("Takes the requests from outside."),
      "order-service": service.describe("Keeps the orders."),
      "notification-worker": service.describe("Sends what the order service announces."),
      "ml-gateway": service.describe("Asks the models."),
    }).describe("GoReliable: a gateway, orders, notifications, models."),
    "online-boutique": application({
      frontend: service.describe("The shop's pages."),
      adservice: service.describe("Advertisements."),
      cartservice: service.describe("Carts."),
      productcatalogservice: service.describe("The catalogue."),
      checkoutservice: service.describe("Makes an order of a cart."),
      currencyservice: service.describe("Converts amounts."),
      emailservice: service.describe("Sends confirmations."),
      paymentservice: service.describe("Charges cards."),
      recommendationservice: service.describe("Recommends products."),
      shippingservice: service.describe("Estimates costs, and ships."),
      "redis-cart": service.describe("Keeps the carts."),
    }).describe("Online Boutique: the microservices demo."),
    fulfilment: application({
      orders: service.describe("Takes orders."),
      payments: service.describe("Takes payments."),
      inventory: service.describe("Knows what is in stock."),
    }).describe("Fulfilment: orders, payments, inventory."),
  })
  .describe("The applications, and what differs for them in this stack.");

export type ApplicationSettings = z.infer<typeof applicationSettings>;

/** What a platform stack says of an application that another stack deploys. */
const tenant = z
  .strictObject({ quota: common.quota, limits: common.limits })
  .optional()
  .describe("Its namespace; what it demands of the data services is read from its declaration.")
  .meta({ behaviour: "no other stack deploys the application" });

/** `slipway:tenants`: the applications that have stacks of their own beside this one. */
export const tenantSettings = z
  .strictObject({
    storefront: tenant,
    goreliable: tenant,
    "online-boutique": tenant,
    fulfilment: tenant,
  } satisfies Record<keyof ApplicationSettings, typeof tenant>)
  .default({})
  .describe(
    "Applications that stacks of their own deploy: this stack makes their namespaces, and what they demand of the data services.",
  )
  .meta({ examples: [{ storefront: {} }] });

export type TenantSettings = z.infer<typeof tenantSettings>;

/** `slipway:previews`: the preview environments that may stand beside this stack. */
export const previewSettings = z
  .strictObject({
    applications: z
      .array(z.enum(Object.keys(tenantSettings.unwrap().shape) as (keyof TenantSettings)[]))
      .describe("The applications that may have preview environments.")
      .meta({ examples: [["storefront"]] }),
    atOnce: z
      .int()
      .min(0)
      .max(20)
      .describe("How many environments there may be at once; each has data of its own.")
      .meta({ unit: "environments" }),
    connections: z
      .int()
      .min(1)
      .default(120)
      .describe(
        "How many connections to databases each application of an environment may open; they count, for every environment there may be, against what Postgres takes.",
      )
      .meta({ unit: "connections" }),
    quota: quota.describe("What the namespace of each application in a preview may use."),
    limits: limits.optional().meta({ behaviour: "no LimitRange" }),
  })
  .optional()
  .describe(
    "Preview environments that may stand beside this stack, and the databases, buckets and streams that are made for them.",
  )
  .meta({ behaviour: "none" });

export type PreviewSettings = z.infer<typeof previewSettings>;
