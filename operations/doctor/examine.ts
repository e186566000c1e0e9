import { checks } from "./checks/all";
import type { Check } from "./checks/check";
import { bySeverity, type Finding, type NotLooked } from "./finding";
import type { Sight } from "./look";
import type { Context } from "./seen";

/** What the checks found, and which of them could not be made. */
export interface Examination {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** Checks that were not made, or only in part. */
  readonly notLooked: readonly NotLooked[];
}

/** Makes every check on what was seen. */
export function examine(
  { seen, denied }: Sight,
  context: Context,
  simulated: boolean,
): Examination {
  const findings: Finding[] = [];
  const notLooked: NotLooked[] = [];
  for (const check of checks) {
    if (simulated && check.needsPods === true) {
      notLooked.push({ check: check.name, reason: "the pods are simulated and have no metrics" });
      continue;
    }
    findings.push(...check.find(seen, context).map((found) => ({ check: check.name, ...found })));
    notLooked.push(...missingRights(check, denied));
  }
  const { notCompared } = seen.drift;
  const [first] = notCompared;
  if (first !== undefined) {
    const more =
      notCompared.length === 1
        ? ""
        : `, and ${String(notCompared.length - 1)} more ${notCompared.length === 2 ? "object" : "objects"}`;
    notLooked.push({ check: "drift", reason: `${first.object}: ${first.reason}${more}` });
  }
  return { findings: bySeverity(findings), notLooked };
}

/** How many missing rights are named. */
const most = 4;

function missingRights({ name, reads }: Check, denied: Sight["denied"]): readonly NotLooked[] {
  const missing = reads.flatMap((source) => denied.get(source) ?? []);
  const left = missing.length - most;
  const named = [...missing.slice(0, most), ...(left > 0 ? [`${String(left)} more`] : [])];
  return missing.length === 0
    ? []
    : [{ check: name, reason: `missing rights: ${named.join(", ")}` }];
}
