import { valueText } from "../../../review/page/value-text";
import type { Drift } from "../../drift/dry-run";
import type { Check } from "./check";

/** How many fields of an object are told. */
const most = 5;

/** Objects that are not what the last update declared. */
export const drift: Check = {
  name: "drift",
  reads: ["drift"],
  find: ({ drift: { drifts } }, { pulumi, stack }) =>
    drifts.map((each) => ({
      severity: each.problem === undefined ? "medium" : "high",
      where: each.object,
      what: each.problem ?? fieldsText(each),
      why: "Somebody changed it beside the program: the next update that touches it sets it back, and until then the program does not say what runs.",
      fix: `to keep it, write it into the program; to set it back: ${force(each)}${pulumi} up --refresh --stack ${stack} --target '**::${each.urn.split("::").at(-1) ?? ""}'`,
    })),
};

/** Fields of a manager that does not yield are taken over by force, in this one run. */
function force({ by }: Drift): string {
  return by.some(({ yields }) => !yields) ? "PULUMI_K8S_ENABLE_PATCH_FORCE=true " : "";
}

function fieldsText({ fields, by }: Drift): string {
  const told = fields
    .slice(0, most)
    .map(
      ({ path, before, after }) =>
        `${path} is ${valueText(before, 60)}, declared ${valueText(after, 60)}`,
    );
  const left = fields.length - told.length;
  const more = left > 0 ? [`${String(left)} more fields`] : [];
  const writers = by.map(({ manager, time }) => `${manager} at ${time}`);
  const who = writers.length === 0 ? "" : ` (written by ${writers.join(", ")})`;
  return [...told, ...more].join("; ") + who;
}
