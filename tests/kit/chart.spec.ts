import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Adoption, ownerLabel } from "../../components/kit/adoption";
import {
  chartSource,
  installChart,
  mergeValues,
  objectTransform,
  optionsOf,
  type ChartCoordinates,
  type ChartObject,
} from "../../components/kit/chart";
import { retainedProvider } from "../../components/kit/cluster";
import { retainTypes } from "../../components/kit/retention";
import { deploy } from "../support/mocks";

const coordinates: ChartCoordinates = {
  repository: "https://charts.example.com",
  chart: "bus",
  version: "1.2.3",
};

const webhook = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "guard" },
  webhooks: [{ name: "guard.example.com" }],
};

describe("a chart's source", () => {
  it("is its own repository at the exact version", () => {
    expect(chartSource(coordinates)).to.deep.equal({
      chart: "bus",
      version: "1.2.3",
      repositoryOpts: { repo: "https://charts.example.com" },
    });
  });

  it("is an OCI reference when the repository is a registry", () => {
    const oci = { ...coordinates, repository: "oci://registry.example.com/charts" };
    expect(chartSource(oci)).to.deep.equal({
      chart: "oci://registry.example.com/charts/bus",
      version: "1.2.3",
    });
  });

  it("is the mirror when there is one, whatever the chart's own repository", () => {
    expect(chartSource(coordinates, "oci://mirror.example.com/")).to.deep.equal({
      chart: "oci://mirror.example.com/bus",
      version: "1.2.3",
    });
  });
});

describe("an object of a chart", () => {
  it("goes before the one that replaces it comes, whatever its kind: its name is the chart's", () => {
    for (const kind of ["RoleBinding", "PodDisruptionBudget"]) {
      const options = optionsOf({ kind }, { protect: true, ...{ deleteBeforeReplace: false } });
      expect(options).to.include({ protect: true, deleteBeforeReplace: true });
    }
  });
});

describe("a chart mirror that is a folder", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mirror-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function unpack(version: string): void {
    mkdirSync(join(folder, "bus"));
    writeFileSync(join(folder, "bus", "Chart.yaml"), `name: bus\nversion: ${version}\n`);
  }

  it("gives the unpacked chart", () => {
    unpack("1.2.3");
    expect(chartSource(coordinates, folder)).to.deep.equal({
      chart: join(folder, "bus"),
      version: "1.2.3",
    });
  });

  it("prefers the archive of the version", () => {
    unpack("1.0.0");
    writeFileSync(join(folder, "bus-1.2.3.tgz"), "");
    expect(chartSource(coordinates, folder).chart).to.equal(join(folder, "bus-1.2.3.tgz"));
  });

  it("is refused when it holds another version, with both named", () => {
    unpack("1.2.2");
    expect(() => chartSource(coordinates, folder)).to.throw(/holds bus 1\.2\.2.*asks for 1\.2\.3/);
  });

  it("is refused when it lacks the chart, with what to put there", () => {
    expect(() => chartSource(coordinates, folder)).to.throw(/neither "bus-1\.2\.3\.tgz" nor/);
  });
});

