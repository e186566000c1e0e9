import { certificate, externalSecret, ingress } from "../cluster-objects";
import { inObject, inStack, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const BACKEND = "spec.rules[0].http.paths[0].backend";
const inIngress = inObject(ingress);

describeRule("ingress-dangling", inStack(ingress, service), [
  fails(
    "a Service that does not exist",
    { [`${BACKEND}.service.name`]: "billing" },
    { at: `${BACKEND}.service` },
  ),
  fails(
    "a port it does not offer",
    { [`${BACKEND}.service.port.number`]: 8080 },
    { at: `${BACKEND}.service` },
  ),
  fails(
    "a Service of another namespace",
    { "1/metadata.namespace": "x" },
    { at: `${BACKEND}.service` },
  ),
  fails(
    "a default backend",
    { "spec.defaultBackend": { service: { name: "x" } } },
    { at: "spec.defaultBackend.service" },
  ),
  fails("the old field under the new version", {
    [BACKEND]: { serviceName: "orders", servicePort: 80 },
  }),
  passes("a port by name", { [`${BACKEND}.service.port`]: { name: "http" } }),
  passes("the old field under the old version", {
    apiVersion: "networking.k8s.io/v1beta1",
    [BACKEND]: { serviceName: "orders", servicePort: 80 },
  }),
  skips("a resource as backend", { [BACKEND]: { resource: { kind: "Bucket", name: "static" } } }),
]);

describeRule("ingress-tls", inIngress, [
  fails("no TLS", { "spec.tls": undefined }),
  fails("a host without certificate", { "spec.rules[0].host": "admin.example.com" }),
  fails(
    "a certificate for no host",
    { "spec.tls[0].hosts": undefined },
    { at: "spec.rules[0].host" },
  ),
  passes("a wildcard for one label", { "spec.tls[0].hosts": ["*.example.com"] }),
  skips("a rule without host", { "spec.rules[0].host": undefined }),
]);

const SECRET = "spec.tls[0].secretName";

describeRule("ingress-tls-secret", inStack(ingress, certificate), [
  fails("no Secret", { [SECRET]: undefined }),
  fails("a Secret that nothing makes", { [SECRET]: "other" }),
  passes("an ExternalSecret's target", { "1/": externalSecret }),
  passes("an issuer in an annotation", {
    "1/kind": "X",
    "metadata.annotations": { "cert-manager.io/cluster-issuer": "public" },
  }),
  skips("an Ingress without TLS", { "spec.tls": undefined }),
]);

const ALLOW_HTTP = 'metadata.annotations["kubernetes.io/ingress.allow-http"]';
const closed = inObject({
  ...ingress,
  metadata: { name: "orders", annotations: { "kubernetes.io/ingress.allow-http": "false" } },
});

describeRule("ingress-https-annotation", closed, [
  fails("no annotation", { [ALLOW_HTTP]: undefined }),
  fails("another value", { [ALLOW_HTTP]: "true" }),
  passes("more annotations", { "metadata.annotations.more": "yes" }),
  skips("another kind", { "": service }),
]);

describeRule("ingress-host", inIngress, [
  fails("a rule for every host", { "spec.rules[0].host": undefined }),
  fails("a bare wildcard", { "spec.rules[0].host": "*" }),
  fails("a wildcard of a domain", { "spec.rules[0].host": "*.example.com" }),
  passes("two hosts", { "spec.rules[1]": { host: "www.example.com" } }),
  skips("an Ingress without rules", { "spec.rules": undefined }),
]);

describeRule("ingress-default-backend", inIngress, [
  fails("a default backend", { "spec.defaultBackend": { service: { name: "orders" } } }),
  passes("another rule instead", { "spec.rules[1]": { host: "www.example.com" } }),
  skips("another kind", { "": service }),
]);

const CLASS = 'metadata.annotations["kubernetes.io/ingress.class"]';

describeRule("ingress-class", inIngress, [
  fails("a class of one's own", { "spec.ingressClassName": "homemade" }),
  fails("no class", { "spec.ingressClassName": undefined }),
  fails("the old annotation", { [CLASS]: "homemade" }),
  passes(
    "a configured class",
    { "spec.ingressClassName": "public" },
    { settings: { allowedIngressClasses: ["public"] } },
  ),
  skips("another kind", { "": service }),
]);
