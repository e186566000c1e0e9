import { expect } from "chai";
import { ExternalSecrets } from "../../components/platform/external-secrets";
import { externalSecretsValues } from "../../components/platform/external-secrets-values";
import { chartFact, unknownKeys } from "../support/chart-facts";
import { deploy, type Recorded } from "../support/mocks";
import { environment } from "../support/rooms";
import { schemaErrors } from "../support/schemas";

const values = externalSecretsValues({ replicas: 2, identity: {} });

describe("the values of External Secrets", () => {
  it("install the definitions and serve only the stable version of the API", () => {
    expect(values.installCRDs).to.equal(true);
    expect(values.crds).to.deep.equal({
      unsafeServeV1Beta1: false,
      conversion: { enabled: false },
    });
  });

  it("tell a cloud who the controller is by annotations of its ServiceAccount", () => {
    const identity = { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/secrets" };
    expect(
      externalSecretsValues({ replicas: 2, identity }).serviceAccount.annotations,
    ).to.deep.equal(identity);
  });

  it("elect a leader, so that two pods do not write the same Secret", () => {
    expect(values.leaderElect).to.equal(true);
  });

  it("probe the controller, which the chart leaves alone", () => {
    expect(values.livenessProbe).to.deep.equal({
      enabled: true,
      spec: { httpGet: { path: "/healthz", port: "live" } },
    });
    expect(values.readinessProbe).to.deep.equal({
      enabled: true,
      spec: { httpGet: { path: "/readyz", port: "live" } },
    });
  });

  it("spread all three Deployments over zones and hosts", () => {
    const evenly = {
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      matchLabelKeys: ["pod-template-hash"],
    };
    expect(values.global.topologySpreadConstraints).to.deep.equal([
      { ...evenly, topologyKey: "topology.kubernetes.io/zone" },
      { ...evenly, topologyKey: "kubernetes.io/hostname" },
    ]);
  });

  it("leave out the ServiceMonitor, whose definition nobody installs", () => {
    expect(values.serviceMonitor.enabled).to.equal(false);
  });

  for (const part of ["controller", "webhook", "certController"] as const) {
    const of = (replicas: number) => {
      const all = externalSecretsValues({ replicas, identity: {} });
      return part === "controller" ? all : all[part];
    };

    it(`run as many pods of the ${part} as the stack says, and limit them`, () => {
      expect(of(2).replicaCount).to.equal(2);
      const limits = {
        controller: { cpu: "200m", memory: "512Mi" },
        webhook: { cpu: "80m", memory: "256Mi" },
        certController: { cpu: "80m", memory: "512Mi" },
      };
      expect(of(2).resources.limits).to.deep.equal(limits[part]);
    });

    it(`protect the ${part} with a disruption budget from two pods on`, () => {
      expect(of(2).podDisruptionBudget).to.deep.equal({ enabled: true, minAvailable: 1 });
      expect(of(1).podDisruptionBudget).to.deep.equal({ enabled: false });
    });

    it(`run the pods of the ${part} under the restricted standard`, () => {
      expect(of(2).podSecurityContext).to.deep.equal({
        enabled: true,
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
    });
  }

  for (const part of ["webhook", "certController"] as const) {
    it(`switch on the probes of the ${part}`, () => {
      const { livenessProbe, readinessProbe, startupProbe } = values[part];
      expect([livenessProbe, readinessProbe, startupProbe]).to.deep.equal(
        Array(3).fill({ enabled: true }),
      );
    });
  }

  it("are keys the real chart knows", function () {
    const file = chartFact(this, "external-secrets", "values.yaml");
    expect(unknownKeys(values, file.read())).to.deep.equal([]);
  });

  it("fit the real chart's schema", function () {
    const file = chartFact(this, "external-secrets", "values.schema.json");
    expect(schemaErrors(JSON.parse(file.read()), values)).to.deep.equal([]);
  });
});

describe("ExternalSecrets", () => {
  const plain = { replicas: 2, identity: {}, stores: {} };
  const definitionType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
  const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

  async function installed(retention: "keep" | "delete"): Promise<Recorded> {
    return deploy(() => new ExternalSecrets("eso", { ...plain, environment, retention }));
  }

  it("keeps the definitions, and so every ExternalSecret, when data is kept", async () => {
    const chart = (await installed("keep")).find("Chart", "eso-chart");
    const { opts } = await chart.transform(definitionType, "externalsecrets", definition);
    expect(opts).to.include({ protect: true, retainOnDelete: true });
  });

  it("leaves nothing behind when data is not kept", async () => {
    const chart = (await installed("delete")).find("Chart", "eso-chart");
    const { opts } = await chart.transform(definitionType, "externalsecrets", definition);
    expect(opts).to.not.have.any.keys("protect", "retainOnDelete");
  });

  it("does not wait for Services inside the cluster", async () => {
    const chart = (await installed("keep")).find("Chart", "eso-chart");
    const service = { apiVersion: "v1", kind: "Service", spec: { type: "ClusterIP" } };
    const { props } = await chart.transform("kubernetes:core/v1:Service", "webhook", service);
    expect(props).to.have.deep.nested.property("metadata.annotations", {
      "pulumi.com/skipAwait": "true",
    });
  });

  it("opens the webhook's port, and the API server to all its pods", async () => {
    const recorded = await installed("keep");
    expect(recorded.find("NetworkPolicy", "allow-webhook").inputs.spec).to.deep.include({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "external-secrets-webhook" } },
      ingress: [{ ports: [{ protocol: "TCP", port: 10250 }] }],
    });
    expect(recorded.find("NetworkPolicy", "allow-api-server").inputs.spec).to.deep.include({
      policyTypes: ["Egress"],
      egress: [
        {
          ports: [
            { protocol: "TCP", port: 443 },
            { protocol: "TCP", port: 6443 },
          ],
        },
      ],
    });
  });
});
