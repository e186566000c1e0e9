import { fields, has, isMap, join, list, number, step, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { objectRule, rulesOf } from "../core/rule";

const RELEASE = "https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/";
const HELM = "https://helm.sh/docs/chart_best_practices/dependencies/#versions";
/** A Release or Chart of the Pulumi provider, or a HelmRelease of Flux, which is judged as a Release. */
const RELEASES = ["helm.sh/Release", "helm.toolkit.fluxcd.io/HelmRelease"];
const CHARTS = [...RELEASES, "helm.sh/Chart"];

const release = (rest: Fields = {}) => ({
  apiVersion: "helm.sh/v3",
  kind: "Release",
  chart: "orders",
  version: "1.2.3",
  atomic: true,
  cleanupOnFail: true,
  waitForJobs: true,
  ...rest,
});
const chart = { apiVersion: "helm.sh/v4", kind: "Chart", chart: "orders", version: "1.2.3" };

/** Charts at one version, from a safe place, with safe values. */
export const helmRules = rulesOf("helm", [
  objectRule({
    id: "helm-release-version",
    assertion: "Charts have an exact version.",
    why: "Without one the same program installs another chart tomorrow.",
    source: HELM,
    severity: "high",
    action: "mandatory",
    kinds: CHARTS,
    fix: "Set version to a full one, such as 1.2.3.",
    examples: { pass: release(), fail: release({ version: "~1.2" }) },
    check: (object, report) => {
      const { path, args } = argsOf(object);
      // The engine hands over a Chart component without its arguments; its program has to hold the version.
      if (object.kind === "Chart" && !has(args, "chart")) {
        return;
      }
      const { version } = isMap(args["chart"]) ? fields(fields(args["chart"])["spec"]) : args;
      const reference = text(args["chart"]) ?? "";
      // A chart from a folder of the program is what the program says it is.
      const local = /^\.{0,2}\//.test(reference) || /@sha256:[0-9a-f]{64}$/.test(reference);
      if (!local && !EXACT_VERSION.test(text(version) ?? "")) {
        report(join(path, "version"), version ?? undefined, "a full version such as 1.2.3");
      }
    },
  }),
  objectRule({
    id: "helm-release-atomic",
    assertion: "A release that fails is taken back, and one that succeeds has been waited for.",
    why: "Without atomic a failed upgrade stays half done; without waiting a deployment succeeds while its pods crash.",
    source: RELEASE,
    severity: "medium",
    action: "advisory",
    kinds: ["helm.sh/Release"],
    fix: "Set atomic, cleanupOnFail and waitForJobs to true, and leave skipAwait and timeout 0 out.",
    examples: { pass: release(), fail: release({ atomic: false }) },
    check: (object, report) => {
      const { path, args } = argsOf(object);
      for (const field of ["atomic", "cleanupOnFail", "waitForJobs"]) {
        if (args[field] !== true) {
          report(join(path, field), args[field], "true");
        }
      }
      if (number(args["timeout"]) === 0) {
        report(join(path, "timeout"), 0, "a number of seconds, or unset");
      }
      if (args["skipAwait"] === true) {
        report(join(path, "skipAwait"), true, "false or unset");
      }
    },
    remedy: (object) => {
      const holder = isMap(object["spec"]) && !has(object, "chart") ? object["spec"] : object;
      Object.assign(holder, { atomic: true, cleanupOnFail: true, waitForJobs: true });
    },
  }),
  objectRule({
    id: "helm-values-insecure",
    assertion: "Values of a release switch no protection off.",
    why: "The pack sees the values of a Release, not its objects; what the values open nobody else checks.",
    source: "https://helm.sh/docs/chart_best_practices/values/",
    severity: "high",
    action: "mandatory",
    kinds: RELEASES,
    fix: "Remove the value, or install the chart as a Chart, whose objects are judged one by one.",
    examples: {
      pass: release({ values: { networkPolicy: { enabled: true } } }),
      fail: release({ values: { securityContext: { runAsNonRoot: false } } }),
    },
    check: (object, report) => {
      const { path, args } = argsOf(object);
      for (const flaw of flawsOf(args["values"], join(path, "values"), "", 0)) {
        report(flaw.path, flaw.found, flaw.wanted);
      }
    },
  }),
  objectRule({
    id: "helm-repo-http",
    assertion: "Charts come over TLS and are verified when there is a key.",
    why: "A chart over plain HTTP is whatever the network says it is, and it runs with the rights of the deployment.",
    source: "https://helm.sh/docs/topics/provenance/",
    severity: "high",
    action: "mandatory",
    kinds: [...CHARTS, "source.toolkit.fluxcd.io/HelmRepository"],
    fix: "Use the repository's https or oci address, and set verify where a keyring is given.",
    examples: {
      pass: release({ repositoryOpts: { repo: "https://charts.example.com" } }),
      fail: release({ repositoryOpts: { repo: "http://charts.example.com" } }),
    },
    check: (object, report) => {
      const { path, args } = argsOf(object);
      const options = fields(args["repositoryOpts"]);
      const addresses: [string, unknown][] = [
        ["repositoryOpts.repo", options["repo"]],
        ["repo", args["repo"]],
        ["chart", args["chart"]],
        ["url", args["url"]],
      ];
      for (const [field, address] of addresses) {
        if (/^http:\/\//i.test(text(address) ?? "")) {
          report(join(path, field), address, "an https or oci address");
        }
      }
      if (args["keyring"] !== undefined && args["verify"] === false) {
        report(join(path, "verify"), false, "true, as there is a keyring");
      }
    },
  }),
  objectRule({
    id: "helm-rendered",
    assertion: "Charts are installed so that their objects can be judged.",
    why: "A Release is one opaque resource: no rule sees its containers, roles and Services.",
    source: RELEASE,
    severity: "high",
    action: "advisory",
    kinds: RELEASES,
    fix: "Install the chart as kubernetes.helm.v4.Chart, or render it with `policy check --render`.",
    examples: { pass: chart, fail: release() },
    check: (object, report) => {
      if (object.rendered) {
        return;
      }
      const { path, args } = argsOf(object);
      const name = isMap(args["chart"]) ? object.name : args["chart"];
      report(join(path, "chart"), name, "a Chart, or rendered for the check");
    },
  }),
]);

// https://semver.org/#backusnaur-form-grammar-for-valid-semver-versions
const EXACT_VERSION = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
// Values nest a dozen levels at most; deeper ones are hostile.
const DEEPEST = 40;

/** The arguments of a release: on the resource itself in Pulumi, under `spec` in a manifest. */
function argsOf({ raw, spec }: ObjectView): { path: string; args: Fields } {
  return has(raw, "spec") && !has(raw, "chart")
    ? { path: "spec", args: spec }
    : { path: "", args: raw };
}

interface Flaw {
  readonly path: string;
  readonly found: unknown;
  readonly wanted: string;
}

/** Values under a key that take a protection away; the key decides, wherever it stands. */
const UNSAFE: Readonly<Record<string, { value: unknown; wanted: string }>> = {
  privileged: { value: true, wanted: "false or unset" },
  allowPrivilegeEscalation: { value: true, wanted: "false" },
  hostNetwork: { value: true, wanted: "false or unset" },
  hostPID: { value: true, wanted: "false or unset" },
  hostIPC: { value: true, wanted: "false or unset" },
  runAsNonRoot: { value: false, wanted: "true" },
  runAsUser: { value: 0, wanted: "a user above 0" },
};

/** Everything unsafe in a tree of values; `parent` is the key that holds the tree. */
function flawsOf(value: unknown, path: string, parent: string, depth: number): Flaw[] {
  if (depth > DEEPEST) {
    return [];
  }
  if (Array.isArray(value)) {
    return list(value).flatMap((item, index) =>
      flawsOf(item, `${path}[${index}]`, parent, depth + 1),
    );
  }
  if (!isMap(value)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const at = path + step(key);
    const flaw = flawOf(key, item, parent);
    return flaw === undefined ? flawsOf(item, at, key, depth + 1) : [{ path: at, ...flaw }];
  });
}

function flawOf(key: string, value: unknown, parent: string): Omit<Flaw, "path"> | undefined {
  const unsafe = Object.hasOwn(UNSAFE, key) ? UNSAFE[key] : undefined;
  if (unsafe !== undefined && value === unsafe.value) {
    return { found: value, wanted: unsafe.wanted };
  }
  if (key === "enabled" && value === false && (parent === "tls" || parent === "networkPolicy")) {
    return { found: false, wanted: "true" };
  }
  if (/^insecure/i.test(key) && (value === true || value === "true")) {
    return { found: value, wanted: "false or unset" };
  }
  // The value itself is never shown.
  if (/password$/i.test(key) && ["string", "number"].includes(typeof value) && value !== "") {
    return { found: "a literal", wanted: "a reference to a Secret" };
  }
  if (key === "tag" && value === "latest") {
    return { found: value, wanted: "an exact tag" };
  }
  if (key === "image" && typeof value === "string" && value.endsWith(":latest")) {
    return { found: value, wanted: "an image with an exact tag" };
  }
  const wildcard = ["verbs", "resources", "apiGroups"].includes(key) && list(value).includes("*");
  return wildcard || (value === "*" && parent === "rbac")
    ? { found: value, wanted: "what is used" }
    : undefined;
}
