import { fields, maps, step, text } from "../core/fields";
import { objectRule, rulesOf } from "../core/rule";

const CVE = "https://github.com/kubernetes/ingress-nginx/issues/7837";

const ingress = (annotations: Readonly<Record<string, string>>, path = "/") => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "orders", namespace: "shop", annotations },
  spec: {
    ingressClassName: "nginx",
    rules: [{ host: "shop.example.com", http: { paths: [{ path, pathType: "Prefix" }] } }],
  },
});

/** Text in an annotation that runs code in the controller or reads its files. */
const INJECTIONS = [
  /\blua_|_lua\b|_lua_|_by_lua/,
  /\balias\b[^;]*;/,
  /\broot\b[^;]*;/,
  /\bproxy_pass\b/,
  /\/etc\/(passwd|shadow|group|nginx|ingress-controller)/,
  /\/var\/run\/secrets/,
];

/** Annotations whose value ends in the controller's configuration as it is (CVE-2025-1097, CVE-2025-1098, CVE-2025-24514). */
const COPIED = [
  "nginx.ingress.kubernetes.io/auth-url",
  "nginx.ingress.kubernetes.io/auth-tls-match-cn",
  "nginx.ingress.kubernetes.io/mirror-target",
  "nginx.ingress.kubernetes.io/mirror-host",
];
const BREAKS_OUT = /[\r\n#{};|"`\\<>^]/;

/** Paths that lead into the controller's own files (CVE-2021-25745). */
const FILES = ["/etc", "/root", "/var/run/secrets", "/var/run/kubernetes/serviceaccount"];
const CONTROL = /[\r\n;"'`]/;

/** What an Ingress can inject into the nginx controller. */
export const ingressNginxRules = rulesOf("networking", [
  objectRule({
    id: "ingress-nginx-snippets",
    assertion: "Ingresses bring no nginx configuration of their own.",
    why: "A snippet is code inside the controller, which holds the certificates of every host (CVE-2021-25742).",
    source: CVE,
    severity: "high",
    action: "mandatory",
    kinds: ["Ingress", "ConfigMap"],
    fix: "Remove the snippet; use the controller's own annotations, and keep allow-snippet-annotations off.",
    anchors: ["Checkov", "Kyverno", "Datree", "Trivy"],
    examples: {
      pass: ingress({ "nginx.ingress.kubernetes.io/proxy-body-size": "8m" }),
      fail: ingress({ "nginx.ingress.kubernetes.io/configuration-snippet": "more_set_headers A;" }),
    },
    check: ({ kind, raw, annotations }, report) => {
      if (kind === "ConfigMap") {
        const allowed = fields(raw["data"])["allow-snippet-annotations"];
        if (allowed !== undefined && allowed !== "false") {
          report("data.allow-snippet-annotations", allowed, '"false"');
        }
        return;
      }
      for (const [name, value] of Object.entries(annotations)) {
        if (
          name.includes("snippet") ||
          INJECTIONS.some((pattern) => pattern.test(value)) ||
          (COPIED.includes(name) && BREAKS_OUT.test(value))
        ) {
          report(`metadata.annotations${step(name)}`, value, "unset");
        }
      }
    },
  }),
  objectRule({
    id: "ingress-path-chars",
    assertion: "Paths of Ingresses are plain paths.",
    why: "A path that names the controller's files or ends its line is copied into the configuration and reads the controller's token (CVE-2021-25745).",
    source: "https://github.com/kubernetes/ingress-nginx/issues/8502",
    severity: "medium",
    action: "advisory",
    kinds: ["Ingress"],
    fix: "Use a path of letters, digits, slashes and hyphens.",
    anchors: ["Kyverno"],
    examples: { pass: ingress({}, "/orders"), fail: ingress({}, "/etc/passwd") },
    check: ({ spec }, report) => {
      maps(spec["rules"]).forEach((rule, at) => {
        maps(fields(rule["http"])["paths"]).forEach((one, index) => {
          const path = text(one["path"]) ?? "";
          if (CONTROL.test(path) || FILES.some((file) => path.includes(file))) {
            report(
              `spec.rules[${at}].http.paths[${index}].path`,
              path,
              "a path of the application",
            );
          }
        });
      });
    },
  }),
]);
