import { isDataDemand, type ConnectionLimits, type DatabaseDemand } from "../data";
import type { Problem } from "../kit/problem";
import { usedDemands, type DeclaredService, type DeclaredValue } from "./declaration";
import { mostPods } from "./most-pods";
import type { ContainerShape } from "./workload/workload-args";
import { isServing, type KindShape } from "./workload/workload-shape";

/** How a pod reaches a database: through the connection pooler, or with sessions of its own. */
type Way = "pooler" | "direct";

/** Pods, all alike, that connect to one database in one way. Plain values: other stacks are told them too. */
export interface ConnectionTaker {
  /** Their application. */
  readonly application: string;
  /** Their service, and its job where it is one: `orders` or `orders (migration)`. */
  readonly pods: string;
  /** How many of them there may be at once. */
  readonly most: number;
  /** How many connections each opens. */
  readonly each: number;
  /** The database. */
  readonly database: string;
  /** How they reach it. */
  readonly way: Way;
}

/** How many connections there may be, and who takes them. */
export interface ConnectionBudget {
  /** How many there may be. */
  readonly limits: ConnectionLimits;
  /** Who takes them. */
  readonly takers: readonly ConnectionTaker[];
  /**
   * What is kept for preview environments.
   * @default - there are none
   */
  readonly previews?: readonly PreviewShare[];
}

/** What is kept for the previews of one application, whether they are there or not. */
export interface PreviewShare {
  /** The application. */
  readonly application: string;
  /** How many previews of it there may be at once. */
  readonly atOnce: number;
  /** How many connections each may open, in either way. */
  readonly each: number;
  /** How many databases are made for all of them. */
  readonly databases: number;
}

type Environment = Readonly<Record<string, DeclaredValue>>;

/** A service with its environment, as far as it says who connects to what. */
export interface ConnectingService {
  /** The declaration, for what it uses. */
  readonly declaration: DeclaredService;
  /** The workload, with what the stack says of it. */
  readonly shape: Pick<ContainerShape<DeclaredValue>, "sidecars" | "initContainers"> &
    KindShape<DeclaredValue>;
  /** Its environment. */
  readonly env: Environment;
}

/** Who of an application connects to which database, and how often at most. */
export function connectionTakers(
  application: string,
  services: readonly ConnectingService[],
): readonly ConnectionTaker[] {
  return services.flatMap((service) =>
    usedDemands(service.declaration)
      .filter((demand) => isDataDemand(demand) && demand.kind === "database")
      .flatMap((demand) => takersOf(service, demand as DatabaseDemand))
      .map((taker) => ({ application, ...taker })),
  );
}

function takersOf(
  service: ConnectingService,
  { key, database, poolSize }: DatabaseDemand,
): readonly Omit<ConnectionTaker, "application">[] {
  const takers = podsOf(service).flatMap(({ pods, most, together, before }) =>
    (["pooler", "direct"] as const).flatMap((way) => {
      const reaching = (envs: readonly Environment[]): number =>
        envs.filter((env) => waysIn(env, key).has(way)).length;
      // Init containers have ended before the service starts, and run one after the other.
      const pools = Math.max(reaching(together), Math.min(1, reaching(before)));
      return pools * most === 0 ? [] : [{ pods, most, each: pools * poolSize, database, way }];
    }),
  );
  const most = mostPods(service.shape);
  // An address that comes from elsewhere, such as a file of its image, is not known to be a direct one.
  return takers.length > 0 || most === 0
    ? takers
    : [{ pods: service.declaration.name, most, each: poolSize, database, way: "pooler" }];
}

/** Pods, all alike, with the environments of their containers. */
interface Pods {
  readonly pods: string;
  readonly most: number;
  readonly together: readonly Environment[];
  readonly before: readonly Environment[];
}

function podsOf({ declaration: { name }, shape, env }: ConnectingService): readonly Pods[] {
  const envsOf = (containers: object = {}): readonly Environment[] =>
    Object.values(containers as Record<string, { env?: Environment }>).map(
      ({ env: own = {} }) => own,
    );
  const beside = envsOf(shape.sidecars);
  const before = envsOf(shape.initContainers);
  const jobs = isServing(shape)
    ? ([
        [`${name} (migration)`, shape.migration],
        [`${name} (smoke test)`, shape.smokeTest],
      ] as const)
    : [];
  return [
    { pods: name, most: mostPods(shape), together: [env, ...beside], before },
    ...jobs.flatMap(([pods, job]) =>
      job === undefined
        ? []
        : [{ pods, most: 1, together: [{ ...env, ...job.env }, ...beside], before: [] }],
    ),
  ];
}

/** By which fields of a database's connection an environment says where it is. */
const wayOf: Readonly<Record<string, Way>> = {
  url: "pooler",
  host: "pooler",
  port: "pooler",
  directUrl: "direct",
};

function waysIn(env: Environment, key: string): ReadonlySet<Way> {
  return new Set(
    Object.values(env).flatMap((value) =>
      typeof value !== "string" && "demand" in value && value.demand.key === key
        ? (wayOf[value.field] ?? [])
        : [],
    ),
  );
}

