import { expect } from "chai";
import { certificateSample } from "../../components/platform/cert-manager";
import { externalSecretsSamples } from "../../components/platform/external-secrets";
import { scaledObjectSample } from "../../components/platform/keda";
import { postgresClusterSample } from "../../components/platform/pgo";
import { chartFact } from "../support/chart-facts";
import { schemaErrors } from "../support/schemas";

const [storeSample, secretSample] = externalSecretsSamples;

/** Each sample that a controller's API is asked about, and the definition of its kind. */
const samples = [
  ["a Certificate", certificateSample, "cert-manager", "crds/certificates.yaml", "v1"],
  ["a SecretStore", storeSample, "external-secrets", "crds/secretstores.yaml", "v1"],
  ["an ExternalSecret", secretSample, "external-secrets", "crds/externalsecrets.yaml", "v1"],
  ["a ScaledObject", scaledObjectSample, "keda", "crds/scaledobjects.yaml", "v1alpha1"],
  [
    "a PostgresCluster",
    postgresClusterSample,
    "pgo",
    "crds/postgresclusters-5.8.5.yaml",
    "v1beta1",
  ],
] as const;

describe("what a controller's API is asked about", () => {
  for (const [kind, sample, chart, definition, version] of samples) {
    it(`is ${kind} that the real definition accepts: a refusal would count as an answer`, function () {
      const fact = chartFact(this, chart, definition);
      expect(schemaErrors(fact, sample?.body.spec, version)).to.deep.equal([]);
    });
  }
});
