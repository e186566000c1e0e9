import { expect } from "chai";
import fc from "fast-check";
import type { NatsUser } from "../../components/data/nats-access";
import {
  goMemoryLimit,
  jetStreamStores,
  natsValues,
  serverPeer,
  serverResources,
} from "../../components/data/nats-values";
import { parseQuantity } from "../../components/kit/quantity";
import { chartFact, unknownKeys } from "../support/chart-facts";
import { allFeatures, dataOf } from "../support/rooms";

const user = (name: string): NatsUser => ({
  user: name,
  password: { secret: `secret-of-${name}`, key: "password" },
});

function valuesOf(nats: object = {}) {
  return natsValues({
    settings: dataOf({ nats }).nats,
    systemUser: user("system"),
    accounts: {
      APP: [
        user("admin"),
        { ...user("web-shop"), permissions: { publish: ["msg.a"], subscribe: ["_INBOX.>"] } },
      ],
      PREVIEW_1: [user("admin-preview-1")],
    },
    routeCertificate: "nats-routes",
    clientCertificate: "nats-clients",
    monitoring: allFeatures.monitoring,
  });
}

describe("the values of NATS", () => {
  const values = valuesOf();

  it("form a cluster of the stack's servers", () => {
    expect(values.config.cluster).to.include({ enabled: true, replicas: 3 });
  });

  it("have the servers prove who they are to each other", () => {
    expect(values.config.cluster.tls).to.deep.equal({ enabled: true, secretName: "nats-routes" });
    expect(values.tlsCA).to.deep.equal({ enabled: true, secretName: "nats-routes" });
  });

  it("have the servers prove who they are to clients, by a certificate of the same authority", () => {
    expect(values.config.nats.tls).to.deep.equal({ enabled: true, secretName: "nats-clients" });
    const single = valuesOf({ servers: 1 });
    expect(single.tlsCA).to.deep.equal({ enabled: true, secretName: "nats-clients" });
    expect(valuesOf({ tls: false }).config.nats.tls.enabled).to.equal(false);
  });

  it("have an exporter beside each server, which Prometheus finds, where the stack has one", () => {
    const { promExporter } = values;
    expect(promExporter.podMonitor).to.deep.equal({
      enabled: true,
      merge: { metadata: { labels: { release: "monitoring" } } },
    });
    expect(promExporter.merge?.livenessProbe.tcpSocket).to.deep.equal({ port: 7777 });
    expect(promExporter.merge?.resources.limits).to.have.keys(["cpu", "memory"]);
    const settings = dataOf().nats;
    const args = { settings, systemUser: user("system"), accounts: {} };
    const without = natsValues({ ...args, routeCertificate: "a", clientCertificate: "b" });
    expect(without.promExporter).to.deep.equal({ enabled: false });
  });

  it("find the pods by the chart's own labels, under the name that clients know", () => {
    expect(values.fullnameOverride).to.equal("nats");
    expect(serverPeer).to.deep.equal({
      namespace: "nats",
      podLabels: {
        "app.kubernetes.io/name": "nats",
        "app.kubernetes.io/instance": "nats",
        "app.kubernetes.io/component": "nats",
      },
      ports: [4222],
    });
  });

  it("give the applications JetStream", () => {
    expect(values.config.jetstream.enabled).to.equal(true);
    expect(values.config.merge.accounts.APP?.jetstream).to.equal("enabled");
  });

  it("keep the monitoring port, which the chart's probes ask", () => {
    expect(values.config.monitor.enabled).to.equal(true);
  });

  it("bound a message and the wait for a slow client", () => {
    expect(values.config.merge).to.include({ max_payload: "<< 2MB >>", write_deadline: "10s" });
  });

  it("run the pods as a ServiceAccount of their own", () => {
    expect(values.serviceAccount.enabled).to.equal(true);
  });

  it("form no cluster of one server, which nobody has to prove anything to", () => {
    const single = valuesOf({ servers: 1 });
    expect(single.config.cluster.enabled).to.equal(false);
    expect(single.config.cluster.tls.enabled).to.equal(false);
    expect(valuesOf({ servers: 1, tls: false }).tlsCA.enabled).to.equal(false);
  });

  it("protect a cluster with a disruption budget, and not a single server", () => {
    expect(values.podDisruptionBudget.enabled).to.equal(true);
    expect(valuesOf({ servers: 1 }).podDisruptionBudget.enabled).to.equal(false);
  });

  it("keep streams on a volume of the stack's size and class", () => {
    const stores = valuesOf({
      storage: { kind: "file", size: "20Gi", storageClass: "fast" },
    }).config.jetstream;
    expect(stores.fileStore).to.include({ enabled: true, dir: "/data" });
    expect(stores.fileStore.pvc).to.deep.equal({
      enabled: true,
      size: "20Gi",
      storageClassName: "fast",
    });
    expect(stores.memoryStore.enabled).to.equal(false);
  });

  it("keep streams in memory when the stack says so, without any volume", () => {
    const stores = valuesOf({ storage: { kind: "memory", size: "512Mi" } }).config.jetstream;
    expect(stores.fileStore).to.deep.equal({ enabled: false });
    expect(stores.memoryStore).to.deep.equal({ enabled: true, maxSize: "512Mi" });
  });

  it("name each password by a variable, which comes from a Secret", () => {
    expect(values.config.merge.accounts.APP?.users[1]).to.deep.equal({
      user: "web-shop",
      password: "<< $NATS_PASSWORD_WEB_SHOP >>",
      permissions: { publish: ["msg.a"], subscribe: ["_INBOX.>"] },
    });
    expect(values.container.env.NATS_PASSWORD_WEB_SHOP).to.deep.equal({
      valueFrom: { secretKeyRef: { name: "secret-of-web-shop", key: "password" } },
    });
  });

  it("keep the servers' own events in an account that no application is in", () => {
    const { accounts, system_account } = values.config.merge;
    expect(system_account).to.equal("SYS");
    expect(accounts.SYS.users.map(({ user: name }) => name)).to.deep.equal(["system"]);
    expect(accounts.APP?.users.map(({ user: name }) => name)).to.deep.equal(["admin", "web-shop"]);
  });

  it("keep the users of each account apart, each account with streams of its own", () => {
    const { PREVIEW_1: preview } = values.config.merge.accounts;
    expect(preview).to.deep.equal({
      jetstream: "enabled",
      users: [{ user: "admin-preview-1", password: "<< $NATS_PASSWORD_ADMIN_PREVIEW_1 >>" }],
    });
    expect(values.container.env).to.include.keys("NATS_PASSWORD_ADMIN_PREVIEW_1");
  });

  it("let a rolling update pass a broken consumer", () => {
    expect(values.container.merge.startupProbe.httpGet.path).to.equal(
      "/healthz?js-server-only=true",
    );
  });

  it("probe the reloader, which the chart does not", () => {
    const { enabled, merge } = values.reloader;
    expect(enabled).to.equal(true);
    expect(merge.livenessProbe).to.deep.equal({
      exec: { command: ["sh", "-c", 'kill -0 "$(cat /var/run/nats/nats.pid)"'] },
      initialDelaySeconds: 10,
      periodSeconds: 30,
      timeoutSeconds: 5,
      failureThreshold: 5,
    });
    expect(merge.readinessProbe).to.deep.equal({
      exec: { command: ["sh", "-c", "test -s /var/run/nats/nats.pid"] },
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
  });

  it("limit the server and the reloader", () => {
    expect(values.container.merge.resources.limits).to.deep.equal({
      cpu: "800m",
      memory: "1024Mi",
    });
    expect(values.reloader.merge.resources.limits).to.deep.equal({ cpu: "40m", memory: "64Mi" });
  });

  it("run all containers of a pod as one user, under the restricted standard", () => {
    expect(values.podTemplate.merge.spec.securityContext).to.include({
      runAsNonRoot: true,
      runAsUser: 1000,
    });
    for (const { securityContext } of [values.container.merge, values.reloader.merge]) {
      expect(securityContext).to.include({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
      });
      expect(securityContext).to.not.have.property("runAsUser");
    }
  });

  it("never put two servers on one node, and spread them over zones where it can be done", () => {
    const { topologySpreadConstraints: spread } = values.podTemplate;
    expect(spread).to.deep.equal({
      "kubernetes.io/hostname": {
        maxSkew: 1,
        whenUnsatisfiable: "DoNotSchedule",
        nodeTaintsPolicy: "Honor",
      },
      "topology.kubernetes.io/zone": { maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" },
    });
  });

  it("give no pod a token of the API server", () => {
    expect(values.podTemplate.merge.spec.automountServiceAccountToken).to.equal(false);
  });

  it("leave out the shell with credentials", () => {
    expect(values.natsBox.enabled).to.equal(false);
  });

  it("are keys the real chart knows", function () {
    const file = chartFact(this, "nats", "values.yaml");
    const unknown = [values, valuesOf({ storage: { kind: "memory", size: "1Gi" } })].flatMap(
      (each) => unknownKeys(each, file.read()),
    );
    expect(unknown).to.deep.equal([]);
  });
});

describe("the room of a NATS server", () => {
  const mebibytes = fc.integer({ min: 64, max: 1_000_000 }).map((size) => `${String(size)}Mi`);

  it("never lets JetStream fill a volume to the brim", () => {
    fc.assert(
      fc.property(mebibytes, (size) => {
        const { maxSize = "" } = jetStreamStores({ kind: "file", size }).fileStore;
        return parseQuantity(maxSize) <= parseQuantity(size) * 0.9;
      }),
    );
  });

  it("always has the memory of its streams beside what it needs itself", () => {
    fc.assert(
      fc.property(mebibytes, mebibytes, (store, memory) => {
        const { nats } = dataOf({
          nats: { storage: { kind: "memory", size: store }, resources: { memory } },
        });
        const { requests, limits } = serverResources(nats);
        return (
          parseQuantity(requests.memory) >= parseQuantity(store) + parseQuantity(memory) &&
          parseQuantity(limits.memory) > parseQuantity(requests.memory)
        );
      }),
    );
  });

  it("collects garbage before the kernel ends it", () => {
    fc.assert(
      fc.property(mebibytes, (memory) => {
        const resources = serverResources(dataOf({ nats: { resources: { memory } } }).nats);
        const limit = parseQuantity(goMemoryLimit(resources).replace(/B$/, ""));
        return limit < parseQuantity(resources.limits.memory);
      }),
    );
  });

  it("takes the Go runtime's own unit", () => {
    expect(goMemoryLimit(serverResources(dataOf().nats))).to.equal("870MiB");
  });
});
