import { z } from "zod";
import { secretStores } from "./secret-stores";
import { storageClasses } from "./storage-classes";
import { byteSize, dnsLabel, duration, replicas, storageClass } from "./values";

/** `slipway:platform`: the controllers every application relies on. */
export const platformSettings = z
  .strictObject({
    certManager: z
      .strictObject({
        replicas: replicas.describe(
          "Pods of the controller, the webhook and the CA injector each.",
        ),
        issuer: dnsLabel
          .optional()
          .describe(
            "A ClusterIssuer that exists and signs the certificates of what is reached from outside.",
          )
          .meta({ behaviour: "a certificate authority of the stack's own" }),
      })
      .describe("cert-manager: TLS certificates."),
    externalSecrets: z
      .strictObject({
        replicas: replicas.describe(
          "Pods of the controller, the webhook and the certificate controller each.",
        ),
        identity: z
          .record(z.string(), z.string())
          .default({})
          .describe("Annotations of its ServiceAccount, by which a cloud knows it.")
          .meta({
            examples: [{ "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/secrets" }],
          }),
        stores: secretStores,
      })
      .describe(
        "External Secrets: carries Secrets from where they are kept to where they are read.",
      ),
    ingressNginx: z
      .strictObject({
        className: dnsLabel.default("nginx").describe("The IngressClass it answers to."),
        replicas: z
          .strictObject({
            min: replicas.describe("At least this many."),
            max: replicas.describe("At most this many."),
          })
          .refine(({ min, max }) => max >= min, { error: "max must not be below min" })
          .describe("The bounds of its autoscaler."),
        service: z
          .enum(["LoadBalancer", "ClusterIP"])
          .default("LoadBalancer")
          .describe(
            "How traffic reaches the controller; ClusterIP where something else brings it in.",
          ),
      })
      .describe("ingress-nginx: the edge."),
    storageClasses,
    pgo: z
      .strictObject({
        replicas: replicas.describe("Pods of the operator; one leads, the others wait."),
      })
      .optional()
      .describe("The Crunchy Postgres operator.")
      .meta({ behaviour: "not installed; slipway:data.postgres has to be external" }),
    keda: z
      .strictObject({
        replicas: replicas.describe(
          "Pods of the operator, the metrics API server and the webhooks each.",
        ),
      })
      .optional()
      .describe("KEDA: scales on events, such as the length of a queue.")
      .meta({ behaviour: "not installed; a service that scales on events is refused" }),
    metricsServer: z
      .union([
        z.literal("installed").describe("The cluster has one already."),
        z.strictObject({ replicas: replicas.describe("Pods of the server.") }),
      ])
      .optional()
      .describe(
        "The metrics server, which tells autoscalers how much CPU and memory pods use: installed by this stack, or there already.",
      )
      .meta({
        behaviour: "not installed; a service that scales on CPU or memory is refused",
        examples: ["installed", { replicas: 2 }],
      }),
    reloader: z
      .strictObject({
        replicas: replicas.describe("Pods of Reloader; one leads, the others wait."),
      })
      .optional()
      .describe("Reloader: restarts the pods that ask for it when a Secret they read is rotated.")
      .meta({ behaviour: "not installed; a service that asks to be restarted is refused" }),
    kubePrometheusStack: z
      .strictObject({
        replicas: replicas.describe(
          "Pods of Prometheus and of Alertmanager each; every Prometheus scrapes everything.",
        ),
        retention: duration.default("15d").describe("How long Prometheus keeps what it scraped."),
        storage: z
          .strictObject({
            size: byteSize.describe("The size of each volume; four fifths of it are used."),
            storageClass,
          })
          .describe("The volume of each Prometheus."),
      })
      .optional()
      .describe("Prometheus, Alertmanager and Grafana.")
      .meta({ behaviour: "not installed; nothing is scraped and nobody is alerted" }),
    prometheusAdapter: z
      .strictObject({ replicas: replicas.describe("Pods of the adapter.") })
      .optional()
      .describe(
        "The Prometheus adapter: gives autoscalers the metrics of pods. It needs kubePrometheusStack.",
      )
      .meta({
        behaviour: "not installed; a service that scales on its pods' own metrics is refused",
      }),
    verticalPodAutoscaler: z
      .union([
        z.literal("installed").describe("The cluster has one already."),
        z.strictObject({
          replicas: replicas.describe("Pods of the recommender; one leads, the others wait."),
        }),
      ])
      .optional()
      .describe(
        "The recommender of the vertical pod autoscaler, which tells what each service really uses: installed by this stack, or there already. It changes no pod. It needs metricsServer.",
      )
      .meta({ behaviour: "nothing is recommended", examples: ["installed", { replicas: 2 }] }),
  })
  .refine(
    ({ prometheusAdapter, kubePrometheusStack }) =>
      prometheusAdapter === undefined || kubePrometheusStack !== undefined,
    {
      error: "left out where kubePrometheusStack is: there is no Prometheus to ask",
      path: ["prometheusAdapter"],
    },
  )
  .refine(
    ({ verticalPodAutoscaler, metricsServer }) =>
      typeof verticalPodAutoscaler !== "object" || metricsServer !== undefined,
    {
      error:
        "left out where metricsServer is: nobody would tell the recommender what pods use. metricsServer: installed says that the cluster has one",
      path: ["verticalPodAutoscaler"],
    },
  )
  .describe("The controllers every application relies on.");

export type PlatformSettings = z.infer<typeof platformSettings>;
