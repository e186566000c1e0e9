import { type UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckFailure,
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  PropertyDiff,
  ReadResponse,
  type CheckRequest,
  type CreateRequest,
  type DiffRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { isDeepStrictEqual } from "node:util";
import { pluginVersion } from "../rpc/plugin-version";
import { unary, Unsupported } from "../rpc/unary";
import { typeOfUrn } from "../rpc/urn";
import { decodeStruct, encodeStruct, revealMap, Unknown, type PropertyMap } from "../rpc/values";
import { markSecrets, RANDOM_RESOURCES, type RandomResource } from "./resources";

/**
 * When this variable is set, a preview returns its value in place of what would be drawn, so that
 * `npm run render` sees the keys of objects made from random values.
 */
const PLACEHOLDER_VARIABLE = "SLIPWAY_RANDOM_PLACEHOLDER";

/** The random provider: passwords, strings and identifiers that are drawn once and kept in the state. */
export function randomProvider(): UntypedServiceImplementation {
  return {
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(pluginVersion());
      return info;
    }),
    checkConfig: unary((request: CheckRequest) => {
      const response = new CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(() => {
      const response = new DiffResponse();
      response.setChanges(DiffResponse.DiffChanges.DIFF_NONE);
      return response;
    }),
    configure: unary(() => {
      const response = new ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    check: unary(check),
    diff: unary(diff),
    create: unary(create),
    read: unary((request) => {
      if (request.getProperties() === undefined) {
        throw new Unsupported(`Importing the random value ${request.getUrn()}`);
      }
      const response = new ReadResponse();
      response.setId(request.getId());
      response.setProperties(request.getProperties());
      response.setInputs(request.getInputs());
      return response;
    }),
    update: unary((request) => {
      throw new Error(
        `${request.getUrn()} cannot be updated: every change of a random value replaces it.`,
      );
    }),
    delete: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
  };
}

function check(request: CheckRequest): CheckResponse {
  const resource = resourceOf(request.getUrn());
  const given = decodeStruct(request.getNews());
  const unknownKey = Object.keys(given).find((key) => !(key in resource.defaults));
  if (unknownKey !== undefined) {
    throw new Unsupported(`The property "${unknownKey}" of ${typeOfUrn(request.getUrn())}`);
  }
  const response = new CheckResponse();
  response.setInputs(encodeStruct({ ...resource.defaults, ...given }));
  const failures = resource.problems({ ...resource.defaults, ...given });
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

/** Every input decides what is drawn, so every change of one replaces the resource. */
function diff(request: DiffRequest): DiffResponse {
  const olds = revealMap(decodeStruct(request.getOldInputs() ?? request.getOlds()));
  const news = revealMap(decodeStruct(request.getNews()));
  const changed = Object.keys(news).filter((key) => !isDeepStrictEqual(olds[key], news[key]));
  const response = new DiffResponse();
  response.setHasdetaileddiff(true);
  response.setReplacesList(changed);
  response.setDiffsList(changed);
  for (const key of changed) {
    const property = new PropertyDiff();
    property.setKind(PropertyDiff.Kind.UPDATE_REPLACE);
    property.setInputdiff(true);
    response.getDetaileddiffMap().set(key, property);
  }
  response.setChanges(
    changed.length === 0 ? DiffResponse.DiffChanges.DIFF_NONE : DiffResponse.DiffChanges.DIFF_SOME,
  );
  return response;
}

function create(request: CreateRequest): CreateResponse {
  const resource = resourceOf(request.getUrn());
  const inputs = decodeStruct(request.getProperties());
  const response = new CreateResponse();
  if (request.getPreview()) {
    const placeholder = process.env[PLACEHOLDER_VARIABLE] ?? Unknown.instance;
    const drawn: PropertyMap = Object.fromEntries(resource.drawn.map((key) => [key, placeholder]));
    response.setProperties(encodeStruct(markSecrets(resource, { ...inputs, ...drawn })));
    return response;
  }
  const { id, outputs } = resource.create(revealMap(inputs));
  response.setId(id);
  response.setProperties(encodeStruct(markSecrets(resource, { ...inputs, ...outputs })));
  return response;
}

function resourceOf(urn: string): RandomResource {
  const resource = RANDOM_RESOURCES[typeOfUrn(urn)];
  if (resource === undefined) {
    throw new Unsupported(`The resource type ${typeOfUrn(urn)}`);
  }
  return resource;
}
