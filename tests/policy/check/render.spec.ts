import { expect } from "chai";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSources } from "../../../policy/check/check";
import { renderRelease } from "../../../policy/check/render";
import { DEFAULT_CONFIG } from "../../../policy/core/config";

const RELEASE = `apiVersion: helm.sh/v3
kind: Release
metadata: {name: bus, namespace: bus}
chart: ./charts/nats
version: 1.2.3
values: {replicas: 3}
`;

/** Stands in for Helm: prints its arguments and its values as a ConfigMap, and a pod that breaks a rule. */
const HELM = `#!/bin/sh
cat <<END
apiVersion: v1
kind: ConfigMap
metadata: {name: call}
data: {arguments: "$*", values: '$(cat)'}
---
apiVersion: v1
kind: Pod
metadata: {name: nats}
spec: {hostPID: true}
END
`;

describe("rendering a release", () => {
  let folder = "";
  let helm = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-helm-"));
    helm = join(folder, "helm");
    writeFileSync(helm, HELM);
    chmodSync(helm, 0o755);
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function check(command: string) {
    const sources = [{ file: "release.yaml", text: RELEASE }];
    const rendered = new Map<string, Record<string, unknown>>();
    const { findings } = checkSources(sources, {
      config: DEFAULT_CONFIG,
      each: false,
      render: (object) => {
        const rendering = renderRelease(object, command, "/program");
        if (rendering !== undefined && "objects" in rendering) {
          rendering.objects.forEach(({ kind, raw }) => rendered.set(kind, raw));
        }
        return rendering;
      },
    });
    return { findings, rendered };
  }

  it("gives Helm the chart, its version, namespace and values", () => {
    const call = check(helm).rendered.get("ConfigMap");
    expect(call?.["data"]).to.deep.equal({
      arguments:
        "template bus /program/charts/nats --values=- --include-crds --version=1.2.3 --namespace=bus",
      values: '{"replicas":3}',
    });
  });

  it("judges the objects in the release's namespace, under the rules' own ids", () => {
    const found = check(helm).findings.filter(({ rule }) => rule === "host-pid");
    expect(
      found.map(({ file, document, kind, namespace }) => [file, document, kind, namespace]),
    ).to.deep.equal([["release.yaml", 0, "Pod", "bus"]]);
  });

  it("no longer reports that the release hides its objects", () => {
    expect(check(helm).findings.map(({ rule }) => rule)).not.to.include("helm-rendered");
  });

  it("says so when Helm fails, and still judges the release", () => {
    const { findings } = check(join(folder, "no-such-helm"));
    expect(findings.find(({ rule }) => rule === "invalid-document")?.message).to.match(
      /no-such-helm template failed/,
    );
    expect(findings.map(({ rule }) => rule)).to.include("helm-rendered");
  });
});
