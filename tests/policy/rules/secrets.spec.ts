import { deployment, inContainer, inObject, inStack } from "../objects";
import { describeRule, fails, passes } from "../support";

const TOKEN = `ghp_${"a1".repeat(18)}`;
const PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----";

describeRule("secret-plain-env", inContainer, [
  fails(
    "a literal password",
    { "env[0]": { name: "DB_PASSWORD", value: "correct horse" } },
    { at: "env[0].value" },
  ),
  fails(
    "a token under a harmless name",
    { "env[0]": { name: "GREETING", value: TOKEN } },
    { at: "env[0].value" },
  ),
  fails(
    "a private key",
    { "env[0]": { name: "TLS", value: "-----BEGIN RSA PRIVATE KEY-----" } },
    { at: "env[0].value" },
  ),
  passes("a reference", {
    "env[0]": { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "p" } } },
  }),
  passes("the path of a file", {
    "env[0]": { name: "DB_PASSWORD_FILE", value: "/run/secrets/db" },
  }),
  passes("a variable made of another", { "env[0]": { name: "DB_PASSWORD", value: "$(OTHER)" } }),
  passes("an empty value", { "env[0]": { name: "DB_PASSWORD", value: "" } }),
]);

const configMap = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "app" },
  data: { LOG_LEVEL: "info" },
};

describeRule("secret-in-configmap", inObject(configMap), [
  fails("a password", { "data.DB_PASSWORD": "correct horse" }),
  fails("a line that assigns one", {
    'data["app.properties"]': "colour=blue\ndb.password=horse\n",
  }),
  fails("a private key", { "data.key": PRIVATE_KEY }),
  passes("a line that refers to one", { "data.conf": "password: ${DB_PASSWORD}" }),
  passes("a line without a value", { "data.conf": "password=" }),
]);

describeRule("secret-exposed-literal", inObject(configMap), [
  fails("a token in an annotation", { "metadata.annotations.note": `use ${TOKEN}` }),
  fails("an AWS key in a list", { "data.list[0]": "AKIAIOSFODNN7EXAMPLE" }),
  fails("a vendor's key by its name", { "data.datadog_api_key": "a1".repeat(20) }),
  fails("a vendor's key in an assignment", { "data.text": `datadog <= "${"a1".repeat(20)}"` }),
  passes("a long harmless text", { "data.text": "lorem ipsum ".repeat(50) }),
  // As the definition of a SecretStore does; an annotation of it is no description.
  passes("a definition that describes a key", {
    kind: "CustomResourceDefinition",
    "spec.description": PRIVATE_KEY,
  }),
  fails(
    "a key beside the descriptions of a definition",
    { kind: "CustomResourceDefinition", "metadata.annotations.note": PRIVATE_KEY },
    { at: "metadata.annotations.note" },
  ),
]);

describeRule("secret-env-ref", inContainer, [
  fails(
    "a variable from a Secret",
    { "env[0]": { name: "P", valueFrom: { secretKeyRef: { name: "db" } } } },
    {
      at: "env[0].valueFrom.secretKeyRef",
    },
  ),
  fails(
    "all variables of a Secret",
    { "envFrom[0].secretRef.name": "db" },
    { at: "envFrom[0].secretRef" },
  ),
  passes("variables of a ConfigMap", { "envFrom[0].configMapRef.name": "app" }),
]);

describeRule("duplicate-env", inContainer, [
  fails(
    "the same name twice",
    { env: [{ name: "A" }, { name: "B" }, { name: "A" }] },
    { at: "env[2].name" },
  ),
  passes("two names", { env: [{ name: "A" }, { name: "a" }] }),
]);

const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "app" }, type: "Opaque" };

describeRule("sa-token-secret", inObject(secret), [
  fails("a token that never expires", { type: "kubernetes.io/service-account-token" }),
  passes("another type", { type: "kubernetes.io/tls" }),
]);

describeRule(
  "sa-secrets-field",
  inObject({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "app" } }),
  [
    fails("a listed Secret", { secrets: [{ name: "app-token" }] }),
    passes("pull secrets", { imagePullSecrets: [{ name: "registry" }] }),
  ],
);

describeRule("secret-literal-manifest", inObject(secret), [
  fails("plain content", { "stringData.password": "horse" }, { at: "stringData" }),
  fails("encoded content", { "data.password": "aG9yc2U=" }, { at: "data" }),
  passes("empty content", { data: {} }),
]);

const ENV = "spec.template.spec.containers[0].env[0].valueFrom.configMapKeyRef";
const ordersConfig = { ...configMap, metadata: { name: "app", namespace: "shop" } };

describeRule("env-ref-missing", inStack(deployment, ordersConfig), [
  fails("a ConfigMap that is not there", { [ENV]: { name: "other", key: "LOG_LEVEL" } }),
  fails("a key that is not there", { [ENV]: { name: "app", key: "COLOUR" } }),
  fails("a Secret that is not there", {
    "spec.template.spec.containers[0].envFrom[0].secretRef": { name: "db" },
  }),
  fails("a volume of one that is not there", {
    "spec.template.spec.volumes[0].secret": { secretName: "db" },
  }),
  passes("a key that is there", { [ENV]: { name: "app", key: "LOG_LEVEL" } }),
  passes("an optional one", { [ENV]: { name: "other", key: "x", optional: true } }),
  passes("a Secret that the operator of a database makes", {
    "1/": {
      apiVersion: "postgres-operator.crunchydata.com/v1beta1",
      kind: "PostgresCluster",
      metadata: { name: "orders", namespace: "shop" },
    },
    "spec.template.spec.containers[0].envFrom[0].secretRef": { name: "orders-pguser-orders" },
  }),
  passes("a Secret that External Secrets makes in many namespaces", {
    "1/": {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterExternalSecret",
      metadata: { name: "db" },
      spec: { externalSecretSpec: {} },
    },
    "spec.template.spec.containers[0].envFrom[0].secretRef": { name: "db" },
  }),
  passes("a Secret that External Secrets makes", {
    "1/": {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { name: "orders-db", namespace: "shop" },
      spec: { target: { name: "db" } },
    },
    "spec.template.spec.containers[0].envFrom[0].secretRef": { name: "db" },
  }),
]);
