import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { declarations } from "../../components/apps";
import { applicationSettings } from "../../components/settings/applications";

/** A declaration stays something that is read at one sitting, however many services it gets. */
function longest(services: number): number {
  return 80 + 13 * Math.max(0, services - 5);
}

describe("the applications", () => {
  it("are those that the settings know", () => {
    expect(Object.keys(applicationSettings.shape)).to.have.members(
      declarations.map(({ name }) => name),
    );
  });
});

for (const { name, services } of declarations) {
  const lines = longest(services.length);

  describe(`the declaration of ${name}`, () => {
    it(`has at most ${String(lines)} lines`, () => {
      const file = join(__dirname, "..", "..", "components", "apps", `${name}.ts`);
      const written = readFileSync(file, "utf8").trimEnd().split("\n");
      expect(written).to.have.property("length").that.is.at.most(lines);
    });

    it("has the services that the settings know, and no other", () => {
      const settings = applicationSettings.parse({ [name]: { host: "shop.example.com" } });
      const [said] = Object.values(settings);
      expect(Object.keys(said?.services ?? {})).to.have.members(
        services.map((service) => service.name),
      );
    });
  });
}
