import { fields, isMap, list, maps, strings, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { objectRule, podRule, rulesOf } from "../core/rule";
import { manifest, workload } from "../kubernetes/examples";

const CLAIMS = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/";

const claimSpec = {
  storageClassName: "fast",
  accessModes: ["ReadWriteOnce"],
  resources: { requests: { storage: "1Gi" } },
};
const claim = (spec: Fields = {}) =>
  manifest("v1", "PersistentVolumeClaim", { spec: { ...claimSpec, ...spec } });
const clusterWide = (apiVersion: string, kind: string, rest: Fields) => ({
  apiVersion,
  kind,
  metadata: { name: "fast" },
  ...rest,
});

const DATABASE = {
  containers: [{ name: "db", image: "registry.example/library/postgres:17.2" }],
};

/** Kinds that claim disks: by themselves, for their pods, or through an operator. */
const CLAIMING = [
  "PersistentVolumeClaim",
  "StatefulSet",
  "postgres-operator.crunchydata.com/PostgresCluster",
  "minio.min.io/Tenant",
];

/** A claim, or a template for claims, with the path of its spec. */
interface Claim {
  readonly spec: Fields;
  readonly path: string;
}

/** Volumes that outlive their pods, on storage that was chosen. */
export const persistenceRules = rulesOf("storage", [
  objectRule({
    id: "pvc-storage-class",
    assertion: "Claims name their storage class.",
    why: "The default class differs between clusters, in speed, in reclaim policy and in being there at all.",
    source: `${CLAIMS}#class-1`,
    severity: "low",
    action: "advisory",
    kinds: CLAIMING,
    fix: "Set storageClassName.",
    anchors: ["Kyverno"],
    examples: { pass: claim(), fail: claim({ storageClassName: "" }) },
    check: (object, report) => {
      for (const { path, spec } of claimsOf(object)) {
        if ((text(spec["storageClassName"]) ?? "") === "") {
          report(`${path}.storageClassName`, undefined, "a StorageClass of the cluster");
        }
      }
    },
  }),
  objectRule({
    id: "pvc-access-request",
    assertion: "Claims are for one node and say their size.",
    why: "ReadWriteOnce keeps two nodes from writing one disk, and a request is what the disk is made by.",
    source: `${CLAIMS}#access-modes`,
    severity: "low",
    action: "off",
    kinds: ["PersistentVolumeClaim", "StatefulSet"],
    fix: "Set accessModes to [ReadWriteOnce] and resources.requests.storage.",
    anchors: ["KubeSec"],
    contradicts: ["pvc-rwop"],
    examples: { pass: claim(), fail: claim({ accessModes: ["ReadWriteMany"] }) },
    check: (object, report) => {
      for (const { path, spec } of claimsOf(object)) {
        if (!strings(spec["accessModes"]).includes("ReadWriteOnce")) {
          report(`${path}.accessModes`, spec["accessModes"], "[ReadWriteOnce]");
        }
        const requests = fields(fields(spec["resources"])["requests"]);
        if (requests["storage"] === undefined || requests["storage"] === null) {
          report(`${path}.resources.requests.storage`, undefined, "a size");
        }
      }
    },
  }),
  objectRule({
    id: "pvc-rwop",
    assertion: "Claims are for one pod.",
    why: "ReadWriteOnce allows two pods of one node to write the same disk; ReadWriteOncePod does not.",
    source: `${CLAIMS}#access-modes`,
    severity: "low",
    action: "off",
    kinds: ["PersistentVolumeClaim"],
    fix: "Set accessModes to [ReadWriteOncePod].",
    anchors: ["Kyverno"],
    examples: { pass: claim({ accessModes: ["ReadWriteOncePod"] }), fail: claim() },
    check: ({ spec }, report) => {
      const modes = strings(spec["accessModes"]);
      if (modes.length === 0 || modes.some((mode) => mode !== "ReadWriteOncePod")) {
        report("spec.accessModes", spec["accessModes"], "[ReadWriteOncePod]");
      }
    },
  }),
  objectRule({
    id: "storage-class-reclaim",
    assertion: "Storage classes keep the disk of a deleted claim.",
    why: "With Delete, the default, a claim that is removed by mistake takes the data along at once.",
    source: "https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy",
    severity: "low",
    action: "advisory",
    kinds: ["StorageClass"],
    fix: "Set reclaimPolicy: Retain.",
    anchors: ["Kyverno"],
    examples: {
      pass: clusterWide("storage.k8s.io/v1", "StorageClass", { reclaimPolicy: "Retain" }),
      fail: clusterWide("storage.k8s.io/v1", "StorageClass", { reclaimPolicy: "Delete" }),
    },
    check: ({ raw }, report) => {
      const policy = raw["reclaimPolicy"] ?? undefined;
      if (policy === undefined || policy === "Delete") {
        report("reclaimPolicy", policy, "Retain");
      }
    },
  }),
  objectRule({
    id: "pv-hostpath",
    assertion: "Persistent volumes lie in agreed directories of the node.",
    why: "A hostPath volume hands a part of the node to whoever claims it.",
    source: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    severity: "medium",
    action: "advisory",
    kinds: ["PersistentVolume"],
    fix: "Use a CSI driver, or an agreed directory.",
    anchors: ["Kyverno"],
    examples: {
      pass: clusterWide("v1", "PersistentVolume", { spec: { hostPath: { path: "/data/fast" } } }),
      fail: clusterWide("v1", "PersistentVolume", { spec: { hostPath: { path: "/etc" } } }),
    },
    check: ({ spec }, report, { allowedHostPaths }) => {
      const path = text(fields(spec["hostPath"])["path"]);
      if (path !== undefined && !isWithin(path, allowedHostPaths)) {
        report("spec.hostPath.path", path, wantedPath(allowedHostPaths));
      }
    },
  }),
  podRule({
    id: "host-path-allowlist",
    assertion: "Volumes of the node lie in agreed directories.",
    why: "A hostPath volume reaches whatever the directory holds: logs, keys, the kubelet's state.",
    source: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    severity: "high",
    action: "advisory",
    fix: "Use a PersistentVolumeClaim or an emptyDir, or an agreed directory.",
    anchors: ["Kyverno"],
    examples: {
      pass: { volumes: [{ name: "data", hostPath: { path: "/data/orders" } }] },
      fail: { volumes: [{ name: "data", hostPath: { path: "/var/lib" } }] },
    },
    check: ({ spec }, report, { allowedHostPaths }) => {
      maps(spec["volumes"]).forEach(({ hostPath }, index) => {
        const path = text(fields(hostPath)["path"]);
        if (path !== undefined && !isWithin(path, allowedHostPaths)) {
          report(`volumes[${index}].hostPath.path`, path, wantedPath(allowedHostPaths));
        }
      });
    },
  }),
  objectRule({
    id: "statefulset-persistence",
    assertion: "StatefulSets that keep data keep it on claims.",
    why: "Without a claim the data lies in the pod and is gone with it.",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage",
    severity: "low",
    action: "advisory",
    kinds: ["StatefulSet"],
    fix: "Add volumeClaimTemplates.",
    examples: {
      pass: workload(
        "StatefulSet",
        { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claimSpec }] },
        DATABASE,
      ),
      fail: workload("StatefulSet", {}, DATABASE),
    },
    check: ({ spec, pod }, report, { dataImages }) => {
      const keeper = pod?.running.find(({ image }) =>
        dataImages.includes(image?.repository.split("/").at(-1) ?? ""),
      );
      const claimed = maps(pod?.spec["volumes"]).some(
        (volume) => "persistentVolumeClaim" in volume,
      );
      if (keeper !== undefined && !claimed && list(spec["volumeClaimTemplates"]).length === 0) {
        report(
          "spec.volumeClaimTemplates",
          undefined,
          `a claim for the data of container "${keeper.name}"`,
        );
      }
    },
  }),
]);

