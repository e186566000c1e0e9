import { expect } from "chai";
import { deployedServices, readDeployed } from "../../../components/apps/workload/deployed-state";
import { revisionDigest, type Release } from "../../../components/apps/workload/release";

const release: Release = { image: "registry.example.com/orders:2", env: [], origin: "given" };
const before = { current: { ...release, image: "registry.example.com/orders:1" } };
const workload = "urn:pulumi:test::slipway::slipway:apps:Workload::apps-shop-orders";

interface Part {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** What its inputs say, where that is not what the cluster has. */
  readonly oldAnnotations?: Readonly<Record<string, string>>;
  readonly initErrors?: readonly string[];
  readonly delete?: boolean;
  readonly type?: string;
  readonly status?: object;
}

const revision = { "slipway.dev/revision": revisionDigest(release), "slipway.dev/spec": "0a1b" };

/** A state with one workload that has these children. */
function stateOf(...parts: readonly Part[]): unknown {
  const children = parts.map(({ name, annotations, oldAnnotations, status, ...rest }) => ({
    urn: `urn:pulumi:test::slipway::slipway:apps:Workload$kubernetes:x/v1:X::apps-shop-orders-${name}`,
    type: "kubernetes:x/v1:X",
    parent: workload,
    inputs: { metadata: { annotations: oldAnnotations ?? annotations } },
    outputs: { metadata: { annotations }, status },
    ...rest,
  }));
  const component = {
    urn: workload,
    type: "slipway:apps:Workload",
    inputs: { service: "shop/orders", release, before },
  };
  return { version: 3, deployment: { resources: [component, ...children] } };
}

const serviceOf = (...parts: readonly Part[]) =>
  deployedServices(stateOf(...parts)).get("shop/orders");

