import { expect } from "chai";
import { examine } from "../../../operations/doctor/examine";
import type { Finding } from "../../../operations/doctor/finding";
import { reportText } from "../../../operations/doctor/report";
import type { Seen, Source } from "../../../operations/doctor/seen";
import { issueCertificate } from "../../../sandbox/player/x509";
import { ago, context, healthy, now } from "./healthy";

const day = 86_400;

/** A certificate for a host that ends some days from now, and began a year before. */
async function certificateFor(host: string, days: number): Promise<string> {
  const { certificate } = await issueCertificate(
    {
      organizations: [],
      dnsNames: [host],
      ipAddresses: [],
      isCA: false,
      notBefore: new Date(now.getTime() + (days - 365) * day * 1000),
      notAfter: new Date(now.getTime() + days * day * 1000),
    },
    "ECDSA",
  );
  return certificate;
}

type Json = Readonly<Record<string, unknown>>;

/** Objects of one source, each with fields set anew; what is a map in both is merged. */
function merge(object: unknown, changes: Json): unknown {
  const merged: Record<string, unknown> = { ...(object as Json) };
  for (const [key, value] of Object.entries(changes)) {
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    merged[key] = isMap ? merge(merged[key] ?? {}, value as Json) : value;
  }
  return merged;
}

const failing = (type: string, reason: string, message: string) => ({
  status: { conditions: [{ type, status: "False", reason, message }] },
});

