import { expect } from "chai";
import { charts } from "../../components/charts";
import type { Recorded, RecordedResource } from "../support/mocks";
import { deployStack } from "../support/stacks";
import { metadataOf, objectsOf, programOf } from "./program";

const stacks = ["sandbox", "development", "staging", "production"] as const;

/** The charts that no stack goes without; the release is named like the chart. */
const required = ["cert-manager", "external-secrets", "ingress-nginx", "minio", "nats", "pgo"];

const rooms = [
  "slipway:platform:Platform",
  "slipway:data:DataServices",
  "slipway:apps:Applications",
];

/** The type of the outermost component a resource is in; the mocks' URNs name only the nearest. */
function topOf(recorded: Recorded, resource: RecordedResource): string {
  const parent = recorded.resources.find(({ urn }) => urn === resource.parent);
  return parent === undefined ? resource.type : topOf(recorded, parent);
}

for (const stack of stacks) {
  describe(`the program of ${stack}`, () => {
    let recorded: Recorded;

    before(async () => {
      ({ recorded } = await programOf(stack));
    });

    it("gives every object an explicit name", () => {
      const nameless = objectsOf(recorded).filter(
        (object) => metadataOf(object).name === undefined,
      );
      expect(nameless.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("puts every object into a room", () => {
      const outside = objectsOf(recorded).filter(
        (object) => !rooms.includes(topOf(recorded, object)),
      );
      expect(outside.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("installs each chart once, at the version of the table", () => {
      const installed = recorded.all("kubernetes:helm.sh/v4:Chart").map(({ inputs }) => inputs);
      const versions = Object.values(charts).map(({ chart, version }) => [chart, version]);
      expect(installed.map(({ name, version }) => [name, version])).to.include.deep.members(
        versions.filter(([name]) => required.includes(String(name))),
      );
      expect(new Set(installed.map(({ name }) => name)).size).to.equal(installed.length);
    });

    it("registers no object twice", () => {
      const names = objectsOf(recorded).map(({ inputs, type }) => {
        const { namespace, name } = metadataOf({ inputs });
        return [type, namespace, name].map(String).join(" ");
      });
      expect(names).to.deep.equal([...new Set(names)]);
    });

    it("hands secrets over by reference: no chart value holds one", () => {
      const charts = recorded.all("kubernetes:helm.sh/v4:Chart");
      const leaking = charts.filter(({ inputs }) =>
        /"secret":(?!true|false)|aRandomValueForTests/.test(JSON.stringify(inputs.values)),
      );
      expect(leaking.map(({ name }) => name)).to.deep.equal([]);
    });
  });
}

describe("a stack file with a mistake", () => {
  it("stops the program before anything is registered", async () => {
    const registered: string[] = [];
    const error: unknown = await deployStack("production", {
      change: (config) => ({ ...config, "slipway:retention": "maybe" }),
      state: (type) => {
        registered.push(type);
        return {};
      },
    }).catch((reason: unknown) => reason);
    expect(String(error)).to.contain('slipway:retention: got "maybe"');
    expect(registered).to.deep.equal([]);
  });
});
