import type { NetworkPeer } from "../kit/connection";
import { containerSecurityContext, podSecurityContext } from "../kit/hardening";
import { parseQuantity } from "../kit/quantity";
import { containerResources, type ContainerResources } from "../kit/resources";
import type { Monitoring } from "../platform";
import type { NatsSettings } from "../settings/data";
import {
  passwordEnv,
  userConfig,
  type NatsEnvFromSecret,
  type NatsUser,
  type NatsUserConfig,
} from "./nats-access";

/** The labels of the servers' pods. */
export const serverLabels = {
  "app.kubernetes.io/name": "nats",
  "app.kubernetes.io/instance": "nats",
  "app.kubernetes.io/component": "nats",
} as const;

/** The ports that clients use, by which servers form a cluster, and where they say how they are. */
export const clientPort = 4222;
export const routePort = 6222;
export const monitorPort = 8222;

/** The port on which the exporter beside a server tells its metrics. */
export const exporterPort = 7777;

export interface NatsValuesArgs {
  /** What the stack says of NATS. */
  readonly settings: NatsSettings;
  /** The user of the account that the servers' own events are in. */
  readonly systemUser: NatsUser;
  /** The users of each other account. */
  readonly accounts: Readonly<Record<string, readonly NatsUser[]>>;
  /** The Secret that holds the certificate and the authority of the routes between servers. */
  readonly routeCertificate: string;
  /** The Secret that holds the certificate that clients see, and its authority's. */
  readonly clientCertificate: string;
  /**
   * What scrapes the servers.
   * @default - they have no exporter
   */
  readonly monitoring?: Pick<Monitoring, "labels">;
}

