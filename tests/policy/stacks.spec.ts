import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { PROFILES } from "../../policy/core/profile";
import { type Finding } from "../../policy/core/finding";
import { resourceView } from "../../policy/pack/resource-view";
import { Session } from "../../policy/pack/session";
import { deploy, type RecordedResource } from "../support/mocks";

const root = join(__dirname, "..", "..");
const STACK_FILE = /^Pulumi\.(.+)\.yaml$/;
const stacks = readdirSync(root).flatMap((file) => STACK_FILE.exec(file)?.[1] ?? []);

interface Preview {
  readonly resources: readonly RecordedResource[];
  readonly outputs: object;
}

/** A stack as a preview shows it to the pack: what no provider has answered yet is unknown. */
async function previewOf(stack: string): Promise<Preview> {
  const { config } = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { "slipway:cluster": cluster, "slipway:platformStack": platform } = config;
  const handedOut = typeof platform === "string" ? (await previewOf(platform)).outputs : {};
  let outputs: object = {};
  process.env.SLIPWAY_IMAGES = "*=1.0.0";
  const { resources } = await deploy(
    async () => {
      const program = (await import("../../index")) as unknown as {
        readonly default: () => Promise<object>;
      };
      outputs = JSON.parse(JSON.stringify(await program.default())) as object;
    },
    {
      preview: true,
      config: Object.fromEntries(texts) as Record<string, string>,
      state: (type) => {
        if (type === "pulumi:pulumi:StackReference") {
          return { outputs: handedOut };
        }
        const { identity } = cluster as { readonly identity?: string };
        return type.endsWith(":Namespace") ? { metadata: { uid: identity } } : {};
      },
    },
  );
  return { resources, outputs };
}

function findingsOf(resources: readonly RecordedResource[], profile: string): readonly Finding[] {
  const judge = new Session().configure({ profile });
  const objects = resources.flatMap(
    ({ type, urn, inputs, protect, dependencies }) =>
      resourceView({
        type,
        urn,
        props: inputs,
        opts: { protect },
        dependencies: dependencies.map((dependency) => ({ urn: dependency })),
      }) ?? [],
  );
  return judge.judge(objects);
}

function lines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, kind, name, path }) => `${rule}: ${kind} ${name}, ${path}`);
}

describe("the previews of the stacks", () => {
  it("hold values that are not known yet, so that the tests below can fail", async () => {
    const { resources } = await previewOf("sandbox");
    const unknown = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("04da6b54"));
    expect(unknown).not.to.have.lengthOf(0);
  });
});

for (const stack of stacks) {
  describe(`the preview of the stack ${stack}`, () => {
    let resources: readonly RecordedResource[];

    before(async () => {
      ({ resources } = await previewOf(stack));
    });

    for (const profile of PROFILES) {
      it(`hides nothing from a rule of the profile ${profile}`, () => {
        const hidden = findingsOf(resources, profile).filter(({ rule }) =>
          ["unknown-value", "rule-error"].includes(rule),
        );
        expect(lines(hidden)).to.deep.equal([]);
      });
    }

    // One pod of most things is what development is for (docs/stacks.md).
    const own = stack === "development" ? "baseline" : "production";

    it(`breaks no mandatory rule of the profile ${own}`, () => {
      const mandatory = findingsOf(resources, own).filter(
        ({ enforcement }) => enforcement === "mandatory",
      );
      expect(lines(mandatory)).to.deep.equal([]);
    });
  });
}
