import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { engine, get, program, root, type KubernetesObject, type Run } from "./support";

const chart = join(__dirname, "programs", "adopted", "chart");

describe("a service that a Helm chart made", function () {
  this.timeout("5m");

  const up = (...args: readonly string[]): Promise<Run> =>
    program("adopted", ["up", "--yes", "--skip-preview", ...args], stackSays);
  let stackSays: Readonly<Record<string, string>> = {
    "adopted:takeOver": "unchanged",
    "adopted:namespace": "open",
  };
  let pods: readonly KubernetesObject[] = [];
  const live = (kind: string): Promise<readonly KubernetesObject[]> =>
    get(kind, "--namespace", "shop");
  const versions = (objects: readonly KubernetesObject[]): readonly string[] =>
    objects.map(({ metadata }) => `${metadata.uid} ${String(metadata.generation)}`);
  const firstContainer = (deployment: KubernetesObject | undefined): unknown =>
    (
      deployment?.spec?.template as
        { readonly spec: { readonly containers: readonly unknown[] } } | undefined
    )?.spec.containers[0];

  before(async () => {
    const code = await engine.helm(
      ["install", "live", chart, "--namespace", "shop", "--create-namespace", "--wait"],
      { onOutput: () => undefined },
    );
    expect(code).to.equal(0);
    // The autoscaler asks for three pods; they are what must not restart.
    await engine.kubectl(
      ["wait", "deployment/live-orders", "-n", "shop", "--for=jsonpath={.status.readyReplicas}=3"],
      { onOutput: () => undefined },
    );
    pods = await live("pods");
    expect(pods).to.have.length(3);
  });

  after(async () => {
    const { code, text } = await program("adopted", ["destroy", "--yes", "--skip-preview"]);
    expect(code, text).to.equal(0);
  });

  it("is brought into the state by a preview that shows nothing but imports", async () => {
    const { code, text } = await program("adopted", ["preview"], stackSays);
    expect(code, text).to.equal(0);
    expect(text).to.match(/3 to create\s+= 7 to import\s+10 changes/);
  });

  it("keeps its pods, its ReplicaSet and every object as they are", async () => {
    const kinds = "deployment,replicaset,service,hpa,pdb,configmap,serviceaccount";
    const objects = versions(await live(kinds));
    const { code, text } = await up();
    expect(code, text).to.equal(0);
    expect(versions(await live(kinds))).to.have.members(objects);
    expect(versions(await live("pods"))).to.have.members(versions(pods));
  });

  it("is left alone by the next update, too", async () => {
    const { code, text } = await up("--expect-no-changes");
    expect(code, text).to.equal(0);
  });

  it("is not updated while its fields are Helm's", async () => {
    stackSays = { ...stackSays, "adopted:takeOver": "update" };
    const { code, text } = await program("adopted", ["preview"], stackSays);
    expect(code).to.not.equal(0);
    expect(text).to.contain('conflicts with "helm"');
  });

  it("hands its fields over on request, without a restart", async () => {
    const { context } = await engine.identify();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(root, "sandbox", "bootstrap.mjs"),
        join("operations", "adopt", "cli.ts"),
        "deployment/live-orders",
        "--namespace=shop",
        `--context=${context}`,
        "--claim",
      ],
      { cwd: root, encoding: "utf8", env: { ...process.env, KUBECONFIG: engine.kubeconfig } },
    );
    expect(status, stderr).to.equal(0);
    expect(stdout).to.contain("Deployment live-orders: claimed from helm");
    expect(versions(await live("pods"))).to.have.members(versions(pods));
  });

  it("then becomes what is declared, by an ordinary rollout that leaves nothing of the chart", async () => {
    const { code, text } = await up();
    expect(code, text).to.equal(0);
    const [deployment] = await live("deployment/live-orders");
    expect(deployment?.spec).to.have.property("replicas", 3);
    expect(firstContainer(deployment))
      .to.include({ name: "orders" })
      .and.to.not.have.property("env");
    const [config] = (await live("configmap")).filter(({ metadata }) =>
      metadata.name.startsWith("live-"),
    );
    expect(config).to.equal(undefined);
    const [service] = await live("service/live-orders");
    expect(service?.metadata.uid).to.be.a("string");
  });

  it("closes its namespace last, and needs no word of the take-over any more", async () => {
    stackSays = { ...stackSays, "adopted:namespace": "closed" };
    const { code, text } = await up();
    expect(code, text).to.equal(0);
    expect(await live("networkpolicy/default-deny")).to.have.length(1);
    stackSays = { "adopted:takeOver": "none", "adopted:namespace": "none" };
    const after = await up("--expect-no-changes");
    expect(after.code, after.text).to.equal(0);
  });

  it("rolls to a new version as any service does", async () => {
    stackSays = { ...stackSays, "adopted:version": "1.5.0" };
    const { code, text } = await up();
    expect(code, text).to.equal(0);
    expect(text)
      .to.match(/Deployment shop-orders-deployment updated/)
      .and.to.not.match(/Service shop-orders-service updated|created|deleted/);
    const [deployment] = await live("deployment/live-orders");
    expect(firstContainer(deployment)).to.have.property(
      "image",
      "registry.example.com/acme/shop/orders:1.5.0",
    );
  });
});
