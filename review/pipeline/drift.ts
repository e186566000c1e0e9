import { type Drift, type DriftReport } from "../../operations/drift/dry-run";
import { escapeMarkdown, markdownOf } from "../page/markdown";
import { valueText } from "../page/value-text";
import { counted } from "../page/words";
import { type Report } from "../report";
import { type CodeHost } from "./code-host";

/** The label of the issues that tell of drift. */
const driftLabel = "drift";

/** What the two looks at a stack say: a refreshed preview, and a dry run of what the last update declared. */
export interface DriftLooks {
  /** The preview, under the stack's name. */
  readonly report: Report;
  /** The dry run. */
  readonly dryRun: DriftReport;
}

/** How many objects, and how many fields of each, are told. */
const most = { objects: 40, fields: 5 };

/**
 * Tells of what differs between a cluster and what was deployed: one open issue for each stack, written anew
 * while something differs and closed when nothing does any more.
 */
export async function tellDrift(host: CodeHost, looks: DriftLooks): Promise<void> {
  const { report, dryRun } = looks;
  const mark = `<!-- slipway-drift ${report.stack} -->`;
  const existing = (await host.issues(driftLabel)).find(({ body }) => body.startsWith(mark));
  if (!hasDrifted(looks)) {
    if (existing !== undefined) {
      await host.close(existing, "The cluster is again what the stack says.");
    }
    return;
  }
  const title = `Stack ${report.stack} has drifted`;
  const edits = dryRunText(dryRun);
  const head = `${mark}\nThe cluster differs from what the stack says. Whoever changed the cluster by hand has to change the program instead.\n\n${edits}`;
  const preview = wouldChange(report)
    ? `An update of the present checkout would change the following.\n\n${markdownOf(report, head.length)}`
    : "";
  await host.issue({ title, body: head + preview, label: driftLabel }, existing);
}

/** Says whether an object differs, or an update would change anything or could not even be previewed. */
function hasDrifted({ report, dryRun }: DriftLooks): boolean {
  return wouldChange(report) || dryRun.drifts.length > 0;
}

function wouldChange({ changes, resources, problems }: Report): boolean {
  return changes.length + resources.length + problems.length > 0;
}

/** What the looks say, in one line. */
export function driftLine({ report, dryRun }: DriftLooks): string {
  const { drifts, compared, notCompared } = dryRun;
  const [first] = notCompared;
  const left =
    first === undefined
      ? ""
      : ` Not compared: ${counted(notCompared.length, "object")}, such as ${first.object}: ${first.reason}`;
  const seen = `${String(drifts.length)} of ${counted(compared, "object")} differ from the last update.`;
  return hasDrifted({ report, dryRun })
    ? `Drift: ${seen} ${report.verdict.line}${left}`
    : `No drift in ${counted(compared, "object")}.${left}`;
}

/** The dry run's part of an issue; empty when nothing differs and everything was compared. */
function dryRunText({ drifts, notCompared }: DriftReport): string {
  const rows = drifts.slice(0, most.objects).flatMap(rowsOf);
  const left = drifts.length - most.objects;
  return [
    ...(rows.length === 0
      ? []
      : [
          "### Changed by hand since the last update",
          "",
          "| object | field | in the cluster | declared | written by |",
          "| --- | --- | --- | --- | --- |",
          ...rows.map((cells) => `| ${cells.map(escapeMarkdown).join(" | ")} |`),
          ...(left > 0 ? [`\n… and ${counted(left, "more object")}.`] : []),
          "",
        ]),
    ...(notCompared.length === 0
      ? []
      : [
          `Not compared: ${counted(notCompared.length, "object")}, such as ${escapeMarkdown(`${notCompared[0]?.object ?? ""}: ${notCompared[0]?.reason ?? ""}`)}`,
          "",
        ]),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function rowsOf({ object, fields, by, problem }: Drift): readonly (readonly string[])[] {
  const writers = by.map(({ manager, time }) => `${manager}, ${time}`).join("; ");
  const left = fields.length - most.fields;
  return [
    ...(problem === undefined ? [] : [[object, "", problem.slice(0, 200), "", writers]]),
    ...fields
      .slice(0, most.fields)
      .map(({ path, before, after }) => [
        object,
        path,
        valueText(before, 80),
        valueText(after, 80),
        writers,
      ]),
    ...(left > 0 ? [[object, `… and ${counted(left, "more field")}`, "", "", ""]] : []),
  ];
}