describe("an installed chart", () => {
  it("lets overrides win over values, deeply", async () => {
    const recorded = await deploy(() => {
      installChart(
        "bus",
        {
          coordinates,
          environment: { simulated: false },
          releaseName: "bus",
          namespace: "bus",
          values: { server: { replicas: 3, log: "info" } },
          overrides: { server: { log: "debug" } },
        },
        {},
      );
    });
    expect(recorded.find("Chart", "bus").inputs.values).to.deep.equal({
      server: { replicas: 3, log: "debug" },
    });
  });

  it("passes each rendered object through its transforms", async () => {
    const recorded = await deploy(() => {
      installChart(
        "bus",
        {
          coordinates,
          environment: { simulated: false },
          releaseName: "bus",
          namespace: "bus",
          values: {},
          transforms: [(object) => ({ ...object, seen: object.kind })],
        },
        {},
      );
    });
    const child = await recorded
      .find("Chart", "bus")
      .transform("kubernetes:core/v1:Service", "bus", { apiVersion: "v1", kind: "Service" });
    expect(child.props).to.have.property("seen", "Service");
  });

  it("lets the stack adopt an object that is kept, and no other", async () => {
    const recorded = await deploy(() => {
      const adoption = new Adoption({
        owner: "production",
        provider: retainedProvider("retained", { context: "test", identity: "uid" }),
        read: () => Promise.resolve(undefined),
      });
      installChart(
        "bus",
        {
          coordinates,
          environment: { simulated: false, adoption },
          releaseName: "bus",
          namespace: "bus",
          values: {},
        },
        { transforms: [retainTypes("keep", ["kubernetes:apps/v1:StatefulSet"])] },
      );
    });
    const chart = recorded.find("Chart", "bus");
    const child = (kind: string) =>
      chart.transform(`kubernetes:apps/v1:${kind}`, "bus", {
        apiVersion: "apps/v1",
        kind,
        metadata: { name: "bus", labels: { app: "bus" } },
      });
    const kept = await child("StatefulSet");
    expect(kept.props.metadata).to.deep.include({
      labels: { app: "bus", [ownerLabel]: "production" },
    });
    expect(kept.opts.hooks?.beforeCreate).to.have.length(1);
    const other = await child("Deployment");
    expect(other.props.metadata).to.deep.equal({ name: "bus", labels: { app: "bus" } });
    expect(other.opts.hooks).to.equal(undefined);
  });
});

describe("webhook configurations of a chart", () => {
  it("are emptied on simulated nodes, where nothing would answer them", () => {
    const change = objectTransform({ simulated: true }, []);
    expect(change(webhook)).to.have.deep.property("webhooks", []);
  });

  it("are left alone on real nodes", () => {
    const change = objectTransform({ simulated: false }, []);
    expect(change(webhook)).to.equal(webhook);
  });
});

describe("an API group that a chart's pods serve", () => {
  const apiService: ChartObject = {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.metrics.k8s.io" },
    spec: {
      group: "metrics.k8s.io",
      version: "v1beta1",
      insecureSkipTLSVerify: true,
      caBundle: "Y2E=",
      service: { name: "metrics-server", namespace: "metrics-server" },
    },
  };

  it("has no Service on simulated nodes, where an unanswered one would keep namespaces from going", () => {
    expect(objectTransform({ simulated: true }, [])(apiService)).to.have.deep.property("spec", {
      group: "metrics.k8s.io",
      version: "v1beta1",
    });
  });

  it("is left alone on real nodes", () => {
    expect(objectTransform({ simulated: false }, [])(apiService)).to.equal(apiService);
  });
});

describe("the priority of a chart's pods", () => {
  const change = objectTransform(
    { simulated: false, priority: { className: "its-platform", ready: [] } },
    [],
  );
  const workload = (kind: string, podSpec: object): ChartObject => ({
    apiVersion: "apps/v1",
    kind,
    spec: { replicas: 2, template: { spec: { hostNetwork: true, ...podSpec } } },
  });

  for (const kind of ["Deployment", "StatefulSet", "DaemonSet"]) {
    it(`is the stack's for a ${kind}, of which nothing else changes`, () => {
      expect(change(workload(kind, {}))).to.deep.equal(
        workload(kind, { priorityClassName: "its-platform" }),
      );
    });
  }

  it("is the stack's for the pods that the Prometheus operator makes", () => {
    for (const kind of ["Prometheus", "Alertmanager"]) {
      const object = { apiVersion: "monitoring.coreos.com/v1", kind, spec: { replicas: 2 } };
      expect(change(object)).to.deep.equal({
        ...object,
        spec: { replicas: 2, priorityClassName: "its-platform" },
      });
    }
  });

  it("stays where the chart has one, and where nothing runs all the time", () => {
    const own = workload("Deployment", { priorityClassName: "system-cluster-critical" });
    const job = workload("Job", {});
    expect(change(own)).to.equal(own);
    expect(change(job)).to.equal(job);
  });
});

describe("merged values", () => {
  it("replace lists instead of joining them, as Helm does", () => {
    expect(mergeValues({ hosts: ["a", "b"] }, { hosts: ["c"] })).to.deep.equal({ hosts: ["c"] });
  });
});
