const all = ["get", "list", "watch", "create", "update", "patch", "delete"];
const read = ["get", "list", "watch"];

/**
 * What a stack of applications does in its namespaces. Quotas, limits and Secrets are not among it: an
 * environment cannot give itself more room, and its Secrets come by ExternalSecrets.
 */
export const runnerRules: readonly {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}[] = [
  {
    apiGroups: [""],
    resources: ["configmaps", "services", "serviceaccounts", "persistentvolumeclaims"],
    verbs: all,
  },
  {
    apiGroups: [""],
    resources: ["pods", "pods/log", "events", "endpoints", "resourcequotas", "limitranges"],
    verbs: read,
  },
  { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: read },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "daemonsets"], verbs: all },
  { apiGroups: ["apps"], resources: ["replicasets", "controllerrevisions"], verbs: read },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: all },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: all },
  { apiGroups: ["autoscaling.k8s.io"], resources: ["verticalpodautoscalers"], verbs: all },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: all },
  {
    apiGroups: ["networking.k8s.io"],
    resources: ["ingresses", "networkpolicies"],
    verbs: all,
  },
  {
    // Nobody grants more than they have, so the roles of services stay within these rules.
    apiGroups: ["rbac.authorization.k8s.io"],
    resources: ["roles", "rolebindings"],
    verbs: all,
  },
  { apiGroups: ["cert-manager.io"], resources: ["certificates"], verbs: all },
  {
    apiGroups: ["external-secrets.io"],
    resources: ["externalsecrets", "secretstores"],
    verbs: all,
  },
  { apiGroups: ["keda.sh"], resources: ["scaledobjects", "triggerauthentications"], verbs: all },
  {
    apiGroups: ["monitoring.coreos.com"],
    resources: ["servicemonitors", "podmonitors", "prometheusrules"],
    verbs: all,
  },
];
