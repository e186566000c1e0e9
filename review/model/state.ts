import { fields, maps, text } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { claimTemplates } from "./immutable";
import { type Snapshot, type StackObject, titleOf } from "./snapshot";

/** Custom resources whose operator deletes the data with them, and what they hold. */
const dataResources: Readonly<Record<string, string>> = {
  "postgres-operator.crunchydata.com/PostgresCluster":
    "a PostgreSQL cluster with its volumes and backups",
  "postgresql.cnpg.io/Cluster": "a PostgreSQL cluster with its volumes",
  "minio.min.io/Tenant": "an object store with its volumes",
  "jetstream.nats.io/Stream": "a stream with its messages",
  "jetstream.nats.io/KeyValue": "a key-value bucket",
  "jetstream.nats.io/ObjectStore": "an object bucket",
  "kafka.strimzi.io/Kafka": "a Kafka cluster with its volumes",
  "kafka.strimzi.io/KafkaTopic": "a topic with its messages",
  "elasticsearch.k8s.elastic.co/Elasticsearch": "an Elasticsearch cluster with its volumes",
};

/** What an object holds that is lost with it; undefined when it holds nothing. */
export function heldData(object: StackObject): string | undefined {
  const { view } = object;
  if (view.is("PersistentVolumeClaim")) {
    return "a volume claim";
  }
  if (view.is("PersistentVolume")) {
    return "a volume";
  }
  if (view.is("snapshot.storage.k8s.io/VolumeSnapshot")) {
    return "a snapshot of a volume";
  }
  if (claimTemplates(object).length > 0) {
    return "a StatefulSet with volumes";
  }
  return dataResources[`${view.group}/${view.kind}`];
}

/**
 * Says whether losing the object loses data: it holds some, or the program keeps it because data depends on
 * it, such as the credentials of a database.
 */
export function isPrecious(object: StackObject): boolean {
  return heldData(object) !== undefined || object.retainOnDelete || object.protect;
}

/** Objects whose deletion takes others with it, and those others. */
export function cascadesTo(object: StackObject, snapshot: Snapshot): readonly StackObject[] {
  const { view } = object;
  if (view.is("Namespace")) {
    return snapshot.objects.filter((other) => other.view.namespace === view.name);
  }
  if (view.is("CustomResourceDefinition")) {
    const group = text(view.spec["group"]) ?? "";
    const kind = text(fields(view.spec["names"])["kind"]) ?? "";
    return snapshot.objects.filter(
      (other) => other.view.group === group && other.view.kind === kind,
    );
  }
  return [];
}

/** Says whether the volumes of a StatefulSet go with it. */
export function deletesItsVolumes({ spec }: ObjectView): boolean {
  return fields(spec["persistentVolumeClaimRetentionPolicy"])["whenDeleted"] === "Delete";
}

/** Says whether the pods of a workload keep data on volumes. */
export function mountsClaims(object: StackObject): boolean {
  return (
    claimTemplates(object).length > 0 ||
    maps(object.view.pod?.spec["volumes"]).some(
      (volume) => volume["persistentVolumeClaim"] !== undefined,
    )
  );
}

/** A short list of objects for a sentence: the first few by name, the rest by number. */
export function enumerate(objects: readonly StackObject[], most = 3): string {
  const named = objects.slice(0, most).map(titleOf).join(", ");
  return objects.length > most ? `${named} and ${objects.length - most} more` : named;
}
