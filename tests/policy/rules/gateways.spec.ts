import { gateway, httpRoute, redirectRoute } from "../cluster-objects";
import { inStack, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

describeRule("gateway-tls", inStack(gateway, httpRoute, redirectRoute, service), [
  fails(
    "a plain listener that nothing redirects",
    { "2/spec.rules[0].filters[0].requestRedirect.scheme": "http" },
    { at: "spec.listeners[1].protocol" },
  ),
  fails("a listener without certificate", { "spec.listeners[0].tls.certificateRefs": [] }),
  fails(
    "a route to a Service that does not exist",
    { "1/spec.rules[0].backendRefs[0].name": "x" },
    { at: "1/spec.rules[0].backendRefs[0]" },
  ),
  fails(
    "a route to a port that is not offered",
    { "1/spec.rules[0].backendRefs[0].port": 9 },
    { at: "1/spec.rules[0].backendRefs[0]" },
  ),
  fails(
    "a route from a Gateway that does not exist",
    { "1/spec.parentRefs[0].name": "x" },
    { at: "1/spec.parentRefs[0]" },
  ),
  fails("a route to nowhere", { "1/spec.rules[0].backendRefs": undefined }),
  fails("a route without rules", { "1/spec.rules": undefined }),
  fails("a route from nowhere", { "1/spec.parentRefs": undefined }),
  passes("TLS that is passed through", {
    "spec.listeners[0]": { name: "https", protocol: "TLS", tls: { mode: "Passthrough" } },
  }),
  passes("a redirect of every listener", { "2/spec.parentRefs[0].sectionName": undefined }),
  skips("a listener for TCP", { "spec.listeners[2]": { name: "db", port: 5432, protocol: "TCP" } }),
]);
