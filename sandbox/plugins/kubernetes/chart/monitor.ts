import { credentials } from "@grpc/grpc-js";
import { type ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  Result,
} from "@pulumi/pulumi/proto/resource_pb";
import { UNLIMITED_MESSAGES } from "../../rpc/serve";
import { encodeStruct, Unknown, type Property, type PropertyMap } from "../../rpc/values";
import { pluginVersion } from "../../rpc/plugin-version";
import { RESOURCE_REFERENCE, SIGNATURE } from "../../rpc/wire-format";
import { type Child } from "./children";

/** A resource as the engine registered it. */
export interface Registered {
  /** Its URN. */
  readonly urn: string;

  /** Its id; empty when a preview does not know it yet. */
  readonly id: string;
}

/** Registers a component and its children with the engine that asked for it. */
export class Monitor {
  private readonly client: ResourceMonitorClient;

  constructor(private readonly request: ConstructRequest) {
    this.client = new ResourceMonitorClient(
      request.getMonitorendpoint(),
      credentials.createInsecure(),
      UNLIMITED_MESSAGES,
    );
  }

  close(): void {
    this.client.close();
  }

  /** Registers the component itself, with the options it was given in the program. */
  async component(): Promise<Registered> {
    const { request } = this;
    const component = new RegisterResourceRequest();
    component.setType(request.getType());
    component.setName(request.getName());
    component.setParent(request.getParent());
    component.setCustom(false);
    component.setDependenciesList(request.getDependenciesList());
    component.setAliasesList(request.getAliasesList());
    component.setAliasspecs(true);
    component.setDeletedwith(request.getDeletedwith());
    component.setReplaceWithList(request.getReplaceWithList());
    if (request.hasProtect()) {
      component.setProtect(request.getProtect() ?? false);
    }
    if (request.hasRetainondelete()) {
      component.setRetainondelete(request.getRetainondelete() ?? false);
    }
    for (const [pkg, provider] of request.getProvidersMap().entries()) {
      component.getProvidersMap().set(pkg, provider);
    }
    return this.register(component);
  }

  /** Registers one child; resolves when the engine is done with it. */
  async child(parent: string, child: Child, dependsOn: readonly string[]): Promise<Registered> {
    const { request } = this;
    const resource = new RegisterResourceRequest();
    resource.setType(child.type);
    resource.setName(child.name);
    resource.setParent(parent);
    resource.setCustom(true);
    resource.setObject(encodeStruct(child.inputs));
    resource.setDependenciesList([...new Set([...request.getDependenciesList(), ...dependsOn])]);
    resource.setProvider(request.getProvidersMap().get("kubernetes") ?? "");
    resource.setVersion(pluginVersion());
    resource.setAliasspecs(true);
    if (child.retainOnDelete) {
      resource.setRetainondelete(true);
    }
    return this.register(resource);
  }

  /** Tells the engine the component's outputs. */
  async outputs(urn: string, outputs: PropertyMap): Promise<void> {
    const request = new RegisterResourceOutputsRequest();
    request.setUrn(urn);
    request.setOutputs(encodeStruct(outputs));
    await new Promise<void>((resolve, reject) => {
      this.client.registerResourceOutputs(request, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  }

  private async register(request: RegisterResourceRequest): Promise<Registered> {
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSupportspartialvalues(true);
    request.setSupportsresultreporting(true);
    return new Promise((resolve, reject) => {
      this.client.registerResource(request, (error, response) => {
        if (error !== null) {
          reject(new Error(error.details));
        } else if (response.getResult() !== Result.SUCCESS) {
          reject(new Error(`${request.getType()} "${request.getName()}" was not registered.`));
        } else {
          resolve({ urn: response.getUrn(), id: response.getId() });
        }
      });
    });
  }
}

/** A reference to a registered resource, as an output. */
export function resourceReference({ urn, id }: Registered): Property {
  return {
    [SIGNATURE]: RESOURCE_REFERENCE,
    urn,
    id: id === "" ? Unknown.instance : id,
    packageVersion: pluginVersion(),
  };
}
