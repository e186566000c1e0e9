import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { serve } from "../rpc/serve";
import { randomProvider } from "./provider";

void serve((server) => server.addService(ResourceProviderService, randomProvider()));
