import { expect } from "chai";
import { readChartArgs } from "../../../../../sandbox/plugins/kubernetes/chart/args";
import { helmArguments } from "../../../../../sandbox/plugins/kubernetes/chart/helm";
import { type PlainMap } from "../../../../../sandbox/plugins/rpc/values";

const cluster = { kubeVersion: "v1.36.3", apiVersions: ["v1", "v1/Pod"] };

function line(inputs: PlainMap): string {
  const args = readChartArgs({ chart: "./nats", ...inputs }, "bus", "data");
  return helmArguments(args, cluster, ["a.yaml", "values.yaml"]).join(" ");
}

describe("the command line of helm", () => {
  it("renders without hooks, with definitions, for the cluster's version and kinds", () => {
    expect(line({})).to.equal(
      "template bus ./nats --namespace data --values a.yaml --values values.yaml --no-hooks " +
        "--skip-tests --include-crds --kube-version v1.36.3 --api-versions v1,v1/Pod",
    );
  });

  it("names version, repository and credentials", () => {
    const repositoryOpts = { repo: "https://r", username: "u", password: "p" };
    expect(line({ version: "1.0.0", repositoryOpts })).to.include(
      "--version 1.0.0 --repo https://r --username u --password p",
    );
  });

  it("leaves the definitions out on request", () => {
    expect(line({ skipCrds: true })).to.not.include("--include-crds");
  });

  it("has a flag for each other argument", () => {
    const flags = line({ plainHttp: true, devel: true, dependencyUpdate: true });
    expect(flags).to.include("--plain-http --devel --dependency-update");
  });
});
