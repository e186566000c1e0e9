import { hookFiles, isChartFolder } from "../kit/chart-folder";
import { within, type Problem } from "../kit/problem";
import { releaseName, valueLeaves, valueSecretProblems } from "./chart-values";
import {
  usedDemands,
  usedExternals,
  usedServices,
  type ApplicationDeclaration,
} from "./declaration";
import {
  isReference,
  type ChartReference,
  type ChartValue,
  type DeclaredChart,
} from "./declared-chart";
import { externalProblems } from "./external";

/** What is wrong with an application's own chart, as far as it can be known before it is rendered. */
export function chartProblems({
  name,
  services,
  chart,
}: ApplicationDeclaration): readonly Problem[] {
  if (chart === undefined) {
    return [];
  }
  const names = services.map((service) => service.name);
  return within(`${name} chart`, [
    ...sourceProblems(chart),
    ...podProblems(chart, names),
    ...(names.includes(releaseName(chart, name))
      ? [
          {
            field: "release",
            message: `is ${releaseName(chart, name)}, the name of a service too: their objects would have the same names. Give the service another.`,
          },
        ]
      : []),
    ...within("values", [
      ...valueSecretProblems(chart.values ?? {}),
      ...valueLeaves(chart.values ?? {}).flatMap(({ path, value }) =>
        isReference(value as ChartValue)
          ? referenceProblems(path, value as ChartReference, chart)
          : [],
      ),
    ]),
  ]);
}

function sourceProblems(chart: DeclaredChart): readonly Problem[] {
  if (!("folder" in chart.source)) {
    return [];
  }
  const { folder } = chart.source;
  return isChartFolder(folder)
    ? hookProblems(chart, folder)
    : [
        {
          field: "source.folder",
          message: `got "${folder}", which holds no Chart.yaml. Name the chart's folder from the root of the repository.`,
        },
      ];
}

function hookProblems({ hooks = {} }: DeclaredChart, folder: string): readonly Problem[] {
  const found = hookFiles(folder);
  const files = found.map(({ file }) => file);
  return [
    ...found
      .filter(({ file }) => hooks[file] === undefined)
      .map(({ file, phases }) => ({
        field: "hooks",
        message: `does not name ${file}, whose hooks (${phases}) are not run. Say there what takes their place, such as a service's migration, or why nothing has to.`,
      })),
    ...Object.keys(hooks)
      .filter((file) => !files.includes(file))
      .map((file) => ({
        field: "hooks",
        message: `names ${file}, which has no hook. Leave it out.`,
      })),
  ];
}

function podProblems({ pods }: DeclaredChart, services: readonly string[]): readonly Problem[] {
  const names = pods.map(({ name }) => name);
  return pods.flatMap((each, index) =>
    within(`pods.${each.name}`, [
      ...(services.includes(each.name) || names.indexOf(each.name) !== index
        ? [{ field: "name", message: "is taken. Pods and services each need a name of their own." }]
        : []),
      ...(Object.keys(each.labels).length === 0
        ? [
            {
              field: "labels",
              message:
                "are none, which would be every pod of the namespace. Name those that tell these from others.",
            },
          ]
        : []),
      ...usedExternals(each).flatMap(([name, used]) =>
        within(`uses.${name}`, externalProblems(used)),
      ),
    ]),
  );
}

function referenceProblems(
  path: string,
  reference: ChartReference,
  { pods }: DeclaredChart,
): readonly Problem[] {
  const used =
    "address" in reference
      ? pods.flatMap(usedServices).map(({ name }) => name)
      : pods.flatMap(usedDemands).map(({ key }) => key);
  const wanted = "address" in reference ? reference.address.service : reference.field.demand.key;
  return used.includes(wanted)
    ? []
    : [
        {
          field: path,
          message: `refers to ${wanted}, which no pods of the chart use. Add it to the uses of those that do, so that the way to it is opened.`,
        },
      ];
}
