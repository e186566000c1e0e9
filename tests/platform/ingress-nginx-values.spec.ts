import { expect } from "chai";
import {
  ingressNginxValues,
  type IngressNginxValuesArgs,
} from "../../components/platform/ingress-nginx-values";
import { chartFact, unknownKeys } from "../support/chart-facts";

const production: IngressNginxValuesArgs = {
  className: "nginx",
  replicas: { min: 3, max: 9 },
  service: "LoadBalancer",
  webhookIssuer: "an-authority",
};
const { controller, defaultBackend } = ingressNginxValues(production);

describe("the values of ingress-nginx", () => {
  it("scale between the bounds of the stack, and slowly down", () => {
    expect(controller.autoscaling).to.include({ enabled: true, minReplicas: 3, maxReplicas: 9 });
    expect(controller.autoscaling.behavior.scaleDown).to.deep.equal({
      stabilizationWindowSeconds: 300,
      policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
    });
  });

  it("let one pod go at a time from three on, and name the one that stays at two", () => {
    expect(controller).to.include({ maxUnavailable: 1 });
    expect(controller).to.not.have.property("minAvailable");
    const two = ingressNginxValues({ ...production, replicas: { min: 2, max: 4 } });
    expect(two.controller).to.include({ minAvailable: 1 });
  });

  it("bring up a new pod before an old one goes", () => {
    expect(controller.updateStrategy.rollingUpdate).to.deep.equal({
      maxUnavailable: 0,
      maxSurge: 1,
    });
  });

  it("go on answering while load balancers learn that a pod goes", () => {
    expect(controller.extraArgs).to.deep.equal({ "shutdown-grace-period": "30" });
  });

  it("give the pod the time of its farewell, its workers' shutdown and 10 s after it", () => {
    const workers = Number.parseInt(controller.config["worker-shutdown-timeout"] ?? "", 10);
    const farewell = Number(controller.extraArgs["shutdown-grace-period"]);
    expect(workers).to.equal(240);
    expect(controller.terminationGracePeriodSeconds)
      .to.equal(300)
      .and.to.be.greaterThan(farewell + workers + 10);
  });

  it("take a pod out of the Service after 30 s without an answer, and restart it after 60 s", () => {
    const window = ({ periodSeconds, failureThreshold }: typeof controller.livenessProbe) =>
      periodSeconds * failureThreshold;
    expect(window(controller.readinessProbe)).to.equal(30);
    expect(window(controller.livenessProbe)).to.equal(60);
  });

  it("give a starting pod 150 s", () => {
    const { periodSeconds, failureThreshold } = controller.startupProbe;
    expect(periodSeconds * failureThreshold).to.equal(150);
  });

  it("ask the controller's one health endpoint, and wait 3 s for its answer", () => {
    for (const probe of [
      controller.startupProbe,
      controller.livenessProbe,
      controller.readinessProbe,
    ]) {
      expect(probe).to.deep.include({
        httpGet: { path: "/healthz", port: 10254, scheme: "HTTP" },
        initialDelaySeconds: 5,
        timeoutSeconds: 3,
        successThreshold: 1,
      });
    }
  });

  it("count a new pod as there once a load balancer has had time to find it", () => {
    expect(controller.minReadySeconds).to.equal(10);
  });

  it("run the pods under the restricted standard", () => {
    expect(controller.podSecurityContext).to.deep.equal({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("scale on the use of CPU and memory", () => {
    expect(controller.autoscaling).to.include({
      targetCPUUtilizationPercentage: 70,
      targetMemoryUtilizationPercentage: 80,
    });
  });

  it("keep clients on current TLS and tell them to stay there", () => {
    expect(controller.config).to.include({
      "ssl-protocols": "TLSv1.2 TLSv1.3",
      hsts: "true",
      "hsts-max-age": "31536000",
    });
  });

  it("believe no address that a client claims, and say nothing of what runs behind", () => {
    expect(controller.config).to.include({
      "use-forwarded-headers": "false",
      "server-tokens": "false",
      "hide-headers": "X-Powered-By",
    });
  });

  it("bound the size of a request and the wait for its answer", () => {
    expect(controller.config).to.include({
      "proxy-body-size": "8m",
      "proxy-read-timeout": "60",
    });
  });

  it("write a log that no request can forge", () => {
    expect(controller.config["log-format-escape-json"]).to.equal("true");
  });

  it("limit CPU and memory, which the chart does not", () => {
    expect(controller.resources.limits).to.deep.equal({ cpu: "2", memory: "768Mi" });
  });

  it("spread the controller over zones and hosts", () => {
    expect(
      controller.topologySpreadConstraints.map(({ topologyKey }) => topologyKey),
    ).to.deep.equal(["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
    expect(controller.topologySpreadConstraints[0]?.labelSelector).to.deep.equal({
      matchLabels: {
        "app.kubernetes.io/name": "ingress-nginx",
        "app.kubernetes.io/instance": "ingress-nginx",
        "app.kubernetes.io/component": "controller",
      },
    });
  });

  it("answer to the stack's class and to no Ingress without one", () => {
    const other = ingressNginxValues({ ...production, className: "public" }).controller;
    expect(other.ingressClassResource).to.deep.equal({
      name: "public",
      enabled: true,
      default: false,
      controllerValue: "k8s.io/ingress-nginx",
    });
    expect(other.ingressClass).to.equal("public");
    expect(other.watchIngressWithoutClass).to.equal(false);
  });

  it("switch snippets off, which would let an Ingress run code in the controller", () => {
    expect(controller.allowSnippetAnnotations).to.equal(false);
  });

  it("accept annotations up to the level that authentication needs, and check their values", () => {
    expect(controller.config["annotations-risk-level"]).to.equal("High");
    expect(controller.enableAnnotationValidations).to.equal(true);
  });

  it("answer 429 to a client above its rate or its connections", () => {
    expect(controller.config).to.include({
      "limit-req-status-code": "429",
      "limit-conn-status-code": "429",
    });
  });

  it("write every value of the controller's ConfigMap as a string", () => {
    expect(Object.values(controller.config).map((value) => typeof value)).to.deep.equal(
      Object.keys(controller.config).map(() => "string"),
    );
  });

  it("keep the clients' addresses behind a load balancer, and leave the field out inside the cluster", () => {
    expect(controller.service).to.deep.equal({
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
    });
    const inside = ingressNginxValues({ ...production, service: "ClusterIP" });
    expect(inside.controller.service).to.deep.equal({
      type: "ClusterIP",
      externalTrafficPolicy: "",
    });
  });

  it("have cert-manager sign the webhook's certificate in place of the chart's hooks", () => {
    expect(controller.admissionWebhooks.patch.enabled).to.equal(false);
    expect(controller.admissionWebhooks.certManager).to.deep.include({
      enabled: true,
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "an-authority" },
      admissionCert: { duration: "2160h" },
    });
  });

  it("reject an Ingress that the webhook cannot check", () => {
    expect(controller.admissionWebhooks).to.include({
      enabled: true,
      failurePolicy: "Fail",
      timeoutSeconds: 10,
    });
  });

  it("leave out the ServiceMonitor and the default backend", () => {
    expect(controller.metrics).to.deep.equal({
      enabled: true,
      serviceMonitor: { enabled: false },
    });
    expect(defaultBackend.enabled).to.equal(false);
  });

  it("are keys the real chart knows", function () {
    const file = chartFact(this, "ingress-nginx", "values.yaml");
    expect(unknownKeys(ingressNginxValues(production), file.read())).to.deep.equal([]);
  });
});
