import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { expect } from "chai";
import {
  alertProblems,
  alertRules,
  jobAlertRules,
  type AlertRule,
  type AlertSubject,
} from "../../../components/apps/workload/alerts";

const facts = {
  service: "orders",
  application: "shop",
  team: "checkout",
  environment: "test",
  namespace: "shop",
};
const subject: AlertSubject = {
  ...facts,
  kind: "Deployment",
  controller: "orders",
  autoscaler: "orders",
  containers: ["orders", "proxy"],
  budget: "orders",
  http: {},
  lag: 100,
};
const jobRules = jobAlertRules(facts);

function expressionOf(name: string, rules: readonly AlertRule[] = alertRules(subject)): string {
  return rules.find(({ alert }) => alert === name)?.expr ?? "there is no such alert";
}

/** How many places of an expression Prometheus' own grammar does not understand. */
function syntaxErrors(expression: string): number {
  let errors = 0;
  parser.parse(expression).iterate({
    enter: ({ type }) => {
      errors += type.isError ? 1 : 0;
    },
  });
  return errors;
}

describe("the alerts of a service", () => {
  it("tell of its resources, its pods, its requests and its queue", () => {
    expect(alertRules(subject).map(({ alert }) => alert)).to.deep.equal([
      "CpuNearLimit",
      "MemoryNearLimit",
      "CpuThrottled",
      "Restarting",
      "PodsNotReady",
      "NoDisruptionAllowed",
      "SlowRequests",
      "FailingRequests",
      "UnusualRequestRate",
      "ConsumerLagging",
    ]);
  });

  it("tell of no requests, queue or budget that it does not have", () => {
    const bare = { ...subject, budget: undefined, http: undefined, lag: undefined };
    expect(alertRules(bare).map(({ alert }) => alert)).to.deep.equal([
      "CpuNearLimit",
      "MemoryNearLimit",
      "CpuThrottled",
      "Restarting",
      "PodsNotReady",
    ]);
  });

  it("are in Prometheus' own language", () => {
    expect(syntaxErrors("sum(rate(a[5m)")).to.be.above(0);
    for (const kind of ["Deployment", "StatefulSet", "DaemonSet"] as const) {
      for (const { alert, expr } of [...alertRules({ ...subject, kind }), ...jobRules]) {
        expect(syntaxErrors(expr), `${alert}: ${expr}`).to.equal(0);
      }
    }
  });

  it("say whom they concern, and where to read what to do", () => {
    const guide = readFileSync(join(__dirname, "..", "..", "..", "docs", "alerts.md"), "utf8");
    const headings = [...guide.matchAll(/^## (.*)$/gm)].map(
      ([, heading = ""]) => `docs/alerts.md#${heading.toLowerCase()}`,
    );
    for (const { alert, labels, annotations } of [...alertRules(subject), ...jobRules]) {
      const { severity, ...concern } = labels;
      expect(severity, alert).to.be.oneOf(["critical", "warning"]);
      expect(concern, alert).to.deep.equal(facts);
      expect(annotations.summary, alert).to.match(/^shop\/orders: /);
      expect(headings, alert).to.include(annotations.runbook);
    }
  });

  it("look at 80 percent of the CPU limit and 85 of the memory limit, for five minutes", () => {
    const [cpu, memory] = alertRules(subject);
    expect(cpu).to.deep.include({
      expr:
        "sum by (pod, container) (rate(container_cpu_usage_seconds_total" +
        '{namespace="shop",container=~"orders|proxy"}[5m])) / ' +
        "max by (pod, container) (kube_pod_container_resource_limits" +
        '{namespace="shop",container=~"orders|proxy",resource="cpu"}) > 0.8',
      for: "5m",
    });
    expect(memory?.expr).to.match(/container_memory_working_set_bytes.* > 0\.85$/);
    expect(memory?.for).to.equal("5m");
  });

  it("count ready pods against wanted ones, whatever runs them", () => {
    expect(expressionOf("PodsNotReady")).to.equal(
      'kube_deployment_status_replicas_ready{namespace="shop",deployment="orders"} < ' +
        'kube_deployment_spec_replicas{namespace="shop",deployment="orders"}',
    );
    const stateful = alertRules({ ...subject, kind: "StatefulSet" });
    expect(expressionOf("PodsNotReady", stateful)).to.contain("kube_statefulset_replicas{");
    const daemon = alertRules({ ...subject, kind: "DaemonSet" });
    expect(expressionOf("PodsNotReady", daemon)).to.contain('daemonset="orders"');
  });

  it("tell when no pod may be moved", () => {
    expect(expressionOf("NoDisruptionAllowed")).to.equal(
      'kube_poddisruptionbudget_status_pod_disruptions_allowed{namespace="shop",poddisruptionbudget="orders"} == 0',
    );
  });

  it("know the objects by the names they had before they were taken over", () => {
    const rules = alertRules({ ...subject, controller: "web", autoscaler: "web-hpa", budget: "b" });
    expect(expressionOf("PodsNotReady", rules)).to.contain('deployment="web"');
    expect(expressionOf("ConsumerLagging", rules)).to.contain('autoscaler="web-hpa"');
    expect(expressionOf("NoDisruptionAllowed", rules)).to.contain('poddisruptionbudget="b"');
  });

  it("look at the slowest hundredth of the requests, and at the answers that are errors", () => {
    expect(expressionOf("SlowRequests")).to.equal(
      "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket" +
        '{namespace="shop",container="orders"}[5m]))) > 1',
    );
    expect(expressionOf("FailingRequests")).to.match(/code=~"5\.\."}\[5m\]\)\) \/ sum.* > 0\.05$/);
  });

  it("know requests by the names that the service gives them", () => {
    const http = { histogram: "requests_seconds", status: "status" };
    const rules = alertRules({ ...subject, http });
    expect(expressionOf("SlowRequests", rules)).to.contain("requests_seconds_bucket{");
    expect(expressionOf("FailingRequests", rules)).to.contain('status=~"5.."');
  });

  it("tell when three times the messages wait that a pod is meant to have", () => {
    expect(expressionOf("ConsumerLagging")).to.contain(
      'horizontalpodautoscaler="orders",metric_target_type="average"}) > 300',
    );
  });

  it("have the thresholds that the service sets", () => {
    const own = {
      cpu: 50,
      memory: 60,
      throttling: 10,
      restarts: 5,
      latency: "3s",
      errors: 0.5,
      anomaly: 4,
      lag: 2,
    } as const;
    const ends = alertRules(subject, own).map(({ expr }) => /[<>=]+ ([0-9.]+)( \*.*)?$/.exec(expr));
    expect(ends.map((end) => end?.[1])).to.deep.equal([
      "0.5",
      "0.6",
      "0.1",
      "5",
      undefined,
      "0",
      "3",
      "0.005",
      "4",
      "200",
    ]);
  });

  it("keep the usual thresholds where the service sets none", () => {
    expect(alertRules(subject, { cpu: undefined })).to.deep.equal(alertRules(subject));
  });
});

describe("the alert of a scheduled job", () => {
  it("tells of a failed run until a later one has succeeded", () => {
    expect(jobRules.map(({ alert }) => alert)).to.deep.equal(["JobFailed"]);
    expect(jobRules[0]?.expr).to.contain('owner_kind="CronJob",owner_name="orders"');
    expect(jobRules[0]?.expr).to.match(/unless on \(namespace, job_name\) .*cronjob="orders"/);
  });
});

describe("alerts are refused", () => {
  it("not with thresholds in range, or none", () => {
    expect(alertProblems()).to.deep.equal([]);
    expect(alertProblems({ cpu: 90, errors: 0.1, restarts: 1, latency: "2s" })).to.deep.equal([]);
  });

  it("with thresholds that always or never hold", () => {
    const problems = alertProblems({ cpu: 100, memory: 0, restarts: 0, latency: "0s" });
    expect(problems.map(({ field }) => field)).to.deep.equal([
      "cpu",
      "memory",
      "restarts",
      "latency",
    ]);
  });
});
