import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import { nameOfUrn, typeOfUrn } from "../rpc/urn";
import { decodeStruct, Unknown, type PropertyMap } from "../rpc/values";
import { readInputs } from "./object/checkpoint";
import {
  isCustomResourceDefinition,
  namespaceOf,
  at,
  withValue,
  type KubeObject,
} from "./object/kube-object";
import { assignName } from "./object/names";
import { normaliseInputs } from "./object/normalise";
import { markSecrets } from "./object/secrecy";
import { kindOfType } from "./resource-type";
import { type Session } from "./session";

/** Completes the inputs of a resource: a name, a namespace, the server's form. */
export async function check(session: Session, request: CheckRequest): Promise<PropertyMap> {
  const urn = request.getUrn();
  const { apiVersion, kind } = kindOfType(typeOfUrn(urn));
  const news = decodeStruct(request.getNews());
  const olds = request.hasOlds() ? readInputs(decodeStruct(request.getOlds())) : {};
  const autonaming = request.getAutonaming();
  const normalised = normaliseInputs(readInputs(news));
  const named = assignName(normalised, {
    resourceName: nameOfUrn(urn),
    seed: request.getRandomseed_asU8(),
    oldInputs: Object.keys(olds).length === 0 ? undefined : olds,
    autonaming: autonaming && {
      proposedName: autonaming.getProposedName(),
      disabled: autonaming.getMode() === CheckRequest.AutonamingOptions.Mode.DISABLE,
    },
  }) as KubeObject;
  const isNamespaced = (await session.isNamespaced(apiVersion, kind)) ?? true;
  const placed =
    isNamespaced && lacksNamespace(named)
      ? (withValue(named, ["metadata", "namespace"], session.defaultNamespace) as KubeObject)
      : named;
  if (isCustomResourceDefinition(placed)) {
    session.remember(placed);
  }
  return markSecrets(placed as PropertyMap, news);
}

/** Whether the program gives no namespace, not even one that is not known yet. */
function lacksNamespace(object: KubeObject): boolean {
  const isLater =
    at(object, "metadata") instanceof Unknown ||
    at(object, "metadata", "namespace") instanceof Unknown;
  return !isLater && namespaceOf(object) === "";
}
