import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { parse } from "yaml";
import { examineStack } from "../../operations/doctor/doctor";
import { sandboxStack } from "../../operations/stack";
import { engine, get, kubectl, pulumi, root, type KubernetesObject } from "./support";

/** Counts that say a workload serves, by kind: what it should have and what it has. */
function available(object: Awaited<ReturnType<typeof get>>[number]): boolean {
  const wanted = object.spec?.replicas;
  const ready = object.kind === "Deployment" ? "availableReplicas" : "readyReplicas";
  return wanted === 0 || object.status?.[ready] === wanted;
}

/** What a workload says of its pods, as far as it is looked at here. */
interface PodSpecHolder {
  readonly template?: { readonly spec: { readonly priorityClassName?: string } };
}

/** The values of the cluster's Secrets that open something, each as a text. */
function secretValues(secrets: readonly KubernetesObject[]): readonly string[] {
  const values = secrets.flatMap(({ data = {} }) =>
    Object.entries(data)
      .filter(([key]) => /password|secret|token|uri|verifier|tls\.key/i.test(key))
      .map(([, value]) => Buffer.from(value, "base64").toString("utf8")),
  );
  return [...new Set(values)].filter((value) => value.length >= 12);
}

/** How many of the values a text holds, as they are or encoded as a Secret has them; it names none. */
function shown(text: string, values: readonly string[]): number {
  const forms = (value: string): readonly string[] => [
    value,
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString("base64"),
  ];
  return values.filter((value) => forms(value).some((form) => text.includes(form))).length;
}

/** What the stack's file says under a key. */
function setting(key: string): Readonly<Record<string, object>> {
  const { config } = parse(readFileSync(join(root, "Pulumi.sandbox.yaml"), "utf8")) as {
    readonly config: Readonly<Record<string, Readonly<Record<string, object>>>>;
  };
  return config[`slipway:${key}`] ?? {};
}

