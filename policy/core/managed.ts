import { isMap, step, text, type Fields } from "./fields";
import { type ObjectView } from "./object";
import { ContainerView, PodView } from "./pod";
import { peek } from "./unknown";

/** Any item of a list, or any value of a map. */
const EACH = "*";

/**
 * Where custom resources hold what their operators make containers of, with the `resources` of each; the
 * operator fills in the rest, so nothing else of them is judged.
 */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  // https://access.crunchydata.com/documentation/postgres-operator/latest/references/crd/5.8.x/postgrescluster
  "postgres-operator.crunchydata.com/PostgresCluster": [
    "spec.instances.*",
    "spec.instances.*.sidecars.*",
    "spec.proxy.pgBouncer",
    "spec.proxy.pgBouncer.sidecars.*",
    "spec.backups.pgbackrest.jobs",
    "spec.backups.pgbackrest.repoHost",
    "spec.backups.pgbackrest.sidecars.*",
    "spec.monitoring.pgmonitor.exporter",
  ],
  "postgresql.cnpg.io/Cluster": ["spec"],
  "minio.min.io/Tenant": ["spec.pools.*"],
  "monitoring.coreos.com/Prometheus": ["spec"],
  "monitoring.coreos.com/Alertmanager": ["spec"],
};

/** The custom resources whose containers are known. */
export const MANAGED_KINDS = Object.keys(MANAGED);

const NONE: readonly ContainerView[] = [];

/** The containers that an operator makes of a custom resource, as far as the resource describes them. */
export function managedContainers(object: ObjectView): readonly ContainerView[] {
  const paths = MANAGED[`${object.group}/${object.kind}`];
  if (paths === undefined) {
    return NONE;
  }
  const pod = new PodView(object, {}, "spec", "", {}, {}, "metadata", () => NONE);
  return paths.flatMap((path) =>
    found(object.raw, path.split("."), "").map(({ map, at, key }) => {
      const name = text(peek(map, "name")) ?? (key === "spec" ? object.name : key);
      return new ContainerView(pod, "managed", describe(map, name), at);
    }),
  );
}

/** A container of the name with the resources of a map, which may not be known yet and must stay unread. */
function describe(map: Fields, name: string): Fields {
  const resources = Object.getOwnPropertyDescriptor(map, "resources");
  return resources === undefined
    ? { name }
    : Object.defineProperty({ name }, "resources", resources);
}

interface Place {
  readonly map: Fields;
  readonly at: string;
  readonly key: string;
}

function found(value: unknown, keys: readonly string[], at: string, key = ""): readonly Place[] {
  const [next, ...rest] = keys;
  if (next === undefined) {
    return isMap(value) ? [{ map: value, at, key }] : [];
  }
  if (Array.isArray(value)) {
    return next === EACH
      ? value.flatMap((item: unknown, index) => found(item, rest, `${at}[${index}]`, key))
      : [];
  }
  if (!isMap(value)) {
    return [];
  }
  return (next === EACH ? Object.keys(value) : [next]).flatMap((name) =>
    found(peek(value, name), rest, (at + step(name)).replace(/^\./, ""), name),
  );
}
