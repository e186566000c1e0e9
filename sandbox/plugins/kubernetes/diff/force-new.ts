import { isSecret, isConfigMap } from "../object/kube-object";
import { groupOf } from "../object/built-in-kinds";
import { type PlainMap } from "../../rpc/values";

/** Whether data objects may change in place. */
export interface Mutability {
  /** Whether a ConfigMap's data may change in place. */
  readonly configMaps: boolean;

  /** Whether a Secret's data may change in place. */
  readonly secrets: boolean;
}

const SELECTOR = [".spec.selector"];

const CONTAINER_FIELDS = [
  "args",
  "command",
  "env",
  "image",
  "imagePullPolicy",
  "lifecycle",
  "livenessProbe",
  "ports",
  "readinessProbe",
  "resources",
  "securityContext",
  "stdin",
  "stdinOnce",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "tty",
  "volumeDevices",
  "volumeMounts",
  "workingDir",
];

const POD_FIELDS = [
  "affinity",
  "automountServiceAccountToken",
  "dnsConfig",
  "dnsPolicy",
  "enableServiceLinks",
  "hostAliases",
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "hostname",
  "imagePullSecrets",
  "nodeName",
  "nodeSelector",
  "overhead",
  "preemptionPolicy",
  "priority",
  "priorityClassName",
  "readinessGates",
  "restartPolicy",
  "runtimeClassName",
  "schedulerName",
  "securityContext",
  "serviceAccount",
  "serviceAccountName",
  "shareProcessNamespace",
  "subdomain",
  "terminationGracePeriodSeconds",
  "volumes",
];

const VOLUME_SOURCES = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
];

/**
 * The fields whose change replaces an object, by API group and kind: the table of the official provider
 * (pulumi-kubernetes, provider/pkg/provider/diff.go), for the API versions that are still served.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "apps/DaemonSet": SELECTOR,
  "apps/Deployment": SELECTOR,
  "apps/StatefulSet": [
    ".spec.podManagementPolicy",
    ".spec.revisionHistoryLimit",
    ".spec.selector",
    ".spec.serviceName",
    ".spec.volumeClaimTemplates",
  ],
  "batch/Job": [".spec.completions", ".spec.parallelism", ".spec.selector", ".spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": [".roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": [".roleRef"],
  "storage.k8s.io/StorageClass": [".parameters", ".provisioner"],
  "/PersistentVolume": VOLUME_SOURCES.map((field) => `.spec.${field}`),
  "/PersistentVolumeClaim": [
    ".spec.accessModes",
    ".spec.selector",
    ".spec.storageClassName",
    ".spec.volumeName",
  ],
  "/Pod": [
    ...POD_FIELDS.map((field) => `.spec.${field}`),
    ...CONTAINER_FIELDS.map((field) => `.spec.containers[*].${field}`),
    ...CONTAINER_FIELDS.map((field) => `.spec.initContainers[*].${field}`),
  ],
  "/ResourceQuota": [".spec.scopes"],
  "/Secret": [".type"],
  "/Service": [".spec.clusterIP"],
};

const IDENTITY = [".metadata.name", ".metadata.namespace"];

/** The fields of an object whose change replaces it, such as `.spec.selector`. */
export function forceNewFields(object: PlainMap, mutable: Mutability): readonly string[] {
  const immutable = object["immutable"] === true;
  if (isSecret(object) && (!mutable.secrets || immutable)) {
    return [...IDENTITY, ".type", ".stringData", ".data"];
  }
  if (isConfigMap(object) && (!mutable.configMaps || immutable)) {
    return [...IDENTITY, ".binaryData", ".data"];
  }
  const group = groupOf(String(object["apiVersion"]));
  const fields = FIELDS[`${group === "core" ? "" : group}/${String(object["kind"])}`] ?? [];
  return [...IDENTITY, ...fields];
}
