import { fields } from "../../policy/core/fields";
import { type ObjectView } from "../../policy/core/object";
import { type Comparison } from "../model/comparison";
import { type Risk, riskOf } from "../model/risk";
import { type StackObject, titleOf } from "../model/snapshot";

/** ConfigMaps and Secrets that change in place while their readers keep running with the old content. */
export function silentSettings(
  restarting: ReadonlySet<StackObject>,
  { head, changes }: Comparison,
): readonly Risk[] {
  return changes
    .filter(
      ({ action, object }) =>
        (action === "update" || action === "replace") &&
        (object.view.is("ConfigMap") || object.view.is("Secret")),
    )
    .filter(({ fields: changed }) =>
      changed.some(({ path }) => /^(data|stringData|binaryData)\b/.test(path)),
    )
    .flatMap(({ object, action }) => {
      const readers = head.objects.filter(
        (other) =>
          other.view.namespace === object.view.namespace &&
          other.view.pod !== undefined &&
          !other.view.pod.completes &&
          !restarting.has(other) &&
          reads(other.view, object.view),
      );
      const how = action === "replace" ? "is made anew" : "changes in place";
      return readers.map((reader) =>
        isReloaded(reader.view, object.view)
          ? riskOf(object, "restart", "low", `it ${how}, and Reloader restarts ${titleOf(reader)}`)
          : riskOf(
              object,
              "restart",
              "low",
              `it ${how}, and ${titleOf(reader)} does not restart for it`,
              "Restart the reader, or name the object by its content.",
            ),
      );
    });
}

/** Says whether Reloader is told to restart a workload for an object. */
function isReloaded({ annotations }: ObjectView, { kind, name }: ObjectView): boolean {
  const names = annotations[`${kind.toLowerCase()}.reloader.stakater.com/reload`] ?? "";
  return names.split(",").some((one) => one.trim() === name);
}

function reads({ pod }: ObjectView, { kind, name }: ObjectView): boolean {
  const [volume, key, source, reference] =
    kind === "ConfigMap"
      ? (["configMap", "name", "configMapRef", "configMapKeyRef"] as const)
      : (["secret", "secretName", "secretRef", "secretKeyRef"] as const);
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const inVolumes = list(pod?.spec["volumes"]).some(
    (item) => fields(fields(item)[volume])[key] === name,
  );
  const inContainers = (pod?.containers ?? []).some(
    ({ spec }) =>
      list(spec["envFrom"]).some((item) => fields(fields(item)[source])["name"] === name) ||
      list(spec["env"]).some(
        (item) => fields(fields(fields(item)["valueFrom"])[reference])["name"] === name,
      ),
  );
  return inVolumes || inContainers;
}
