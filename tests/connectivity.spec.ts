import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import {
  exposedPaths,
  usedDemands,
  usedServices,
  type ApplicationDeclaration,
  type Connected,
} from "../components/apps/declaration";
import { fulfilment } from "../components/apps/fulfilment";
import { goreliable } from "../components/apps/goreliable";
import { onlineBoutique } from "../components/apps/online-boutique";
import { storefront } from "../components/apps/storefront";
import { portNumbers, servicePortNames } from "../components/apps/workload/ports";
import { isServing } from "../components/apps/workload/workload-shape";
import { monitoringPods } from "../components/platform/kube-prometheus-stack-values";
import { render } from "../sandbox/render/render";
import { silentProgress } from "../sandbox/terminal/progress";
import {
  connections,
  mayBeReached,
  mayReach,
  type Network,
  type NetworkPolicy,
  type Pods,
} from "./support/connectivity";

const scratch = mkdtempSync(join(tmpdir(), "slipway-connectivity-"));
const out = join(scratch, "out");
const applications = [storefront, goreliable, onlineBoutique, fulfilment];

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
}

interface Container {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
  };
}

/** Pods that the Postgres operator makes, with the labels and ports that its documentation names. */
const operatorPods: readonly Pods[] = [
  postgresPods("instance", { data: "postgres", role: "master" }, [5432, 8008, 8432, 9187]),
  postgresPods("pgbouncer", { role: "pgbouncer" }, [5432]),
  postgresPods("repo-host", { data: "pgbackrest" }, [8432]),
  postgresPods("backup", { "pgbackrest-backup": "replica-create" }, []),
];

/** Pods that the Prometheus operator makes. */
const monitoringOperatorPods: readonly Pods[] = [
  {
    name: "monitoring/prometheus",
    namespace: "monitoring",
    labels: monitoringPods.prometheus,
    ports: [{ number: 9090 }],
  },
  {
    name: "monitoring/alertmanager",
    namespace: "monitoring",
    labels: monitoringPods.alertmanager,
    ports: [{ number: 9093 }],
  },
];

function postgresPods(
  name: string,
  facts: Readonly<Record<string, string>>,
  ports: readonly number[],
): Pods {
  const labels = Object.entries({ cluster: "db", ...facts });
  return {
    name: `postgres/${name}`,
    namespace: "postgres",
    labels: Object.fromEntries(
      labels.map(([key, value]) => [`postgres-operator.crunchydata.com/${key}`, value]),
    ),
    ports: ports.map((number) => ({ number })),
  };
}

/** The kinds of demands, and where they are answered. */
const answering: Readonly<Record<string, readonly string[]>> = {
  database: ["postgres/pgbouncer:5432", "postgres/instance:5432"],
  stream: ["nats/nats:4222"],
  bucket: ["minio/minio:9000"],
};

const edge = "ingress-nginx/ingress-nginx-controller";

/** The edges of the declared graph: what each service uses, and what the edge passes on or asks. */
function declaredEdges({ name: space, services }: ApplicationDeclaration): readonly string[] {
  const portsOf = (service: Connected, names: readonly (string | undefined)[]) => {
    const numbers = isServing(service) ? portNumbers(service.ports) : {};
    return names.flatMap((name) => (name === undefined ? [] : (numbers[name] ?? [])));
  };
  return services.flatMap((service) => {
    const from = `${space}/${service.name}`;
    const exposed = exposedPaths(service);
    return [
      ...usedServices(service).flatMap((used) =>
        portsOf(used, servicePortNames(used.ports)).map(
          (port) => `${from} → ${space}/${used.name}:${String(port)}`,
        ),
      ),
      ...usedDemands(service)
        .flatMap(({ kind }) => answering[kind] ?? [])
        .map((target) => `${from} → ${target}`),
      ...exposed.flatMap(({ port }) => {
        const [only] = isServing(service) ? servicePortNames(service.ports) : [];
        return portsOf(service, [port ?? only]).map(
          (number) => `${edge} → ${from}:${String(number)}`,
        );
      }),
      ...("metrics" in service ? portsOf(service, [service.metrics?.port]) : []).map(
        (number) => `monitoring/prometheus → ${from}:${String(number)}`,
      ),
      ...exposed.flatMap(({ auth }) => {
        const asked = services.find(({ name }) => name === auth?.at.service);
        return asked === undefined
          ? []
          : portsOf(asked, [auth?.at.port]).map(
              (number) => `${edge} → ${space}/${asked.name}:${String(number)}`,
            );
      }),
    ];
  });
}

