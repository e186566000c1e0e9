import { isNoise } from "../model/noise";
import { type Report } from "../report";
import { exitCodes } from "../verdict";

/** The report for machines; the names of its fields are stable. */
export function jsonOf(report: Report): string {
  const { verdict, risks, changes, policy, restarts, images, charts, capacity, stack } = report;
  const { resources, problems } = report;
  const content = {
    stack,
    verdict: verdict.line,
    outcome: verdict.outcome,
    exitCode: exitCodes[verdict.outcome],
    problems,
    risks,
    changes: changes.map(({ action, object, fields, options, immutable }) => ({
      action,
      urn: object.urn,
      type: object.type,
      kind: object.view.kind,
      namespace: object.view.namespace === "" ? null : object.view.namespace,
      name: object.view.name,
      component: object.component,
      chart: object.chart,
      fields: [
        ...options.map((option) => ({ ...option, noise: false })),
        ...fields.map((field) => ({ ...field, noise: isNoise(field) })),
      ],
      immutable,
    })),
    policy: policy.map(({ state, finding }) => ({ state, ...finding })),
    restarts: restarts.map(({ object, ...rest }) => ({ urn: object.urn, ...rest })),
    images,
    charts,
    capacity,
    resources,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
