import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { serve } from "../rpc/serve";
import { KubernetesProvider } from "./provider";

// The CLI starts a provider as `pulumi-resource-kubernetes <engine address>`.
const [engineAddress] = process.argv.slice(2);

void serve((server) =>
  server.addService(ResourceProviderService, new KubernetesProvider(engineAddress).service),
);