/**
 * What is wrong with how many connections there may be: more than Postgres or its pooler takes. `stack`
 * is the one that has them, where that is another.
 */
export function connectionProblems(budget: ConnectionBudget, stack?: string): readonly Problem[] {
  const elsewhere = stack === undefined ? "" : ` of the stack ${stack}`;
  return [...serverProblems(budget, elsewhere), ...poolerProblems(budget, elsewhere)];
}

/** What is wrong with how many connections an application of a preview environment opens. */
export function previewConnectionProblems(
  takers: readonly ConnectionTaker[],
  application: string,
  allowed: number,
  stack: string,
): readonly Problem[] {
  const shares = takers.filter((taker) => taker.application === application).map(shareOf);
  const needed = sumOf(shares);
  return needed <= allowed
    ? []
    : [
        {
          field: `${application}'s connections to databases`,
          message:
            `there may be ${String(needed)} at once, but the stack ${stack} keeps ${String(allowed)} for each preview of it. ` +
            `Lower poolSize, or the most pods, of the greediest, or raise slipway:previews.connections there:` +
            written(shares),
        },
      ];
}

/** Some of the connections there may be at once, and whose they are. */
interface Share {
  readonly amount: number;
  readonly whose: string;
}

function serverProblems(
  { limits: { server, reserved, pooler }, takers, previews = [] }: ConnectionBudget,
  elsewhere: string,
): readonly Problem[] {
  const shares = [
    ...pooledShares(
      takers.filter(({ way }) => way === "pooler"),
      previews.reduce((sum, { databases }) => sum + databases, 0),
      pooler,
    ),
    ...takers.filter(({ way }) => way === "direct").map(shareOf),
    ...previews.map(previewShareOf),
  ].filter(({ amount }) => amount > 0);
  const allowed = server - reserved.superusers - reserved.upkeep;
  const needed = sumOf(shares);
  return needed <= allowed
    ? []
    : [
        {
          field: "connections to Postgres",
          message:
            `there may be ${String(needed)} at once, but it has ${String(allowed)} for applications: max_connections ` +
            `${String(server)}, less ${String(reserved.superusers)} for superusers and ${String(reserved.upkeep)} for ` +
            `its upkeep. Raise slipway:data.postgres.parameters.max_connections${elsewhere} to ` +
            `${String(needed + server - allowed)}, or lower poolSize, or the most pods, of the greediest:` +
            written(shares),
        },
      ];
}

/** What the pooler opens: no more for a user of a database than its pools hold, and one to look up passwords. */
function pooledShares(
  takers: readonly ConnectionTaker[],
  previewDatabases: number,
  { pods, poolSize }: ConnectionLimits["pooler"],
): readonly Share[] {
  const users = new Map<string, number>();
  for (const { application, database, most, each } of takers) {
    const user = `${application}'s user of the database ${database}`;
    users.set(user, (users.get(user) ?? 0) + most * each);
  }
  const databases = new Set(takers.map(({ database }) => database)).size + previewDatabases;
  return [
    ...[...users].map(([user, clients]) => ({
      amount: Math.min(clients, poolSize * pods),
      whose: `the pooler for ${user}`,
    })),
    { amount: databases * pods, whose: "the pooler to look up passwords" },
  ];
}

function poolerProblems(
  { limits, takers, previews = [] }: ConnectionBudget,
  elsewhere: string,
): readonly Problem[] {
  const { pods, clients } = limits.pooler;
  const shares = [
    ...takers.filter(({ way }) => way === "pooler").map(shareOf),
    ...previews.map(previewShareOf),
  ];
  // While one of its pods is away, for an update or with its node, the others have to let everybody in.
  const there = Math.max(1, pods - 1);
  const allowed = there * clients;
  const needed = sumOf(shares);
  return needed <= allowed
    ? []
    : [
        {
          field: "connections to pgBouncer",
          message:
            `there may be ${String(needed)} at once, but it lets ${String(allowed)} in: ${String(clients)} ` +
            `(max_client_conn) for each of its pods${pods > 1 ? " but one, which may be away" : ""}. Raise ` +
            `slipway:data.postgres.pgBouncer.replicas${elsewhere} to ${String(Math.ceil(needed / clients) + 1)}, or lower ` +
            `poolSize, or the most pods, of the greediest:` +
            written(shares),
        },
      ];
}

function shareOf({ application, pods, most, each }: ConnectionTaker): Share {
  return {
    amount: most * each,
    whose: `${application}/${pods}: ${String(most)} ${most === 1 ? "pod" : "pods"} × ${String(each)}`,
  };
}

function previewShareOf({ application, atOnce, each }: PreviewShare): Share {
  return {
    amount: atOnce * each,
    whose: `slipway:previews of ${application}: ${String(atOnce)} × ${String(each)}`,
  };
}

function sumOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { amount }) => sum + amount, 0);
}

/** A line for each, the greediest first. */
function written(shares: readonly Share[]): string {
  return [...shares]
    .sort((one, other) => other.amount - one.amount)
    .map(({ amount, whose }) => `\n    ${String(amount).padStart(5)}  ${whose}`)
    .join("");
}
