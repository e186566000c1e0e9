import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type Policies,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { policies } from "../../../policy/pack/policies";
import { knowsNamedViolations, reportFinding } from "../../../policy/pack/report";
import { Session } from "../../../policy/pack/session";
import { deployment } from "../objects";
import { judge } from "../support";
import { RULES } from "../../../policy/rules";

/** What the SDK is given for one finding. */
interface Violation {
  readonly name: string;
  readonly message: string;
  readonly urn?: string;
  readonly enforcementLevel: string;
  readonly severity: string;
}

const URN = "urn:pulumi:dev::shop::kubernetes:apps/v1:Deployment::web";
const NO_EXEMPTIONS = "/does/not/exist";

function resource(props: object, config: object = {}): ResourceValidationArgs {
  return {
    type: "kubernetes:apps/v1:Deployment",
    urn: URN,
    name: "web",
    props,
    opts: { protect: false },
    getConfig: () => config,
  } as unknown as ResourceValidationArgs;
}

/**
 * Runs the pack over one resource as the SDK does: every policy in turn, each with a copy, then the stack with
 * what the cluster returned.
 */
async function run(
  props: object,
  config: object = {},
  disabled: readonly string[] = [],
  returned = props,
  exemptions = NO_EXEMPTIONS,
): Promise<Violation[]> {
  const found: Violation[] = [];
  const report = ((violation: Violation) => found.push(violation)) as unknown as ReportViolation;
  const all: Policies = policies(new Session(exemptions));
  for (const policy of (all as ResourceValidationPolicy[]).filter(
    ({ name }) => !disabled.includes(name),
  )) {
    for (const validate of [policy.validateResource ?? []].flat()) {
      await validate(resource(structuredClone(props), config), report);
    }
  }
  const stack = all.at(-1) as StackValidationPolicy;
  const resources = [{ ...resource(returned), dependencies: [], propertyDependencies: {} }];
  await stack.validateStack({ resources } as unknown as StackValidationArgs, report);
  return found;
}

const bad = {
  ...deployment,
  spec: {
    replicas: 3,
    selector: {},
    template: { spec: { hostPID: true, containers: [{ name: "web" }] } },
  },
};

describe("the policy pack", () => {
  it("reports each finding once, under its rule's name, level and severity", async () => {
    const found = await run(bad);
    const hostPid = found.filter(({ name }) => name === "host-pid");
    expect(
      hostPid.map(({ enforcementLevel, severity, urn }) => [enforcementLevel, severity, urn]),
    ).to.deep.equal([["mandatory", "high", URN]]);
    expect(found.find(({ name }) => name === "image-digest")?.enforcementLevel).to.equal(
      "advisory",
    );
  });

  it("says what is wrong in the first line, and why and how below", async () => {
    const message = (await run(bad)).find(({ name }) => name === "host-pid")?.message ?? "";
    expect(message.split("\n")).to.have.lengthOf(3);
    expect(message).to.match(
      /^Deployment\/shop\/orders: spec\.template\.spec\.hostPID is true; it should be/,
    );
    expect(message).to.match(/\n {2}why: .*\n {2}fix: Remove hostPID/);
  });

  it("judges the stack by what the program declared, not by what the cluster made of it", async () => {
    const declared = { ...deployment, spec: { ...(deployment["spec"] as object), replicas: 3 } };
    const scaledDown = { ...deployment, spec: { ...(deployment["spec"] as object), replicas: 1 } };
    const found = await run(declared, {}, [], scaledDown);
    expect(found.map(({ name }) => name)).not.to.include("min-replicas");
    expect((await run(scaledDown)).map(({ name }) => name)).to.include("min-replicas");
  });

  it("takes its profile and levels from the configuration", async () => {
    const found = await run(bad, { profile: "strict", rules: { "host-pid": "off" } });
    expect(found.map(({ name }) => name)).not.to.include("host-pid");
    expect(found.find(({ name }) => name === "image-digest")?.enforcementLevel).to.equal(
      "mandatory",
    );
  });

  it("leaves out a theme that is disabled", async () => {
    const found = (await run(bad, {}, ["pss-baseline"])).map(({ name }) => name);
    expect(found).not.to.include("host-pid");
    expect(found).to.include("liveness-probe");
  });

  it("says in an advisory which field is unknown, and judges what is known", async () => {
    const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const spec = structuredClone(bad.spec) as { template: { spec: { containers: object[] } } };
    spec.template.spec.containers = [{ name: "web", image: unknownText }];
    const found = await run({ ...bad, spec });
    const unknown = found.filter(({ name }) => name === "unknown-value");
    expect(unknown[0]?.message).to.contain("spec.template.spec.containers[0].image");
    expect(new Set(unknown.map(({ enforcementLevel }) => enforcementLevel))).to.deep.equal(
      new Set(["advisory"]),
    );
    expect(found.map(({ name }) => name)).to.include.members(["host-pid", "liveness-probe"]);
  });

  describe("lists the exemptions that applied at the end", () => {
    const own = { rules: ["host-pid"], object: "Deployment/shop/*", reason: "It watches." };
    const listed = async (ci: string) => {
      const folder = mkdtempSync(join(tmpdir(), "slipway-exemptions-"));
      writeFileSync(
        join(folder, "web.yaml"),
        "- { rules: [liveness-probe, readiness-probe], object: Deployment/shop/*, reason: It is short. }\n" +
          "- { rules: [memory-limit], object: Deployment/shop/*, reason: It is small. }\n",
      );
      const before = process.env["CI"];
      process.env["CI"] = ci;
      const found = await run(bad, { exemptions: [own] }, [], bad, folder);
      process.env["CI"] = before ?? "";
      rmSync(folder, { recursive: true });
      expect(found.map(({ name }) => name)).not.to.include.members(["host-pid", "memory-limit"]);
      expect(found.at(-1)?.name).to.equal("exemptions");
      return found.at(-1)?.message.split("\n") ?? [];
    };

    it("in full in a pipeline", async () => {
      expect((await listed("true")).slice(0, 4)).to.deep.equal([
        "3 exemptions apply:",
        "  - Deployment/shop/*: host-pid (1 finding): It watches.",
        "  - Deployment/shop/*: liveness-probe, readiness-probe (2 findings): It is short.",
        "  - Deployment/shop/*: memory-limit (1 finding): It is small.",
      ]);
    });

    it("by their reviewed file for a person, with those of the stack's configuration in full", async () => {
      const lines = await listed("");
      expect(lines.slice(0, -1)).to.deep.equal([
        "3 exemptions apply:",
        "  - Deployment/shop/*: host-pid (1 finding): It watches.",
        "  - reviewed in policy/exemptions: web.yaml 2 (3 findings)",
      ]);
      expect(lines.at(-1)).to.contain("CI=true");
    });
  });

  it("falls back to text for an SDK that does not know the object form", () => {
    expect(["1.20.0", "1.21.0", "1.30.1", "2.0.0"].map(knowsNamedViolations)).to.deep.equal([
      false,
      true,
      true,
      false,
    ]);
    const [finding] = judge(
      [bad],
      RULES.filter(({ id }) => id === "host-pid"),
    );
    const texts: unknown[] = [];
    if (finding !== undefined) {
      reportFinding(((text: unknown) => texts.push(text)) as ReportViolation, finding, URN, false);
    }
    expect(texts).to.have.lengthOf(1);
    expect(texts[0]).to.match(/^host-pid \(mandatory\): Deployment\/shop\/orders/);
  });
});
