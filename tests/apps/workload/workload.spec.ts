import * as kubernetes from "@pulumi/kubernetes";
import { expect } from "chai";
import fc from "fast-check";
import { Workload } from "../../../components/apps/workload/workload";
import { rolloutTimes } from "../../../components/apps/workload/rollout";
import { containerSecurityContext, podSecurityContext } from "../../../components/kit/hardening";
import { Namespace } from "../../../components/kit/namespace";
import { deploy, type Properties, type Recorded } from "../../support/mocks";
import {
  at,
  deployDaemon,
  deployJob,
  deployStateful,
  deployWorkload,
  goodShape,
} from "../fixtures";

function podOf(inputs: Properties): Properties {
  return at(inputs, "spec.template.spec") as Properties;
}

function containerOf(inputs: Properties): Properties {
  return (podOf(inputs).containers as readonly Properties[])[0] ?? {};
}

describe("a workload", () => {
  it("never takes a pod away before a new one serves", async () => {
    const { inputs } = (await deployWorkload()).find("Deployment", "orders");
    expect(at(inputs, "spec.strategy")).to.deep.equal({
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
    });
  });

  it("waits as long as its rollout may take, and not a blanket default", async () => {
    const shutdown = { preStop: "10s", drain: "30s" } as const;
    const rollout = { maxSurge: 1, minReady: "5s" } as const;
    const recorded = await deployWorkload({ scaling: { fixed: 4 }, shutdown, rollout });
    const { timeouts } = recorded.find("Deployment", "orders");
    const four = { floor: 4, ceiling: 4 };
    expect(timeouts).to.deep.equal(
      rolloutTimes(goodShape.probes, rollout, shutdown, four).timeouts,
    );
  });

  it("lets a pod serve on while the proxies forget it, without needing a shell", async () => {
    const shutdown = { preStop: "7s", drain: "20s" } as const;
    const { inputs } = (await deployWorkload({ shutdown })).find("Deployment", "orders");
    expect(containerOf(inputs).lifecycle).to.deep.equal({ preStop: { sleep: { seconds: 7 } } });
    expect(podOf(inputs).terminationGracePeriodSeconds).to.equal(27);
  });

  it("ends at once where nothing has to forget it", async () => {
    const shutdown = { preStop: "0s", drain: "20s" } as const;
    const { inputs } = (await deployWorkload({ shutdown })).find("Deployment", "orders");
    expect(containerOf(inputs)).to.not.have.property("lifecycle");
    expect(podOf(inputs).terminationGracePeriodSeconds).to.equal(20);
  });

  it("runs hardened, as its own account that holds no token", async () => {
    const recorded = await deployWorkload();
    const { inputs } = recorded.find("Deployment", "orders");
    expect(podOf(inputs)).to.include({
      serviceAccountName: "orders",
      automountServiceAccountToken: false,
    });
    expect(containerOf(inputs).securityContext).to.deep.equal(containerSecurityContext());
    expect(podOf(inputs).securityContext).to.deep.equal(podSecurityContext());
    const account = recorded.find("ServiceAccount", "orders");
    expect(account.inputs.automountServiceAccountToken).to.equal(false);
  });

  it("is not given the variables of every Service, nor the same image from the registry twice", async () => {
    const { inputs } = (await deployWorkload()).find("Deployment", "orders");
    expect(podOf(inputs).enableServiceLinks).to.equal(false);
    expect(containerOf(inputs).imagePullPolicy).to.equal("IfNotPresent");
  });

  it("has the cluster's own priority, unless it names another", async () => {
    const { inputs } = (await deployWorkload()).find("Deployment", "orders");
    expect(podOf(inputs)).to.not.have.property("priorityClassName");
  });

  it("counts a new pod only when it has been ready for a while, whatever its kind", async () => {
    const rollout = { minReady: "7s" } as const;
    const deployment = (await deployWorkload({ rollout })).find("Deployment", "orders");
    expect(at(deployment.inputs, "spec.minReadySeconds")).to.equal(7);
    const stateful = await deployStateful({ minReady: "8s" });
    expect(at(stateful.find("StatefulSet", "orders").inputs, "spec.minReadySeconds")).to.equal(8);
    const daemon = (await deployDaemon()).find("DaemonSet", "orders");
    expect(at(daemon.inputs, "spec.minReadySeconds")).to.be.above(0);
  });

  const revisions: readonly (readonly [string, () => Promise<Recorded>])[] = [
    ["Deployment", deployWorkload],
    ["StatefulSet", deployStateful],
    ["DaemonSet", deployDaemon],
  ];
  for (const [kind, deployed] of revisions) {
    it(`keeps the last three revisions for a look back: ${kind}`, async () => {
      const { inputs } = (await deployed()).find(kind, "orders");
      expect(at(inputs, "spec.revisionHistoryLimit")).to.equal(3);
    });
  }

  it("may write /tmp alone, up to a size, or what it names", async () => {
    const usual = (await deployWorkload()).find("Deployment", "orders");
    expect(podOf(usual.inputs).volumes).to.deep.equal([
      { name: "scratch-tmp", emptyDir: { sizeLimit: "64Mi" } },
    ]);
    const named = await deployWorkload({ writable: { "/var/cache/app": "1Gi" } });
    expect(containerOf(named.find("Deployment", "orders").inputs).volumeMounts).to.deep.equal([
      { name: "scratch-var-cache-app", mountPath: "/var/cache/app" },
    ]);
  });

  it("takes secrets by reference and the rest as it is, in the order given", async () => {
    const env = { LEVEL: "info", DATABASE_URL: { secretName: "orders-database", key: "uri" } };
    const { inputs } = (await deployWorkload({ env })).find("Deployment", "orders");
    expect(containerOf(inputs).env).to.deep.equal([
      { name: "LEVEL", value: "info" },
      {
        name: "DATABASE_URL",
        valueFrom: { secretKeyRef: { name: "orders-database", key: "uri" } },
      },
    ]);
  });

  it("starts after what has to be ready", async () => {
    const recorded = await deploy(() => {
      const database = new kubernetes.core.v1.ConfigMap("database", {});
      const namespace = new Namespace("shop", { name: "shop", podSecurity: "restricted" });
      new Workload("shop-orders", { ...goodShape, namespace, startAfter: [database] });
    });
    const database = recorded.find("ConfigMap", "database");
    expect(recorded.find("Deployment", "orders").dependencies).to.include(database.urn);
  });

  it("makes each object after the namespace, and lets it go with it", async () => {
    const recorded = await deployWorkload({ scaling: { hpa: { min: 2, max: 4 } } });
    const namespace = recorded.find("Namespace", "shop-namespace").urn;
    const objects = recorded.resources.filter(({ parent }) => parent.endsWith("::shop-orders"));
    expect(objects.map(({ type }) => type.split(":").at(-1))).to.have.members([
      "ServiceAccount",
      "Deployment",
      "Service",
      "HorizontalPodAutoscaler",
      "PodDisruptionBudget",
    ]);
    for (const object of objects) {
      expect(object.dependencies, object.name).to.include(namespace);
      expect(object.deletedWith, object.name).to.equal(namespace);
    }
  });

  it("holds only its pods back until the namespace is closed", async () => {
    const recorded = await deployWorkload({ scaling: { hpa: { min: 2, max: 4 } } });
    const policies = recorded.all("NetworkPolicy").map(({ urn }) => urn);
    const objects = recorded.resources.filter(({ parent }) => parent.endsWith("::shop-orders"));
    const held = objects.filter(({ dependencies }) =>
      policies.some((policy) => dependencies.includes(policy)),
    );
    expect(policies).to.have.length(2);
    expect(held.map(({ type }) => type.split(":").at(-1))).to.deep.equal(["Deployment"]);
    expect(held[0]?.dependencies).to.include.members(policies);
  });

  it("can be changed object by object where it has no argument", async () => {
    const recorded = await deployWorkload({
      transform: {
        service: (args) => ({ ...args, metadata: { ...args.metadata, name: "orders-v1" } }),
      },
    });
    expect(recorded.all("Service").map(({ inputs }) => at(inputs, "metadata.name"))).to.deep.equal([
      "orders-v1",
    ]);
  });
});