describe("the state of a stack", () => {
  it("says of a service what its component recorded, and what its controller has", () => {
    expect(serviceOf({ name: "deployment", annotations: revision })).to.deep.equal({
      release,
      before,
      applied: true,
      failed: false,
      steps: ["controller"],
      again: [],
      spec: "0a1b",
    });
  });

  for (const kind of ["deployment", "stateful-set", "daemon-set", "cron-job", "job"]) {
    it(`knows the controller of a workload by its name: ${kind}`, () => {
      expect(serviceOf({ name: kind, annotations: revision })).to.include({ applied: true });
    });
  }

  it("takes no other object of a workload for its controller", () => {
    const service = serviceOf(
      { name: "service-account", annotations: revision },
      { name: "config-env" },
      { name: "migration", annotations: revision },
      { name: "disruption-budget" },
    );
    expect(service).to.deep.include({ applied: false, steps: ["migration"] });
    expect(service).not.to.have.property("spec");
  });

  it("tells a service that KEDA scales from one that it does not scale any more", () => {
    const scaledObject = {
      name: "scaled-object",
      type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
    };
    expect(serviceOf(scaledObject)).to.include({ eventScaled: true });
    expect(serviceOf({ ...scaledObject, delete: true })).not.to.have.property("eventScaled");
    expect(serviceOf({ name: "autoscaler" })).not.to.have.property("eventScaled");
  });

  it("tells a controller that a failed run never reached from one that it changed", () => {
    const old = { "slipway.dev/revision": revisionDigest(before.current) };
    expect(serviceOf({ name: "deployment", annotations: old })).to.include({ applied: false });
  });

  it("knows that a failed update did change the controller, though its inputs are the old ones", () => {
    const oldAnnotations = { "slipway.dev/revision": revisionDigest(before.current) };
    const initErrors = ["it timed out"];
    expect(
      serviceOf({ name: "deployment", annotations: revision, oldAnnotations, initErrors }),
    ).to.include({ applied: true, failed: true });
  });

  for (const step of ["migration", "deployment", "smoke-test"]) {
    it(`calls a rollout failed whose ${step} did not become ready`, () => {
      const others = ["migration", "deployment", "smoke-test"].filter((other) => other !== step);
      const state = [
        { name: step, initErrors: ["it failed"] },
        ...others.map((name) => ({ name })),
      ];
      expect(serviceOf(...state)).to.include({ failed: true });
    });
  }

  it("goes on calling it failed while it is left as it is", () => {
    const annotations = { ...revision, "pulumi.com/skipAwait": "true" };
    expect(serviceOf({ name: "deployment", annotations })).to.include({ failed: true });
  });

  it("calls no rollout failed for a Service that nobody waits for", () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    expect(serviceOf({ name: "service", annotations })).to.include({ failed: false });
  });

  it("passes over what was replaced and is still to be deleted", () => {
    const service = serviceOf(
      { name: "migration", delete: true, initErrors: ["it failed"] },
      { name: "deployment", annotations: revision },
    );
    expect(service).to.deep.include({ failed: false, steps: ["controller"] });
  });

  const job = { name: "migration", type: "kubernetes:batch/v1:Job" };
  const failure = "[BackoffLimitExceeded] Job has reached the specified backoff limit";
  const inPlaceOfOne = { "pulumi.com/replaceUnready": "true" };
  const left = { conditions: [{ type: "Failed", status: "True" }] };
  const jobs: readonly (readonly [string, Partial<Part>, boolean])[] = [
    ["that has failed", { initErrors: ["it was created, but", failure] }, true],
    ["that took too long", { initErrors: ["[DeadlineExceeded] Job was active too long"] }, true],
    ["that has failed and was left as it is since", { status: left }, true],
    ["that completed in the place of one that failed", { annotations: inPlaceOfOne }, true],
    ["that failed in the place of one", { annotations: inPlaceOfOne, initErrors: [failure] }, true],
    ["that was interrupted", { initErrors: ["it was cancelled", "Waiting for it"] }, false],
    [
      "that was interrupted in the place of one that failed",
      { annotations: inPlaceOfOne, initErrors: ["it was cancelled"] },
      false,
    ],
    ["that completed", { status: { conditions: [{ type: "Complete", status: "True" }] } }, false],
  ];
  for (const [which, changes, isDoneAgain] of jobs) {
    it(`${isDoneAgain ? "does" : "does not do"} a Job again ${which}`, () => {
      const again = isDoneAgain ? ["migration"] : [];
      expect(serviceOf({ ...job, ...changes })).to.deep.include({ again });
    });
  }

  it("does nothing else again for its errors", () => {
    const deployment = { name: "deployment", initErrors: [failure] };
    expect(serviceOf(deployment)).to.deep.include({ again: [] });
  });

  it("is empty for a new stack", () => {
    expect(deployedServices({ version: 3, deployment: {} })).to.deep.equal(new Map());
  });
});

describe("reading the stack's own state", () => {
  const command = "pulumi stack export --stack production";

  it("finds nothing deployed where there is no state", () => {
    expect(readDeployed(undefined)).to.deep.equal({ services: new Map(), objects: new Map() });
  });

  it("reads what the CLI printed", () => {
    const stdout = JSON.stringify(stateOf({ name: "deployment", annotations: revision }));
    const { services: deployed } = readDeployed({ command, code: 0, stdout, stderr: "" });
    expect([...deployed.keys()]).to.deep.equal(["shop/orders"]);
  });

  it("stops the program when the CLI fails, with its words and what to do", () => {
    const exported = {
      command,
      code: 255,
      stdout: "",
      stderr: "error: no stack named 'production'\n",
    };
    expect(() => readDeployed(exported))
      .to.throw("The stack's own state cannot be read")
      .with.property("message")
      .that.contains(`${command}: exit code 255: error: no stack named 'production'`)
      .and.contains("check that this command works here");
  });

  it("stops the program when the CLI cannot be started", () => {
    const exported = { command, stdout: "", stderr: "spawn pulumi ENOENT" };
    expect(() => readDeployed(exported))
      .to.throw(`${command}: could not be started: spawn pulumi ENOENT`)
      .with.property("message")
      .that.contains("Let the directory of the pulumi executable be in PATH");
  });

  it("stops the program when what was printed is no state, without printing any of it", () => {
    const exported = { command, code: 0, stdout: "{secret-looking", stderr: "" };
    expect(() => readDeployed(exported))
      .to.throw("exit code 0: what it printed is not JSON")
      .with.property("message")
      .that.does.not.contain("secret-looking");
  });
});
