import type { Action } from "./action";
import { isReady, sameConditions, withTransitionTimes } from "./conditions";
import { type Condition, decode, type KubernetesObject } from "./objects";
import { type Deployment, runningOperator } from "./operators";
import { requestedFailure } from "./requested-failure";
import type { World } from "./world";
import type { Signer } from "./x509";

/** An Issuer or a ClusterIssuer of cert-manager. */
export interface Issuer extends KubernetesObject {
  /** How it signs; exactly one of the keys is set. */
  readonly spec: {
    readonly ca?: { readonly secretName: string };
    readonly selfSigned?: object;
    readonly acme?: object;
    readonly vault?: object;
    readonly venafi?: object;
  };
  /** Whether it can. */
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** The reason that each kind of issuer gives for being ready. */
const reasons = {
  selfSigned: { reason: "IsReady", message: "" },
  ca: { reason: "KeyPairVerified", message: "Signing CA verified" },
  acme: {
    reason: "ACMEAccountRegistered",
    message: "The ACME account was registered with the ACME server",
  },
  vault: { reason: "VaultVerified", message: "Vault verified" },
  venafi: { reason: "VenafiVerified", message: "Venafi issuer started" },
} as const;

/** Reports issuers ready: a CA issuer once its key pair is there, any other at once. */
export function playIssuers(world: World, now: string): readonly Action[] {
  const operator = runningOperator(world, "certManager");
  if (operator === undefined) {
    return [];
  }
  const issuers = [...world.list<Issuer>("Issuer"), ...world.list<Issuer>("ClusterIssuer")];
  return issuers.flatMap((object): readonly Action[] => {
    const conditions = [conditionOf(object, world, operator)];
    const present = object.status?.conditions;
    return sameConditions(conditions, present)
      ? []
      : [
          {
            do: "mergeStatus",
            object,
            fields: { conditions: withTransitionTimes(conditions, present, now) },
          },
        ];
  });
}

function conditionOf(
  issuer: Issuer,
  world: World,
  operator: Deployment,
): Omit<Condition, "lastTransitionTime"> {
  const ready = { type: "Ready", observedGeneration: issuer.metadata.generation } as const;
  const failure = requestedFailure(issuer);
  if (failure !== undefined) {
    return { ...ready, status: "False", reason: failure, message: "failed on request" };
  }
  const kind = (Object.keys(reasons) as (keyof typeof reasons)[]).find((key) => key in issuer.spec);
  if (kind === "ca" && signerOf(issuer, world, operator) === undefined) {
    return {
      ...ready,
      status: "False",
      reason: "ErrGetKeyPair",
      message: `Error getting keypair for CA issuer: secret "${issuer.spec.ca?.secretName ?? ""}" not found`,
    };
  }
  return { ...ready, status: "True", ...reasons[kind ?? "selfSigned"] };
}

/** What a ready issuer signs with; undefined when certificates sign themselves. */
export function signerOf(issuer: Issuer, world: World, operator: Deployment): Signer | undefined {
  const name = issuer.spec.ca?.secretName;
  if (name === undefined) {
    return undefined;
  }
  const namespace = issuer.metadata.namespace ?? clusterNamespace(operator);
  const values = decode(world.secret(namespace, name));
  const [certificate, privateKey] = [values["tls.crt"], values["tls.key"]];
  return certificate === undefined || privateKey === undefined
    ? undefined
    : { certificate, privateKey };
}

/** Where the Secrets of ClusterIssuers are: the controller's own namespace, unless an argument says otherwise. */
function clusterNamespace({ metadata, spec }: Deployment): string {
  const flag = "--cluster-resource-namespace=";
  const args = spec?.template?.spec?.containers?.flatMap((container) => container.args ?? []) ?? [];
  const value = args.find((arg) => arg.startsWith(flag))?.slice(flag.length);
  return value === undefined || value.startsWith("$") ? (metadata.namespace ?? "") : value;
}

/** The issuer a reference names, when it is ready. */
export function readyIssuer(
  reference: { readonly name: string; readonly kind?: string },
  namespace: string,
  world: World,
): Issuer | undefined {
  const issuer =
    reference.kind === "ClusterIssuer"
      ? world.get<Issuer>("ClusterIssuer", reference.name)
      : world.get<Issuer>("Issuer", reference.name, namespace);
  return isReady(issuer?.status) ? issuer : undefined;
}