describe("a workload's scaling", () => {
  it("is two pods by default, with a budget that keeps one", async () => {
    const recorded = await deployWorkload();
    expect(at(recorded.find("Deployment", "orders").inputs, "spec.replicas")).to.equal(2);
    expect(recorded.find("PodDisruptionBudget", "orders").inputs.spec).to.deep.equal({
      minAvailable: 1,
      selector: { matchLabels: { "app.kubernetes.io/name": "orders" } },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
    expect(recorded.all("HorizontalPodAutoscaler")).to.deep.equal([]);
  });

  it("leaves the number of pods to the autoscaler, in the manifest and in the engine", async () => {
    const recorded = await deployWorkload({ scaling: { hpa: { min: 3, max: 9 } } });
    const deployment = recorded.find("Deployment", "orders");
    expect(deployment.inputs.spec).to.not.have.property("replicas");
    expect(deployment.ignoreChanges).to.deep.equal(["spec.replicas"]);
    expect(recorded.find("HorizontalPodAutoscaler", "orders").inputs.spec).to.deep.include({
      minReplicas: 3,
      maxReplicas: 9,
    });
  });

  it("is corrected by the engine when it is fixed", async () => {
    expect((await deployWorkload()).find("Deployment", "orders").ignoreChanges).to.deep.equal([]);
  });

  it("never has replicas beside an autoscaler, whatever it is", async () => {
    const fixed = fc.integer({ min: 1, max: 20 }).map((pods) => ({ fixed: pods }));
    const hpa = fc
      .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
      .map(([min, more]) => ({ hpa: { min, max: min + more } }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fixed, hpa), async (scaling) => {
        const recorded = await deployWorkload({ scaling });
        const spec = recorded.find("Deployment", "orders").inputs.spec as Properties;
        const autoscalers = recorded.all("HorizontalPodAutoscaler").length;
        expect("replicas" in spec ? 1 : 0).to.equal(1 - autoscalers);
      }),
      { numRuns: 25 },
    );
  });
});

describe("a workload's Service", () => {
  it("has every port by name, inside the cluster, and is not waited for on its own", async () => {
    const ports = { http: 8080, metrics: 9090 };
    const { inputs } = (await deployWorkload({ ports })).find("Service", "orders");
    expect(inputs.spec).to.deep.equal({
      type: "ClusterIP",
      selector: { "app.kubernetes.io/name": "orders" },
      ports: [
        { name: "http", port: 8080, targetPort: "http", protocol: "TCP" },
        { name: "metrics", port: 9090, targetPort: "metrics", protocol: "TCP" },
      ],
    });
    expect(at(inputs, "metadata.annotations")).to.deep.equal({ "pulumi.com/skipAwait": "true" });
  });

  it("has a port under another number where it says so", async () => {
    const ports = { http: { number: 8080, service: 80 } };
    const { inputs } = (await deployWorkload({ ports })).find("Service", "orders");
    expect(at(inputs, "spec.ports")).to.deep.equal([
      { name: "http", port: 80, targetPort: "http", protocol: "TCP" },
    ]);
  });

  it("is left out when only the kubelet asks", async () => {
    const recorded = await deployWorkload({ ports: { http: { number: 8080, service: false } } });
    expect(recorded.all("Service")).to.deep.equal([]);
    const { inputs } = recorded.find("Deployment", "orders");
    expect(containerOf(inputs).ports).to.deep.equal([
      { name: "http", containerPort: 8080, protocol: "TCP" },
    ]);
  });
});

describe("a workload's configuration", () => {
  const config = {
    env: { LEVEL: "info" },
    files: { mountPath: "/etc/orders", contents: { "orders.yaml": "a: 1" } },
  };

  it("is in immutable ConfigMaps, read as environment and as read-only files", async () => {
    const recorded = await deployWorkload({ config });
    const [env, files] = recorded.all("ConfigMap").map(({ inputs }) => inputs);
    expect([env?.immutable, files?.immutable]).to.deep.equal([true, true]);
    const { inputs } = recorded.find("Deployment", "orders");
    expect(containerOf(inputs).envFrom).to.deep.equal([
      { configMapRef: { name: at(env ?? {}, "metadata.name") } },
    ]);
    expect(podOf(inputs).volumes).to.deep.include({
      name: "config",
      configMap: { name: at(files ?? {}, "metadata.name") },
    });
    expect(containerOf(inputs).volumeMounts).to.deep.include({
      name: "config",
      mountPath: "/etc/orders",
      readOnly: true,
    });
  });

  it("changes the pods when it changes, and only then", async () => {
    const templateOf = async (value: string): Promise<unknown> =>
      at(
        (await deployWorkload({ config: { env: { LEVEL: value } } })).find("Deployment", "orders")
          .inputs,
        "spec.template",
      );
    const before = await templateOf("info");
    expect(await templateOf("info")).to.deep.equal(before);
    expect(await templateOf("debug")).to.not.deep.equal(before);
  });
});

describe("a scheduled job's workload", () => {
  it("is a CronJob with hardened pods that are not restarted in place", async () => {
    const recorded = await deployJob();
    const { inputs } = recorded.find("CronJob", "report");
    const pod = at(inputs, "spec.jobTemplate.spec.template.spec") as Properties;
    expect(pod.restartPolicy).to.equal("Never");
    expect(pod.containers).to.have.length(1);
  });

  it("has neither Service nor budget nor autoscaler", async () => {
    const recorded = await deployJob();
    const objects = recorded.resources.filter(({ parent }) => parent.endsWith("::shop-report"));
    expect(objects.map(({ type }) => type.split(":").at(-1))).to.have.members([
      "ServiceAccount",
      "CronJob",
    ]);
  });
});
