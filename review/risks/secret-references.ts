import { fields, maps, text, type Fields } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { type Change } from "../model/change";
import { type Comparison } from "../model/comparison";
import { contentBase } from "../model/content-name";
import { type Risk, riskOf } from "../model/risk";

/** Secrets that pods newly read, and remote secrets that are newly fetched. */
export function secretReferences({ changes }: Comparison): readonly Risk[] {
  return changes.flatMap(gained);
}

function gained({ object, before, after }: Change): readonly Risk[] {
  const known = new Set(referencesOf(before?.view));
  // A new workload reads its own secrets, which its other objects show; an existing one gets access.
  const level = before === undefined ? "low" : "medium";
  return [...new Set(referencesOf(after?.view))]
    .filter((reference) => !known.has(reference))
    .map((reference) => riskOf(object, "secret", level, `now reads ${reference}`));
}

function referencesOf(view: ObjectView | undefined): readonly string[] {
  if (view === undefined) {
    return [];
  }
  return view.pod === undefined ? remoteSecrets(view) : podSecrets(view.pod.spec, view);
}

function podSecrets(spec: Fields, view: ObjectView): readonly string[] {
  const fromVolumes = maps(spec["volumes"]).flatMap((volume) => [
    text(fields(volume["secret"])["secretName"]),
    ...maps(fields(volume["projected"])["sources"]).map((source) =>
      text(fields(source["secret"])["name"]),
    ),
  ]);
  const fromContainers = (view.pod?.containers ?? []).flatMap((container) => [
    ...maps(container.spec["envFrom"]).map((source) => text(fields(source["secretRef"])["name"])),
    ...maps(container.spec["env"]).map((variable) =>
      text(fields(fields(variable["valueFrom"])["secretKeyRef"])["name"]),
    ),
  ]);
  const pulls = maps(spec["imagePullSecrets"]).map(({ name }) => text(name));
  return [...fromVolumes, ...fromContainers, ...pulls]
    .filter((name) => name !== undefined)
    .map((name) => `Secret ${contentBase(name) ?? name}`);
}

function remoteSecrets({ kind, group, spec }: ObjectView): readonly string[] {
  if (group !== "external-secrets.io" || kind !== "ExternalSecret") {
    return [];
  }
  const store = text(fields(spec["secretStoreRef"])["name"]) ?? "its store";
  const single = maps(spec["data"]).map((entry) => fields(entry["remoteRef"]));
  const whole = maps(spec["dataFrom"]).map((entry) => fields(entry["extract"]));
  return [...single, ...whole].flatMap((reference) => {
    const key = text(reference["key"]);
    const property = text(reference["property"]);
    return key === undefined
      ? []
      : [`${key}${property === undefined ? "" : `.${property}`} of ${store}`];
  });
}