/** What no declaration says: how the parts of the platform and of the data services hang together. */
const systemEdges: readonly string[] = [
  // JetStream's routes, the Job that makes the streams, and the CronJob that compares them.
  "nats/nats → nats/nats:6222",
  "nats/nats-streams → nats/nats:4222",
  "nats/nats-streams-check → nats/nats:4222",
  // MinIO's peers, and the Job that makes the buckets.
  "minio/minio → minio/minio:9000",
  "minio/minio-buckets → minio/minio:9000",
  // Patroni, replication, the pooler and pgBackRest.
  ...["instance", "pgbouncer", "repo-host", "backup"].flatMap((from) => [
    `postgres/${from} → postgres/instance:5432`,
    `postgres/${from} → postgres/instance:8008`,
    `postgres/${from} → postgres/instance:8432`,
    `postgres/${from} → postgres/pgbouncer:5432`,
    `postgres/${from} → postgres/repo-host:8432`,
  ]),
  // KEDA looks at the queue it scales on, and answers its own metrics server.
  "keda/keda-operator → nats/nats:8222",
  "keda/keda-operator-metrics-apiserver → keda/keda-operator:9666",
  // Prometheus collects, alerts, and is asked.
  "monitoring/prometheus → nats/nats:7777",
  "monitoring/prometheus → minio/minio:9000",
  "monitoring/prometheus → postgres/instance:9187",
  // The metrics server is reached from anywhere: the API server asks it.
  ...["cert-manager", "cert-manager-cainjector", "cert-manager-webhook"].map(
    (to) => `monitoring/prometheus → cert-manager/${to}:9402`,
  ),
  ...["", "-cert-controller", "-webhook"].map(
    (part) => `monitoring/prometheus → external-secrets/external-secrets${part}:8080`,
  ),
  "monitoring/prometheus → ingress-nginx/ingress-nginx-controller:10254",
  "monitoring/prometheus → keda/keda-operator:8080",
  "monitoring/prometheus → reloader/reloader-reloader:9090",
  "monitoring/prometheus → vertical-pod-autoscaler/vertical-pod-autoscaler-recommender:8942",
  "monitoring/prometheus → monitoring/alertmanager:9093",
  "monitoring/alertmanager → monitoring/alertmanager:9093",
  "monitoring/prometheus → monitoring/prometheus:9090",
  "prometheus-adapter/prometheus-adapter → monitoring/prometheus:9090",
];

/**
 * Ports that any address may call, because the API server has none that a label selects: webhooks, and
 * the APIs that it passes requests on to. Who may call the API server, or goes out on such a port, may.
 */
const openPorts: readonly string[] = [
  `${edge}:80`,
  `${edge}:443`,
  `${edge}:8443`,
  "cert-manager/cert-manager-webhook:10250",
  "external-secrets/external-secrets-webhook:10250",
  "keda/keda-admission-webhooks:9443",
  "keda/keda-operator-metrics-apiserver:6443",
  "metrics-server/metrics-server:10250",
  "monitoring/kube-prometheus-stack-operator:10250",
  "prometheus-adapter/prometheus-adapter:6443",
];

/** A Job's name ends with the hash of what it does. */
const withoutHash = (edgeText: string): string => edgeText.replace(/-[0-9a-f]{10}( →|:)/, "$1");

