import { disruptionBudget } from "../kit/disruption";
import { spread, type PlacementSpec } from "../kit/placement";
import { containerResources, type ContainerResources } from "../kit/resources";

/** The labels of the controller's pods. */
export const controllerLabels = {
  "app.kubernetes.io/name": "ingress-nginx",
  "app.kubernetes.io/instance": "ingress-nginx",
  "app.kubernetes.io/component": "controller",
} as const;

export interface IngressNginxValuesArgs {
  /** The IngressClass it answers to. */
  readonly className: string;
  /** The bounds of its autoscaler. */
  readonly replicas: { readonly min: number; readonly max: number };
  /** How traffic reaches it. */
  readonly service: "LoadBalancer" | "ClusterIP";
  /** The ClusterIssuer that signs the admission webhook's certificate. */
  readonly webhookIssuer: string;
}

interface HealthProbe {
  readonly httpGet: { readonly path: string; readonly port: number; readonly scheme: "HTTP" };
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** The values of the chart that we set. */
export interface IngressNginxValues {
  readonly controller: {
    /** @default - from three replicas on, the budget says maxUnavailable */
    readonly minAvailable?: number;
    /** @default - at two replicas, the budget says minAvailable */
    readonly maxUnavailable?: number;
    readonly autoscaling: {
      readonly enabled: boolean;
      readonly minReplicas: number;
      readonly maxReplicas: number;
      readonly targetCPUUtilizationPercentage: number;
      readonly targetMemoryUtilizationPercentage: number;
      readonly behavior: {
        readonly scaleDown: {
          readonly stabilizationWindowSeconds: number;
          readonly policies: readonly {
            readonly type: "Pods" | "Percent";
            readonly value: number;
            readonly periodSeconds: number;
          }[];
        };
      };
    };
    readonly updateStrategy: {
      readonly type: "RollingUpdate";
      readonly rollingUpdate: { readonly maxUnavailable: number; readonly maxSurge: number };
    };
    readonly minReadySeconds: number;
    readonly terminationGracePeriodSeconds: number;
    /** Options of the controller's command line, without their hyphens. */
    readonly extraArgs: { readonly "shutdown-grace-period": string };
    readonly resources: ContainerResources;
    readonly podSecurityContext: {
      readonly runAsNonRoot: boolean;
      readonly seccompProfile: { readonly type: "RuntimeDefault" };
    };
    readonly startupProbe: HealthProbe;
    readonly livenessProbe: HealthProbe;
    readonly readinessProbe: HealthProbe;
    readonly topologySpreadConstraints: PlacementSpec["topologySpreadConstraints"];
    readonly ingressClassResource: {
      readonly name: string;
      readonly enabled: boolean;
      readonly default: boolean;
      readonly controllerValue: string;
    };
    readonly ingressClass: string;
    readonly watchIngressWithoutClass: boolean;
    readonly allowSnippetAnnotations: boolean;
    readonly enableAnnotationValidations: boolean;
    /** The controller's ConfigMap, whose values are all strings. */
    readonly config: Readonly<Record<string, string>>;
    readonly service: {
      readonly type: "LoadBalancer" | "ClusterIP";
      readonly externalTrafficPolicy: "" | "Local";
    };
    readonly admissionWebhooks: {
      readonly enabled: boolean;
      readonly failurePolicy: "Fail";
      readonly timeoutSeconds: number;
      readonly patch: { readonly enabled: boolean };
      readonly certManager: {
        readonly enabled: boolean;
        readonly issuerRef: {
          readonly group: string;
          readonly kind: "ClusterIssuer";
          readonly name: string;
        };
        readonly admissionCert: { readonly duration: string };
      };
    };
    readonly metrics: {
      readonly enabled: boolean;
      readonly serviceMonitor: { readonly enabled: boolean };
    };
  };
  readonly defaultBackend: { readonly enabled: boolean };
  readonly revisionHistoryLimit: number;
}

/** How long a worker of NGINX finishes its connections after the controller was told to stop. */
const workerShutdownSeconds = 240;

/**
 * How long a controller that was told to stop goes on answering. Until proxies and load balancers have learned
 * that the pod goes they send it new connections, and the controller's own default is to listen to none. Its
 * readiness fails as soon as it is told, and after three failures a load balancer's health check fails too.
 * @see https://github.com/kubernetes/ingress-nginx/blob/main/docs/user-guide/cli-arguments.md
 */
const farewellSeconds = 30;

/** What the controller needs beside that: it waits 10 s more once its workers have ended. */
const shutdownSlackSeconds = 30;

/** The values of the ingress-nginx chart. */
export function ingressNginxValues(args: IngressNginxValuesArgs): IngressNginxValues {
  return {
    controller: {
      ...disruptionBudget(args.replicas.min),
      autoscaling: {
        enabled: true,
        minReplicas: args.replicas.min,
        maxReplicas: args.replicas.max,
        targetCPUUtilizationPercentage: 70,
        targetMemoryUtilizationPercentage: 80,
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
          },
        },
      },
      updateStrategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
      },
      // A load balancer needs a few health checks before it sends traffic to a new pod.
      minReadySeconds: 10,
      terminationGracePeriodSeconds: farewellSeconds + workerShutdownSeconds + shutdownSlackSeconds,
      extraArgs: { "shutdown-grace-period": String(farewellSeconds) },
      resources: containerResources({
        typical: { cpu: "200m", memory: "256Mi" },
        peak: { cpu: "2", memory: "768Mi" },
      }),
      // The container's own context comes from the chart and passes "restricted"; its root file system
      // stays writable, because the controller writes nginx.conf and certificates below /etc and /tmp.
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      startupProbe: healthProbe({ periodSeconds: 5, failureThreshold: 30 }),
      // The controller has one health endpoint. A pod is taken out of the Service after 30 s without an
      // answer, and restarted only after 60 s.
      livenessProbe: healthProbe({ periodSeconds: 10, failureThreshold: 6 }),
      readinessProbe: healthProbe({ periodSeconds: 10, failureThreshold: 3 }),
      topologySpreadConstraints: spread(controllerLabels).topologySpreadConstraints,
      ingressClassResource: {
        name: args.className,
        enabled: true,
        default: false,
        controllerValue: "k8s.io/ingress-nginx",
      },
      ingressClass: args.className,
      watchIngressWithoutClass: false,
      allowSnippetAnnotations: false,
      enableAnnotationValidations: true,
      config: controllerConfig,
      service: {
        type: args.service,
        // Keeps the address of the client; a Service inside the cluster refuses the field.
        externalTrafficPolicy: args.service === "LoadBalancer" ? "Local" : "",
      },
      admissionWebhooks: {
        enabled: true,
        failurePolicy: "Fail",
        timeoutSeconds: 10,
        patch: { enabled: false },
        certManager: {
          enabled: true,
          issuerRef: {
            group: "cert-manager.io",
            kind: "ClusterIssuer",
            name: args.webhookIssuer,
          },
          admissionCert: { duration: "2160h" },
        },
      },
      metrics: { enabled: true, serviceMonitor: { enabled: false } },
    },
    defaultBackend: { enabled: false },
    revisionHistoryLimit: 5,
  };
}

function healthProbe(timing: Pick<HealthProbe, "periodSeconds" | "failureThreshold">): HealthProbe {
  return {
    httpGet: { path: "/healthz", port: 10254, scheme: "HTTP" },
    initialDelaySeconds: 5,
    periodSeconds: timing.periodSeconds,
    timeoutSeconds: 3,
    successThreshold: 1,
    failureThreshold: timing.failureThreshold,
  };
}

/** @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/ */
const controllerConfig = {
  // The highest level below snippets: asking another service whether a request may pass needs it.
  "annotations-risk-level": "High",
  "worker-shutdown-timeout": `${String(workerShutdownSeconds)}s`,
  "use-forwarded-headers": "false",
  "ssl-protocols": "TLSv1.2 TLSv1.3",
  hsts: "true",
  "hsts-max-age": "31536000",
  "server-tokens": "false",
  "hide-headers": "X-Powered-By",
  "proxy-body-size": "8m",
  "proxy-read-timeout": "60",
  // A client that is turned away for its rate is told so; the default answers 503.
  "limit-req-status-code": "429",
  "limit-conn-status-code": "429",
  "log-format-escape-json": "true",
} as const;
