/** Fields of one or more kinds that the API server does not let anyone change. */
export interface ImmutableField {
  /** Kinds of Kubernetes' own API groups; undefined for every kind. */
  readonly kinds: readonly string[] | undefined;
  /** Paths that cannot change, with everything below them. */
  readonly paths: readonly string[];
  /** What an edit leads to: the engine deletes the object and makes it anew, or the API server refuses the update. */
  readonly outcome: "replaced" | "refused";
  /** Why the field cannot change, continuing "… because". */
  readonly why: string;
  /** How to get there without the loss, in the imperative. */
  readonly safePath: string;
  /**
   * Whether it holds of objects only that are marked `immutable: true`.
   * @default false
   */
  readonly onlyMarked?: boolean;
}

/**
 * The fields that Kubernetes' own kinds do not let change. `replaced` are those that the official provider
 * answers with a replacement (its provider/pkg/provider/diff.go); the others the API server refuses.
 */
export const immutableFields: readonly ImmutableField[] = [
  {
    kinds: undefined,
    paths: ["metadata.name", "metadata.namespace"],
    outcome: "replaced",
    why: "an object cannot be renamed or moved to another namespace",
    safePath:
      "Keep the name, or add the new object first, move its users over, and remove the old one in a later change.",
  },
  {
    kinds: ["StatefulSet"],
    paths: ["spec.volumeClaimTemplates"],
    outcome: "replaced",
    why: "the claim templates of a StatefulSet are fixed; existing volumes keep their size and class even after the replacement",
    safePath:
      "Enlarge the claims themselves, delete the StatefulSet with --cascade=orphan, then deploy the new template; the pods and volumes stay.",
  },
  {
    kinds: ["StatefulSet"],
    paths: ["spec.serviceName", "spec.podManagementPolicy", "spec.revisionHistoryLimit"],
    outcome: "replaced",
    why: "the field is fixed once the StatefulSet exists",
    safePath:
      "Delete the StatefulSet with --cascade=orphan, then deploy: the new one adopts pods and volumes.",
  },
  {
    kinds: ["Deployment", "StatefulSet", "DaemonSet"],
    paths: ["spec.selector"],
    outcome: "replaced",
    why: "the selector of a workload is fixed, because it says which pods are its own",
    safePath: "Keep the selector; put changing labels on the pods only.",
  },
  {
    kinds: ["Job"],
    paths: ["spec.template", "spec.selector", "spec.completions", "spec.parallelism"],
    outcome: "replaced",
    why: "a Job runs what it was made with",
    safePath: "Name the Job by the hash of its command and image, so that another one is made.",
  },
  {
    kinds: ["PersistentVolumeClaim"],
    paths: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
    outcome: "replaced",
    why: "a claim is bound to its volume",
    safePath:
      "Make a second claim, copy the data with a Job, point the workload to it, and remove the first claim later.",
  },
  {
    kinds: ["PersistentVolumeClaim"],
    paths: ["spec.volumeMode", "spec.dataSource", "spec.dataSourceRef"],
    outcome: "refused",
    why: "a claim is bound to its volume",
    safePath:
      "Make a second claim, copy the data with a Job, point the workload to it, and remove the first claim later.",
  },
  {
    kinds: ["PersistentVolume"],
    paths: ["spec.csi", "spec.nfs", "spec.hostPath", "spec.local", "spec.iscsi", "spec.fc"],
    outcome: "replaced",
    why: "a volume's source is where its data lies",
    safePath: "Make a second volume and copy the data.",
  },
  {
    kinds: ["Service"],
    paths: ["spec.clusterIP"],
    outcome: "replaced",
    why: "the address of a Service is fixed",
    safePath: "Add a Service with another name and move its callers over.",
  },
  {
    kinds: ["RoleBinding", "ClusterRoleBinding"],
    paths: ["roleRef"],
    outcome: "replaced",
    why: "a binding cannot be pointed to another role",
    safePath:
      "Add a second binding and remove this one in a later change, so that the subject keeps its rights.",
  },
  {
    kinds: ["Secret"],
    paths: ["type"],
    outcome: "replaced",
    why: "the type of a Secret is fixed",
    safePath: "Make a Secret with another name and point its readers to it.",
  },
  {
    kinds: ["Secret", "ConfigMap"],
    paths: ["data", "stringData", "binaryData"],
    outcome: "replaced",
    why: "the object is marked immutable",
    safePath: "Name it by its content, so that a change makes another one.",
    onlyMarked: true,
  },
  {
    kinds: ["StorageClass"],
    paths: ["provisioner", "parameters"],
    outcome: "replaced",
    why: "the class says where its volumes were made",
    safePath: "Add a class with another name for new claims.",
  },
  {
    kinds: ["StorageClass"],
    paths: ["reclaimPolicy", "volumeBindingMode"],
    outcome: "refused",
    why: "the API server does not let it change",
    safePath:
      "Add a class with another name; the policy of existing volumes is changed on the volumes.",
  },
  {
    kinds: ["PriorityClass"],
    paths: ["value", "preemptionPolicy"],
    outcome: "refused",
    why: "the API server does not let it change",
    safePath: "Add a PriorityClass with another name and point the workloads to it.",
  },
  {
    kinds: ["CustomResourceDefinition"],
    paths: ["spec.group", "spec.scope", "spec.names.kind", "spec.names.plural"],
    outcome: "refused",
    why: "the objects of the kind are stored under it",
    safePath: "Add a definition beside it and convert the objects.",
  },
  {
    kinds: ["IngressClass"],
    paths: ["spec.controller"],
    outcome: "refused",
    why: "the API server does not let it change",
    safePath: "Add a class with another name and move the Ingresses over.",
  },
  {
    kinds: ["ResourceQuota"],
    paths: ["spec.scopes"],
    outcome: "replaced",
    why: "the scopes of a quota are fixed",
    safePath: "Add a quota with another name.",
  },
];
