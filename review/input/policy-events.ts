import { objectName } from "../../policy/core/exemptions";
import { EXEMPTIONS_USED, type Finding } from "../../policy/core/finding";
import { type Severity } from "../../policy/core/rule";
import { type Snapshot } from "../model/snapshot";
import { type PolicyEvent } from "./event-log";

/** The violations of a run as findings. Slipway's pack writes its findings in a form that can be read back. */
export function findingsOf(events: readonly PolicyEvent[], head: Snapshot): readonly Finding[] {
  return events
    .filter(({ policy }) => policy !== EXEMPTIONS_USED)
    .map((event) => findingOf(event, head));
}

function findingOf(
  { urn, policy, message, mandatory, severity }: PolicyEvent,
  head: Snapshot,
): Finding {
  const [first = "", ...rest] = message.split("\n");
  const view = head.at(urn)?.view;
  const { kind = "", namespace = "", name = "" } = view ?? {};
  const title = `${objectName({ kind, namespace, name })}: `;
  const sentence = first.startsWith(title) ? first.slice(title.length) : first;
  const [, container = "", path = ""] =
    /^(?:container "([^"]*)": )?(\S+) is .+; it should be /.exec(sentence) ?? [];
  const fix = rest.find((line) => line.startsWith("  fix: "))?.slice("  fix: ".length) ?? "";
  return {
    rule: policy,
    severity: severityOf(severity),
    enforcement: mandatory ? "mandatory" : "advisory",
    file: "",
    document: 0,
    ...{ kind, namespace, name, container, path },
    found: "",
    message: sentence,
    fix,
  };
}

function severityOf(severity: string): Severity {
  return severity === "critical" || severity === "high" || severity === "medium" ? severity : "low";
}
