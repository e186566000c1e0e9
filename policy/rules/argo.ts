import { fields, list, maps, number, step, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { objectRule, rulesOf, type Report } from "../core/rule";

const API = "argoproj.io";
const CONSTRAINT = "constraints.gatekeeper.sh/K8sAllowedRepos";
/** The ConfigMaps that Argo CD reads, by their fixed names. */
const ARGO_CD_CONFIG = [
  "argocd-cm",
  "argocd-cmd-params-cm",
  "argocd-rbac-cm",
  "argocd-ssh-known-hosts-cm",
  "argocd-tls-certs-cm",
];
const PART_OF = "app.kubernetes.io/part-of";
// kube-proxy needs that long to forget the old pods on every node.
const SCALE_DOWN_DELAY = 30;

const workflow = (template: Fields) => ({
  apiVersion: `${API}/v1alpha1`,
  kind: "Workflow",
  metadata: { name: "report", namespace: "shop" },
  spec: { entrypoint: "main", templates: [{ name: "main", ...template }] },
});

/** What Argo's own resources get wrong most often, and Gatekeeper's list of repositories. */
export const argoRules = rulesOf("availability", [
  objectRule({
    id: "argo-rollouts-workflows",
    assertion: "Argo's resources end, keep what they need to go back, and are found by Argo.",
    why: "A pause without an end, an empty retry strategy or a resource outside Argo's namespace is accepted and then waits, repeats or is ignored.",
    source: "https://argoproj.github.io/argo-rollouts/features/specification/",
    severity: "low",
    action: "off",
    kinds: [
      `${API}/Rollout`,
      `${API}/Workflow`,
      `${API}/WorkflowTemplate`,
      `${API}/Application`,
      `${API}/AppProject`,
      "ConfigMap",
      CONSTRAINT,
    ],
    fix: "Set the field as the message says.",
    anchors: ["Datree", "Trivy"],
    examples: {
      pass: workflow({ retryStrategy: { limit: 3 } }),
      fail: workflow({ retryStrategy: {} }),
    },
    check: (object, report) => CHECKS[object.kind]?.(object, report),
  }),
]);

const CHECKS: Readonly<Record<string, (object: ObjectView, report: Report) => void>> = {
  Rollout: checkRollout,
  Workflow: checkWorkflow,
  WorkflowTemplate: checkWorkflow,
  Application: checkNamespace,
  AppProject: checkNamespace,
  ConfigMap: checkConfigMap,
  K8sAllowedRepos: checkRepositories,
};

function checkRollout({ spec }: ObjectView, report: Report): void {
  if (spec["revisionHistoryLimit"] === 0) {
    report("spec.revisionHistoryLimit", 0, "at least 1, or nothing can be rolled back");
  }
  if (spec["progressDeadlineSeconds"] !== undefined && spec["progressDeadlineAbort"] !== true) {
    const at = "spec.progressDeadlineAbort";
    report(at, spec["progressDeadlineAbort"], "true, or a failed rollout retries for ever");
  }
  const { canary, blueGreen } = fields(spec["strategy"]);
  maps(fields(canary)["steps"]).forEach((one, index) => {
    // Without a value YAML reads `pause:` as null, which pauses as well.
    if ("pause" in one && (fields(one["pause"])["duration"] ?? undefined) === undefined) {
      const at = `spec.strategy.canary.steps[${index}].pause.duration`;
      report(at, undefined, "set, or the rollout waits for somebody");
    }
  });
  const delay = number(fields(blueGreen)["scaleDownDelaySeconds"]);
  if (delay !== undefined && delay < SCALE_DOWN_DELAY) {
    const at = "spec.strategy.blueGreen.scaleDownDelaySeconds";
    report(at, delay, `at least ${SCALE_DOWN_DELAY}`);
  }
}

function checkWorkflow({ spec }: ObjectView, report: Report): void {
  if (spec["serviceAccountName"] === "default") {
    report("spec.serviceAccountName", "default", "an account of the workflow's own");
  }
  maps(spec["templates"]).forEach((template, index) => {
    const at = `spec.templates[${index}]`;
    if (fields(template["dag"])["failFast"] === false) {
      report(`${at}.dag.failFast`, false, "true, or the other branches run on after a failure");
    }
    const retry = template["retryStrategy"] ?? undefined;
    if (retry === undefined) {
      return;
    }
    const { retryPolicy, expression, limit } = fields(retry);
    if (Object.keys(fields(retry)).length === 0) {
      report(`${at}.retryStrategy`, "{}", "limited, or the step repeats for ever");
    } else if (retryPolicy === "Always" && !filtersErrors(expression)) {
      const found = text(expression) ?? limit;
      report(`${at}.retryStrategy.expression`, found, "one that looks at errors and exit codes");
    }
  });
}

/** True when the expression tells the controller's errors and the exit codes of failures apart. */
function filtersErrors(expression: unknown): boolean {
  const written = text(expression) ?? "";
  return /\bError\b/.test(written) && /exitCode/.test(written);
}

function checkNamespace({ namespace }: ObjectView, report: Report): void {
  if (namespace !== "argocd") {
    report("metadata.namespace", namespace === "" ? undefined : namespace, "argocd");
  }
}

function checkConfigMap({ name, labels }: ObjectView, report: Report): void {
  if (ARGO_CD_CONFIG.includes(name) && labels[PART_OF] !== "argocd") {
    report(
      `metadata.labels${step(PART_OF)}`,
      labels[PART_OF],
      "argocd, or Argo CD does not read it",
    );
  }
}

// Gatekeeper compares prefixes: "myregistry.io" also allows myregistry.io.attacker.example.
function checkRepositories({ spec }: ObjectView, report: Report): void {
  list(fields(spec["parameters"])["repos"]).forEach((written, index) => {
    const repository = text(written) ?? "";
    const [host, ...path] = repository.split("/");
    const open = host === "docker.io" ? path.length < 2 : !/[/:]/.test(repository);
    if (repository !== "" && open) {
      report(
        `spec.parameters.repos[${index}]`,
        repository,
        "ended by a slash, or with a whole path: every name that starts like it is allowed",
      );
    }
  });
}