describe("an examination", () => {
  let well: Seen;
  let expired = "";
  let ending = "";
  let other = "";

  before(async () => {
    well = healthy(await certificateFor("orders.example.com", 60));
    expired = await certificateFor("orders.example.com", -3);
    ending = await certificateFor("orders.example.com", 10);
    other = await certificateFor("www.example.com", 60);
  });

  /** The healthy stack with the first object of a source changed. */
  const withFirst = (source: Source, changes: Json): Seen => {
    const [first, ...rest] = well[source] as unknown as readonly unknown[];
    return { ...well, [source]: [merge(first, changes), ...rest] };
  };
  const withMore = (source: Source, ...objects: readonly unknown[]): Seen => ({
    ...well,
    [source]: [...(well[source] as unknown as readonly unknown[]), ...objects],
  });
  const found = (seen: Seen): readonly Finding[] =>
    examine({ seen, denied: new Map() }, context, false).findings;

  it("of a healthy stack finds nothing", () => {
    const { findings, notLooked } = examine({ seen: well, denied: new Map() }, context, false);
    expect(findings).to.deep.equal([]);
    expect(notLooked).to.deep.equal([]);
  });

  const held = (kind: string, seconds: number, finalizer: string, apiVersion = "v1") => ({
    apiVersion,
    kind,
    metadata: {
      name: "held",
      namespace: "shop",
      deletionTimestamp: ago(seconds),
      finalizers: [finalizer],
    },
  });
  const deployment = (name: string, available: number) => ({
    metadata: { name, namespace: "operators", generation: 1 },
    spec: { replicas: available, selector: { matchLabels: { app: name } } },
    status: {
      observedGeneration: 1,
      replicas: available,
      readyReplicas: available,
      updatedReplicas: available,
      availableReplicas: available,
    },
  });
  const waiting = (reason: string, message: string) => ({
    phase: "Pending",
    conditions: [],
    containerStatuses: [
      { name: "orders", restartCount: 0, state: { waiting: { reason, message } } },
    ],
  });

  /** Each fault alone: what to change, and what is then found: check, severity, where, and words of what and fix. */
  const faults: readonly (readonly [
    title: string,
    plant: () => Seen,
    check: string,
    severity: Finding["severity"],
    where: string,
    what: RegExp,
    fix: RegExp,
  ])[] = [
    [
      "an interrupted operation",
      () => withMore("pending", { urn: "urn:pulumi:p::slipway::t::shop-orders", type: "creating" }),
      "pending operations",
      "high",
      "shop-orders",
      /while it was creating/,
      /^pulumi cancel .* refresh --yes --clear-pending-creates --stack production/,
    ],
    [
      "a Helm release that was never installed",
      () =>
        withMore("releases", {
          metadata: {
            name: "sh.helm.release.v1.tempo.v1",
            namespace: "shop",
            creationTimestamp: ago(3600),
            labels: { name: "tempo", status: "pending-install" },
          },
        }),
      "Helm releases",
      "high",
      "Helm release shop/tempo",
      /pending-install for 1h/,
      /--namespace shop delete secret sh\.helm\.release\.v1\.tempo\.v1/,
    ],
    [
      "a Helm release whose upgrade was interrupted",
      () =>
        withMore("releases", {
          metadata: {
            name: "sh.helm.release.v1.loki.v2",
            namespace: "shop",
            labels: { name: "loki", status: "pending-upgrade" },
          },
        }),
      "Helm releases",
      "high",
      "Helm release shop/loki",
      /pending-upgrade/,
      /helm rollback loki --namespace shop/,
    ],
    [
      "a Deployment whose image cannot be pulled",
      () => ({
        ...withFirst("deployments", {
          status: { readyReplicas: 0, availableReplicas: 0 },
        }),
        pods: [
          merge(well.pods[0], { status: waiting("ImagePullBackOff", "no such tag") }),
        ] as unknown as Seen["pods"],
      }),
      "workloads",
      "critical",
      "Deployment shop/orders",
      /0 of 2 pods are ready.*ImagePullBackOff \(container orders\): no such tag/,
      /npm run rollback -- --stack production shop\/orders/,
    ],
    [
      "a StatefulSet with a member missing",
      () => withFirst("statefulSets", { status: { readyReplicas: 1, availableReplicas: 1 } }),
      "workloads",
      "medium",
      "StatefulSet shop/db",
      /1 of 2 pods are ready.*1 of 2 available/,
      /describe .* db --namespace shop/,
    ],
    [
      "a Deployment that its controller has given up",
      () =>
        withFirst("deployments", {
          status: {
            readyReplicas: 1,
            conditions: [
              { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" },
            ],
          },
        }),
      "workloads",
      "high",
      "Deployment shop/orders",
      /rollout has failed: ProgressDeadlineExceeded/,
      /npm run rollout -- --stack production shop\/orders/,
    ],
    [
      "a failed Job",
      () =>
        withFirst("jobs", {
          status: {
            conditions: [
              {
                type: "Failed",
                status: "True",
                reason: "BackoffLimitExceeded",
                lastTransitionTime: ago(120),
              },
            ],
          },
        }),
      "jobs",
      "high",
      "Job shop/migration",
      /failed 2m ago: BackoffLimitExceeded/,
      /logs job\/migration --namespace shop/,
    ],
    [
      "a scheduled Job that failed the last time",
      () =>
        withMore("jobs", {
          metadata: {
            name: "report-3",
            namespace: "shop",
            creationTimestamp: ago(60),
            ownerReferences: [{ kind: "CronJob", uid: "c" }],
          },
          spec: {},
          status: { conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded" }] },
        }),
      "jobs",
      "high",
      "Job shop/report-3",
      /DeadlineExceeded/,
      /logs job\/report-3/,
    ],
    [
      "a claim that its pods wait for",
      () => ({
        ...withFirst("claims", { status: { phase: "Pending" } }),
        events: [
          {
            involvedObject: { uid: "v" },
            reason: "ProvisioningFailed",
            message: "no such class",
          } as Seen["events"][number],
        ],
      }),
      "volume claims",
      "high",
      "PersistentVolumeClaim shop/data",
      /has no volume yet: ProvisioningFailed: no such class/,
      /storage class fast/,
    ],
    [
      "a claim that nobody uses",
      () =>
        withMore("claims", {
          metadata: { name: "spare", namespace: "shop", creationTimestamp: ago(600) },
          status: { phase: "Pending" },
        }),
      "volume claims",
      "low",
      "PersistentVolumeClaim shop/spare",
      /no pod uses it/,
      /delete persistentvolumeclaim spare/,
    ],
    [
      "a claim that lost its volume",
      () => withFirst("claims", { status: { phase: "Lost" } }),
      "volume claims",
      "high",
      "PersistentVolumeClaim shop/data",
      /its volume is gone/,
      /describe persistentvolumeclaim data/,
    ],
    [
      "a finalizer that nobody takes away",
      () => withMore("ending", held("ConfigMap", 60, "example.com/hold")),
      "finalizers",
      "high",
      "ConfigMap shop/held",
      /for 1m and waits for the finalizer example\.com\/hold: nothing that this stack runs/,
      /patch configmap held --namespace shop --type merge/,
    ],
    [
      "a finalizer whose operator is down",
      () => ({
        ...withMore(
          "ending",
          held(
            "PostgresCluster",
            60,
            "postgres-operator.crunchydata.com/finalizer",
            "postgres-operator.crunchydata.com/v1beta1",
          ),
        ),
        deployments: [
          ...well.deployments,
          deployment("pgo", 0) as unknown as Seen["deployments"][number],
        ],
      }),
      "finalizers",
      "high",
      "PostgresCluster shop/held",
      /its operator pgo does not run/,
      /start pgo .* patch postgrescluster\.postgres-operator\.crunchydata\.com held/,
    ],
    [
      "a finalizer that its operator does not take away",
      () => ({
        ...withMore("ending", held("ScaledObject", 900, "finalizer.keda.sh", "keda.sh/v1alpha1")),
        deployments: [
          ...well.deployments,
          deployment("keda-operator", 1) as unknown as Seen["deployments"][number],
        ],
      }),
      "finalizers",
      "high",
      "ScaledObject shop/held",
      /its operator keda-operator runs, and does not take it away/,
      /logs deployment\/keda-operator/,
    ],
    [
      "a volume that is in use while it is being deleted",
      () => withMore("ending", held("PersistentVolumeClaim", 900, "kubernetes.io/pvc-protection")),
      "finalizers",
      "high",
      "PersistentVolumeClaim shop/held",
      /when nothing uses the object/,
      /describe persistentvolumeclaim held/,
    ],
    [
      "a namespace that does not go",
      () =>
        withFirst("namespaces", {
          metadata: { deletionTimestamp: ago(900) },
          status: {
            conditions: [
              { type: "NamespaceContentRemaining", status: "True", message: "pods has 1" },
            ],
          },
        }),
      "finalizers",
      "high",
      "Namespace shop",
      /for 15m: pods has 1/,
      /describe namespace shop/,
    ],
    [
      "an ExternalSecret whose key is missing",
      () => withFirst("externalSecrets", failing("Ready", "SecretSyncedError", "no key token")),
      "external secrets",
      "high",
      "ExternalSecret shop/token",
      /SecretSyncedError: no key token/,
      /describe externalsecret token/,
    ],
    [
      "a store that does not answer, with what reads from it",
      () => ({
        ...withFirst("secretStores", failing("Ready", "InvalidProviderConfig", "403")),
        externalSecrets: well.externalSecrets.map((each) =>
          merge(each, failing("Ready", "SecretSyncedError", "store is not ready")),
        ) as unknown as Seen["externalSecrets"],
      }),
      "external secrets",
      "high",
      "SecretStore shop/vault",
      /InvalidProviderConfig: 403; 2 ExternalSecrets .* shop\/token, shop\/password/,
      /describe secretstore vault --namespace shop/,
    ],
    [
      "a Certificate that is not issued",
      () => withFirst("certificates", failing("Ready", "DoesNotExist", "order failed")),
      "certificates",
      "high",
      "Certificate shop/internal",
      /DoesNotExist: order failed/,
      /describe certificate internal/,
    ],
    [
      "a Certificate that has ended",
      () => withFirst("certificates", { status: { notAfter: ago(2 * day) } }),
      "certificates",
      "critical",
      "Certificate shop/internal",
      /ended 2d ago/,
      /describe certificate internal/,
    ],
    [
      "a Certificate that was not renewed in time",
      () => withFirst("certificates", { status: { renewalTime: ago(2 * day) } }),
      "certificates",
      "high",
      "Certificate shop/internal",
      /renewed 2d ago, and ends in 30d/,
      /certificaterequest/,
    ],
    [
      "a served certificate that has ended",
      () => withFirst("tlsSecrets", { certificate: expired }),
      "TLS Secrets",
      "critical",
      "Secret shop/orders-tls",
      /orders\.example\.com ended 3d ago/,
      /create secret tls orders-tls --namespace shop/,
    ],
    [
      "a served certificate that ends soon",
      () => withFirst("tlsSecrets", { certificate: ending }),
      "TLS Secrets",
      "medium",
      "Secret shop/orders-tls",
      /ends in 10d, and no Certificate renews it/,
      /create secret tls/,
    ],
    [
      "a served certificate for another host",
      () => withFirst("tlsSecrets", { certificate: other }),
      "TLS Secrets",
      "high",
      "Secret shop/orders-tls",
      /does not name orders\.example\.com, but DNS:www\.example\.com/,
      /create secret tls/,
    ],
    [
      "a TLS Secret that is not there",
      () => withFirst("tlsSecrets", { certificate: undefined }),
      "TLS Secrets",
      "high",
      "Secret shop/orders-tls",
      /not there or holds no certificate/,
      /create secret tls/,
    ],
    [
      "a TLS Secret with something else in it",
      () => withFirst("tlsSecrets", { certificate: "no certificate" }),
      "TLS Secrets",
      "high",
      "Secret shop/orders-tls",
      /what it holds is no certificate/,
      /create secret tls/,
    ],
    [
      "an autoscaler whose metric nobody serves",
      () => withFirst("autoscalers", failing("ScalingActive", "FailedGetPodsMetric", "no metric")),
      "autoscalers",
      "medium",
      "HorizontalPodAutoscaler shop/orders",
      /FailedGetPodsMetric: no metric/,
      /describe hpa orders/,
    ],
    [
      "autoscalers without a metrics server",
      () => ({
        ...well,
        apiServices: [],
        autoscalers: well.autoscalers.map((each) =>
          merge(each, failing("ScalingActive", "FailedGetResourceMetric", "no cpu")),
        ) as unknown as Seen["autoscalers"],
      }),
      "autoscalers",
      "high",
      "APIService v1beta1.metrics.k8s.io",
      /2 HorizontalPodAutoscalers have no metrics: shop\/orders, shop\/carts/,
      /install the metrics server/,
    ],
    [
      "a ScaledObject that KEDA cannot work with",
      () => withFirst("scaledObjects", failing("Ready", "ScaledObjectCheckFailed", "no consumer")),
      "ScaledObjects",
      "high",
      "ScaledObject shop/worker",
      /ScaledObjectCheckFailed: no consumer/,
      /describe scaledobject worker/,
    ],
    [
      "a ScaledObject that holds its fallback",
      () =>
        withFirst("scaledObjects", {
          status: {
            conditions: [
              { type: "Ready", status: "True" },
              { type: "Fallback", status: "True", reason: "FallbackExists" },
            ],
          },
        }),
      "ScaledObjects",
      "medium",
      "ScaledObject shop/worker",
      /fallback's replicas: FallbackExists/,
      /stream and consumer/,
    ],
    [
      "a disruption budget that asks for every pod",
      () =>
        withFirst("budgets", {
          spec: { minAvailable: 2 },
          status: { desiredHealthy: 2, disruptionsAllowed: 0 },
        }),
      "disruption budgets",
      "medium",
      "PodDisruptionBudget shop/orders",
      /minAvailable: 2, and there are 2 pods/,
      /maxUnavailable: 1/,
    ],
    [
      "a disruption budget that cannot be counted",
      () =>
        withFirst(
          "budgets",
          failing("DisruptionAllowed", "SyncFailed", "pods without a controller"),
        ),
      "disruption budgets",
      "medium",
      "PodDisruptionBudget shop/orders",
      /SyncFailed: pods without a controller/,
      /describe poddisruptionbudget orders/,
    ],
    [
      "a quota that is nearly used",
      () => withFirst("quotas", { status: { used: { pods: "9" } } }),
      "quotas",
      "medium",
      "ResourceQuota shop/quota",
      /nearly used: pods 9 of 10$/,
      /raise the namespace's quota in the file of stack production/,
    ],
    [
      "a quota that is used up",
      () => withFirst("quotas", { status: { used: { "limits.cpu": "8000m" } } }),
      "quotas",
      "high",
      "ResourceQuota shop/quota",
      /used up: limits\.cpu 8000m of 8$/,
      /lower requests/,
    ],
    [
      "a definition whose stored version is not served",
      () => withFirst("definitions", { status: { storedVersions: ["v1beta1", "v1"] } }),
      "custom resource definitions",
      "medium",
      "CustomResourceDefinition queues.example.com",
      /stored as v1beta1, which is not served any more \(served: v1\)/,
      /--subresource status .*\{"status":\{"storedVersions":\["v1"\]\}\}/,
    ],
    [
      "a field that somebody edited",
      () => ({
        ...well,
        drift: {
          ...well.drift,
          drifts: [
            {
              urn: "urn:pulumi:p::slipway::t::shop-orders-service",
              object: "Service shop/orders",
              fields: [{ path: "spec.type", before: "NodePort", after: "ClusterIP" }],
              by: [{ manager: "kubectl-edit", time: "2030-06-15T11:00:00Z", yields: true }],
            },
          ],
        },
      }),
      "drift",
      "medium",
      "Service shop/orders",
      /spec\.type is NodePort, declared ClusterIP \(written by kubectl-edit at 2030/,
      /set it back: pulumi up --refresh --stack production --target '\*\*::shop-orders-service'/,
    ],
    [
      "a field of a manager that does not yield",
      () => ({
        ...well,
        drift: {
          ...well.drift,
          drifts: [
            {
              urn: "urn:pulumi:p::slipway::t::shop-orders",
              object: "Deployment shop/orders",
              fields: [{ path: "spec.replicas", before: 3, after: 2 }],
              by: [{ manager: "dashboard", time: "2030-06-15T11:00:00Z", yields: false }],
            },
          ],
        },
      }),
      "drift",
      "medium",
      "Deployment shop/orders",
      /spec\.replicas is 3, declared 2/,
      /set it back: PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up/,
    ],
    [
      "an object that is gone",
      () => ({
        ...well,
        drift: {
          ...well.drift,
          drifts: [
            {
              urn: "urn:pulumi:p::slipway::t::shop-orders",
              object: "Service shop/orders",
              fields: [],
              by: [],
              problem: "it is gone from the cluster",
            },
          ],
        },
      }),
      "drift",
      "high",
      "Service shop/orders",
      /gone from the cluster/,
      /pulumi up --refresh/,
    ],
  ];

  for (const [title, plant, check, severity, where, what, fix] of faults) {
    it(`finds ${title}, and nothing else`, () => {
      const findings = found(plant());
      expect(findings.map((each) => [each.check, each.severity, each.where])).to.deep.equal([
        [check, severity, where],
      ]);
      expect(findings[0]?.what).to.match(what);
      expect(findings[0]?.fix).to.match(fix);
      expect(findings[0]?.why).to.not.equal("");
    });
  }

  const fine: readonly (readonly [title: string, seen: () => Seen])[] = [
    ["a deletion that has just begun", () => withMore("ending", held("ConfigMap", 5, "a.b/c"))],
    [
      "a volume that is unmounted at the moment",
      () => withMore("ending", held("PersistentVolumeClaim", 60, "kubernetes.io/pvc-protection")),
    ],
    [
      "a claim that was made a moment ago",
      () =>
        withFirst("claims", {
          metadata: { creationTimestamp: ago(20) },
          status: { phase: "Pending" },
        }),
    ],
    [
      "a Certificate that was asked for a moment ago",
      () =>
        withFirst("certificates", {
          ...failing("Ready", "Issuing", ""),
          metadata: { creationTimestamp: ago(20) },
        }),
    ],
    [
      "an autoscaler that rests while its workload is scaled to zero by hand",
      () => withFirst("autoscalers", failing("ScalingActive", "ScalingDisabled", "")),
    ],
    [
      "a budget whose autoscaler has fewer pods than its floor",
      () =>
        withFirst("budgets", {
          status: { expectedPods: 1, currentHealthy: 1, disruptionsAllowed: 0 },
        }),
    ],
    [
      "a short-lived certificate that its Certificate renews",
      () => ({
        ...withFirst("tlsSecrets", { certificate: ending }),
        certificates: [
          merge(well.certificates[0], { spec: { secretName: "orders-tls" } }),
        ] as unknown as Seen["certificates"],
      }),
    ],
  ];
  for (const [title, seen] of fine) {
    it(`says nothing of ${title}`, () => {
      expect(found(seen())).to.deep.equal([]);
    });
  }

  it("puts the worst first", () => {
    const seen = {
      ...withFirst("quotas", { status: { used: { pods: "9" } } }),
      tlsSecrets: withFirst("tlsSecrets", { certificate: expired }).tlsSecrets,
      jobs: withFirst("jobs", { status: { conditions: [{ type: "Failed", status: "True" }] } })
        .jobs,
    } as Seen;
    expect(found(seen).map(({ severity }) => severity)).to.deep.equal([
      "critical",
      "high",
      "medium",
    ]);
  });

  it("says which checks it could not make for lack of rights, and makes the others", () => {
    const seen = withFirst("quotas", { status: { used: { pods: "9" } } });
    const denied = new Map([["releases", ["list secrets"]]] as const);
    const { findings, notLooked } = examine({ seen, denied }, context, false);
    expect(findings.map(({ check }) => check)).to.deep.equal(["quotas"]);
    expect(notLooked).to.deep.equal([
      { check: "Helm releases", reason: "missing rights: list secrets" },
    ]);
  });

  it("says which objects a dry run could not compare", () => {
    const reason = "roles.rbac.authorization.k8s.io is forbidden: cannot patch";
    const seen = {
      ...well,
      drift: {
        ...well.drift,
        notCompared: ["Role shop/a", "Role shop/b"].map((object) => ({ object, reason })),
      },
    };
    const { notLooked } = examine({ seen, denied: new Map() }, context, false);
    expect(notLooked).to.deep.equal([
      { check: "drift", reason: `Role shop/a: ${reason}, and 1 more object` },
    ]);
  });

  it("does not ask for the metrics of simulated pods", () => {
    const seen = withFirst("autoscalers", failing("ScalingActive", "FailedGetPodsMetric", ""));
    const { findings, notLooked } = examine({ seen, denied: new Map() }, context, true);
    expect(findings).to.deep.equal([]);
    expect(notLooked.map(({ check }) => check)).to.deep.equal(["autoscalers"]);
  });
});

describe("a doctor's report", () => {
  const finding: Finding = {
    check: "quotas",
    severity: "medium",
    where: "ResourceQuota shop/quota",
    what: "it is nearly used",
    why: "A rollout needs room.",
    fix: "raise it",
  };

  it("says that nothing is wrong", () => {
    expect(reportText("production", { findings: [], notLooked: [] })).to.equal(
      "Nothing is wrong with stack production.",
    );
  });

  it("tells what, where, why and the fix, and what was not looked at", () => {
    const notLooked = [{ check: "Helm releases", reason: "missing rights: list secrets" }];
    expect(reportText("production", { findings: [finding], notLooked })).to.equal(
      [
        "Stack production has 1 finding: 1 medium.",
        "",
        "MEDIUM: ResourceQuota shop/quota",
        "  it is nearly used",
        "  why: A rollout needs room.",
        "  fix: raise it",
        "",
        "Not looked at:",
        "  Helm releases: missing rights: list secrets",
      ].join("\n"),
    );
  });
});