interface ExecProbe {
  readonly exec: { readonly command: readonly string[] };
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

interface TcpProbe {
  readonly tcpSocket: { readonly port: number };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/** A spread constraint, by topology key: the chart adds the selector. */
interface SpreadValues {
  readonly maxSkew: number;
  readonly whenUnsatisfiable: "ScheduleAnyway" | "DoNotSchedule";
  readonly nodeTaintsPolicy?: "Honor";
}

type SecurityContext = ReturnType<typeof containerSecurityContext>;

/** The values of the chart that we set. */
export interface NatsValues {
  readonly fullnameOverride: string;
  readonly tlsCA: { readonly enabled: boolean; readonly secretName: string };
  readonly config: {
    readonly cluster: {
      readonly enabled: boolean;
      readonly replicas: number;
      readonly tls: { readonly enabled: boolean; readonly secretName: string };
    };
    readonly nats: { readonly tls: { readonly enabled: boolean; readonly secretName: string } };
    readonly jetstream: {
      readonly enabled: boolean;
      readonly fileStore: {
        readonly enabled: boolean;
        /** @default - there is no file store */
        readonly dir?: string;
        /** @default - there is no file store */
        readonly maxSize?: string;
        /** @default - there is no file store */
        readonly pvc?: {
          readonly enabled: boolean;
          readonly size: string;
          /** @default - the cluster's default StorageClass */
          readonly storageClassName?: string;
        };
      };
      readonly memoryStore: {
        readonly enabled: boolean;
        /** @default - there is no memory store */
        readonly maxSize?: string;
      };
    };
    readonly monitor: { readonly enabled: boolean };
    /** What the server's configuration holds beside what the chart writes. */
    readonly merge: {
      readonly max_payload: string;
      readonly write_deadline: string;
      readonly accounts: {
        readonly SYS: { readonly users: readonly NatsUserConfig[] };
        readonly [account: string]: {
          /** @default - it has no streams */
          readonly jetstream?: "enabled";
          readonly users: readonly NatsUserConfig[];
        };
      };
      readonly system_account: "SYS";
    };
  };
  readonly container: {
    readonly env: Readonly<Record<string, string | NatsEnvFromSecret>>;
    readonly merge: {
      readonly startupProbe: { readonly httpGet: { readonly path: string } };
      readonly resources: ContainerResources;
      readonly securityContext: SecurityContext;
    };
  };
  readonly reloader: {
    readonly enabled: boolean;
    readonly merge: {
      readonly resources: ContainerResources;
      readonly securityContext: SecurityContext;
      readonly livenessProbe: ExecProbe;
      readonly readinessProbe: ExecProbe;
    };
  };
  readonly promExporter: {
    readonly enabled: boolean;
    /** @default - there is no exporter */
    readonly merge?: {
      readonly resources: ContainerResources;
      readonly securityContext: SecurityContext;
      readonly livenessProbe: TcpProbe;
      readonly readinessProbe: TcpProbe;
    };
    /** @default - there is no exporter */
    readonly podMonitor?: {
      readonly enabled: boolean;
      readonly merge: {
        readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      };
    };
  };
  readonly podTemplate: {
    readonly topologySpreadConstraints: Readonly<Record<string, SpreadValues>>;
    readonly merge: {
      readonly spec: {
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: ReturnType<typeof podSecurityContext>;
      };
    };
  };
  readonly podDisruptionBudget: { readonly enabled: boolean };
  readonly serviceAccount: { readonly enabled: boolean };
  readonly natsBox: { readonly enabled: boolean };
}

/** The values of the NATS chart. */
export function natsValues(args: NatsValuesArgs): NatsValues {
  const { settings } = args;
  const clustered = settings.servers > 1;
  const resources = serverResources(settings);
  return {
    fullnameOverride: "nats",
    // One authority signs both certificates.
    tlsCA: {
      enabled: clustered || settings.tls,
      secretName: clustered ? args.routeCertificate : args.clientCertificate,
    },
    config: {
      cluster: {
        enabled: clustered,
        replicas: settings.servers,
        // Both ends of a route show a certificate, which keeps anyone else out of the cluster.
        tls: { enabled: clustered, secretName: args.routeCertificate },
      },
      nats: { tls: { enabled: settings.tls, secretName: args.clientCertificate } },
      jetstream: { enabled: true, ...jetStreamStores(settings.storage) },
      // The chart's probes exist only while this is on.
      monitor: { enabled: true },
      merge: {
        max_payload: "<< 2MB >>",
        write_deadline: "10s",
        accounts: {
          SYS: { users: [userConfig(args.systemUser)] },
          ...Object.fromEntries(
            Object.entries(args.accounts).map(([account, users]) => [
              account,
              { jetstream: "enabled" as const, users: users.map(userConfig) },
            ]),
          ),
        },
        system_account: "SYS",
      },
    },
    container: {
      env: {
        GOMEMLIMIT: goMemoryLimit(resources),
        ...passwordEnv([args.systemUser, ...Object.values(args.accounts).flat()]),
      },
      merge: {
        // The chart's path checks every stream and consumer: one broken consumer would block a
        // rolling update of all servers (https://github.com/nats-io/k8s/issues/1140).
        startupProbe: { httpGet: { path: "/healthz?js-server-only=true" } },
        resources,
        securityContext: containerSecurityContext(),
      },
    },
    reloader: {
      enabled: true,
      merge: {
        resources: containerResources({ typical: { cpu: "10m", memory: "32Mi" } }),
        securityContext: containerSecurityContext(),
        // It serves nothing. That the process it has to signal is there is what can be asked; the pod
        // shares one process namespace and both containers mount the file.
        livenessProbe: shellProbe('kill -0 "$(cat /var/run/nats/nats.pid)"', 30, 5),
        readinessProbe: shellProbe("test -s /var/run/nats/nats.pid", 10, 3),
      },
    },
    promExporter: exporter(args.monitoring),
    podTemplate: {
      topologySpreadConstraints: {
        "topology.kubernetes.io/zone": { maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" },
        // Two servers on one node would lose the majority of three with it. Nodes that take no such
        // pod at all are not counted.
        "kubernetes.io/hostname": {
          maxSkew: 1,
          whenUnsatisfiable: "DoNotSchedule",
          nodeTaintsPolicy: "Honor",
        },
      },
      merge: {
        spec: {
          automountServiceAccountToken: false,
          // One user for all containers of the pod, else the reloader may not signal the server.
          securityContext: podSecurityContext(1000),
        },
      },
    },
    podDisruptionBudget: { enabled: clustered },
    serviceAccount: { enabled: true },
    // A shell with credentials has no place beside the servers.
    natsBox: { enabled: false },
  };
}

/** The exporter beside each server: it serves nothing but its metrics, which readiness need not wait for. */
function exporter(monitoring: NatsValuesArgs["monitoring"]): NatsValues["promExporter"] {
  if (monitoring === undefined) {
    return { enabled: false };
  }
  const tcpSocket = { port: exporterPort };
  return {
    enabled: true,
    merge: {
      resources: containerResources({ typical: { cpu: "10m", memory: "32Mi" } }),
      securityContext: containerSecurityContext(),
      livenessProbe: { tcpSocket, periodSeconds: 30, failureThreshold: 5 },
      readinessProbe: { tcpSocket, periodSeconds: 10, failureThreshold: 3 },
    },
    podMonitor: { enabled: true, merge: { metadata: { labels: monitoring.labels } } },
  };
}

/** The requests and limits of a server; streams in memory come on top of what it needs itself. */
export function serverResources(settings: NatsSettings): ContainerResources {
  const own = containerResources({ typical: settings.resources });
  if (settings.storage.kind === "file") {
    return own;
  }
  const store = parseQuantity(settings.storage.size);
  const withStore = (memory: string): string => mebibytes(parseQuantity(memory) + store);
  return {
    requests: { ...own.requests, memory: withStore(own.requests.memory) },
    limits: { ...own.limits, memory: withStore(own.limits.memory) },
  };
}

/**
 * Where the Go runtime starts to collect garbage hard: at 85 % of the limit, so that the kernel does
 * not end the server first.
 * @see https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
export function goMemoryLimit({ limits }: ContainerResources): string {
  return `${mebibytes(parseQuantity(limits.memory) * 0.85)}B`;
}

/**
 * Where JetStream keeps its streams. A file system is smaller than its volume and fails when it is
 * full, so the server may use nine tenths of it.
 */
export function jetStreamStores(
  storage: NatsSettings["storage"],
): Pick<NatsValues["config"]["jetstream"], "fileStore" | "memoryStore"> {
  if (storage.kind === "memory") {
    return {
      fileStore: { enabled: false },
      memoryStore: { enabled: true, maxSize: mebibytes(parseQuantity(storage.size)) },
    };
  }
  return {
    fileStore: {
      enabled: true,
      dir: "/data",
      maxSize: mebibytes(parseQuantity(storage.size) * 0.9),
      pvc: {
        enabled: true,
        size: storage.size,
        ...(storage.storageClass === undefined ? {} : { storageClassName: storage.storageClass }),
      },
    },
    memoryStore: { enabled: false },
  };
}

/** Whole mebibytes, rounded down: a unit that Kubernetes and the server both read. */
function mebibytes(bytes: number): string {
  return `${String(Math.floor(bytes / 2 ** 20))}Mi`;
}

function shellProbe(command: string, periodSeconds: number, failureThreshold: number): ExecProbe {
  return {
    exec: { command: ["sh", "-c", command] },
    initialDelaySeconds: 10,
    periodSeconds,
    timeoutSeconds: 5,
    failureThreshold,
  };
}

/** The servers, as their clients reach them. */
export const serverPeer: NetworkPeer = {
  namespace: "nats",
  podLabels: serverLabels,
  ports: [clientPort],
};