describe("the network of the production stack", function () {
  this.timeout("10m");
  let network: Network;

  before(async () => {
    const folder = join(scratch, "sandbox");
    await render({ stack: "production", out, folder, offline: true, progress: silentProgress });
    network = readNetwork();
  });
  after(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  function readNetwork(): Network {
    const manifests = readdirSync(out, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => parse(readFileSync(join(out, file), "utf8")) as Manifest);
    const namespaces = manifests.filter(({ kind }) => kind === "Namespace");
    return {
      pods: [...manifests.flatMap(podsOf), ...operatorPods, ...monitoringOperatorPods],
      policies: manifests.filter(({ kind }) => kind === "NetworkPolicy") as NetworkPolicy[],
      namespaces: Object.fromEntries(
        namespaces.map(({ metadata: { name, labels } }) => [
          name,
          { ...labels, "kubernetes.io/metadata.name": name },
        ]),
      ),
    };
  }

  function podsOf({ metadata, spec }: Manifest): readonly Pods[] {
    const template = spec?.jobTemplate?.spec.template ?? spec?.template;
    const containers = template?.spec?.containers;
    if (containers === undefined) {
      return [];
    }
    const namespace = metadata.namespace ?? "default";
    return [
      {
        name: `${namespace}/${metadata.name}`,
        namespace,
        labels: template?.metadata?.labels ?? {},
        ports: [...containers, ...(template?.spec?.initContainers ?? [])].flatMap(
          ({ ports = [] }) =>
            ports.map(({ name, containerPort }) => ({ name, number: containerPort })),
        ),
      },
    ];
  }

  function pods(name: string): Pods {
    const found = network.pods.find((each) => each.name === name);
    expect(found, name).not.to.equal(undefined);
    return found as Pods;
  }

  /** The Jobs beside a rollout are their service as far as the network knows. */
  function isJobOfService(connection: string): boolean {
    return /-(migration|smoke-test)(-[0-9a-f]{10})? →/.test(connection);
  }

  function isOpen(connection: string): boolean {
    return openPorts.some((port) => connection.endsWith(` → ${port}`));
  }

  it("has the edges of the declared graph and those of the system, and no other", () => {
    const expected = new Set([...applications.flatMap(declaredEdges), ...systemEdges]);
    const found = new Set(
      connections(network)
        .filter((connection) => !isOpen(connection) && !isJobOfService(connection))
        .map(withoutHash),
    );
    expect(
      [...found].filter((connection) => !expected.has(connection)),
      "too much",
    ).to.deep.equal([]);
    expect(
      [...expected].filter((connection) => !found.has(connection)),
      "missing",
    ).to.deep.equal([]);
  });

  it("gives a migration the ways of its service, and no other", () => {
    const all = connections(network);
    const of = (name: string): readonly string[] =>
      all
        .filter((connection) => withoutHash(connection).startsWith(`${name} →`))
        .map((connection) => connection.slice(connection.indexOf("→")));
    expect(of("goreliable/order-service-migration")).to.deep.equal(of("goreliable/order-service"));
  });

  it("lets clients in at the edge and at what the API server calls, and nowhere else", () => {
    const reached = network.pods.flatMap((target) =>
      target.ports
        .filter(({ number }) => mayBeReached(network, target, "198.51.100.7", number))
        .map(({ number }) => `${target.name}:${String(number)}`),
    );
    expect(reached).to.have.members(openPorts);
  });

  it("lets an application out of the cluster only to what it names", () => {
    const payments = pods("fulfilment/payments");
    expect(mayReach(network, payments, "203.0.113.10", 443)).to.equal(true);
    expect(mayReach(network, payments, "198.51.100.7", 8443)).to.equal(false);
    for (const name of [
      "storefront/auth",
      "online-boutique/paymentservice",
      "goreliable/ml-gateway",
    ]) {
      expect(mayReach(network, pods(name), "198.51.100.7", 443), name).to.equal(false);
    }
  });

  it("cuts a pod off that no policy was written for", () => {
    for (const { name: namespace } of applications) {
      const stranger: Pods = { name: "stranger", namespace, labels: { app: "x" }, ports: [] };
      const all = connections({ ...network, pods: [...network.pods, stranger] });
      expect(all.filter((connection) => connection.includes("stranger"))).to.deep.equal([]);
    }
  });
});
