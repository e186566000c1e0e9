import { expect } from "chai";
import {
  probeProblems,
  probeSpecs,
  startupBudgetSeconds,
  type Probes,
} from "../../components/kit/probes";

const ports = { http: 8080, grpc: 9090 };
const probes: Probes = {
  liveness: { http: { path: "/live", port: "http" } },
  readiness: { http: { path: "/ready", port: "http" } },
};

describe("probes", () => {
  it("give a container 150 seconds to start, asking what liveness asks", () => {
    const { startupProbe } = probeSpecs(probes, ports);
    expect(startupProbe).to.deep.equal({
      httpGet: { path: "/live", port: 8080 },
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 30,
    });
  });

  it("give it the window that is asked for, rounded up to whole periods", () => {
    const { startupProbe } = probeSpecs({ ...probes, startup: { window: "42s" } }, ports);
    expect(startupProbe.failureThreshold).to.equal(9);
  });

  it("ask at startup what the startup probe says", () => {
    const startup = { check: { tcp: { port: "http" } } };
    expect(probeSpecs({ ...probes, startup }, ports).startupProbe).to.deep.include({
      tcpSocket: { port: 8080 },
    });
  });

  it("count three failures by default", () => {
    const { livenessProbe, readinessProbe } = probeSpecs(probes, ports);
    expect(livenessProbe).to.deep.include({ periodSeconds: 10, failureThreshold: 3 });
    expect(readinessProbe).to.deep.include({ periodSeconds: 5, failureThreshold: 3 });
  });

  it("wait less for an answer than until the next question, whatever the period", () => {
    const often = { ...probes, readiness: { ...probes.readiness, period: "2s" } } as const;
    expect(probeSpecs(often, ports).readinessProbe).to.include({ timeoutSeconds: 1 });
    expect(probeSpecs(probes, ports).readinessProbe).to.include({ timeoutSeconds: 3 });
  });

  it("keep the window of a start whose answers take long", () => {
    const slow = {
      ...probes,
      startup: { window: "150s" },
      liveness: { ...probes.liveness, period: "60s", timeout: "30s" },
    } as const;
    expect(probeSpecs(slow, ports).startupProbe).to.include({
      periodSeconds: 30,
      timeoutSeconds: 30,
      failureThreshold: 5,
    });
  });

  it("can ask over gRPC, of the server or of one service", () => {
    const grpc: Probes = {
      liveness: { grpc: { port: "grpc" } },
      readiness: { grpc: { port: "grpc", service: "cart" } },
    };
    const specs = probeSpecs(grpc, ports);
    expect(specs.livenessProbe.grpc).to.deep.equal({ port: 9090 });
    expect(specs.readinessProbe.grpc).to.deep.equal({ port: 9090, service: "cart" });
  });

  it("can run a command", () => {
    const exec: Probes = { ...probes, readiness: { exec: { command: ["redis-cli", "ping"] } } };
    expect(probeSpecs(exec, ports).readinessProbe.exec).to.deep.equal({
      command: ["redis-cli", "ping"],
    });
  });

  it("add the first readiness to the time a start may take", () => {
    const readiness = { ...probes.readiness, period: "7s" } as const;
    expect(startupBudgetSeconds({ ...probes, startup: { window: "60s" }, readiness })).to.equal(67);
  });
});

describe("probes are refused", () => {
  it("not when they ask different questions of declared ports", () => {
    expect(probeProblems(probes, ports)).to.deep.equal([]);
  });

  it("when readiness asks what liveness asks", () => {
    const [problem, ...more] = probeProblems({ ...probes, readiness: probes.liveness }, ports);
    expect(more).to.deep.equal([]);
    expect(problem?.field).to.equal("readiness");
    expect(problem?.message).to.contain("asks what liveness asks (GET /live on port http)");
  });

  it("when they ask the same question in another rhythm", () => {
    const readiness = { http: { port: "http", path: "/live" }, period: "2s" } as const;
    const problems = probeProblems({ ...probes, readiness }, ports);
    expect(problems.map(({ field }) => field)).to.deep.equal(["readiness"]);
  });

  it("not when gRPC asks one service for readiness and the server for liveness", () => {
    const grpc: Probes = {
      liveness: { grpc: { port: "grpc" } },
      readiness: { grpc: { port: "grpc", service: "cart" } },
    };
    expect(probeProblems(grpc, ports)).to.deep.equal([]);
  });

  it("when fewer than three failures count", () => {
    const liveness = { ...probes.liveness, failureThreshold: 2 };
    const [problem] = probeProblems({ ...probes, liveness }, ports);
    expect(problem?.field).to.equal("liveness.failureThreshold");
    expect(problem?.message).to.match(/^got 2; it has to be a whole number, at least 3\./);
  });

  it("when an answer may take as long as the time to the next question", () => {
    const liveness = { ...probes.liveness, timeout: "10s" } as const;
    const [problem, ...more] = probeProblems({ ...probes, liveness }, ports);
    expect(more).to.deep.equal([]);
    expect(problem?.field).to.equal("liveness.timeout");
    expect(problem?.message).to.match(/^got 10s for a question that is asked every 10s/);
  });

  it("when a start may take no time at all", () => {
    const problems = probeProblems({ ...probes, startup: { window: "0s" } }, ports);
    expect(problems.map(({ field }) => field)).to.deep.equal(["startup.window"]);
  });

  it("when they ask a port that is not declared", () => {
    const readiness = { tcp: { port: "admin" } };
    expect(probeProblems({ ...probes, readiness }, ports)).to.deep.equal([
      {
        field: "readiness",
        message:
          'got port "admin"; the declared ports are http, grpc. Declare it under ports, or use one of these.',
      },
    ]);
  });

  it("when a path has no leading slash", () => {
    const readiness = { http: { path: "ready", port: "http" } };
    const problems = probeProblems({ ...probes, readiness }, ports);
    expect(problems.map(({ field }) => field)).to.deep.equal(["readiness.http.path"]);
  });

  it("when a command is empty", () => {
    const problems = probeProblems({ ...probes, readiness: { exec: { command: [] } } }, ports);
    expect(problems.map(({ field }) => field)).to.deep.equal(["readiness"]);
  });
});
