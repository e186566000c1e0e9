import { release } from "../cluster-objects";
import { deployment, inObject } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inRelease = inObject(release);
const DIGEST = "a".repeat(64);

describeRule("helm-release-version", inRelease, [
  fails("no version", { version: undefined }),
  fails("a range", { version: ">=1.0.0" }),
  fails("part of a version", { version: "1.4" }),
  fails("the newest one", { version: "latest" }),
  fails(
    "a Chart without version",
    { "": { apiVersion: "helm.sh/v4", kind: "Chart", chart: "x" } },
    { at: "version" },
  ),
  passes("a release candidate", { version: "v1.4.2-rc.1+build.5" }),
  passes("a digest", { version: undefined, chart: `oci://charts.example.com/x@sha256:${DIGEST}` }),
  skips("a chart of the program's own", { version: undefined, chart: "./charts/orders" }),
  skips("another kind", { "": deployment }),
]);

describeRule("helm-release-atomic", inRelease, [
  fails("an upgrade that stays half done", { atomic: false }),
  fails("what is not cleaned up", { cleanupOnFail: undefined }),
  fails("Jobs that nobody waits for", { waitForJobs: undefined }),
  fails("no time to wait", { timeout: 0 }),
  fails("no waiting", { skipAwait: true }),
  passes("a time to wait", { timeout: 600 }),
  skips("a Chart", { kind: "Chart", atomic: undefined }),
]);

describeRule("helm-values-insecure", inRelease, [
  fails("privilege", { "values.securityContext.privileged": true }),
  fails("the root user", { "values.podSecurityContext.runAsUser": 0 }),
  fails("any user", { "values.podSecurityContext.runAsNonRoot": false }),
  fails("the node's network", { "values.hostNetwork": true }),
  fails("no TLS", { "values.server.tls.enabled": false }),
  fails("no network policy", { "values.networkPolicy.enabled": false }),
  fails("certificates that are not checked", { "values.insecureSkipVerify": true }),
  fails("a password in a list", { "values.users[0].password": "hunter2" }),
  fails("a moving tag", { "values.image.tag": "latest" }),
  fails("a role for everything", { "values.rbac.rules[0].verbs": ["*"] }),
  passes("a password by reference", { "values.auth.passwordSecret": { name: "orders" } }),
  passes("an empty password", { "values.auth.password": "" }),
  skips("a release without values", { values: undefined }),
]);

describeRule("helm-repo-http", inRelease, [
  fails("a repository over plain HTTP", { "repositoryOpts.repo": "http://charts.example.com" }),
  fails("a chart over plain HTTP", { chart: "http://charts.example.com/orders-1.4.2.tgz" }),
  fails("a key that is not used", { verify: false, keyring: "keys.gpg" }),
  passes("a registry", {
    "repositoryOpts.repo": undefined,
    chart: "oci://charts.example.com/orders",
  }),
  skips("another kind", { "": deployment }),
]);

const CHART = { apiVersion: "helm.sh/v4", kind: "Chart", chart: "orders", version: "1.4.2" };

describeRule("helm-rendered", inObject(CHART), [
  fails("a Release, whose objects nobody sees", { "": release }, { at: "chart" }),
  fails(
    "a HelmRelease",
    { "": { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", spec: { chart: {} } } },
    { at: "spec.chart" },
  ),
  passes("another version of the Chart", { version: "1.5.0" }),
  skips("an object", { "": deployment }),
]);
