import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { toSeconds, type Duration } from "../../kit/duration";
import type { Problem } from "../../kit/problem";
import { hostName } from "../../settings/values";

/** A request that the proxy makes for each request of a client, before it lets that one through. */
export interface ProxyAuth {
  /**
   * The URL inside the cluster that answers 2xx to let the request through, and 401 or 403 to refuse
   * it. It gets the original method and URL as `X-Original-Method` and `X-Original-URL`.
   */
  readonly url: string;
  /**
   * Headers of its answer that are passed on to the service, such as the user's name.
   * @default - none
   */
  readonly responseHeaders?: readonly string[];
}

/** A path that clients outside the cluster can reach. */
export interface ExposedPath<Port extends string = string> {
  /** The path, with its leading slash: letters, digits, `-`, `_`, `.` and `/`. */
  readonly path: string;
  /**
   * Whether what is below the path belongs to it too.
   * @default "Prefix"
   */
  readonly match?: "Prefix" | "Exact";
  /**
   * The port that serves it, by name.
   * @default - the only port of the workload's Service
   */
  readonly port?: Port;
  /**
   * Who is asked first, for every method.
   * @default - nobody: the path is public
   */
  readonly auth?: ProxyAuth;
}

/** How fast an answer is sent on each connection; the proxy keeps what the service has said already. */
export interface ResponseRate {
  /** Kibibytes each second. */
  readonly kibibytesPerSecond: number;
  /**
   * Kibibytes of each answer that are sent at full speed first.
   * @default 0
   */
  readonly afterKibibytes?: number;
}

/** How much one client address may ask of each replica of the proxy. */
export interface RateLimit {
  /**
   * Requests each second; five times as many in a burst.
   * @default - not limited
   */
  readonly requestsPerSecond?: number;
  /**
   * Connections at a time.
   * @default - not limited
   */
  readonly connections?: number;
  /**
   * How fast its answers are sent.
   * @default - not limited
   */
  readonly response?: ResponseRate;
}

/**
 * A size in nginx's notation: `"512k"`, `"8m"`, `"1g"`.
 * @form a size such as "512k", "8m" or "1g"
 */
export type BodySize = `${number}${"k" | "m" | "g"}`;

/** How long the proxy waits for the service. */
export interface ProxyTimeouts {
  /**
   * For a connection; at most 75 seconds.
   * @default - the controller's: 5 seconds
   */
  readonly connect?: Duration;
  /**
   * Between two reads of the answer.
   * @default - the controller's: 60 seconds
   */
  readonly read?: Duration;
  /**
   * Between two writes of the request.
   * @default - the controller's: 60 seconds
   */
  readonly send?: Duration;
}

/** An Ingress host and the paths under it. */
export interface IngressExposure<Port extends string = string> {
  /** The host name. */
  readonly host: string;
  /** The IngressClass of the controller that serves it. */
  readonly className: string;
  /**
   * What has to answer before an Ingress can be made: the controller's admission webhook.
   * @default - nothing
   */
  readonly after?: readonly pulumi.Resource[];
  /** The Secret with the host's TLS certificate, in the workload's namespace. */
  readonly tlsSecret: string;
  /** The paths; at least one. */
  readonly paths: readonly ExposedPath<Port>[];
  /**
   * The limit for one client.
   * @default - none
   */
  readonly rateLimit?: RateLimit;
  /**
   * The largest request body, in nginx's notation.
   * @default - the controller's: 1m
   */
  readonly bodySize?: BodySize;
  /**
   * How long the proxy waits.
   * @default - the controller's
   */
  readonly timeouts?: ProxyTimeouts;
}

/** How clients outside the cluster reach a workload. */
export type Exposure<Port extends string = string> =
  | "none"
  | {
      /** Through ingress-nginx. */
      readonly ingress: IngressExposure<Port>;
    };

