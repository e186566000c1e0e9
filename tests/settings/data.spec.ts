import { expect } from "chai";
import { dataProblems } from "../../components/settings/data-problems";
import { postgresSettings } from "../../components/settings/postgres";

describe("what a stack file says of its data services", () => {
  const platform = { pgo: { replicas: 2 }, externalSecrets: { stores: { vault: {} } } };
  const problemsOf = (data: object, changes: object = {}): readonly string[] =>
    dataProblems({ platform: { ...platform, ...changes }, data }).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  const outside = { postgres: { kind: "external", users: { kind: "given", store: "vault" } } };

  it("may leave the Postgres operator out where it has no cluster to run", () => {
    expect(problemsOf(outside, { pgo: undefined })).to.deep.equal([]);
    expect(problemsOf({ postgres: { kind: "pgo" } }, { pgo: undefined }).join()).to.match(
      /^slipway:platform\.pgo: is missing; .* slipway:data\.postgres\.kind is pgo/,
    );
  });

  it("may keep the operator beside a server outside, for a cluster that is left", () => {
    expect(problemsOf(outside)).to.deep.equal([]);
  });

  it("names stores of the stack only", () => {
    const objectStore = { kind: "external", access: { kind: "keys", store: "valut" } };
    expect(problemsOf({ objectStore })).to.deep.equal([
      'slipway:data.objectStore.access.store: got "valut"; it has to be one of ' +
        "slipway:platform.externalSecrets.stores, which has vault.",
    ]);
  });

  it("names stores that may be read where they are", () => {
    const stores = { vault: { namespaces: ["storefront"] } };
    expect(problemsOf(outside, { externalSecrets: { stores } }).join()).to.match(
      /^slipway:platform\.externalSecrets\.stores\.vault\.namespaces: .* namespace postgres\. Add it\.$/,
    );
  });

  it("may not open the network to the whole cluster for a server outside", () => {
    const settings = { ...outside.postgres, addresses: ["10.0.0.0/0"] };
    const { error } = postgresSettings.safeParse(settings);
    expect(error?.issues.map(({ message }) => message).join()).to.match(
      /either internet, or a list|which is every address/,
    );
  });
});
