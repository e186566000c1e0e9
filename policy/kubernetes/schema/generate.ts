// Writes types.json, the fields of Kubernetes' own objects, from the models of @kubernetes/client-node:
//   npx ts-node policy/kubernetes/schema/generate.ts
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One field of a model as the generated client describes it. */
interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

const MODELS = join(dirname(require.resolve("@kubernetes/client-node")), "gen", "models");

/** Kinds whose fields are known, and the model of each. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  v1: [
    ...["ConfigMap", "Endpoints", "LimitRange", "Namespace", "PersistentVolume"],
    ...["PersistentVolumeClaim", "Pod", "PodTemplate", "ReplicationController", "ResourceQuota"],
    ...["Secret", "Service", "ServiceAccount"],
  ],
  "admissionregistration.k8s.io/v1": [
    ...["MutatingWebhookConfiguration", "ValidatingAdmissionPolicy"],
    ...["ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"],
  ],
  "apiextensions.k8s.io/v1": ["CustomResourceDefinition"],
  "apiregistration.k8s.io/v1": ["APIService"],
  "apps/v1": ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  "autoscaling/v1": ["HorizontalPodAutoscaler"],
  "autoscaling/v2": ["HorizontalPodAutoscaler"],
  "batch/v1": ["CronJob", "Job"],
  "discovery.k8s.io/v1": ["EndpointSlice"],
  "networking.k8s.io/v1": ["Ingress", "IngressClass", "NetworkPolicy"],
  "policy/v1": ["PodDisruptionBudget"],
  "rbac.authorization.k8s.io/v1": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  "scheduling.k8s.io/v1": ["PriorityClass"],
  "storage.k8s.io/v1": ["StorageClass"],
};

// A CustomResourceDefinition's schemas are nearly all of it, and no concern of the rules.
const OPAQUE = new Set(["V1JSONSchemaProps"]);

// The client writes quantities as text; the API takes numbers too.
const QUANTITIES =
  /^(limits|requests|capacity|allocatable|allocatedResources|hard|used|overhead|default|defaultRequest|max|min|maxLimitRequestRatio|sizeLimit|divisor|averageValue|maximumVolumeSize|minimumVolumeSize)$/;
const METRICS = /^V2Metric(Target|ValueStatus)$/;

const SCALARS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  boolean: "boolean",
  any: "any",
  object: "any",
  IntOrString: "scalar",
  Date: "time",
  V1MicroTime: "time",
};

const types: Record<string, string> = {};
const kinds: Record<string, string> = {};

for (const [apiVersion, names] of Object.entries(KINDS)) {
  const prefix = apiVersion.endsWith("/v2") ? "V2" : "V1";
  for (const name of names) {
    const model = name === "EndpointSlice" || name === "Endpoints" ? `V1${name}` : prefix + name;
    kinds[`${apiVersion}/${name}`] = model;
    describe(model);
  }
}

/** Writes down the fields of a model, `name:type` or `name!:type` when required, and of those it holds. */
function describe(model: string): void {
  if (types[model] !== undefined) {
    return;
  }
  types[model] = "";
  const declared = readFileSync(join(MODELS, `${model}.d.ts`), "utf8");
  types[model] = attributesOf(model)
    .map(({ baseName, type }) => {
      const required = new RegExp(`^ *'${baseName}': `, "m").test(declared);
      return `${baseName}${required ? "!" : ""}:${typeOf(model, baseName, type)}`;
    })
    .join(" ");
}

function attributesOf(model: string): readonly Attribute[] {
  const source = readFileSync(join(MODELS, `${model}.js`), "utf8");
  const start = source.indexOf("[", source.indexOf(".attributeTypeMap = ["));
  return JSON.parse(source.slice(start, source.indexOf("\n];", start) + 2)) as Attribute[];
}

function typeOf(model: string, field: string, type: string): string {
  const items = /^Array<(.+)>$/.exec(type)?.[1];
  if (items !== undefined) {
    return `${typeOf(model, field, items)}[]`;
  }
  const values = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (values !== undefined) {
    return `${typeOf(model, field, values)}{}`;
  }
  if (type === "string" && (QUANTITIES.test(field) || (METRICS.test(model) && field === "value"))) {
    return "scalar";
  }
  const scalar = OPAQUE.has(type) ? "any" : SCALARS[type];
  if (scalar === undefined) {
    describe(type);
  }
  return scalar ?? type;
}

writeFileSync(join(__dirname, "types.json"), `${JSON.stringify({ kinds, types }, null, 2)}\n`);