/** One Ingress object of a workload. */
export interface IngressObject {
  /** The object's name. */
  readonly name: string;
  /** What the controller reads beside the spec. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Hosts, paths and TLS. */
  readonly spec: kubernetes.types.input.networking.v1.IngressSpec;
}

const prefix = "nginx.ingress.kubernetes.io";

/**
 * The Ingress objects of a workload: annotations hold for a whole object, so there is one for the
 * public paths and one for each authority that is asked. `ports` are the names of its Service's ports,
 * `backend` the Service's own.
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
export function ingressObjects(
  service: string,
  exposure: IngressExposure,
  ports: readonly string[],
  backend = service,
): readonly IngressObject[] {
  const authorities = new Map(exposure.paths.map(({ auth }) => [auth?.url, auth]));
  return [...authorities].map(([url, auth]) => ({
    name: ingressName(service, auth),
    annotations: { ...commonAnnotations(exposure), ...authAnnotations(auth) },
    spec: {
      ingressClassName: exposure.className,
      tls: [{ hosts: [exposure.host], secretName: exposure.tlsSecret }],
      rules: [
        {
          host: exposure.host,
          http: {
            paths: exposure.paths
              .filter((path) => path.auth?.url === url)
              .map(({ path, match, port }) => ({
                path,
                pathType: match ?? "Prefix",
                backend: { service: { name: backend, port: { name: port ?? ports[0] } } },
              })),
          },
        },
      ],
    },
  }));
}

/** `orders` for public paths, `orders-authz` for those that `/authz` decides about. */
function ingressName(service: string, auth: ProxyAuth | undefined): string {
  if (auth === undefined) {
    return service;
  }
  const path = new URL(auth.url).pathname.toLowerCase();
  return [service, ...path.split(/[^a-z0-9]+/).filter((part) => part !== "")].join("-");
}

function commonAnnotations(exposure: IngressExposure): Record<string, string> {
  const { rateLimit, bodySize, timeouts } = exposure;
  return annotations({
    "limit-rps": rateLimit?.requestsPerSecond,
    "limit-connections": rateLimit?.connections,
    ...responseRate(rateLimit?.response),
    "proxy-body-size": bodySize,
    "proxy-connect-timeout": seconds(timeouts?.connect),
    "proxy-read-timeout": seconds(timeouts?.read),
    "proxy-send-timeout": seconds(timeouts?.send),
  });
}

/** The controller slows answers only down where it keeps them. */
function responseRate(
  rate: ResponseRate | undefined,
): Readonly<Record<string, string | number | undefined>> {
  return rate === undefined
    ? {}
    : {
        "limit-rate": rate.kibibytesPerSecond,
        "limit-rate-after": rate.afterKibibytes ?? 0,
        "proxy-buffering": "on",
      };
}

function authAnnotations(auth: ProxyAuth | undefined): Record<string, string> {
  return annotations({
    "auth-url": auth?.url,
    "auth-response-headers": auth?.responseHeaders?.join(","),
  });
}

function annotations(
  values: Readonly<Record<string, string | number | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[`${prefix}/${key}`, String(value)]],
    ),
  );
}

function seconds(duration: Duration | undefined): number | undefined {
  return duration === undefined ? undefined : toSeconds(duration);
}

/**
 * The controller refuses other characters in a path that is not a regular expression; the API server
 * refuses empty steps, and those that lead nowhere or up.
 */
const pathPattern = /^(?!.*(\/\/|\/\.\.?(\/|$)))\/[A-Za-z0-9/_.-]*$/;

/** nginx cannot wait longer for a connection. */
const longestConnectSeconds = 75;

/** What of an exposure can be judged before it is known who serves it. */
export interface ExposureShape extends Pick<
  IngressExposure,
  "bodySize" | "rateLimit" | "timeouts"
> {
  /**
   * The host name.
   * @default - the stack's settings have it
   */
  readonly host?: string;
  /** The paths, whoever is asked about them. */
  readonly paths: readonly (Pick<ExposedPath, "path" | "port"> & {
    /**
     * Who is asked first.
     * @default - nobody: the path is public
     */
    readonly auth?: unknown;
  })[];
}

