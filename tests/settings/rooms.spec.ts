import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { parseSettings, projectConfig, type Settings } from "../../components/settings";

type Tree = Readonly<Record<string, unknown>>;

function inputOf(stack: string): Tree {
  const file = join(__dirname, "..", "..", `Pulumi.${stack}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { readonly config: Tree };
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return projectConfig(Object.fromEntries(texts) as Record<string, string>);
}

const whole = inputOf("sandbox");
const platform = inputOf("sandbox-platform");
const apps = inputOf("sandbox-storefront");

function without(input: Tree, ...keys: readonly string[]): Tree {
  return Object.fromEntries(Object.entries(input).filter(([key]) => !keys.includes(key)));
}

function problemsOf(input: Tree): readonly string[] {
  try {
    parseSettings(input);
    return [];
  } catch (error) {
    return String(error)
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}

describe("the rooms of a stack", () => {
  it("are all three when nothing is said", () => {
    const settings: Settings = parseSettings(without(whole, "rooms"));
    expect([settings.platform, settings.data, settings.applications]).to.not.include(undefined);
    expect(settings.platformStack).to.equal(undefined);
  });

  it("may be the applications alone, on a platform stack that they name", () => {
    const { platform: own, data, platformStack } = parseSettings(apps);
    expect([own, data, platformStack]).to.deep.equal([undefined, undefined, "sandbox-platform"]);
  });

  it("may be platform and data, which need no registry of applications' images", () => {
    const { applications, tenants } = parseSettings(platform);
    expect(applications).to.equal(undefined);
    expect(Object.keys(tenants)).to.deep.equal(["storefront", "fulfilment"]);
  });
});

describe("the rooms of a stack are refused, with the one thing to do,", () => {
  const mistakes: readonly (readonly [what: string, input: Tree, message: string])[] = [
    [
      "when a room has no section",
      without(whole, "data"),
      "slipway:data: is missing; it has to be a map, because slipway:rooms has data.",
    ],
    [
      "when applications have no images",
      without(whole, "images"),
      "slipway:images: is missing; it has to be a map, because slipway:rooms has apps.",
    ],
    [
      "when a section's room is left out",
      { ...apps, platform: whole.platform },
      "slipway:platform: belongs to the room platform, which slipway:rooms leaves out. Remove it, or add platform to slipway:rooms.",
    ],
    [
      "when there is data without the operators it needs",
      { ...without(apps, "applications"), rooms: ["data"], data: whole.data },
      'slipway:rooms: got ["data"]; data needs platform beside it',
    ],
    [
      "when the platform is nobody's",
      without(apps, "platformStack"),
      "slipway:platformStack: is missing; it has to name the stack that has the platform",
    ],
    [
      "when the platform is the stack's own and another's",
      { ...whole, platformStack: "production" },
      "slipway:platformStack: names another stack's platform, but slipway:rooms has platform.",
    ],
    [
      "when a stack of applications has tenants",
      { ...apps, tenants: { fulfilment: {} } },
      "slipway:tenants: belongs to a stack with a platform, which makes the tenants' namespaces. Move it to sandbox-platform.",
    ],
    [
      "when a stack deploys its own tenant",
      { ...whole, tenants: { storefront: {} } },
      "slipway:tenants.storefront: is deployed by this stack too (slipway:applications.storefront).",
    ],
    [
      "when it sets the quota of a namespace that is not its own",
      {
        ...apps,
        applications: {
          storefront: { host: "a.example.com", limits: (platform.tenants as Tree).limits },
          fulfilment: {
            host: "b.example.com",
            quota: ((platform.tenants as Tree).fulfilment as Tree).quota,
          },
        },
      },
      "slipway:applications.fulfilment.quota: belongs to the namespace, which sandbox-platform makes. Move it to slipway:tenants.fulfilment.quota of that stack.",
    ],
    [
      "when a preview sets the quota that its platform stack gives every preview",
      {
        ...apps,
        previewEnvironment: { name: "pr-12", slot: 1 },
        applications: {
          fulfilment: {
            host: "b.example.com",
            quota: ((platform.tenants as Tree).fulfilment as Tree).quota,
          },
        },
      },
      "slipway:applications.fulfilment.quota: belongs to the namespace, for which sandbox-platform says it. Move it to slipway:previews.quota of that stack.",
    ],
    [
      "when a stack with a platform is a preview",
      { ...whole, previewEnvironment: { name: "pr-12", slot: 1 } },
      "slipway:previewEnvironment: belongs to a stack of applications alone, but slipway:rooms has platform.",
    ],
    [
      "when a preview does not say which of the previews' data it has",
      { ...apps, previewEnvironment: { name: "pr-12" } },
      "slipway:previewEnvironment.slot: is missing",
    ],
    [
      "when a stack of applications says what previews may be beside it",
      { ...apps, previews: platform.previews },
      "slipway:previews: belongs to a stack with a platform and data, beside which the previews stand. Move it to sandbox-platform.",
    ],
    ...["PR-12", "12", "pr_12", "pr-", "a".repeat(31), ""].map(
      (name) =>
        [
          `when a preview is called "${name}"`,
          { ...apps, previewEnvironment: { name, slot: 1 } },
          `slipway:previewEnvironment.name: got "${name}"; it has to be a name of at most 30 lower-case letters, digits and hyphens, a letter first`,
        ] as const,
    ),
    [
      "when a tenant is misspelt",
      { ...platform, tenants: { storefrnt: {} } },
      'slipway:tenants.storefrnt: this key is not known; did you mean "storefront"?',
    ],
    [
      "when the platform stack's name is none",
      { ...apps, platformStack: "a/b" },
      'slipway:platformStack: got "a/b"; it has to be a stack such as "production"',
    ],
  ];
  for (const [what, input, message] of mistakes) {
    it(what, () => {
      const problems = problemsOf(input);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.contain(message);
    });
  }

  it("together with what else is wrong", () => {
    const problems = problemsOf({ ...without(whole, "data"), retention: "maybe" });
    expect(problems.join("\n")).to.contain("slipway:data").and.to.contain("slipway:retention");
  });
});
