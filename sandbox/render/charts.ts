import { compareTexts } from "./order";
import { type PlannedResource, nameOfUrn } from "./resource";
import { isMap } from "./secrets";

/** The type token of a chart whose objects are resources. */
export const chartType = "kubernetes:helm.sh/v4:Chart";

/**
 * The name of each chart, by its URN. Providers keep no inputs of the component, so the objects tell: Helm's
 * conventions have every template write `<chart>-<version>` into a label.
 * @see https://helm.sh/docs/chart_best_practices/labels/
 */
export function chartNames(resources: readonly PlannedResource[]): ReadonlyMap<string, string> {
  const charts = new Map(
    resources
      .filter(({ type }) => type === chartType)
      .map(({ urn }) => [urn, new Map<string, number>()] as const),
  );
  for (const resource of resources) {
    const votes = charts.get(resource.parent ?? "");
    const name = labelledChart(resource.inputs);
    if (votes !== undefined && name !== undefined) {
      votes.set(name, (votes.get(name) ?? 0) + 1);
    }
  }
  return new Map([...charts].map(([urn, votes]) => [urn, mostNamed(votes) ?? nameOfUrn(urn)]));
}

/** The name that most objects give; a chart within the chart may name itself on some of them. */
function mostNamed(votes: ReadonlyMap<string, number>): string | undefined {
  const [most] = [...votes].sort(
    ([left, leftVotes], [right, rightVotes]) => rightVotes - leftVotes || compareTexts(left, right),
  );
  return most?.[0];
}

function labelledChart(inputs: Readonly<Record<string, unknown>>): string | undefined {
  const metadata = isMap(inputs["metadata"]) ? inputs["metadata"] : {};
  const labels = isMap(metadata["labels"]) ? metadata["labels"] : {};
  const label = labels["helm.sh/chart"] ?? labels["chart"];
  return typeof label === "string" ? /^(.+?)-v?\d+\.\d+/.exec(label)?.[1] : undefined;
}
