import { claim, postgresCluster, statefulSet } from "../cluster-objects";
import { deployment, inObject, inPod } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const inClaim = inObject(claim);
const TEMPLATE = "spec.volumeClaimTemplates[0].spec";

describeRule("pvc-storage-class", inClaim, [
  fails("the default class", { "spec.storageClassName": undefined }),
  fails("no class", { "spec.storageClassName": "" }, { at: "spec.storageClassName" }),
  passes("another class", { "spec.storageClassName": "slow" }),
  skips("a Deployment", { "": deployment }),
]);

describeRule("pvc-storage-class", inObject(statefulSet), [
  fails("a claim of a StatefulSet", { [`${TEMPLATE}.storageClassName`]: undefined }),
]);

const BACKUP = "spec.backups.pgbackrest.repos[0].volume.volumeClaimSpec.storageClassName";

describeRule("pvc-storage-class", inObject(postgresCluster), [
  fails("the data of a PostgresCluster", {
    "spec.instances[0].dataVolumeClaimSpec.storageClassName": undefined,
  }),
  fails("the backups of a PostgresCluster", { [BACKUP]: undefined }),
  passes("backups that need no disk", {
    "spec.backups.pgbackrest.repos[0]": { name: "repo1", s3: { bucket: "backups" } },
  }),
]);

describeRule("pvc-access-request", inClaim, [
  fails("a disk for many nodes", { "spec.accessModes": ["ReadWriteMany"] }),
  fails("no size", { "spec.resources": undefined }, { at: "spec.resources.requests.storage" }),
  passes("another size", { "spec.resources.requests.storage": "10Gi" }),
  skips("a StatefulSet without claims", {
    "": statefulSet,
    "spec.volumeClaimTemplates": undefined,
  }),
]);

describeRule("pvc-rwop", inObject({ ...claim, spec: { accessModes: ["ReadWriteOncePod"] } }), [
  fails("a disk for one node", { "spec.accessModes": ["ReadWriteOnce"] }),
  fails("no mode", { "spec.accessModes": undefined }),
  passes("a class besides", { "spec.storageClassName": "fast" }),
  skips("a StatefulSet", { "": statefulSet }),
]);

const STORAGE_CLASS = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "fast" },
  provisioner: "disk.csi.example.com",
  reclaimPolicy: "Retain",
};

describeRule("storage-class-reclaim", inObject(STORAGE_CLASS), [
  fails("disks that go with their claim", { reclaimPolicy: "Delete" }),
  fails("the default, which is the same", { reclaimPolicy: undefined }),
  passes("expansion besides", { allowVolumeExpansion: true }),
  skips("another kind", { kind: "VolumeAttributesClass", reclaimPolicy: "Delete" }),
]);

const VOLUME = {
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name: "data" },
  spec: { hostPath: { path: "/data/orders" } },
};

describeRule("pv-hostpath", inObject(VOLUME), [
  fails("another directory", { "spec.hostPath.path": "/var/lib" }),
  fails("a way out of the directory", { "spec.hostPath.path": "/data/../etc" }),
  fails("a directory that begins alike", { "spec.hostPath.path": "/database" }),
  fails(
    "any, when none is allowed",
    { "spec.hostPath.path": "/data" },
    { settings: { allowedHostPaths: [] } },
  ),
  passes("the directory itself", { "spec.hostPath.path": "/data" }),
  skips("a volume of a driver", { "spec.hostPath": undefined }),
]);

describeRule("host-path-allowlist", inPod, [
  fails(
    "another directory",
    { volumes: [{ name: "run", hostPath: { path: "/run" } }] },
    { at: "volumes[0].hostPath.path" },
  ),
  passes("an allowed one", { volumes: [{ name: "data", hostPath: { path: "/data//orders/" } }] }),
  skips("a volume of the pod's own", { volumes: [{ name: "tmp", emptyDir: {} }] }),
]);

const IMAGE = "spec.template.spec.containers[0].image";
const CLAIMS = "spec.volumeClaimTemplates";

describeRule("statefulset-persistence", inObject({ ...statefulSet }), [
  fails("a database without claim", {
    [CLAIMS]: undefined,
    [IMAGE]: "registry.example/library/postgres:17.2",
  }),
  passes("a database with a claim", { [IMAGE]: "postgres:17.2" }),
  passes("a claim of the pod's own", {
    [CLAIMS]: undefined,
    [IMAGE]: "postgres:17.2",
    "spec.template.spec.volumes": [{ name: "data", persistentVolumeClaim: { claimName: "db" } }],
  }),
  skips("an image that keeps no data", { [CLAIMS]: undefined }),
]);
