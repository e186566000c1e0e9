import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { Application } from "../../../components/apps/application";
import {
  application,
  job,
  nodeService,
  scheduledJob,
  service,
  statefulService,
  type ApplicationDeclaration,
  type DeclaredIngress,
  type DeclaredService,
  type DeclaredValue,
  type Service,
  type ServiceAddress,
  type Uses,
} from "../../../components/apps/declaration";
import { external } from "../../../components/apps/external";
import { resolveApplications } from "../../../components/apps/resolve";
import type { ResolvedApplication, StackSettings } from "../../../components/apps/resolved";
import type { Schedule } from "../../../components/apps/workload/cron-job";
import { givenFeatures } from "../../../components/apps/workload/feature-problems";
import type { JobRun } from "../../../components/apps/workload/job";
import { servicePortNames, type Ports } from "../../../components/apps/workload/ports";
import type { SmokeTestShape } from "../../../components/apps/workload/rollout-job";
import type { Scaling } from "../../../components/apps/workload/scaling";
import type { ClaimTemplate } from "../../../components/apps/workload/stateful-set";
import { isServing } from "../../../components/apps/workload/workload-shape";
import { bucket, database, stream } from "../../../components/data";
import { deploy, type Recorded } from "../../support/mocks";
import { allFeatures } from "../../support/rooms";
import { connectionTo, images, platform } from "../fixtures";
import { container, image, listening, words } from "./containers";
import { reading, scaling } from "./scaling";
import { dnsLabel, duration, envName, few, folder, resources, size, text } from "./values";

/** Declares a service that may use those before it. */
type Draft = (before: readonly Service[]) => DeclaredService;

const ordering = database("orders");
const events = stream("messages", { publish: "msg.orders" });
const pictures = bucket("pictures");
const demands = [
  { demand: reading, value: reading.url },
  { demand: ordering, value: ordering.url },
  { demand: events, value: events.url },
  { demand: pictures, value: pictures.accessKey },
];

/** What a service uses and has in its environment, before it is known which services there are. */
const connecting = fc.record({
  demanded: fc.subarray(demands),
  outside: fc.subarray([
    external({ internet: true, ports: [443, 8443] }),
    external({ cidrs: ["198.51.100.7/32", "2001:db8::/32"], port: 5432 }),
  ]),
  services: fc.array(fc.nat(5), { maxLength: 2 }),
  env: few(envName, text),
});

type Connecting = typeof connecting extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** Whatever is used is also in the environment. */
function connect(
  { demanded, outside, services, env }: Connecting,
  before: readonly Service[],
): { readonly uses: Uses; readonly env: Readonly<Record<string, DeclaredValue>> } {
  const callable = before.filter(({ ports }) => servicePortNames(ports).length > 0);
  const used = [...new Set(services.flatMap((index) => callable[index % callable.length] ?? []))];
  return {
    uses: Object.fromEntries(
      [...demanded.map(({ demand }) => demand), ...outside, ...used].map((each, index) => [
        `used${String(index)}`,
        each,
      ]),
    ),
    env: {
      ...env,
      ...Object.fromEntries(
        used.map((each, index) => [`SERVICE_${String(index)}`, addressOf(each, 0)] as const),
      ),
      ...Object.fromEntries(
        demanded.map(({ demand, value }) => [`${demand.kind.toUpperCase()}_AT`, value] as const),
      ),
    },
  };
}

function addressOf(service: Service, index: number): ServiceAddress {
  const names = servicePortNames(service.ports);
  return { service: service.name, port: names[index % names.length] ?? "" };
}

