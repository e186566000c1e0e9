import { type UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  GetMappingResponse,
  GetMappingsResponse,
  PropertyDiff,
  ReadResponse,
  UpdateResponse,
  type CheckRequest,
  type ConfigureRequest,
  type ConstructRequest,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type InvokeRequest,
  type ReadRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineLog } from "../rpc/engine-log";
import { pluginVersion } from "../rpc/plugin-version";
import { unary, Unsupported } from "../rpc/unary";
import { typeOfUrn } from "../rpc/urn";
import { decodeStruct, encodeStruct } from "../rpc/values";
import { constructChart } from "./chart/construct";
import { check } from "./check";
import { type Change } from "./diff/detailed-diff";
import { diffResource } from "./diff/diff";
import { readCheckpoint, readInputs } from "./object/checkpoint";
import { normaliseInputs } from "./object/normalise";
import { isReplacedUnready } from "./replace-unready";
import { create, read, remove, update } from "./operations";
import { diffProvider } from "./provider-diff";
import { kindOfType } from "./resource-type";
import { Session } from "./session";
import { readSettings } from "./settings";

/** The kubernetes provider: one process per configured cluster. */
export class KubernetesProvider {
  private configured: Promise<Session> | undefined;
  private readonly log: EngineLog;

  constructor(engineAddress: string | undefined) {
    this.log = new EngineLog(engineAddress);
  }

  /** The methods by their names in Pulumi's protocol. */
  get service(): UntypedServiceImplementation {
    return {
      getPluginInfo: unary(() => {
        const info = new PluginInfo();
        info.setVersion(pluginVersion());
        return info;
      }),
      getMapping: unary(() => new GetMappingResponse()),
      getMappings: unary(() => new GetMappingsResponse()),
      checkConfig: unary((request: CheckRequest) => {
        const response = new CheckResponse();
        response.setInputs(request.getNews());
        return response;
      }),
      diffConfig: unary((request: DiffRequest) => this.diffConfig(request)),
      configure: unary((request: ConfigureRequest) => this.configure(request)),
      check: unary((request: CheckRequest) => this.check(request)),
      diff: unary((request: DiffRequest) => this.diff(request)),
      create: unary((request: CreateRequest) => this.create(request)),
      update: unary((request: UpdateRequest) => this.update(request)),
      read: unary((request: ReadRequest) => this.read(request)),
      delete: unary((request: DeleteRequest) => this.delete(request)),
      construct: unary(async (request: ConstructRequest) =>
        constructChart(await this.session(), request),
      ),
      invoke: unary((request: InvokeRequest) => {
        throw new Unsupported(`The function ${request.getTok()}`);
      }),
      cancel: unary(async () => {
        (await this.configured)?.cancel();
        return new Empty();
      }),
    };
  }

  private session(): Promise<Session> {
    if (this.configured === undefined) {
      throw new Error("The kubernetes provider was asked for a resource before it was configured.");
    }
    return this.configured;
  }

  private async configure(request: ConfigureRequest): Promise<ConfigureResponse> {
    this.configured = Session.open(readSettings(decodeStruct(request.getArgs())), this.log);
    await this.configured;
    const response = new ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  private diffConfig(request: DiffRequest): DiffResponse {
    const olds = decodeStruct(request.getOldInputs() ?? request.getOlds());
    const { changes, replaces } = diffProvider(olds, decodeStruct(request.getNews()));
    const response = new DiffResponse();
    response.setDiffsList([...changes]);
    response.setReplacesList([...replaces]);
    response.setChanges(
      changes.length === 0
        ? DiffResponse.DiffChanges.DIFF_NONE
        : DiffResponse.DiffChanges.DIFF_SOME,
    );
    return response;
  }

  private async check(request: CheckRequest): Promise<CheckResponse> {
    const response = new CheckResponse();
    response.setInputs(encodeStruct(await check(await this.session(), request)));
    return response;
  }

  private async diff(request: DiffRequest): Promise<DiffResponse> {
    const session = await this.session();
    const { inputs: stateInputs, live } = readCheckpoint(decodeStruct(request.getOlds()));
    const newInputs = normaliseInputs(readInputs(decodeStruct(request.getNews())));
    const { apiVersion, kind } = kindOfType(typeOfUrn(request.getUrn()));
    const { changes, replaces, deleteBeforeReplace } = diffResource({
      oldInputs: normaliseInputs(stateInputs),
      newInputs,
      live,
      namespaced: (await session.isNamespaced(apiVersion, kind)) ?? true,
      ignoreChanges: request.getIgnorechangesList(),
      mutable: session.settings.mutable,
    });
    const unready = await isReplacedUnready(session, request.getUrn(), newInputs, live);
    const response = new DiffResponse();
    response.setHasdetaileddiff(true);
    response.setReplacesList([...replaces, ...(unready === undefined ? [] : [unready])]);
    response.setDeletebeforereplace(deleteBeforeReplace || unready !== undefined);
    response.setChanges(
      changes.length === 0 && unready === undefined
        ? DiffResponse.DiffChanges.DIFF_NONE
        : DiffResponse.DiffChanges.DIFF_SOME,
    );
    for (const change of changes) {
      response.getDetaileddiffMap().set(change.path, propertyDiff(change));
    }
    return response;
  }

  private async create(request: CreateRequest): Promise<CreateResponse> {
    const { id, properties } = await create(
      await this.session(),
      {
        urn: request.getUrn(),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      },
      decodeStruct(request.getProperties()),
    );
    const response = new CreateResponse();
    response.setId(id);
    response.setProperties(encodeStruct(properties));
    return response;
  }

  private async update(request: UpdateRequest): Promise<UpdateResponse> {
    const { properties } = await update(
      await this.session(),
      {
        urn: request.getUrn(),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
      },
      decodeStruct(request.getOlds()),
      decodeStruct(request.getNews()),
      request.getIgnorechangesList(),
    );
    const response = new UpdateResponse();
    response.setProperties(encodeStruct(properties));
    return response;
  }

  private async read(request: ReadRequest): Promise<ReadResponse> {
    const { id, properties, inputs } = await read(
      await this.session(),
      { urn: request.getUrn(), preview: false, timeoutSeconds: request.getTimeout() },
      request.getId(),
      decodeStruct(request.getProperties()),
      decodeStruct(request.getInputs()),
    );
    const response = new ReadResponse();
    response.setId(id);
    if (id !== "") {
      response.setProperties(encodeStruct(properties));
      response.setInputs(encodeStruct(inputs ?? {}));
    }
    return response;
  }

  private async delete(request: DeleteRequest): Promise<Empty> {
    await remove(
      await this.session(),
      { urn: request.getUrn(), preview: false, timeoutSeconds: request.getTimeout() },
      decodeStruct(request.getProperties()),
    );
    return new Empty();
  }
}

const KINDS = {
  add: [PropertyDiff.Kind.ADD, PropertyDiff.Kind.ADD_REPLACE],
  delete: [PropertyDiff.Kind.DELETE, PropertyDiff.Kind.DELETE_REPLACE],
  update: [PropertyDiff.Kind.UPDATE, PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

function propertyDiff({ kind, replaces }: Change): PropertyDiff {
  const difference = new PropertyDiff();
  difference.setKind(KINDS[kind][replaces ? 1 : 0]);
  difference.setInputdiff(true);
  return difference;
}
