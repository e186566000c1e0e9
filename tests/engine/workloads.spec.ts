import { expect } from "chai";
import { engine, get, kubectl, type KubernetesObject } from "./support";
import { WorkloadProgram, type Declared } from "./workloads";

const resources = { typical: { cpu: "10m", memory: "16Mi" } };
const probes = {
  liveness: { http: { path: "/live", port: "http" } },
  readiness: { http: { path: "/ready", port: "http" } },
} as const;
const any = { application: "shop", team: "checkout", environment: "test", resources } as const;
const web = { ...any, ports: { http: 8080 }, probes } as const;
const quick = { rollout: { minReady: "0s" }, shutdown: { preStop: "0s" } } as const;

function image(service: string, tag: string): string {
  return `registry.example.com/acme/shop/${service}:${tag}`;
}

/** A Deployment with everything that one can have. */
function orders(tag: string, changes: Partial<Declared["args"]> = {}): Declared {
  return {
    name: "orders",
    args: {
      ...web,
      ...quick,
      service: "orders",
      image: image("orders", tag),
      config: {
        env: { LOG_LEVEL: "info" },
        files: { mountPath: "/etc/orders", contents: { "app.yaml": "workers: 4\n" } },
      },
      volumes: { "/cache": { emptyDir: { size: "64Mi" } } },
      apiAccess: [{ resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
      migration: { command: ["/migrate"], retries: 0 },
      smokeTest: { args: ["http://orders:8080/ready"], retries: 0 },
      ...changes,
    } as Declared["args"],
  };
}

/** The other kinds, at one version. */
function others(tag: string): readonly Declared[] {
  return [
    {
      name: "products",
      args: {
        ...web,
        ...quick,
        service: "products",
        image: image("products", tag),
        config: { env: { LOG_LEVEL: "info" } },
      },
    },
    {
      name: "cart",
      args: {
        ...web,
        kind: "StatefulSet",
        service: "cart",
        image: image("cart", tag),
        claims: { "/var/lib/cart": { size: "1Gi" } },
        podManagement: "Parallel",
        minReady: "0s",
        shutdown: { preStop: "0s" },
      },
    },
    {
      name: "agent",
      args: { ...web, kind: "DaemonSet", service: "agent", image: image("agent", tag) },
    },
    {
      name: "report",
      args: {
        ...any,
        kind: "CronJob",
        service: "report",
        image: image("report", tag),
        schedule: { cron: "0 6 * * *" },
      },
    },
    { name: "seed", args: { ...any, kind: "Job", service: "seed", image: image("seed", tag) } },
  ];
}

const controllers = "deployments,statefulsets,daemonsets,cronjobs,jobs";

describe("workloads on the engine", function () {
  this.timeout("5m");
  const program = new WorkloadProgram("workloads");

  /**
   * Changes the pods of a DaemonSet. Its controller now and then misses that a pod has been ready for long enough
   * (seen with Kubernetes 1.36), and looks again at the pod's next change; a simulated pod has none.
   */
  const nudge = (service: string): Promise<void> => {
    const pods = ["--namespace", program.namespace, "--selector", `app=${service}`];
    return kubectl("annotate", "pods", ...pods, "--overwrite", `nudged=${String(Date.now())}`);
  };

  const controllersNow = (): Promise<readonly KubernetesObject[]> =>
    get(controllers, "--namespace", program.namespace);

  /** What each controller runs: another generation means that its pods were replaced. */
  const generations = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      (await controllersNow()).map(({ kind, metadata }) => [
        `${kind} ${metadata.name}`,
        `${metadata.uid} ${String(metadata.generation)}`,
      ]),
    );

  const deployment = async (name: string): Promise<KubernetesObject> => {
    const [found] = await get("deployment", name, "--namespace", program.namespace);
    if (found === undefined) {
      throw new Error(`There is no Deployment ${name}.`);
    }
    return found;
  };

  const succeeds = async (
    workloads: readonly Declared[],
    ...options: readonly string[]
  ): Promise<void> => {
    const { code, text } = await program.up(workloads, ...options);
    expect(code, text).to.equal(0);
  };

  before(() => program.prepare());

  it("come up, each kind in the way it is ready", async () => {
    await succeeds([orders("1.0.0"), ...others("1.0.0")]);
    const ready = (await controllersNow()).map(
      ({ kind, metadata, status = {} }) =>
        `${kind} ${metadata.name.replace(/-[0-9a-f]{10}$/, "")} ` +
        String(status.availableReplicas ?? status.numberAvailable ?? status.succeeded ?? "waits"),
    );
    expect(ready).to.have.members([
      "Deployment orders 2",
      "Deployment products 2",
      "StatefulSet cart 2",
      "DaemonSet agent 3",
      "CronJob report waits",
      "Job orders-migration 1",
      "Job orders-smoke-test 1",
      "Job seed 1",
    ]);
    const claims = await get("persistentvolumeclaims", "--namespace", program.namespace);
    expect(claims.map(({ metadata }) => metadata.name)).to.have.members([
      "claim-var-lib-cart-cart-0",
      "claim-var-lib-cart-cart-1",
    ]);
  });

  it("change nothing when nothing has changed", async () => {
    const before = await generations();
    await succeeds([orders("1.0.0"), ...others("1.0.0")], "--expect-no-changes");
    expect(await generations()).to.deep.equal(before);
  });

  it("roll exactly the consumers of a configuration that changes", async () => {
    const before = await generations();
    const config = { env: { LOG_LEVEL: "debug" } };
    const [products, ...unchanged] = others("1.0.0");
    const changed = { ...products, args: { ...products?.args, config } } as Declared;
    await succeeds([orders("1.0.0"), changed, ...unchanged]);
    const after = await generations();
    const rolled = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect(rolled).to.deep.equal(["Deployment products"]);
    expect(Object.keys(after)).to.have.members(Object.keys(before));
  });

  it("go to another version, each kind of them, and do the work of a version again", async () => {
    const before = await generations();
    const nudging = setInterval(() => void nudge("agent").catch(() => undefined), 15_000);
    await succeeds([orders("1.1.0"), ...others("1.1.0")]).finally(() => {
      clearInterval(nudging);
    });
    const after = await controllersNow();
    expect(JSON.stringify(after)).to.not.contain(":1.0.0");
    const jobs = after.filter(({ kind }) => kind === "Job").map(({ metadata }) => metadata.name);
    expect(jobs).to.have.length(3);
    expect(Object.keys(before)).to.not.include.members(jobs.map((name) => `Job ${name}`));
  });

  it("keep the pods that there are when an autoscaler takes over a fixed number", async () => {
    const scale = ["scale", "deployment/orders", "--replicas=4", "--namespace", program.namespace];
    expect(await engine.kubectl(scale, { onOutput: () => undefined })).to.equal(0);
    const scaling = { hpa: { min: 2, max: 6 } };
    await succeeds([orders("1.1.0", { scaling }), ...others("1.1.0")]);
    expect((await deployment("orders")).spec?.replicas).to.equal(4);
  });

  it("leave the old version serving when the new one's migration fails, and say why", async () => {
    const before = await deployment("orders");
    const failed = {
      ...orders("1.2.0", { scaling: { hpa: { min: 2, max: 6 } } }),
      migrationFails: true,
    };
    const { code, text } = await program.up([failed, ...others("1.1.0")]);
    expect(code).to.not.equal(0);
    expect(text)
      .to.match(/orders-migration-[0-9a-f]{10}/)
      .and.to.contain("BackoffLimitExceeded");
    const after = await deployment("orders");
    expect(after.metadata).to.include({
      uid: before.metadata.uid,
      generation: before.metadata.generation,
    });
    expect(after.status?.availableReplicas).to.equal(4);
  });

  it("go on to the new version once the migration is right", async () => {
    const scaling = { hpa: { min: 2, max: 6 } };
    const migration = { command: ["/migrate"], retries: 0, retry: 1 };
    await succeeds([orders("1.2.0", { scaling, migration }), ...others("1.1.0")]);
    expect(JSON.stringify((await deployment("orders")).spec)).to.contain(image("orders", "1.2.0"));
  });

  it("are renamed in the program without a change in the cluster", async () => {
    const scaling = { hpa: { min: 2, max: 6 } };
    const migration = { command: ["/migrate"], retries: 0, retry: 1 };
    const renamed = {
      ...orders("1.2.0", { scaling, migration }),
      name: "purchases",
      alias: "orders",
    };
    const before = await generations();
    await succeeds([renamed, ...others("1.1.0")], "--expect-no-changes");
    expect(await generations()).to.deep.equal(before);
  });

  it("are destroyed whole", async () => {
    const { code, text } = await program.destroy();
    expect(code, text).to.equal(0);
    const namespaces = (await get("namespaces")).map(({ metadata }) => metadata.name);
    expect(namespaces).to.not.include(program.namespace);
  });
});
