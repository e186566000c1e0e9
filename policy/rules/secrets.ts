import { fields, isMap, list, maps, scalarText, step, text } from "../core/fields";
import { containerRule, objectRule, rulesOf } from "../core/rule";
import {
  eachText,
  findAssignment,
  findToken,
  isHarmless,
  isSecretName,
  trailPath,
} from "../core/secret-text";
import { peek, visit } from "../core/unknown";

const SOURCE = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/";

const object = (kind: string, rest: object) => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "app" },
  ...rest,
});

/** Secrets stay out of manifests, variables and ConfigMaps. No finding shows a value. */
export const secretRules = rulesOf("secrets", [
  containerRule({
    id: "secret-plain-env",
    assertion: "Environment variables hold no secret in plain text.",
    why: "A literal value is readable by everyone who may read the workload, and lies in the history of the repository.",
    source: SOURCE,
    severity: "critical",
    action: "mandatory",
    fix: "Put the value into a Secret and refer to it by valueFrom.secretKeyRef, or mount it as a file.",
    anchors: ["kube-linter", "Polaris"],
    examples: {
      pass: {
        env: [
          { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
        ],
      },
      fail: { env: [{ name: "DB_PASSWORD", value: "correct horse" }] },
    },
    check: (container, report) => {
      visit(maps(container.spec["env"]).entries(), ([index, variable]) => {
        const name = text(variable["name"]) ?? "";
        const value = scalarText(variable["value"]);
        const token = findToken(value, name);
        if (token !== undefined || (isSecretName(name) && !isHarmless(value))) {
          report(`env[${index}].value`, token ?? `a literal for ${name}`, "taken from a Secret");
        }
      });
    },
  }),
  objectRule({
    id: "secret-in-configmap",
    kinds: ["ConfigMap"],
    assertion: "ConfigMaps hold no secret.",
    why: "ConfigMaps are not encrypted, and far more people and pods may read them than Secrets.",
    source: SOURCE,
    severity: "critical",
    action: "mandatory",
    fix: "Move the value into a Secret, or better into a store that External Secrets reads.",
    anchors: ["Polaris", "Trivy"],
    examples: {
      pass: object("ConfigMap", { data: { LOG_LEVEL: "info" } }),
      fail: object("ConfigMap", { data: { DB_PASSWORD: "correct horse" } }),
    },
    check: ({ raw }, report) => {
      const data = fields(raw["data"]);
      visit(Object.keys(data), (key) => {
        const value = scalarText(data[key]);
        const token = findToken(value, key);
        const assigned = findAssignment(value);
        if (token !== undefined) {
          report(`data${step(key)}`, token, "kept in a Secret");
        } else if (isSecretName(key) && !isHarmless(value)) {
          report(`data${step(key)}`, "a literal under a secret's name", "kept in a Secret");
        } else if (assigned !== undefined) {
          report(`data${step(key)}`, `a literal for ${assigned}`, "kept in a Secret");
        }
      });
    },
  }),
  objectRule({
    id: "secret-exposed-literal",
    kinds: undefined,
    assertion: "No field of any object holds a token or private key.",
    why: "Tokens in annotations, arguments and custom resources are copied into state, logs and history.",
    source: SOURCE,
    severity: "critical",
    action: "mandatory",
    fix: "Revoke the token, and refer to a Secret instead.",
    anchors: ["Datree"],
    examples: {
      pass: object("ConfigMap", { data: { url: "https://example.com" } }),
      fail: object("ConfigMap", {
        metadata: { name: "app", annotations: { token: `ghp_${"a1".repeat(18)}` } },
      }),
    },
    check: ({ raw }, report) => {
      // A definition describes the form of a secret, such as the first line of a private key.
      const isDefinition = raw["kind"] === "CustomResourceDefinition";
      eachText(raw, (value, key, trail) => {
        const token = isDefinition && key === "description" ? undefined : findToken(value, key);
        if (token !== undefined) {
          report(trailPath(trail), token, "a reference to a Secret");
        }
      });
    },
  }),
  containerRule({
    id: "secret-env-ref",
    assertion: "Secrets reach containers as files, not as variables.",
    why: "Variables are inherited by child processes and end up in crash reports.",
    source: SOURCE,
    severity: "low",
    action: "off",
    fix: "Mount the Secret as a volume.",
    anchors: ["kube-linter", "Checkov", "Kyverno", "Datree", "KubeSec"],
    examples: {
      pass: { volumeMounts: [{ name: "db", mountPath: "/var/run/secrets/db", readOnly: true }] },
      fail: { envFrom: [{ secretRef: { name: "db" } }] },
    },
    check: (container, report) => {
      maps(container.spec["env"]).forEach((variable, index) => {
        const reference = fields(variable["valueFrom"])["secretKeyRef"];
        if (isMap(reference)) {
          report(
            `env[${index}].valueFrom.secretKeyRef`,
            reference["name"],
            "a file from a Secret volume",
          );
        }
      });
      maps(container.spec["envFrom"]).forEach((source, index) => {
        const reference = source["secretRef"];
        if (isMap(reference)) {
          report(`envFrom[${index}].secretRef`, reference["name"], "a file from a Secret volume");
        }
      });
    },
  }),
  containerRule({
    id: "duplicate-env",
    assertion: "A container sets each variable once.",
    why: "The last one wins, and server-side apply refuses such a list.",
    source: "https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy",
    severity: "medium",
    action: "mandatory",
    fix: "Remove the duplicate.",
    anchors: ["kube-linter", "kube-score"],
    examples: {
      pass: { env: [{ name: "LOG_LEVEL", value: "info" }] },
      fail: {
        env: [
          { name: "LOG_LEVEL", value: "info" },
          { name: "LOG_LEVEL", value: "debug" },
        ],
      },
    },
    check: (container, report) => {
      const seen = new Set<string>();
      maps(container.spec["env"]).forEach((variable, index) => {
        const name = text(peek(variable, "name")) ?? "";
        if (name !== "" && seen.has(name)) {
          report(`env[${index}].name`, name, "used once");
        }
        seen.add(name);
      });
    },
  }),
  objectRule({
    id: "sa-token-secret",
    kinds: ["Secret"],
    assertion: "No Secret asks for a token that never expires.",
    why: "Tokens of type service-account-token are valid until someone deletes them.",
    source:
      "https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets",
    severity: "medium",
    action: "advisory",
    fix: "Use kubectl create token or a projected serviceAccountToken volume.",
    anchors: ["Kyverno"],
    examples: {
      pass: object("Secret", { type: "Opaque" }),
      fail: object("Secret", { type: "kubernetes.io/service-account-token" }),
    },
    check: ({ raw }, report) => {
      if (raw["type"] === "kubernetes.io/service-account-token") {
        report("type", raw["type"], "another type");
      }
    },
  }),
  objectRule({
    id: "sa-secrets-field",
    kinds: ["ServiceAccount"],
    assertion: "ServiceAccounts list no Secrets.",
    why: "The field names token Secrets that never expire; Kubernetes fills it no more.",
    source: "https://kubernetes.io/docs/concepts/security/service-accounts/",
    severity: "low",
    action: "advisory",
    fix: "Remove secrets from the ServiceAccount.",
    anchors: ["Kyverno"],
    examples: {
      pass: object("ServiceAccount", {}),
      fail: object("ServiceAccount", { secrets: [{ name: "app-token" }] }),
    },
    check: ({ raw }, report) => {
      if (list(raw["secrets"]).length > 0) {
        report("secrets", `${list(raw["secrets"]).length} Secrets`, "unset");
      }
    },
  }),
  objectRule({
    id: "secret-literal-manifest",
    kinds: ["Secret"],
    assertion: "Manifests hold no Secret with its content.",
    why: "base64 is no encryption: who reads the manifest reads the secret.",
    source: SOURCE,
    severity: "high",
    action: "advisory",
    fix: "Use an ExternalSecret or a SealedSecret, or create the Secret outside of the manifest.",
    examples: {
      pass: object("Secret", { type: "Opaque" }),
      fail: object("Secret", { stringData: { password: "correct horse" } }),
    },
    check: ({ raw, resource }, report) => {
      // The engine hands packs the decrypted value of what the program marked secret: nothing to see there.
      if (resource !== undefined) {
        return;
      }
      for (const part of ["data", "stringData"]) {
        const count = Object.keys(fields(raw[part])).length;
        if (count > 0) {
          report(part, `${count} values`, "unset");
        }
      }
    },
  }),
]);