/** What is wrong with an exposure; `ports` are those that the workload's Service has. */
export function exposureProblems(
  exposure: ExposureShape,
  ports: readonly string[],
): readonly Problem[] {
  return [
    ...hostProblems(exposure.host),
    ...(exposure.paths.length > 0
      ? []
      : [
          {
            field: "paths",
            message: "got none; name at least one path, or leave the exposure out.",
          },
        ]),
    ...exposure.paths.flatMap((path, index) =>
      pathProblems(`paths[${String(index)}]`, path, ports),
    ),
    ...rateProblems(exposure.rateLimit ?? {}),
    ...bodyProblems(exposure.bodySize),
    ...timeoutProblems(exposure.timeouts ?? {}),
  ];
}

function hostProblems(host: string | undefined): readonly Problem[] {
  return host === undefined || hostName.safeParse(host).success
    ? []
    : [
        {
          field: "host",
          message: `got "${host}"; it has to be a host name such as "shop.example.com".`,
        },
      ];
}

function pathProblems(
  field: string,
  { path, port }: Pick<ExposedPath, "path" | "port">,
  ports: readonly string[],
): readonly Problem[] {
  const problems: Problem[] = [];
  if (!pathPattern.test(path)) {
    problems.push({
      field: `${field}.path`,
      message: `got "${path}"; a path starts with a slash and has only letters, digits, "-", "_", "." and single slashes.`,
    });
  }
  if (port === undefined && ports.length !== 1) {
    problems.push({
      field: `${field}.port`,
      message: `is missing; the Service has ${ports.length === 0 ? "no port" : `the ports ${ports.join(", ")}`}. Name the one that serves the path.`,
    });
  }
  if (port !== undefined && !ports.includes(port)) {
    problems.push({
      field: `${field}.port`,
      message: `got "${port}"; the Service's ports are ${ports.length === 0 ? "none" : ports.join(", ")}. Declare the port, or use one of these.`,
    });
  }
  return problems;
}

function rateProblems({ requestsPerSecond, connections, response }: RateLimit): readonly Problem[] {
  const amounts = [
    ["requestsPerSecond", requestsPerSecond, 1],
    ["connections", connections, 1],
    ["response.kibibytesPerSecond", response?.kibibytesPerSecond, 1],
    ["response.afterKibibytes", response?.afterKibibytes, 0],
  ] as const;
  return amounts.flatMap(([field, amount, least]) =>
    amount === undefined || (Number.isInteger(amount) && amount >= least)
      ? []
      : [
          {
            field: `rateLimit.${field}`,
            message: `got ${String(amount)}; it has to be a whole number, at least ${String(least)}. Leave it out for no limit.`,
          },
        ],
  );
}

function bodyProblems(bodySize: string | undefined): readonly Problem[] {
  return bodySize === undefined || /^[1-9][0-9]*[kmg]$/.test(bodySize)
    ? []
    : [
        {
          field: "bodySize",
          message: `got "${bodySize}"; nginx reads a whole number with k, m or g, such as "20m".`,
        },
      ];
}

function timeoutProblems(timeouts: ProxyTimeouts): readonly Problem[] {
  const { connect } = timeouts;
  const none = (["connect", "read", "send"] as const).flatMap((field) => {
    const timeout = timeouts[field];
    return timeout === undefined || toSeconds(timeout) > 0
      ? []
      : [{ field: `timeouts.${field}`, message: `got "${timeout}"; it has to be above zero.` }];
  });
  return connect === undefined || toSeconds(connect) <= longestConnectSeconds
    ? none
    : [
        ...none,
        {
          field: "timeouts.connect",
          message: `got "${connect}"; nginx waits at most ${String(longestConnectSeconds)}s for a connection.`,
        },
      ];
}
