import { expect } from "chai";
import { workloadProblems } from "../../../components/apps/workload/workload-problems";
import type { WorkloadShape } from "../../../components/apps/workload/workload-shape";
import { deployWorkload, goodJob, goodShape } from "../fixtures";

describe("a workload is refused", () => {
  const problemsWith = (changes: object): readonly string[] =>
    workloadProblems({ ...goodShape, ...changes } as WorkloadShape).map(
      ({ field, message }) => `${field}: ${message}`,
    );

  it("not when it is good", () => {
    expect(workloadProblems(goodShape)).to.deep.equal([]);
    expect(workloadProblems(goodJob)).to.deep.equal([]);
  });

  it("before anything of it is registered, with all its problems at once", async () => {
    const changes = { scaling: { fixed: 0 }, image: "orders:latest" };
    const error = await deployWorkload(changes).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(String(error))
      .to.contain("shop/orders cannot be deployed:")
      .and.contain('image: got "orders:latest"')
      .and.contain("scaling.fixed: got 0");
  });

  const mistakes: readonly (readonly [string, object, string])[] = [
    ["a name that is no DNS label", { service: "Orders" }, 'service: got "Orders"'],
    ["an application that can be no namespace", { application: "Shop" }, 'application: got "Shop"'],
    ["a team that is no label", { team: "check out" }, 'team: got "check out"'],
    ["no team", { team: "" }, 'team: got ""'],
    ["an image without a version", { image: "orders" }, 'image: got "orders"'],
    ["a registry's port for a tag", { image: "registry:5000/orders" }, "image: got"],
    ["root as its user", { user: 0 }, "user: got 0"],
    ["the root folder writable", { writable: { "/": "1Gi" } }, 'writable["/"]'],
    ["a folder without a size", { writable: { "/tmp": "big" } }, 'writable["/tmp"]: got "big"'],
    ["a port that only root may use", { ports: { http: 80 } }, "ports.http: got 80"],
    [
      "a port's name that is too long",
      { ports: { http: 8080, "a-name-that-is-long": 9090 } },
      "ports.a-name-that-is-long:",
    ],
    [
      "two names for one port",
      { ports: { http: 8080, web: 8080 } },
      'ports.web: got 8080, which port "http" has already',
    ],
    [
      "a Service's port that is no port",
      { ports: { http: { number: 8080, service: 0 } } },
      "ports.http: got 0 for its Service",
    ],
    [
      "one number of the Service for two ports",
      { ports: { http: { number: 8080, service: 80 }, web: { number: 8081, service: 80 } } },
      'ports.web: got 80 for its Service, which port "http" has there already',
    ],
    ["a fraction of a byte", { writable: { "/data": "1.3Gi" } }, 'writable["/data"]: got "1.3Gi"'],
    [
      "memory in a fraction of a byte",
      { resources: { typical: { cpu: "1", memory: "1.3Gi" } } },
      'resources.typical.memory: got "1.3Gi", which is no whole number of bytes',
    ],
    [
      "two things in one folder",
      { writable: { "/data": "1Gi" }, volumes: { "/data": { emptyDir: { size: "1Gi" } } } },
      'volumes: has the folder "/data", which writable has, too',
    ],
    [
      "a variable of a name that no program can read",
      { config: { env: { "LOG=LEVEL": "info" } } },
      'config.env["LOG=LEVEL"]: cannot be a variable\'s name',
    ],
    [
      "a file that would be in another folder",
      { config: { files: { mountPath: "/etc/app", contents: { "conf.d/app.yaml": "" } } } },
      'config.files.contents["conf.d/app.yaml"]: cannot be a file\'s name',
    ],
    [
      "a label that no node can have",
      { nodeSelector: { "pool of": "spot" } },
      'nodeSelector["pool of"]: got the key "pool of"',
    ],
    [
      "a toleration of what no taint can be",
      { tolerations: [{ key: "pool", value: "spot!" }] },
      'tolerations[0].value: got "spot!"',
    ],
    [
      "a path with an empty step",
      { exposure: { ingress: { paths: [{ path: "/orders//new" }] } } },
      'exposure.ingress.paths[0].path: got "/orders//new"',
    ],
    ["no time to finish", { shutdown: { drain: "0s" } }, 'shutdown.drain: got "0s"'],
    ["no spare pod", { rollout: { maxSurge: 0 } }, "rollout.maxSurge: got 0"],
    [
      "a probe on another port",
      { probes: { ...goodShape.probes, readiness: { tcp: { port: "x" } } } },
      'probes.readiness: got port "x"',
    ],
    [
      "a peak below the typical use",
      { resources: { typical: { cpu: "1", memory: "1Gi" }, peak: { cpu: "500m" } } },
      'resources.peak.cpu: got "500m"',
    ],
    [
      "a path of another form",
      { exposure: { ingress: { paths: [{ path: "x" }] } } },
      'exposure.ingress.paths[0].path: got "x"',
    ],
  ];
  for (const [mistake, changes, message] of mistakes) {
    it(`with ${mistake}, and only for that`, () => {
      const problems = problemsWith(changes);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.contain(message);
    });
  }

  it("when a scheduled job's name leaves no room for its runs", () => {
    const service = "a".repeat(53);
    expect(workloadProblems({ ...goodShape, service })).to.deep.equal([]);
    expect(workloadProblems({ ...goodJob, service }).map(({ field }) => field)).to.deep.equal([
      "service",
    ]);
  });
});
