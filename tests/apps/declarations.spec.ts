import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { fulfilment } from "../../components/apps/fulfilment";
import { goreliable } from "../../components/apps/goreliable";
import { onlineBoutique } from "../../components/apps/online-boutique";
import { storefront } from "../../components/apps/storefront";
import { applicationSettings } from "../../components/settings/applications";

const declarations = [
  { application: storefront, lines: 80 },
  { application: goreliable, lines: 80 },
  { application: onlineBoutique, lines: 160 },
  { application: fulfilment, lines: 80 },
] as const;

describe("the applications", () => {
  it("are those that the settings know", () => {
    expect(Object.keys(applicationSettings.shape)).to.have.members(
      declarations.map(({ application }) => application.name),
    );
  });
});

for (const { application, lines } of declarations) {
  const { name } = application;

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
        application.services.map((service) => service.name),
      );
    });
  });
}
