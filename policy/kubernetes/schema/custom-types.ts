/**
 * The fields of custom resources that rules read, in the short form of `types.json`. Fields that are not listed
 * are the operator's own business.
 */
export const CUSTOM_TYPES: Readonly<Record<string, string>> = {
  AnyObject: "metadata:V1ObjectMeta",
  // https://keda.sh/docs/latest/reference/scaledobject-spec/
  ScaledObject: "metadata:V1ObjectMeta spec:ScaledObjectSpec",
  ScaledObjectSpec:
    "scaleTargetRef:ScaledObjectTarget triggers:ScaledObjectTrigger[] minReplicaCount:number maxReplicaCount:number idleReplicaCount:number pollingInterval:number cooldownPeriod:number fallback:any{} advanced:any{}",
  ScaledObjectTarget: "apiVersion:text kind:text name:text envSourceContainerName:text",
  ScaledObjectTrigger:
    "type:text name:text metricType:text metadata:any{} authenticationRef:any{} useCachedMetrics:boolean",
  // https://access.crunchydata.com/documentation/postgres-operator/latest/references/crd/5.8.x/postgrescluster
  PostgresCluster: "metadata:V1ObjectMeta spec:PostgresClusterSpec",
  PostgresClusterSpec:
    "instances:PostgresInstance[] users:PostgresUser[] backups:PostgresBackups proxy:PostgresProxy monitoring:PostgresMonitoring postgresVersion:number image:text port:number shutdown:boolean paused:boolean metadata:any{} service:any{} patroni:any{} dataSource:any{} customTLSSecret:any{} customReplicationTLSSecret:any{}",
  PostgresInstance:
    "name:text replicas:number minAvailable:scalar resources:V1ResourceRequirements sidecars:any{}{} affinity:V1Affinity tolerations:V1Toleration[] topologySpreadConstraints:V1TopologySpreadConstraint[] dataVolumeClaimSpec:V1PersistentVolumeClaimSpec walVolumeClaimSpec:V1PersistentVolumeClaimSpec priorityClassName:text metadata:any{}",
  PostgresUser: "name:text databases:text[] options:text password:any{}",
  PostgresBackups: "pgbackrest:PostgresBackRest snapshots:any{}",
  PostgresBackRest:
    "image:text global:any{} repos:any{}[] repoHost:any{} jobs:any{} manual:any{} restore:any{} sidecars:any{}{} configuration:any{}[] metadata:any{}",
  PostgresProxy: "pgBouncer:PostgresBouncer",
  PostgresBouncer:
    "image:text replicas:number port:number minAvailable:scalar resources:V1ResourceRequirements config:any{} sidecars:any{}{} affinity:V1Affinity tolerations:V1Toleration[] topologySpreadConstraints:V1TopologySpreadConstraint[] priorityClassName:text",
  PostgresMonitoring: "pgmonitor:any{}",
  // https://github.com/minio/operator/blob/master/docs/tenant_crd.adoc
  Tenant: "metadata:V1ObjectMeta spec:TenantSpec",
  TenantSpec:
    "pools:TenantPool[] image:text users:any{}[] buckets:any{}[] env:V1EnvVar[] configuration:any{} requestAutoCert:boolean serviceAccountName:text priorityClassName:text mountPath:text features:any{}",
  TenantPool:
    "name:text servers:number volumesPerServer:number volumeClaimTemplate:any{} resources:V1ResourceRequirements securityContext:V1PodSecurityContext containerSecurityContext:V1SecurityContext affinity:V1Affinity tolerations:V1Toleration[] topologySpreadConstraints:V1TopologySpreadConstraint[] nodeSelector:text{}",
  // https://external-secrets.io/latest/api/externalsecret/
  ExternalSecret: "metadata:V1ObjectMeta spec:ExternalSecretSpec",
  ExternalSecretSpec:
    "data:any{}[] dataFrom:any{}[] target:ExternalSecretTarget secretStoreRef:any{} refreshInterval:text refreshPolicy:text",
  ExternalSecretTarget:
    "name:text creationPolicy:text deletionPolicy:text immutable:boolean template:any{}",
  // https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
  Certificate: "metadata:V1ObjectMeta spec:CertificateSpec",
  CertificateSpec:
    "secretName:text dnsNames:text[] ipAddresses:text[] uris:text[] usages:text[] commonName:text duration:text renewBefore:text isCA:boolean issuerRef:any{} privateKey:any{} secretTemplate:any{}",
  // https://gateway-api.sigs.k8s.io/reference/spec/
  Gateway: "metadata:V1ObjectMeta spec:GatewaySpec",
  GatewaySpec: "gatewayClassName:text listeners:GatewayListener[] addresses:any{}[]",
  GatewayListener:
    "name:text hostname:text port:number protocol:text tls:GatewayTls allowedRoutes:any{}",
  GatewayTls: "mode:text certificateRefs:any{}[] options:text{}",
  HTTPRoute: "metadata:V1ObjectMeta spec:HTTPRouteSpec",
  HTTPRouteSpec: "parentRefs:any{}[] hostnames:text[] rules:HTTPRouteRule[]",
  HTTPRouteRule:
    "name:text matches:any{}[] filters:any{}[] backendRefs:any{}[] timeouts:any{} retry:any{}",
  // https://prometheus-operator.dev/docs/api-reference/api/
  Monitor: "metadata:V1ObjectMeta spec:MonitorSpec",
  MonitorSpec:
    "endpoints:any{}[] podMetricsEndpoints:any{}[] selector:V1LabelSelector namespaceSelector:MonitorNamespaces jobLabel:text targetLabels:text[] podTargetLabels:text[]",
  MonitorNamespaces: "any:boolean matchNames:text[]",
  // https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/api.md
  VerticalPodAutoscaler: "metadata:V1ObjectMeta spec:VerticalPodAutoscalerSpec",
  VerticalPodAutoscalerSpec:
    "targetRef:any{} updatePolicy:any{} resourcePolicy:VerticalPodAutoscalerResources recommenders:any{}[]",
  VerticalPodAutoscalerResources: "containerPolicies:any{}[]",
  // https://argo-rollouts.readthedocs.io/en/stable/features/specification/
  Rollout: "metadata:V1ObjectMeta spec:RolloutSpec",
  RolloutSpec:
    "replicas:number selector:V1LabelSelector template:V1PodTemplateSpec strategy:any{} workloadRef:any{} minReadySeconds:number revisionHistoryLimit:number progressDeadlineSeconds:number",
  // https://docs.openshift.com/container-platform/latest/rest_api/workloads_apis/deploymentconfig-apps-openshift-io-v1.html
  DeploymentConfig: "metadata:V1ObjectMeta spec:DeploymentConfigSpec",
  DeploymentConfigSpec:
    "replicas:number selector:text{} template:V1PodTemplateSpec strategy:any{} triggers:any{}[] minReadySeconds:number revisionHistoryLimit:number",
};

/** Custom kinds whose fields are known, in every version, and the type of each. */
export const CUSTOM_KINDS: Readonly<Record<string, string>> = {
  "apps.openshift.io/DeploymentConfig": "DeploymentConfig",
  "argoproj.io/Rollout": "Rollout",
  "autoscaling.k8s.io/VerticalPodAutoscaler": "VerticalPodAutoscaler",
  "cert-manager.io/Certificate": "Certificate",
  "external-secrets.io/ExternalSecret": "ExternalSecret",
  "gateway.networking.k8s.io/Gateway": "Gateway",
  "gateway.networking.k8s.io/HTTPRoute": "HTTPRoute",
  "keda.sh/ScaledObject": "ScaledObject",
  "minio.min.io/Tenant": "Tenant",
  "monitoring.coreos.com/PodMonitor": "Monitor",
  "monitoring.coreos.com/ServiceMonitor": "Monitor",
  "postgres-operator.crunchydata.com/PostgresCluster": "PostgresCluster",
};
