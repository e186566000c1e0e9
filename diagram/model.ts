import {
  exposedPaths,
  usedDemands,
  usedExternals,
  usedServices,
  type Connected,
} from "../components/apps/declaration";
import type { ChartPods } from "../components/apps/declared-chart";
import type { External } from "../components/apps/external";
import type { ResolvedApplication, ResolvedService } from "../components/apps/resolved";
import { boundsOf } from "../components/apps/workload/scaling";
import { isServing } from "../components/apps/workload/workload-shape";
import { isDataDemand, type DataDemand } from "../components/data";

/** What a node stands for; it decides how it is drawn. */
export type NodeKind = "internet" | "edge" | "service" | "job" | "database" | "stream" | "bucket";

/** Something that runs, holds data, or is outside. */
export interface DiagramNode {
  /** Unique in the diagram. */
  readonly id: string;
  /** What it stands for. */
  readonly kind: NodeKind;
  /** Its name. */
  readonly label: string;
  /**
   * A second line: how many pods there are, when a job runs.
   * @default - none
   */
  readonly detail?: string;
}

/** Nodes that belong together: an application, or a data service. */
export interface DiagramGroup {
  /** Its name. */
  readonly label: string;
  /** The room it is in. */
  readonly room: "applications" | "data";
  /** Its nodes. */
  readonly nodes: readonly DiagramNode[];
}

/** One thing that uses another. */
export interface DiagramEdge {
  /** The node that uses. */
  readonly from: string;
  /** The node that is used. */
  readonly to: string;
  /**
   * What for: a path, a consumer.
   * @default - it goes without saying
   */
  readonly label?: string;
}

/** A stack as a picture. */
export interface Diagram {
  /** What it shows. */
  readonly title: string;
  /** Nodes outside every group. */
  readonly nodes: readonly DiagramNode[];
  /** The groups, in the order of the rooms. */
  readonly groups: readonly DiagramGroup[];
  /** The edges, each once. */
  readonly edges: readonly DiagramEdge[];
}

/** What a data service is called, by the kind of demand it answers. */
const dataServices = {
  database: "Postgres",
  stream: "NATS JetStream",
  bucket: "MinIO",
} as const satisfies Readonly<Record<DataDemand["kind"], string>>;

const internet = "internet";
const edge = "edge";

/** The picture of a stack's applications, from what they declare. */
export function diagramOf(title: string, applications: readonly ResolvedApplication[]): Diagram {
  const services = applications.flatMap((application) =>
    application.services.map((service) => ({ application, service })),
  );
  const pods = applications.flatMap(({ chart }) => chart?.pods ?? []);
  const exposed =
    services.some(({ service }) => exposedPaths(service.declaration).length > 0) ||
    pods.some(({ edge: ports = [] }) => ports.length > 0);
  const using = [...services.map(({ service }) => service.declaration), ...pods];
  const demands = using.flatMap((each) => usedDemands(each).filter(isDataDemand));
  const externals = using.flatMap(usedExternals);
  return {
    title,
    nodes: [
      ...(exposed
        ? [
            { id: internet, kind: "internet", label: "internet" } as const,
            { id: edge, kind: "edge", label: "ingress-nginx" } as const,
          ]
        : []),
      ...unique(externals.map(externalNode)),
    ],
    groups: [...applications.map(applicationGroup), ...dataGroups(demands)],
    edges: [
      ...(exposed ? [{ from: internet, to: edge }] : []),
      ...services.flatMap(({ application, service }) => edgesOf(application, service)),
      ...applications.flatMap(({ name, chart }) =>
        (chart?.pods ?? []).flatMap((each) => [
          ...(each.edge === undefined ? [] : [{ from: edge, to: serviceId(name, each) }]),
          ...usesOf(name, each),
        ]),
      ),
    ],
  };
}

function applicationGroup({ name, services, chart }: ResolvedApplication): DiagramGroup {
  return {
    label: name,
    room: "applications",
    nodes: [
      ...services.map((service) => serviceNode(name, service)),
      ...(chart?.pods ?? []).map((pods) => podsNode(name, pods)),
    ],
  };
}

function podsNode(application: string, pods: ChartPods): DiagramNode {
  const id = serviceId(application, pods);
  return { id, kind: "service", label: pods.name, detail: "of its own chart" };
}

function serviceNode(application: string, { declaration, shape }: ResolvedService): DiagramNode {
  const id = serviceId(application, declaration);
  const label = declaration.name;
  if (shape.kind === "CronJob") {
    return { id, kind: "job", label, detail: shape.schedule.cron };
  }
  if (!isServing(shape)) {
    return { id, kind: "job", label, detail: "once for each version" };
  }
  if (shape.kind === "DaemonSet") {
    return { id, kind: "service", label, detail: "on each node" };
  }
  const { floor, ceiling } = boundsOf(shape);
  const pods = floor === ceiling ? String(floor) : `${String(floor)}–${String(ceiling)}`;
  return { id, kind: "service", label, detail: `${pods} ${pods === "1" ? "pod" : "pods"}` };
}

function dataGroups(demands: readonly DataDemand[]): readonly DiagramGroup[] {
  return (["database", "stream", "bucket"] as const).flatMap((kind) => {
    const nodes = unique(demands.filter((demand) => demand.kind === kind).map(dataNode));
    return nodes.length === 0 ? [] : [{ label: dataServices[kind], room: "data", nodes } as const];
  });
}

function dataNode(demand: DataDemand): DiagramNode {
  const label = dataName(demand);
  return { id: `${demand.kind}/${label}`, kind: demand.kind, label };
}

function dataName(demand: DataDemand): string {
  switch (demand.kind) {
    case "database":
      return demand.database;
    case "stream":
      return demand.streamName;
    case "bucket":
      return demand.bucketName;
  }
}

function externalNode([label, { cidrs, ports }]: readonly [string, External]): DiagramNode {
  const where = cidrs === "internet" ? "any public address" : cidrs.join(", ");
  const detail = `${where}, port ${ports.join(", ")}`;
  return { id: `external/${label}/${detail}`, kind: "internet", label, detail };
}

function edgesOf(
  { name, settings }: ResolvedApplication,
  { declaration }: ResolvedService,
): readonly DiagramEdge[] {
  const from = serviceId(name, declaration);
  const paths = exposedPaths(declaration).map(({ path }) => path);
  return [
    ...(paths.length === 0
      ? []
      : [
          {
            from: edge,
            to: from,
            label: paths.map((path) => `${settings.host}${path}`).join("\n"),
          },
        ]),
    ...usesOf(name, declaration),
  ];
}

function usesOf(application: string, using: Connected): readonly DiagramEdge[] {
  const from = serviceId(application, using);
  return [
    ...usedServices(using).map((used) => ({ from, to: serviceId(application, used) })),
    ...usedDemands(using)
      .filter(isDataDemand)
      .map((demand) => ({ from, to: dataNode(demand).id, ...useOf(demand) })),
    ...usedExternals(using).map((used) => ({ from, to: externalNode(used).id })),
  ];
}

function useOf(demand: DataDemand): Pick<DiagramEdge, "label"> {
  if (demand.kind !== "stream") {
    return {};
  }
  return { label: demand.use.kind === "consume" ? "consumes" : "publishes" };
}

function serviceId(application: string, { name }: Pick<Connected, "name">): string {
  return `${application}/${name}`;
}

function unique(nodes: readonly DiagramNode[]): readonly DiagramNode[] {
  return [...new Map(nodes.map((node) => [node.id, node])).values()];
}
