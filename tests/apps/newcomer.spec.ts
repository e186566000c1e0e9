import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { containerSecurityContext, podSecurityContext } from "../../components/kit/hardening";
import { containerResources } from "../../components/kit/resources";
import type { Properties, Recorded } from "../support/mocks";
import { at } from "./fixtures";
import { newcomers } from "./newcomer";
import { deployShop } from "./shop";

/** Labels that say what runs, whose it is and where. */
const wantedLabels = [
  "app",
  "team",
  "environment",
  "app.kubernetes.io/name",
  "app.kubernetes.io/instance",
  "app.kubernetes.io/part-of",
  "app.kubernetes.io/managed-by",
];

const withoutEmpty = (text: string): readonly string[] =>
  text.split("\n").filter((line) => line.trim() !== "");

/** What the team wrote, without comments. */
const declared = withoutEmpty(readFileSync(join(__dirname, "newcomer.ts"), "utf8")).filter(
  (line) => !/^\s*(\/\*\*|\*|\/\/)/.test(line),
);

/** A service that its team declared in its first hour. */
describe("a newcomer's service", () => {
  let recorded: Recorded;
  let pod: Properties;
  let container: Properties;
  before(async () => {
    recorded = await deployShop({}, newcomers);
    pod = at(recorded.find("Deployment", "orders").inputs, "spec.template.spec") as Properties;
    container = (pod.containers as readonly Properties[])[0] ?? {};
  });

  it("is declared in at most 20 lines, imports and all", () => {
    expect(declared.length).to.be.at.most(20);
  });

  it("is the one of docs/comparison.md, which counts the lines of each", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "comparison.md"), "utf8");
    const blocks = [...page.matchAll(/^```(?:ts|yaml)\n(.*?)^```/gms)].map(([, text = ""]) =>
      withoutEmpty(text),
    );
    const counted = [...page.matchAll(/^\| [\w -]+ \| (\d+)(?: of values)? +\|/gm)].map(
      ([, lines]) => Number(lines),
    );
    expect(blocks.map(({ length }) => length)).to.deep.equal(counted);
    const body = (lines: readonly string[]) => lines.filter((line) => !/^(im|ex)port /.test(line));
    expect(body(blocks[0] ?? [])).to.deep.equal(body(declared));
  });

  it("is made of everything a service in production has", () => {
    const kinds = recorded.resources
      .map(({ type }) => type.split(":").at(-1) ?? "")
      .filter((kind) => !["Application", "Workload", "ApplicationSecrets"].includes(kind));
    expect(new Set(kinds)).to.include.all.keys(
      "Namespace",
      "NetworkPolicy",
      "ServiceAccount",
      "ConfigMap",
      "Deployment",
      "Service",
      "Ingress",
      "HorizontalPodAutoscaler",
      "PodDisruptionBudget",
      "ExternalSecret",
      "SecretStore",
      "Certificate",
    );
  });

  it("asks three different questions of its container", () => {
    const { startupProbe, livenessProbe, readinessProbe } = container;
    expect(livenessProbe).to.not.deep.equal(readinessProbe);
    expect(startupProbe).to.not.deep.equal(livenessProbe);
  });

  it("rolls without losing a pod, and ends each one after its requests", () => {
    const spec = recorded.find("Deployment", "orders").inputs.spec as Properties;
    expect(at(spec, "strategy.rollingUpdate.maxUnavailable")).to.equal(0);
    expect(spec).to.not.have.property("replicas");
    const sleep = at(container, "lifecycle.preStop.sleep.seconds");
    expect(sleep).to.be.a("number").and.greaterThan(0);
    expect(pod.terminationGracePeriodSeconds).to.be.greaterThan(Number(sleep));
    const { inputs } = recorded.find("PodDisruptionBudget", "orders");
    expect(at(inputs, "spec.minAvailable")).to.equal(1);
  });

  it("is spread over zones and hosts", () => {
    const keys = (pod.topologySpreadConstraints as readonly Properties[]).map(
      ({ topologyKey }) => topologyKey,
    );
    expect(keys).to.include.members(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
  });

  it("runs restricted, as its own account, with requests and limits", () => {
    expect(container.securityContext).to.deep.equal(containerSecurityContext());
    expect(pod.securityContext).to.deep.equal(podSecurityContext());
    expect(pod.serviceAccountName).to.equal("orders");
    const typical = { cpu: "100m", memory: "128Mi" };
    expect(container.resources).to.deep.equal(containerResources({ typical }));
  });

  it("reaches its database and DNS, and is reached by the edge alone", () => {
    const { inputs } = recorded.find("NetworkPolicy", "apps-shop-orders-paths");
    expect(at(inputs, "spec.policyTypes")).to.deep.equal(["Ingress", "Egress"]);
    expect(at(inputs, "spec.egress")).to.have.length(1);
    expect(at(inputs, "spec.ingress")).to.have.length(1);
  });

  it("has its password by reference, and its configuration in a ConfigMap named by its content", () => {
    const [variable] = container.env as readonly Properties[];
    expect(at(variable ?? {}, "valueFrom.secretKeyRef.name")).to.equal("orders-database-orders");
    expect(recorded.all("ConfigMap").map(({ inputs }) => inputs.immutable)).to.deep.equal([true]);
  });

  it("says on each object what it is, whose and where, and on what runs which version", () => {
    const own = recorded.resources.filter(({ name }) => name.startsWith("apps-shop-orders"));
    const objects = own.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects).to.not.have.length(0);
    for (const { name, inputs } of objects) {
      expect(at(inputs, "metadata.labels"), name).to.include.all.keys(wantedLabels);
    }
    const { inputs } = recorded.find("Deployment", "orders");
    for (const path of ["metadata.labels", "spec.template.metadata.labels"]) {
      expect(at(inputs, path)).to.include.all.keys(
        ...wantedLabels,
        "version",
        "app.kubernetes.io/version",
      );
    }
  });
});
