import { configMap, ingress } from "../cluster-objects";
import { inObject, service } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inIngress = inObject(ingress);
const annotation = (name: string) => `metadata.annotations["nginx.ingress.kubernetes.io/${name}"]`;

describeRule("ingress-nginx-snippets", inIngress, [
  fails("a snippet", { [annotation("server-snippet")]: "return 200;" }),
  fails("Lua", { [annotation("auth-signin")]: "content_by_lua 'x'" }),
  fails("an alias of a directory", { [annotation("rewrite-target")]: "/; alias /etc;" }),
  fails("a proxy of one's own", { [annotation("rewrite-target")]: "x; proxy_pass http://a;" }),
  fails("the controller's token", { [annotation("auth-tls-secret")]: "/var/run/secrets/x" }),
  fails("an address that ends its line", {
    [annotation("auth-url")]: "http://a/#;\nload_module x",
  }),
  passes("an address", { [annotation("auth-url")]: "https://auth.example.com/check?a=b" }),
  passes("a size", { [annotation("proxy-body-size")]: "8m" }),
  skips("the same on a Service", { "": service, [annotation("server-snippet")]: "return 200;" }),
]);

describeRule("ingress-nginx-snippets", inObject(configMap), [
  fails("a controller that allows snippets", { "data.allow-snippet-annotations": "true" }),
  passes("a controller that does not", { "data.allow-snippet-annotations": "false" }),
]);

const PATH = "spec.rules[0].http.paths[0].path";

describeRule("ingress-path-chars", inIngress, [
  fails("the controller's files", { [PATH]: "/etc/passwd" }),
  fails("its token", { [PATH]: "/a/../var/run/secrets/b" }),
  fails("the end of a line", { [PATH]: "/a;\nroot /" }),
  passes("an expression", { [PATH]: "/orders(/|$)(.*)" }),
  skips("a rule without paths", { "spec.rules[0].http": undefined }),
]);
