import { objectRule, rulesOf } from "../core/rule";
import { manifest } from "../kubernetes/examples";
import { schemaFlaws } from "../kubernetes/schema/validate";

const service = (port: Readonly<Record<string, unknown>>) =>
  manifest("v1", "Service", { spec: { ports: [port] } });

/** Objects as the API defines them. */
export const schemaRules = rulesOf("metadata", [
  objectRule({
    id: "schema",
    assertion:
      "Objects have a type that the API serves, and its fields with values of their types.",
    why: "The API server rejects a value of a wrong type, and drops a misspelt field without a word.",
    source: "https://kubernetes.io/docs/reference/kubernetes-api/",
    severity: "high",
    action: "mandatory",
    kinds: undefined,
    fix: "Correct the field's name, place or type.",
    anchors: ["kube-linter"],
    examples: { pass: service({ port: 80 }), fail: service({ port: "80" }) },
    check: (object, report, { kubernetesVersion }) => {
      for (const flaw of schemaFlaws(object, kubernetesVersion)) {
        report(flaw.path, flaw.found, flaw.wanted);
      }
    },
  }),
]);
