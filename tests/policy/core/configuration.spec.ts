import { expect } from "chai";
import { actionOf, ConfigError, readConfig } from "../../../policy/core/config";
import { Judge } from "../../../policy/core/evaluate";
import { PROFILES } from "../../../policy/core/profile";
import { walk } from "../../../policy/core/walk";
import { RULES } from "../../../policy/rules";

const IDS = new Set(RULES.map(({ id }) => id));

function rule(id: string) {
  const found = RULES.find((candidate) => candidate.id === id);
  if (found === undefined) {
    throw new Error(`There is no rule "${id}".`);
  }
  return found;
}

function actions(id: string): string[] {
  return PROFILES.map((profile) => actionOf(rule(id), readConfig({ profile }, IDS)));
}

describe("the profiles", () => {
  it("keep Pod Security, probes, memory limits and images mandatory under baseline", () => {
    for (const id of ["privileged-container", "liveness-probe", "memory-limit", "image-tag"]) {
      expect(actions(id), id).to.deep.equal(["mandatory", "mandatory", "mandatory", "mandatory"]);
    }
  });

  it("turn other mandatory rules into advice under baseline", () => {
    expect(actions("cpu-limit")).to.deep.equal(["advisory", "mandatory", "mandatory", "mandatory"]);
  });

  it("turn advice into orders under strict", () => {
    expect(actions("image-digest")).to.deep.equal([
      "advisory",
      "advisory",
      "mandatory",
      "mandatory",
    ]);
  });

  it("turn on what is off under all, except what contradicts another rule", () => {
    expect(actions("host-users")).to.deep.equal(["off", "off", "off", "advisory"]);
    expect(actions("cpu-limit-forbidden")).to.deep.equal(["off", "off", "off", "off"]);
  });
});

describe("the configuration", () => {
  it("sets the level of a single rule above the profile", () => {
    const config = readConfig(
      { profile: "strict", rules: { "image-digest": "off", "host-users": "mandatory" } },
      IDS,
    );
    expect([
      actionOf(rule("image-digest"), config),
      actionOf(rule("host-users"), config),
    ]).to.deep.equal(["off", "mandatory"]);
  });

  it("names every problem at once, with what it may be", () => {
    const wrong = {
      profle: "strict",
      profile: "lax",
      rules: { "no-such-rule": "off", "image-tag": "never" },
      settings: { minReplicas: 0, allowedRegistries: "x", colour: 1 },
      exemptions: [
        { rules: ["image-tag"], object: "Pod/a" },
        { rules: ["nothing"], object: "Pod/a", reason: "r" },
      ],
    };
    expect(() => readConfig(wrong, IDS)).to.throw(ConfigError, /9 problem\(s\)/);
    expect(() => readConfig(wrong, IDS)).to.throw(
      /rules\.image-tag is "never"; it must be one of mandatory, advisory, off/,
    );
  });

  it("says so when levels or settings are no map", () => {
    expect(() => readConfig({ rules: ["image-tag"], settings: "none" }, IDS)).to.throw(
      /rules is \["image-tag"\]; it must be a map\n.*settings is "none"; it must be a map/,
    );
  });
});

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a", namespace: "x" },
  spec: { hostPID: true },
};
const EXEMPTION = { rules: ["host-pid"], object: "Pod/x/*", reason: "It watches processes." };

function judged(config: object): { rules: string[]; judge: Judge } {
  const judge = new Judge(RULES, readConfig(config, IDS), "2026-06-30");
  const findings = [...judge.judge(walk(POD)), ...judge.expired()];
  return { rules: findings.map((finding) => finding.rule), judge };
}

describe("an exemption", () => {
  it("covers the rule on the objects it names, and is counted", () => {
    const { rules, judge } = judged({ exemptions: [EXEMPTION] });
    expect(rules).not.to.include("host-pid");
    expect(judge.exemptionsSeen.map(({ covered, expired }) => [covered, expired])).to.deep.equal([
      [1, false],
    ]);
  });

  it("counts until the end of its last day, and fails the run from then on", () => {
    expect(judged({ exemptions: [{ ...EXEMPTION, expires: "2026-06-30" }] }).rules).not.to.include(
      "host-pid",
    );
    expect(
      judged({ exemptions: [{ ...EXEMPTION, expires: "2026-06-29" }] }).rules,
    ).to.include.members(["host-pid", "exemption-expired"]);
  });

  it("does not reach into another namespace", () => {
    expect(judged({ exemptions: [{ ...EXEMPTION, object: "Pod/y/*" }] }).rules).to.include(
      "host-pid",
    );
  });

  it("is not needed in an exempt namespace", () => {
    expect(judged({ exemptNamespaces: ["x"] }).rules).to.deep.equal([]);
  });
});
