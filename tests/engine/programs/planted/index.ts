import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** The one thing that is wrong; `none` for a workload that passes. */
type Fault = "none" | "memory-limit" | "readiness-probe" | "chart-limits";

const config = new pulumi.Config();
const fault = config.require<Fault>("fault");
const labels = { "app.kubernetes.io/name": "web" };
const namespace = "planted";

if (fault === "chart-limits") {
  new kubernetes.helm.v4.Chart("bus", {
    chart: join(config.require("charts"), "nats"),
    name: "nats",
    namespace,
    values: { container: { merge: { resources: { requests: { cpu: "100m", memory: "128Mi" } } } } },
  });
} else {
  new kubernetes.apps.v1.Deployment("web", {
    metadata: { name: "web", namespace, labels },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec() },
    },
  });
}

function podSpec(): kubernetes.types.input.core.v1.PodSpec {
  const probe = {
    httpGet: { path: "/ready", port: "http" },
    periodSeconds: 10,
    failureThreshold: 3,
  };
  return {
    automountServiceAccountToken: false,
    serviceAccountName: "web",
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "web",
        image: "registry.example.com/acme/web:1.4.0",
        ports: [{ name: "http", containerPort: 8080 }],
        resources: {
          requests: { cpu: "100m", memory: "128Mi" },
          limits: fault === "memory-limit" ? { cpu: "1" } : { cpu: "1", memory: "256Mi" },
        },
        livenessProbe: { ...probe, httpGet: { path: "/live", port: "http" }, failureThreshold: 6 },
        ...(fault === "readiness-probe" ? {} : { readinessProbe: probe }),
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
  };
}