describe("the sandbox stack", function () {
  this.timeout("10m");
  let printed = "";

  it("comes up in one run on an empty cluster, with the policy pack on", async () => {
    const { code, text } = await pulumi("up", "--stack", "sandbox", "--yes");
    printed = text;
    expect(code, text).to.equal(0);
  });

  it("shows no secret: not in what was printed, its state, its outputs, nor an object that is no Secret", async () => {
    const values = secretValues(await get("secrets", "--all-namespaces"));
    expect(values).not.to.have.lengthOf(0);
    const { text: state } = await pulumi("stack", "export", "--stack", "sandbox");
    const { text: outputs } = await pulumi("stack", "output", "--json", "--stack", "sandbox");
    const objects = await get(
      "configmaps,deployments,statefulsets,daemonsets,cronjobs,jobs,pods,ingresses,services",
      "--all-namespaces",
    );
    expect({
      printed: shown(printed, values),
      state: shown(state, values),
      outputs: shown(outputs, values),
      objects: shown(JSON.stringify(objects), values),
    }).to.deep.equal({ printed: 0, state: 0, outputs: 0, objects: 0 });
    // That the test can fail: a Secret does hold them.
    const secrets = await get("secrets", "--all-namespaces");
    expect(shown(JSON.stringify(secrets), values)).to.equal(values.length);
  });

  it("has every workload available", async () => {
    const look = () => get("deployments,statefulsets", "--all-namespaces");
    let workloads = await look();
    // A scaled Deployment comes up with one pod; its autoscaler looks every 15 s and raises it to its floor.
    for (let tries = 0; tries < 30 && !workloads.every(available); tries += 1) {
      await setTimeout(1000);
      workloads = await look();
    }
    const down = workloads.filter((workload) => !available(workload));
    expect(down.map(({ metadata }) => metadata.name)).to.deep.equal([]);
    expect(workloads.map(({ metadata }) => metadata.name)).to.include.members([
      "cert-manager",
      "external-secrets",
      "ingress-nginx-controller",
      "pgo",
      "nats",
      "minio",
      "auth",
      "products",
      "orders",
      "notifications",
    ]);
  });

  it("lets no service take the place of what services rely on", async () => {
    const services = Object.keys(setting("applications"));
    const workloads = await get("deployments,statefulsets", "--all-namespaces");
    const classes = workloads
      .filter(({ metadata }) => !services.includes(metadata.namespace ?? ""))
      .map(({ spec }) => (spec as PodSpecHolder | undefined)?.template?.spec.priorityClassName);
    expect(new Set(classes)).to.deep.equal(
      new Set(["slipway-platform", "system-cluster-critical"]),
    );
  });

  it("holds the database's custom resource", async () => {
    const [database] = await get("postgrescluster", "db", "--namespace", "postgres");
    expect(database?.spec).to.have.property("postgresVersion", 17);
  });

  it("changes nothing when it is brought up again", async () => {
    const { code, text } = await pulumi("up", "--stack", "sandbox", "--yes", "--expect-no-changes");
    expect(code, text).to.equal(0);
  });

  it("is healthy by the doctor, who then names each fault that is planted, and nothing else", async () => {
    const stack = sandboxStack("sandbox", engine);
    const examine = async () => {
      // A minute later, when a deletion that has begun should have ended.
      const later = new Date(Date.now() + 60_000);
      const { findings } = await examineStack(stack, () => undefined, later);
      return findings.map(
        ({ check, where, what }) => `${check}: ${where}: ${what.split(/:| at /)[0] ?? ""}`,
      );
    };
    expect(await examine()).to.deep.equal([]);
    await kubectl("apply", "--filename", join(__dirname, "faults.yaml"));
    await kubectl("delete", "configmap", "stuck", "--namespace=storefront", "--wait=false");
    const service = ["service", "orders", "--namespace=storefront", "--overwrite"];
    await kubectl("label", ...service, "app=other", "--field-manager=kubectl-edit");
    const held = ["configmap", "stuck", "--namespace=storefront"];
    try {
      expect(await examine()).to.have.members([
        "Helm releases: Helm release storefront/legacy: it has been pending-install for 1m; the run that began it did not end it",
        "finalizers: ConfigMap storefront/stuck: it has been being deleted for 1m and waits for the finalizer example.com/hold",
        "TLS Secrets: Secret storefront/missing-tls: an Ingress names it, and it is not there or holds no certificate",
        "drift: Service storefront/orders: metadata.labels.app is other, declared orders (written by kubectl-edit",
      ]);
    } finally {
      await kubectl("patch", ...held, "--patch", '{"metadata":{"finalizers":null}}');
      await kubectl("label", ...service, "app=orders");
      await kubectl("delete", "--filename", join(__dirname, "faults.yaml"), "--ignore-not-found");
    }
    expect(await examine()).to.deep.equal([]);
  });

  it("refuses at preview larger volumes in charts' claim templates, all at once, with the safe path", async () => {
    const data = setting("data");
    const nats = { ...data["nats"], storage: { kind: "file", size: "2Gi" } };
    const objectStore = { ...data["objectStore"], storage: { size: "2Gi" } };
    const edited = `slipway:data=${JSON.stringify({ ...data, nats, objectStore })}`;
    const { code, text } = await pulumi("preview", "--stack", "sandbox", "--config", edited);
    expect(code, text).not.to.equal(0);
    expect(text)
      .to.contain("StatefulSet/nats/nats cannot be changed in place")
      .and.to.contain("StatefulSet/minio/minio cannot be changed in place")
      .and.to.contain("spec.volumeClaimTemplates")
      .and.to.contain("--cascade=orphan");
  });

  it("previews a third pod, with which a disruption budget changes its form", async () => {
    const platform = setting("platform");
    const certManager = { ...platform["certManager"], replicas: 3 };
    const edited = `slipway:platform=${JSON.stringify({ ...platform, certManager })}`;
    const { code, text } = await pulumi("preview", "--stack", "sandbox", "--config", edited);
    expect(code, text).to.equal(0);
    expect(text).to.match(/PodDisruptionBudget \S+cert-manager-webhook\s+replace/);
  });

  it("is destroyed whole, custom resources before the operator that cleans up after them", async () => {
    const { code, text } = await pulumi("destroy", "--stack", "sandbox", "--yes");
    expect(code, text).to.equal(0);
    const namespaces = (await get("namespaces")).map(({ metadata }) => metadata.name);
    expect(namespaces).to.have.members([
      "default",
      "kube-node-lease",
      "kube-public",
      "kube-system",
    ]);
  });

  it("comes up again after it was destroyed", async () => {
    const { code, text } = await pulumi("up", "--stack", "sandbox", "--yes");
    expect(code, text).to.equal(0);
  });
});
