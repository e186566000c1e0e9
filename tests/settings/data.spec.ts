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

  it("names classes of volumes that the stack lists, once it lists any", () => {
    const data = {
      nats: { storage: { storageClass: "fast-sdd" } },
      postgres: { kind: "pgo", backups: { kind: "volume", storageClass: "standard" } },
    };
    expect(problemsOf(data)).to.deep.equal([]);
    const storageClasses = { "fast-ssd": {}, standard: "installed" };
    expect(problemsOf(data, { storageClasses })).to.deep.equal([
      'slipway:data.nats.storage.storageClass: got "fast-sdd"; it has to be one of ' +
        "slipway:platform.storageClasses, which has fast-ssd, standard. One that the cluster has " +
        'already is added as "fast-sdd: installed".',
    ]);
    const kubePrometheusStack = { storage: { storageClass: "slow" } };
    expect(problemsOf({}, { storageClasses, kubePrometheusStack }).join()).to.match(
      /^slipway:platform\.kubePrometheusStack\.storage\.storageClass: got "slow"/,
    );
  });

  describe("of backups in the object store", () => {
    const postgres = { kind: "pgo", backups: { kind: "objectStore" } };
    const refusal = (objectStore: object): string => problemsOf({ postgres, objectStore }).join();
    const byIdentity = (identities: object) => ({
      kind: "external",
      access: { kind: "identity", identities },
    });

    it("lets them be in the stack's own, and in one outside", () => {
      const role = { kind: "aws", roleArn: "arn:aws:iam::123456789012:role/postgres" };
      const account = { kind: "gcp", serviceAccount: "postgres@acme.iam.gserviceaccount.com" };
      expect(refusal({ kind: "minio" })).to.equal("");
      expect(refusal({ kind: "external", access: { kind: "keys", store: "vault" } })).to.equal("");
      expect(refusal(byIdentity({ postgres: role }))).to.equal("");
      expect(refusal(byIdentity({ postgres: account }))).to.equal("");
    });

    it("refuses a store that speaks no TLS", () => {
      expect(refusal({ kind: "minio", tls: false })).to.match(
        /^slipway:data\.objectStore\.tls: got false; it has to be true, because .*backups\.kind/,
      );
      expect(refusal({ kind: "external", endpoint: "http://objects.example.com" })).to.match(
        /^slipway:data\.objectStore\.endpoint: got "http:\/\/.* has to start with https/,
      );
      expect(problemsOf({ postgres: { kind: "pgo" }, objectStore: { tls: false } })).to.deep.equal(
        [],
      );
    });

    it("refuses an identity that pgBackRest does not know, or none", () => {
      const at = "slipway:data.objectStore.access.identities.postgres";
      expect(refusal(byIdentity({}))).to.include(`${at}: is missing; it has to be a map`);
      expect(refusal(byIdentity({ postgres: { kind: "aws" } }))).to.include(
        `${at}.roleArn: is missing; it has to be the ARN of a role`,
      );
      expect(refusal(byIdentity({ postgres: { kind: "azure" } }))).to.include(
        `${at}.kind: got "azure"; it has to be aws or gcp`,
      );
    });

    it("refuses to start from a bucket that is not there, or that it would write over", () => {
      const cluster = {
        kind: "pgo",
        version: 17,
        instances: 1,
        storage: { size: "5Gi" },
        pgBouncer: { replicas: 1 },
      };
      const issuesOf = (more: object): readonly string[] =>
        (postgresSettings.safeParse({ ...cluster, ...more }).error?.issues ?? []).map(
          ({ path, message }) => `${path.join(".")}: ${message}`,
        );
      const from = (path: string) => ({ kind: "objectStore", path, to: "latest" });
      const onVolume = { kind: "volume", size: "5Gi" };
      const inBucket = { kind: "objectStore", path: "/db-2" };
      expect(issuesOf({ backups: inBucket, dataSource: from("/db") })).to.deep.equal([]);
      expect(issuesOf({ backups: onVolume, dataSource: from("/db") }).join()).to.match(
        /^dataSource\.kind: cluster where backups\.kind is volume/,
      );
      expect(issuesOf({ backups: inBucket, dataSource: from("/db-2") }).join()).to.match(
        /^dataSource\.path: another than backups\.path/,
      );
      expect(issuesOf({ backups: { ...inBucket, path: "db" } }).join()).to.match(
        /^backups\.path: /,
      );
    });
  });

  it("may not open the network to the whole cluster for a server outside", () => {
    const settings = { ...outside.postgres, addresses: ["10.0.0.0/0"] };
    const { error } = postgresSettings.safeParse(settings);
    expect(error?.issues.map(({ message }) => message).join()).to.match(
      /either internet, or a list|which is every address/,
    );
  });
});
