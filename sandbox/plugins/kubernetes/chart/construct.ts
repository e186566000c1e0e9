import { ConstructResponse, type ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Unsupported } from "../../rpc/unary";
import {
  containsUnknown,
  decodeStruct,
  encodeStruct,
  revealMap,
  type PropertyMap,
} from "../../rpc/values";
import {
  isCustomResourceDefinition,
  namespaceOf,
  withValue,
  type KubeObject,
} from "../object/kube-object";
import { type Session } from "../session";
import { readChartArgs, type ChartArgs } from "./args";
import { childOf } from "./children";
import { renderChart } from "./helm";
import { readManifest } from "./manifest";
import { Monitor, resourceReference, type Registered } from "./monitor";
import { dependencies, waves } from "./order";

const CHART = "kubernetes:helm.sh/v4:Chart";

/** Makes a Chart: a component whose children are the objects the chart renders to. */
export async function constructChart(
  session: Session,
  request: ConstructRequest,
): Promise<ConstructResponse> {
  if (request.getType() !== CHART) {
    throw new Unsupported(`The component ${request.getType()}`);
  }
  const monitor = new Monitor(request);
  try {
    const { urn } = await monitor.component();
    const inputs = decodeStruct(request.getInputs());
    if (containsUnknown(inputs)) {
      session.message(
        "warning",
        urn,
        "Input properties have unknown values. Preview is incomplete.",
      );
      return await finish(monitor, urn, {});
    }
    const args = readChartArgs(revealMap(inputs), request.getName(), session.defaultNamespace);
    const objects = await renderObjects(session, urn, args);
    const registered = await registerObjects(monitor, urn, objects, args);
    return await finish(monitor, urn, { resources: registered.map(resourceReference) });
  } finally {
    monitor.close();
  }
}

async function finish(
  monitor: Monitor,
  urn: string,
  outputs: PropertyMap,
): Promise<ConstructResponse> {
  await monitor.outputs(urn, outputs);
  const response = new ConstructResponse();
  response.setUrn(urn);
  response.setState(encodeStruct(outputs));
  return response;
}

async function renderObjects(
  session: Session,
  urn: string,
  args: ChartArgs,
): Promise<readonly KubeObject[]> {
  const { cluster } = session;
  const { manifest, warnings } = await renderChart(args, {
    kubeVersion: cluster.version,
    apiVersions: await cluster.discovery.apiVersions(),
  });
  for (const warning of warnings) {
    session.message("warning", urn, warning);
  }
  const objects = readManifest(manifest);
  objects.filter(isCustomResourceDefinition).forEach((object) => session.remember(object));
  return Promise.all(objects.map((object) => place(session, urn, object, args.namespace)));
}

/** Gives an object of a namespaced kind the chart's namespace when it has none. */
async function place(
  session: Session,
  urn: string,
  object: KubeObject,
  namespace: string,
): Promise<KubeObject> {
  if (namespaceOf(object) !== "") {
    return object;
  }
  const isNamespaced = await session.isNamespaced(object.apiVersion, object.kind);
  if (isNamespaced === undefined) {
    session.message(
      "warning",
      urn,
      `Nobody knows whether ${object.apiVersion}/${object.kind} lives in a namespace: neither the ` +
        "cluster nor the chart has its definition. It is left without one.",
    );
  }
  return isNamespaced === true
    ? (withValue(object, ["metadata", "namespace"], namespace) as KubeObject)
    : object;
}

async function registerObjects(
  monitor: Monitor,
  parent: string,
  objects: readonly KubeObject[],
  { resourcePrefix: prefix, skipAwait }: ChartArgs,
): Promise<readonly Registered[]> {
  const dependsOn = dependencies(objects);
  const registered = new Map<KubeObject, Promise<Registered>>();
  for (const object of waves(dependsOn).flat()) {
    const needed = (dependsOn.get(object) ?? []).map((other) => registered.get(other));
    const registration = Promise.all(needed).then((others) =>
      monitor.child(
        parent,
        childOf(object, { prefix, skipAwait }),
        others.flatMap((other) => (other === undefined ? [] : [other.urn])),
      ),
    );
    registered.set(object, registration);
  }
  return Promise.all(registered.values());
}