const exposing = fc.record(
  {
    paths: fc.uniqueArray(
      fc.record(
        {
          path: fc.oneof(
            { weight: 9, arbitrary: fc.stringMatching(/^(\/[A-Za-z0-9_.-]{3,5}){0,2}\/?$/) },
            { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9/_.-]{0,8}$/) },
          ),
          match: fc.constantFrom("Prefix" as const, "Exact" as const),
          port: fc.nat(2),
          auth: fc.record(
            {
              service: fc.nat(5),
              path: fc.stringMatching(/^\/[A-Za-z0-9/_-]{0,8}$/),
              responseHeaders: fc.array(fc.constantFrom("X-User", "X-Roles"), { maxLength: 2 }),
            },
            { requiredKeys: ["service", "path"] },
          ),
        },
        { requiredKeys: ["path", "port"] },
      ),
      { selector: ({ path }) => path, minLength: 1, maxLength: 3 },
    ),
    rateLimit: fc.record(
      {
        requestsPerSecond: fc.integer({ min: 1, max: 1000 }),
        connections: fc.integer({ min: 1, max: 1000 }),
      },
      { requiredKeys: [] },
    ),
    bodySize: fc.constantFrom("8m" as const, "512k" as const, "1g" as const),
    timeouts: fc.record(
      { connect: duration(1, 75), read: duration(1, 3600), send: duration(1, 3600) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["paths"] },
);

type Exposing = typeof exposing extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** The paths of a service begin with its name, so that no two claim one; none without a port to serve them. */
function expose(
  name: string,
  ports: Ports,
  drawn: Exposing | undefined,
  before: readonly Service[],
): "none" | { readonly ingress: DeclaredIngress } {
  const names = servicePortNames(ports);
  if (drawn === undefined || names.length === 0) {
    return "none";
  }
  const asked = before.filter((other) => servicePortNames(other.ports).length > 0);
  const paths = drawn.paths.map(({ path, match, port, auth }) => {
    const at = auth && asked[auth.service % asked.length];
    return {
      path: `/${name}${path}`,
      ...(match === undefined ? {} : { match }),
      port: names[port % names.length],
      ...(auth === undefined || at === undefined
        ? {}
        : {
            auth: {
              at: addressOf(at, 0),
              path: auth.path,
              ...(auth.responseHeaders === undefined
                ? {}
                : { responseHeaders: auth.responseHeaders }),
            },
          }),
    };
  });
  return { ingress: { ...drawn, paths } };
}

const jobRun: fc.Arbitrary<JobRun> = fc.record(
  { deadline: duration(1, 7200), retries: fc.nat(6), retry: fc.nat(3) },
  { requiredKeys: [] },
);

const rolloutJob: fc.Arbitrary<SmokeTestShape<string>> = fc
  .tuple(
    fc.record(
      { command: words, args: words, env: few(envName, text), resources },
      { requiredKeys: [] },
    ),
    jobRun,
  )
  .map(([said, run]) => ({ ...said, ...run }));

const smokeTest: fc.Arbitrary<SmokeTestShape<string>> = fc
  .tuple(rolloutJob, fc.option(image, { nil: undefined }))
  .map(([said, own]) => (own === undefined ? said : { ...said, image: own }));

const serving = fc.record(
  {
    shutdown: fc.record(
      { preStop: duration(0, 120), drain: duration(6, 600) },
      { requiredKeys: [] },
    ),
    migration: rolloutJob,
    smokeTest,
  },
  { requiredKeys: [] },
);

const placement = fc.record(
  { hosts: fc.constantFrom("preferred" as const, "required" as const) },
  { requiredKeys: [] },
);

const claim: fc.Arbitrary<ClaimTemplate> = fc.record(
  {
    size,
    storageClass: fc.constantFrom("standard", "fast"),
    accessMode: fc.constantFrom("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"),
  },
  { requiredKeys: ["size"] },
);

const retention = fc.constantFrom("Retain" as const, "Delete" as const);

const deployment = fc.record(
  {
    scaling,
    rollout: fc.record(
      { maxSurge: fc.integer({ min: 1, max: 10 }), minReady: duration(0, 120) },
      { requiredKeys: [] },
    ),
    placement,
  },
  { requiredKeys: [] },
);

const stateful = fc.record(
  {
    scaling,
    placement,
    claims: few(folder, claim),
    claimRetention: fc.record(
      { whenDeleted: retention, whenScaled: retention },
      { requiredKeys: [] },
    ),
    podManagement: fc.constantFrom("OrderedReady" as const, "Parallel" as const),
    minReady: duration(0, 120),
  },
  { requiredKeys: [] },
);

