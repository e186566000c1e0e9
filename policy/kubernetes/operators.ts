import { fields, maps, text, type Fields } from "../core/fields";
import { type ObjectView } from "../core/object";
import { type Labels } from "../core/selectors";
import { namespaceOf, type Stack } from "../core/stack";

/**
 * Labels that operators put on the pods they create, and the custom resource whose name the label holds:
 * such pods exist although no workload of the stack declares them.
 */
const OPERATOR_LABELS: Readonly<Record<string, string>> = {
  "postgres-operator.crunchydata.com/cluster": "postgres-operator.crunchydata.com/PostgresCluster",
  "cnpg.io/cluster": "postgresql.cnpg.io/Cluster",
  "v1.min.io/tenant": "minio.min.io/Tenant",
  "strimzi.io/cluster": "kafka.strimzi.io/Kafka",
  prometheus: "monitoring.coreos.com/Prometheus",
  alertmanager: "monitoring.coreos.com/Alertmanager",
  "gateway.networking.k8s.io/gateway-name": "Gateway",
  "gateway.envoyproxy.io/owning-gateway-name": "Gateway",
};

/** True when a selector asks for pods that an operator creates from a custom resource of the stack. */
export function selectsOperatorPods(stack: Stack, namespace: string, selector: Labels): boolean {
  return Object.keys(selector).some((label) => {
    const kind = OPERATOR_LABELS[label];
    const name = selector[label];
    return (
      kind !== undefined && name !== undefined && stack.find(kind, namespace, name) !== undefined
    );
  });
}

/** Names of the Secrets and ConfigMaps that exist in a namespace, or will once the stack is deployed. */
export interface Provided {
  hasSecret(namespace: string, name: string): boolean;
  hasConfigMap(namespace: string, name: string): boolean;
}

const KNOWN = new WeakMap<Stack, Provided>();

/** What the stack provides as Secrets and ConfigMaps, by itself or through a controller. */
export function providedBy(stack: Stack): Provided {
  let known = KNOWN.get(stack);
  if (known === undefined) {
    known = readProvided(stack);
    KNOWN.set(stack, known);
  }
  return known;
}

const CLUSTER_EXTERNAL_SECRET = "external-secrets.io/ClusterExternalSecret";

/** The name of a Secret that an object of the kind makes a controller create. */
const SECRET_MAKERS: Readonly<Record<string, (object: ObjectView) => (string | undefined)[]>> = {
  Secret: ({ name }) => [name],
  "bitnami.com/SealedSecret": ({ name, spec }) => [
    text(fields(fields(spec["template"])["metadata"])["name"]) ?? name,
  ],
  "external-secrets.io/ExternalSecret": ({ name, spec }) => [
    text(fields(spec["target"])["name"]) ?? name,
  ],
  "cert-manager.io/Certificate": ({ spec }) => [text(spec["secretName"])],
  Ingress: (object) => (hasIssuer(object) ? tlsSecrets(object) : []),
  Gateway: (object) => (hasIssuer(object) ? certificateRefs(object) : []),
};

// cert-manager makes the Secret of an annotated Ingress or Gateway: https://cert-manager.io/docs/usage/ingress/
export function hasIssuer({ annotations }: ObjectView): boolean {
  return (
    annotations["cert-manager.io/issuer"] !== undefined ||
    annotations["cert-manager.io/cluster-issuer"] !== undefined ||
    annotations["kubernetes.io/tls-acme"] === "true"
  );
}

function tlsSecrets({ spec }: ObjectView): (string | undefined)[] {
  return maps(spec["tls"]).map(({ secretName }) => text(secretName));
}

function certificateRefs({ spec }: ObjectView): (string | undefined)[] {
  return maps(spec["listeners"])
    .flatMap((listener) => maps(fields(listener["tls"])["certificateRefs"]))
    .map(({ name }) => text(name));
}

// The API server puts its certificate into every namespace under this name.
const CLUSTER_CA = "kube-root-ca.crt";

function readProvided(stack: Stack): Provided {
  const secrets = new Set<string>();
  for (const [kind, names] of Object.entries(SECRET_MAKERS)) {
    for (const object of stack.ofKind(kind)) {
      for (const name of names(object)) {
        secrets.add(`${namespaceOf(object)}/${name ?? ""}`);
      }
    }
  }
  // A ClusterExternalSecret makes one in every namespace that it selects.
  const everywhere = new Set(
    stack.ofKind(CLUSTER_EXTERNAL_SECRET).map(({ name, spec }) => {
      const target = fields(fields(spec["externalSecretSpec"])["target"]);
      return text(target["name"]) ?? text(spec["externalSecretName"]) ?? name;
    }),
  );
  const users = crunchyUsers(stack);
  return {
    hasSecret: (namespace, name) =>
      secrets.has(`${namespace}/${name}`) ||
      everywhere.has(name) ||
      users.some((prefix) => `${namespace}/${name}`.startsWith(prefix)),
    hasConfigMap: (namespace, name) =>
      name === CLUSTER_CA || stack.find("ConfigMap", namespace, name) !== undefined,
  };
}

// PGO writes `<cluster>-pguser-<user>` and `<cluster>-cluster-cert`.
function crunchyUsers(stack: Stack): string[] {
  return stack
    .ofKind("postgres-operator.crunchydata.com/PostgresCluster")
    .flatMap((object) =>
      ["pguser-", "cluster-cert"].map((part) => `${namespaceOf(object)}/${object.name}-${part}`),
    );
}

/** The `optional: true` of a reference. */
export function isOptional(reference: Fields): boolean {
  return reference["optional"] === true;
}
