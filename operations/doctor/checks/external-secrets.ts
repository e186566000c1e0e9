import { whereIs, type CustomResource, type ExternalSecret } from "../seen";
import { because, condition, type Check } from "./check";

/** Stores that do not answer, and ExternalSecrets that are not carried over. */
export const unsyncedSecrets: Check = {
  name: "external secrets",
  reads: ["externalSecrets", "secretStores", "clusterSecretStores"],
  find: ({ externalSecrets, secretStores, clusterSecretStores }, { kubectl }) => {
    const stores = [...secretStores, ...clusterSecretStores];
    const broken = stores.filter(({ status }) => isNotReady(status?.conditions));
    return [
      ...broken.map((store) => {
        const { kind, metadata, status } = store;
        const users = externalSecrets.filter((each) => uses(each, store));
        const names = users.map(
          (each) => `${each.metadata.namespace ?? ""}/${each.metadata.name ?? ""}`,
        );
        return {
          severity: "high" as const,
          where: whereIs(kind, metadata),
          what: `it does not answer: ${reasonOf(status?.conditions)}${names.length === 0 ? "" : `; ${String(names.length)} ExternalSecrets read from it: ${names.join(", ")}`}`,
          why: "Its Secrets keep their last values: a rotated credential does not arrive, a new one is never made.",
          fix: `check the store's address, its credentials and the network to it: ${kubectl} describe ${kind.toLowerCase()} ${metadata.name ?? ""}${metadata.namespace === undefined ? "" : ` --namespace ${metadata.namespace}`}`,
        };
      }),
      ...externalSecrets
        .filter(({ status }) => isNotReady(status?.conditions))
        .filter((each) => !broken.some((store) => uses(each, store)))
        .map(({ metadata, status }) => ({
          severity: "high" as const,
          where: whereIs("ExternalSecret", metadata),
          what: `it is not carried over: ${reasonOf(status?.conditions)}`,
          why: "Pods that read its Secret keep an old value, or cannot start where it was never made.",
          fix: `check that the key is in the store: ${kubectl} describe externalsecret ${metadata.name ?? ""} --namespace ${metadata.namespace ?? ""}`,
        })),
    ];
  },
};

type Conditions = NonNullable<CustomResource["status"]>["conditions"];

function isNotReady(conditions: Conditions): boolean {
  return condition(conditions, "Ready")?.status !== "True";
}

function reasonOf(conditions: Conditions): string {
  const ready = condition(conditions, "Ready");
  return ready === undefined ? "External Secrets has not looked at it" : because(ready);
}

function uses({ metadata, spec }: ExternalSecret, store: CustomResource): boolean {
  const { kind = "SecretStore", name } = spec?.secretStoreRef ?? {};
  return (
    kind === store.kind &&
    name === store.metadata.name &&
    (store.metadata.namespace === undefined || store.metadata.namespace === metadata.namespace)
  );
}
