import { expect } from "chai";
import { CertManager } from "../../components/platform/cert-manager";
import {
  certManagerProbes,
  certManagerValues,
} from "../../components/platform/cert-manager-values";
import type { ChartObject } from "../../components/kit/chart";
import { chartFact, unknownKeys } from "../support/chart-facts";
import { deploy, type Recorded } from "../support/mocks";
import { environment } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

const production = certManagerValues({ replicas: 2, retention: "keep" });

describe("the values of cert-manager", () => {
  it("install the definitions with the chart", () => {
    expect(production.crds.enabled).to.equal(true);
  });

  it("keep the definitions when data is kept, and only then", () => {
    expect(production.crds.keep).to.equal(true);
    expect(certManagerValues({ replicas: 2, retention: "delete" }).crds.keep).to.equal(false);
  });

  it("keep the leader's lease out of kube-system", () => {
    expect(production.global.leaderElection.namespace).to.equal("cert-manager");
  });

  for (const part of ["controller", "webhook", "cainjector"] as const) {
    const values = part === "controller" ? production : production[part];

    it(`run as many pods of the ${part} as the stack says`, () => {
      expect(values.replicaCount).to.equal(2);
    });

    it(`limit the ${part}`, () => {
      const memory = { controller: "256Mi", webhook: "128Mi", cainjector: "512Mi" }[part];
      expect(values.resources.limits).to.deep.equal({ cpu: "200m", memory });
    });

    it(`spread the ${part} over zones and hosts, by the labels of its own pods`, () => {
      const keys = values.topologySpreadConstraints.map(({ topologyKey }) => topologyKey);
      expect(keys).to.deep.equal(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
      expect(values.topologySpreadConstraints[0]?.labelSelector).to.deep.equal({
        matchLabels: {
          "app.kubernetes.io/instance": "cert-manager",
          "app.kubernetes.io/component": part,
        },
      });
    });

    it(`protect the ${part} with a disruption budget from two pods on`, () => {
      expect(values.podDisruptionBudget).to.deep.equal({ enabled: true, minAvailable: 1 });
      const single = certManagerValues({ replicas: 1, retention: "keep" });
      expect((part === "controller" ? single : single[part]).podDisruptionBudget).to.deep.equal({
        enabled: false,
      });
    });
  }

  it("ask for the controller's liveness within the time between two probes", () => {
    expect(production.livenessProbe.timeoutSeconds).to.equal(5);
  });

  it("leave out the start-up check, which is a hook", () => {
    expect(production.startupapicheck.enabled).to.equal(false);
  });

  it("serve metrics, which the probes of the CA injector ask", () => {
    expect(production.prometheus.enabled).to.equal(true);
  });

  it("leave out the ServiceMonitor, whose definition nobody installs", () => {
    expect(production.prometheus.servicemonitor.enabled).to.equal(false);
  });

  it("are keys the real chart knows", function () {
    const file = chartFact(this, "cert-manager", "values.yaml");
    expect(unknownKeys(production, file.read())).to.deep.equal([]);
  });

  it("fit the real chart's schema", function () {
    const file = chartFact(this, "cert-manager", "values.schema.json");
    expect(schemaErrors(JSON.parse(file.read()), production)).to.deep.equal([]);
  });
});

describe("the probes added to cert-manager", () => {
  it("give the controller a readiness probe and leave its liveness probe alone", () => {
    const changed = transformed(deployment("cert-manager", "cert-manager-controller"));
    expect(changed).to.have.deep.property("readinessProbe", {
      tcpSocket: { port: "http-metrics" },
      periodSeconds: 10,
      failureThreshold: 3,
    });
    expect(changed).to.have.deep.property("livenessProbe", { httpGet: { path: "/livez" } });
  });

  it("ask the CA injector two different questions", () => {
    const changed = transformed(deployment("cert-manager-cainjector", "cert-manager-cainjector"));
    expect(changed).to.have.deep.property("readinessProbe", {
      httpGet: { path: "/metrics", port: "http-metrics" },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
    expect(changed)
      .to.have.property("livenessProbe")
      .that.deep.includes({
        tcpSocket: { port: "http-metrics" },
        initialDelaySeconds: 30,
        periodSeconds: 20,
        failureThreshold: 3,
      });
  });

  function transformed(object: ChartObject): unknown {
    const result = certManagerProbes.reduce((changed, change) => change(changed), object);
    return (result as unknown as ReturnType<typeof deployment>).spec.template.spec.containers[0];
  }

  function deployment(name: string, container: string) {
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: {
        template: {
          spec: {
            containers: [{ name: container, livenessProbe: { httpGet: { path: "/livez" } } }],
          },
        },
      },
    };
  }
});

describe("CertManager", () => {
  let recorded: Recorded;
  let issuer: string;
  before(async () => {
    recorded = await deploy(() => {
      const certManager = new CertManager("cm", { replicas: 2, environment, retention: "keep" });
      issuer = certManager.clusterIssuer;
    });
  });

  it("installs the chart in its own namespace", () => {
    const chart = recorded.find("kubernetes:helm.sh/v4:Chart", "cm-chart");
    expect(chart.inputs).to.include({ chart: "cert-manager", namespace: "cert-manager" });
  });

  it("protects and keeps the definitions when data is kept", async () => {
    const chart = recorded.find("kubernetes:helm.sh/v4:Chart", "cm-chart");
    const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
    const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
    const { opts } = await chart.transform(type, "certificates", definition);
    expect(opts).to.include({ protect: true, retainOnDelete: true });
  });

  it("hands out the issuer that its own authority stands behind", () => {
    const authority = recorded.find("ClusterIssuer", issuer);
    const certificate = recorded.find("Certificate", "slipway-ca");
    expect(authority.inputs.spec).to.deep.equal({ ca: { secretName: "slipway-ca" } });
    expect(certificate.inputs.spec).to.include({ isCA: true, secretName: "slipway-ca" });
  });

  it("waits for the authority's certificate before its issuer, and for the chart before both", () => {
    const chart = recorded.find("kubernetes:helm.sh/v4:Chart", "cm-chart");
    const selfSigned = recorded.find("ClusterIssuer", "slipway-ca-self-signed");
    const certificate = recorded.find("Certificate", "slipway-ca");
    expect(selfSigned.dependencies).to.include(chart.urn);
    expect(certificate.dependencies).to.include(selfSigned.urn);
    expect(recorded.find("ClusterIssuer", issuer).dependencies).to.include(certificate.urn);
    expect(certificate.inputs.metadata).to.have.deep.property("annotations", {
      "pulumi.com/waitFor": "condition=Ready",
    });
  });

  it("lets the API server reach the webhook, and nothing else in", () => {
    const policy = recorded.find("NetworkPolicy", "allow-webhook");
    expect(policy.inputs.spec).to.deep.include({
      policyTypes: ["Ingress"],
      ingress: [{ ports: [{ protocol: "TCP", port: 10250 }] }],
    });
  });

  it("declares an authority the real definitions accept", function () {
    const certificates = chartFact(this, "cert-manager", "crds/certificates.yaml");
    const issuers = chartFact(this, "cert-manager", "crds/clusterissuers.yaml");
    const spec = (type: string, name: string) => recorded.find(type, name).inputs.spec;
    expect(schemaErrors(certificates, spec("Certificate", "slipway-ca"))).to.deep.equal([]);
    expect(schemaErrors(issuers, spec("ClusterIssuer", issuer))).to.deep.equal([]);
  });
});
