import { expect } from "chai";
import {
  minioTransforms,
  minioValues,
  serverPeer,
} from "../../components/data/object-store-values";
import type { ChartObject } from "../../components/kit/chart";
import { chartFact, unknownKeys } from "../support/chart-facts";
import { dataOf } from "../support/rooms";

const valuesOf = (objectStore: object = {}, isScraped = false) =>
  minioValues({
    settings: dataOf({ objectStore }).objectStore,
    rootSecret: "minio-root",
    certificate: { secret: "minio-tls", authority: "minio-ca" },
    isScraped,
  });

describe("the values of MinIO", () => {
  const values = valuesOf({ drivesPerServer: 2 });

  it("spread objects over the stack's servers and drives", () => {
    expect(values).to.include({ mode: "distributed", replicas: 4, drivesPerNode: 2, pools: 1 });
  });

  it("have the servers show their certificate, and trust each other by its authority alone", () => {
    expect(values.tls).to.deep.equal({
      enabled: true,
      certSecret: "minio-tls",
      publicCrt: "tls.crt",
      privateKey: "tls.key",
    });
    expect(values.trustedCertsSecret).to.equal("minio-ca");
    expect(valuesOf({ tls: false })).to.not.have.any.keys("tls", "trustedCertsSecret");
  });

  it("find the pods by the chart's own labels, under the name that clients know", () => {
    expect(values.fullnameOverride).to.equal("minio");
    expect(serverPeer).to.deep.equal({
      namespace: "minio",
      podLabels: { app: "minio", release: "minio" },
      ports: [9000],
    });
  });

  it("run the last published image, as a ServiceAccount of its own", () => {
    expect(values.image).to.deep.equal({
      repository: "quay.io/minio/minio",
      tag: "RELEASE.2025-09-07T16-13-09Z",
    });
    expect(values.serviceAccount).to.deep.equal({ create: true, name: "minio" });
  });

  it("run one server without peers when the stack says so, which gives its volume up first", () => {
    const single = valuesOf({ servers: 1 });
    expect(single.mode).to.equal("standalone");
    expect(single.deploymentUpdate.type).to.equal("Recreate");
  });

  it("refer to the root credentials by name", () => {
    expect(values.existingSecret).to.equal("minio-root");
  });

  it("leave out the chart's default user, whose password is public", () => {
    expect(values.users).to.deep.equal([]);
  });

  it("claim drives of the stack's size, and of its class where it names one", () => {
    expect(values.persistence).to.deep.equal({ enabled: true, size: "20Gi" });
    expect(
      valuesOf({ storage: { size: "1Gi", storageClass: "fast" } }).persistence.storageClass,
    ).to.equal("fast");
  });

  it("limit the server, which the chart does not", () => {
    expect(values.resources.limits).to.deep.equal({ cpu: "1000m", memory: "2Gi" });
  });

  it("run restricted on a read-only root, with a folder for what the server has to write", () => {
    expect(values.securityContext).to.include({ enabled: true, runAsNonRoot: true, fsGroup: 1000 });
    expect(values.containerSecurityContext).to.include({ readOnlyRootFilesystem: true });
    expect(values.extraVolumes).to.deep.equal([{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }]);
    expect(values.extraVolumeMounts).to.deep.equal([{ name: "tmp", mountPath: "/tmp" }]);
    expect(values.certsPath).to.equal("/tmp/certs/");
  });

  it("do not restart the pods at every render", () => {
    expect(values.ignoreChartChecksums).to.equal(true);
  });

  it("spread the servers over zones and hosts", () => {
    expect(values.topologySpreadConstraints.map(({ topologyKey }) => topologyKey)).to.deep.equal([
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
  });

  it("protect several servers with a disruption budget, and not a single one", () => {
    expect(values.podDisruptionBudget).to.deep.equal({ enabled: true, maxUnavailable: 1 });
    expect(valuesOf({ servers: 1 }).podDisruptionBudget.enabled).to.equal(false);
  });

  it("switch off the console and the metrics that anyone could read", () => {
    expect(values.environment).to.deep.equal({ MINIO_BROWSER: "off" });
    expect(values.metrics.serviceMonitor).to.deep.equal({ enabled: false, public: false });
  });

  it("tell Prometheus how the servers are, without a token, where there is one", () => {
    expect(valuesOf({}, true).environment).to.include({ MINIO_PROMETHEUS_AUTH_TYPE: "public" });
  });

  it("leave out the chart's network policy, which shuts out the servers' peers", () => {
    expect(values.networkPolicy.enabled).to.equal(false);
  });

  it("are keys the real chart knows", function () {
    const file = chartFact(this, "minio", "values.yaml");
    expect(unknownKeys(values, file.read())).to.deep.equal([]);
  });
});

describe("what is added to MinIO's pods", () => {
  function added(servers: number, kind: string, tls = true): ChartObject {
    const rendered: ChartObject = {
      apiVersion: "apps/v1",
      kind,
      metadata: { name: "minio" },
      spec: { template: { spec: { containers: [{ name: "minio" }] } } },
    };
    return minioTransforms({ servers, tls }).reduce((object, change) => change(object), rendered);
  }

  for (const [servers, kind] of [
    [4, "StatefulSet"],
    [1, "Deployment"],
  ] as const) {
    it(`are three probes to the ${kind}, of which liveness and readiness ask different questions`, () => {
      const health = (question: string) => ({
        httpGet: { path: `/minio/health/${question}`, port: 9000, scheme: "HTTPS" },
        timeoutSeconds: 4,
      });
      expect(added(servers, kind)).to.have.deep.nested.property(
        "spec.template.spec.containers[0]",
        {
          name: "minio",
          startupProbe: { ...health("live"), periodSeconds: 5, failureThreshold: 60 },
          livenessProbe: { ...health("live"), periodSeconds: 20, failureThreshold: 5 },
          readinessProbe: { ...health("ready"), periodSeconds: 10, failureThreshold: 3 },
        },
      );
    });
  }

  it("ask without TLS where the servers speak none", () => {
    expect(JSON.stringify(added(4, "StatefulSet", false))).to.not.contain("HTTPS");
  });

  it("is no token of the API server", () => {
    expect(added(4, "StatefulSet")).to.have.nested.property("spec.template.spec").that.includes({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
    });
  });
});