function claimsOf(object: ObjectView): readonly Claim[] {
  switch (object.kind) {
    case "PersistentVolumeClaim":
      return [{ spec: object.spec, path: "spec" }];
    case "PostgresCluster":
      return postgresClaims(object);
    case "Tenant":
      return templatesAt(maps(object.spec["pools"]), "spec.pools", "volumeClaimTemplate");
    default:
      return maps(object.spec["volumeClaimTemplates"]).map((template, index) => ({
        spec: fields(template["spec"]),
        path: `spec.volumeClaimTemplates[${index}].spec`,
      }));
  }
}

/** The disks of a PostgresCluster: data and log of each instance set, and the repositories of the backups. */
function postgresClaims({ spec }: ObjectView): readonly Claim[] {
  const instances = maps(spec["instances"]).flatMap((instance, index) =>
    ["dataVolumeClaimSpec", "walVolumeClaimSpec"].flatMap((field) => {
      const written = instance[field];
      return isMap(written) ? [{ spec: written, path: `spec.instances[${index}].${field}` }] : [];
    }),
  );
  const backrest = fields(fields(spec["backups"])["pgbackrest"]);
  const repositories = maps(backrest["repos"]).flatMap((repository, index) => {
    const written = fields(repository["volume"])["volumeClaimSpec"];
    const path = `spec.backups.pgbackrest.repos[${index}].volume.volumeClaimSpec`;
    return isMap(written) ? [{ spec: written, path }] : [];
  });
  return [...instances, ...repositories];
}

function templatesAt(holders: readonly Fields[], path: string, field: string): readonly Claim[] {
  return holders.map((holder, index) => ({
    spec: fields(fields(holder[field])["spec"]),
    path: `${path}[${index}].${field}.spec`,
  }));
}

/** True when a path is one of the directories or lies below one. */
function isWithin(path: string, directories: readonly string[]): boolean {
  const clean = path.replace(/\/+/g, "/");
  return (
    !clean.split("/").includes("..") &&
    directories.some((directory) => {
      const base = directory.replace(/\/+$/, "");
      return clean === base || clean.startsWith(`${base}/`);
    })
  );
}

function wantedPath(directories: readonly string[]): string {
  return directories.length === 0 ? "no path of the node" : `below ${directories.join(" or ")}`;
}
