import type { SharedSpec } from "./application-file";
import type { WrittenUse } from "./demands";
import type { ServiceRequest } from "./request";

/** The function of "./declaration" that makes a service of a kind. */
export function makerOf({ kind }: Pick<ServiceRequest, "kind">): "service" | "scheduledJob" {
  return kind === "cron" ? "scheduledJob" : "service";
}

/** The port of a service that nobody said otherwise of. */
const defaultPort = 8080;

/**
 * The statement that declares a service; prettier lays it out. It asks `/live` and `/ready`, as the other
 * services here do, unless its application's services share something else.
 */
export function serviceText(
  variable: string,
  request: ServiceRequest,
  uses: readonly WrittenUse[],
  shared: SharedSpec | undefined,
): string {
  const fields = [
    ...(request.image === undefined ? [] : [`image: "${request.image}"`]),
    ...(request.kind === "cron" ? cronFields(request, shared) : servingFields(request, shared)),
    ...(uses.length === 0 ? [] : [`uses: { ${uses.map((use) => use.variable).join(", ")} }`]),
    ...environment(request, uses, shared),
    ...(request.path === undefined
      ? []
      : [`exposure: { ingress: { paths: [{ path: "${request.path}" }] } }`]),
  ];
  const spread = request.kind === "cron" || shared === undefined ? [] : [`...${shared.variable}`];
  const spec = [...spread, ...fields].join(",\n");
  return `const ${variable} = ${makerOf(request)}("${request.service}", {\n${spec},\n});`;
}

function cronFields(
  { schedule = "" }: ServiceRequest,
  shared: SharedSpec | undefined,
): readonly string[] {
  return [`schedule: { cron: ${JSON.stringify(schedule)} }`, resources(shared)];
}

function resources(shared: SharedSpec | undefined): string {
  return shared === undefined
    ? 'resources: { typical: { cpu: "100m", memory: "128Mi" } }'
    : `resources: ${shared.variable}.resources`;
}

function servingFields(request: ServiceRequest, shared: SharedSpec | undefined): readonly string[] {
  const name = shared?.port ?? "http";
  const number = portOf(request, shared);
  const port = request.kind === "worker" ? `{ number: ${number}, service: false }` : number;
  const ports = `ports: { ${name}: ${port} }`;
  if (shared !== undefined) {
    return request.kind === "worker" || request.port !== undefined ? [ports] : [];
  }
  return [
    ports,
    `probes: {
      liveness: { http: { path: "/live", port: "${name}" } },
      readiness: { http: { path: "/ready", port: "${name}" } },
    }`,
    resources(shared),
  ];
}

function portOf({ port }: ServiceRequest, shared: SharedSpec | undefined): string {
  return String(port ?? shared?.number ?? defaultPort);
}

/** A public image has an environment of its own; an own one is told where to listen. */
function environment(
  request: ServiceRequest,
  uses: readonly WrittenUse[],
  shared: SharedSpec | undefined,
): readonly string[] {
  const listens = request.kind !== "cron" && request.image === undefined;
  const env = new Map<string, string>(
    listens ? [["LISTEN_PORT", `"${portOf(request, shared).replaceAll("_", "")}"`]] : [],
  );
  for (const { prefix, env: variables } of uses) {
    for (const [name, value] of Object.entries(variables)) {
      env.set(env.has(name) ? `${prefix}_${name}` : name, value);
    }
  }
  const entries = [...env].map(([name, value]) => `${name}: ${value}`);
  return entries.length === 0 ? [] : [`env: { ${entries.join(", ")} }`];
}
