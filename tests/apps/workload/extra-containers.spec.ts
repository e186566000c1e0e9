import { expect } from "chai";
import { workloadProblems } from "../../../components/apps/workload/workload-problems";
import { containerSecurityContext } from "../../../components/kit/hardening";
import type { Properties } from "../../support/mocks";
import { at, deployWorkload, goodShape, proxy } from "../fixtures";

const { resources } = proxy;
const initContainers = { warm: { args: ["warm-up"], env: { LEVEL: "info" }, resources } };
const sidecars = { proxy };

async function containersOf(
  changes: Parameters<typeof deployWorkload>[0],
  type = "Deployment",
): Promise<readonly Properties[]> {
  const [workload] = (await deployWorkload(changes)).all(type);
  return (at(workload?.inputs ?? {}, "spec.template.spec.initContainers") ??
    []) as readonly Properties[];
}

describe("a workload's other containers", () => {
  it("are none when nothing is said", async () => {
    expect(await containersOf({})).to.deep.equal([]);
  });

  it("start with the sidecars, which the init containers can use", async () => {
    const containers = await containersOf({ initContainers, sidecars });
    expect(containers.map(({ name, restartPolicy }) => [name, restartPolicy])).to.deep.equal([
      ["proxy", "Always"],
      ["warm", undefined],
    ]);
  });

  it("are hardened and limited like the service's own, with its folders and none of its variables", async () => {
    const [warm] = await containersOf({ initContainers, env: { PASSWORD_FILE: "/a" } });
    expect(warm).to.deep.include({
      image: goodShape.image,
      args: ["warm-up"],
      env: [{ name: "LEVEL", value: "info" }],
      volumeMounts: [{ name: "scratch-tmp", mountPath: "/tmp" }],
    });
    expect(warm?.securityContext).to.deep.equal(containerSecurityContext());
    expect(warm?.resources).to.have.keys("requests", "limits");
  });

  it("are asked how they are when they run beside the service", async () => {
    const [container] = await containersOf({ sidecars });
    expect(container).to.include.keys("startupProbe", "livenessProbe", "readinessProbe");
    expect(container?.ports).to.deep.equal([
      { name: "admin", containerPort: 9901, protocol: "TCP" },
    ]);
  });

  it("are beside a migration too when they are sidecars: it may need the same proxy", async () => {
    const migration = { command: ["/migrate"] };
    const containers = await containersOf({ initContainers, sidecars, migration }, "Job");
    expect(containers.map(({ name }) => name)).to.deep.equal(["proxy"]);
  });
});

describe("a workload's other containers are refused", () => {
  const problemsOf = (changes: object): readonly string[] =>
    workloadProblems({ ...goodShape, ...changes }).map(({ field }) => field);

  it("not when they are good", () => {
    expect(problemsOf({ initContainers, sidecars })).to.deep.equal([]);
  });

  it("when two have one name", () => {
    expect(problemsOf({ sidecars: { orders: proxy } })).to.deep.equal(["sidecars.orders.name"]);
    expect(problemsOf({ sidecars, initContainers: { proxy: { resources } } })).to.deep.equal([
      "initContainers.proxy.name",
    ]);
  });

  it("when their image has no version", () => {
    const latest = { ...proxy, image: "envoy:latest" };
    expect(problemsOf({ sidecars: { proxy: latest } })).to.deep.equal(["sidecars.proxy.image"]);
    const warm = { resources, image: "busybox" };
    expect(problemsOf({ initContainers: { warm } })).to.deep.equal(["initContainers.warm.image"]);
  });

  it("when a probe asks a port that the sidecar does not have", () => {
    const other = { ...proxy, ports: { other: 9902 } };
    expect(problemsOf({ sidecars: { proxy: other } })).to.deep.equal([
      "sidecars.proxy.probes.liveness",
      "sidecars.proxy.probes.readiness",
    ]);
  });

  it("when a port of theirs is another container's, by its number or by its name", () => {
    const others = { ports: { admin: 9901, http: 8081 }, probes: proxy.probes };
    const named = { ...proxy, ...others };
    expect(problemsOf({ sidecars: { proxy: named } })).to.deep.equal(["sidecars.proxy.ports.http"]);
    const again = { ...proxy, ports: { admin: 9901, extra: 8080 } };
    expect(problemsOf({ sidecars: { proxy: again } })).to.deep.equal([
      "sidecars.proxy.ports.extra",
    ]);
    const twins = { proxy, other: proxy };
    expect(problemsOf({ sidecars: twins })).to.deep.equal(["sidecars.other.ports.admin"]);
  });

  it("when a name is none", () => {
    expect(problemsOf({ initContainers: { Warm_Up: { resources } } })).to.deep.equal([
      "initContainers.Warm_Up.name",
    ]);
  });
});