const schedule: fc.Arbitrary<Schedule> = fc.record(
  {
    cron: fc.constantFrom("0 6 * * *", "@daily", "*/5 8-18 * jan-jun mon-fri", "0 0 1,15 * ?"),
    timeZone: fc.constantFrom("Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"),
    concurrency: fc.constantFrom("Forbid", "Replace", "Allow"),
    startingDeadline: duration(10, 3600),
    deadline: duration(1, 7200),
    retries: fc.nat(6),
  },
  { requiredKeys: ["cron"] },
);

const common = fc.record({
  name: dnsLabel,
  image: fc.option(image, { nil: undefined }),
  container,
  connecting,
});

const answering = fc.record({
  common,
  listening,
  serving,
  exposing: fc.option(exposing, { nil: undefined }),
});

type Answering = typeof answering extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function containerOf(drawn: Answering["common"], before: readonly Service[]) {
  return {
    ...drawn.container,
    ...(drawn.image === undefined ? {} : { image: drawn.image }),
    ...connect(drawn.connecting, before),
  };
}

function servingOf(drawn: Answering, before: readonly Service[], scaled?: Scaling) {
  const { ports, probes } = drawn.listening;
  const said = containerOf(drawn.common, before);
  const uses = scaled?.natsLag === undefined ? said.uses : { ...said.uses, queue: reading };
  return {
    ...said,
    uses,
    ...drawn.serving,
    ports,
    probes,
    exposure: expose(drawn.common.name, ports, drawn.exposing, before),
  };
}

const draft: fc.Arbitrary<Draft> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(answering, deployment).map(
      ([drawn, own]): Draft =>
        (before) =>
          service(drawn.common.name, { ...servingOf(drawn, before, own.scaling), ...own }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(answering, stateful).map(
      ([drawn, own]): Draft =>
        (before) =>
          statefulService(drawn.common.name, { ...servingOf(drawn, before, own.scaling), ...own }),
    ),
  },
  {
    weight: 1,
    arbitrary: answering.map(
      (drawn): Draft =>
        (before) =>
          nodeService(drawn.common.name, servingOf(drawn, before)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(common, schedule).map(
      ([drawn, own]): Draft =>
        (before) =>
          scheduledJob(drawn.name, { ...containerOf(drawn, before), schedule: own }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(common, fc.option(jobRun, { nil: undefined })).map(
      ([drawn, run]): Draft =>
        (before) =>
          job(drawn.name, { ...containerOf(drawn, before), ...(run === undefined ? {} : { run }) }),
    ),
  },
);

/** An application of a few services, each of which may use those before it. */
export const randomApplication: fc.Arbitrary<ApplicationDeclaration> = fc
  .array(draft, { minLength: 1, maxLength: 3 })
  .map((drafts) => {
    const services: DeclaredService[] = [];
    for (const declare of drafts) {
      const declared = declare(services.filter(isServing));
      if (services.every(({ name }) => name !== declared.name)) {
        services.push(declared);
      }
    }
    return application({ name: "shop", team: "checkout", services });
  });

/** What an application makes; undefined when Slipway refuses it, which it does before anything is made. */
export async function deployRandom(
  declaration: ApplicationDeclaration,
  settings: Partial<StackSettings> = {},
): Promise<Recorded | undefined> {
  const resolved = accepted(declaration, { host: "shop.example.com", services: {}, ...settings });
  if (resolved === undefined) {
    return undefined;
  }
  const { stackTraceLimit } = Error;
  // The SDK takes a stack trace for each resource and promise: most of the time of a thousand applications.
  Error.stackTraceLimit = 0;
  try {
    return await deploy(
      () =>
        new Application("apps-shop", {
          application: resolved,
          platform: { ...platform, features: allFeatures },
          connect: connectionTo,
          pullSecrets: ["registry"],
        }),
    );
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function accepted(
  declaration: ApplicationDeclaration,
  settings: StackSettings,
): ResolvedApplication | undefined {
  try {
    return resolveApplications([{ declaration, settings }], {
      environment: "test",
      images,
      features: givenFeatures(allFeatures),
    })[0];
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) {
      return undefined;
    }
    throw error;
  }
}
