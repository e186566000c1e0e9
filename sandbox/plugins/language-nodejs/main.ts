import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { serve } from "../rpc/serve";
import { ChildProcesses } from "./child-processes";
import { languageHost } from "./host";

// The CLI starts the language host as `pulumi-language-nodejs [-flag=value …] <engine address>`.
const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
const children = new ChildProcesses();

void serve(
  (server) => server.addService(LanguageRuntimeService, languageHost(engineAddress, children)),
  () => children.killAll(),
);
