import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { charts } from "../../../components/charts";
import { compareText } from "../../../review/model/order";
import { checkout } from "../../../sandbox/folder";

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly depNameTemplate?: string;
  readonly packageNameTemplate?: string;
  readonly autoReplaceStringTemplate?: string;
}

/** What a manager finds in a file. */
interface Dependency {
  readonly manager: Manager;
  readonly text: string;
  readonly name: string;
  readonly package: string;
  readonly version: string;
}

const read = (file: string): string => readFileSync(join(checkout, file), "utf8");
const { customManagers } = JSON.parse(read("renovate.json")) as {
  readonly customManagers: readonly Manager[];
};

/** What the managers of a file find in it, by name. */
function found(file: string): readonly Dependency[] {
  return customManagers
    .filter(({ managerFilePatterns }) =>
      managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)),
    )
    .flatMap((manager) =>
      manager.matchStrings
        .flatMap((pattern) => [...read(file).matchAll(new RegExp(pattern, "g"))])
        .map(({ 0: text, groups = {} }): Dependency => {
          const filled = (template: string | undefined): string | undefined =>
            template?.replace(/\{\{\{(\w+)\}\}\}/g, (_, name: string) => groups[name] ?? "");
          const name = filled(manager.depNameTemplate) ?? groups["depName"] ?? "";
          const { packageNameTemplate } = manager;
          const version = groups["currentValue"] ?? "";
          return { manager, text, name, package: filled(packageNameTemplate) ?? name, version };
        }),
    )
    .sort((left, right) => compareText(left.name, right.name));
}

const nameAndVersion = ({ name, version }: Dependency): string => `${name} ${version}`;
const packageAndVersion = (found: Dependency): string => `${found.package} ${found.version}`;

/** The images that the program's own files name in whole, by file. */
const inProgram = [
  ["components/apps/online-boutique.ts", "docker.io/library/redis 8.2.1-alpine"],
  [
    "components/apps/online-boutique.ts",
    "us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo/frontend v0.10.6",
  ],
  ["components/data/bucket-wipe.ts", "quay.io/minio/mc RELEASE.2025-08-13T08-35-41Z"],
  ["components/data/nats.ts", "docker.io/natsio/nats-box 0.19.7"],
  ["components/data/object-store-values.ts", "quay.io/minio/minio RELEASE.2025-09-07T16-13-09Z"],
  ["components/data/postgres-wipe.ts", "docker.io/library/postgres 18.1-alpine"],
] as const;

describe("the configuration of Renovate", () => {
  it("finds every chart with its version", () => {
    const expected = Object.values(charts).map(({ chart, version }) => `${chart} ${version}`);
    expect(found("components/charts.ts").map(nameAndVersion)).to.deep.equal(expected.sort());
  });

  it("finds the images that a stack file names", () => {
    expect(found("Pulumi.sandbox.yaml").map(nameAndVersion)).to.deep.equal([
      "registry.k8s.io/e2e-test-images/agnhost 2.53",
    ]);
  });

  it("finds every image of the program, and no other text", () => {
    const files = readdirSync(join(checkout, "components"), { recursive: true, encoding: "utf8" })
      .map((file) => `components/${file.replaceAll("\\", "/")}`)
      .filter((file) => file.endsWith(".ts") && file !== "components/charts.ts")
      .sort();
    const images = files.flatMap((file) =>
      found(file)
        .map((dependency) => `${file}: ${packageAndVersion(dependency)}`)
        .filter((line) => !line.includes(" registry.example.com/")),
    );
    expect(images).to.deep.equal(inProgram.map(([file, image]) => `${file}: ${image}`));
  });

  it("finds what the pipelines install", () => {
    expect(found(".gitlab-ci.yml").map(({ name }) => name)).to.deep.equal([
      "aquasec/trivy",
      "go",
      "node",
    ]);
    expect(found(".github/workflows/pull-request.yml").map(({ name }) => name)).to.deep.equal([
      "aquasecurity/trivy",
    ]);
  });

  it("has a place for the digest of whatever it pins, and writes the rest as it was", () => {
    const pinned = ["Pulumi.sandbox.yaml", ".gitlab-ci.yml", ...inProgram.map(([file]) => file)]
      .flatMap(found)
      .filter(({ manager }) => manager.autoReplaceStringTemplate !== undefined);
    expect(pinned.length).to.be.greaterThan(6);
    for (const { text, name, version, manager } of pinned) {
      const write = (digest: string): string =>
        (manager.autoReplaceStringTemplate ?? "")
          .replace(/\{\{#if newDigest\}\}(.*)\{\{\/if\}\}/, digest === "" ? "" : "$1")
          .replace("{{{depName}}}", name)
          .replace("{{{newValue}}}", version)
          .replace("{{{newDigest}}}", digest);
      expect(write("")).to.equal(text);
      const digest = `sha256:${"a".repeat(64)}`;
      const again = new RegExp(manager.matchStrings[0] ?? "").exec(write(digest));
      expect(again?.groups).to.include({ currentValue: version, currentDigest: digest });
    }
  });
});
