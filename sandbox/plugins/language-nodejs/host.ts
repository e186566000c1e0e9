import {
  status,
  type ServerWritableStream,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { type ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  AboutResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  RuntimeOptionsResponse,
  TemplateResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { pluginVersion } from "../rpc/plugin-version";
import { serviceError, unary, Unsupported } from "../rpc/unary";
import { type ChildProcesses } from "./child-processes";
import { installDependencies, programDependencies } from "./dependencies";
import { runPlugin } from "./run-plugin";
import { run } from "./run";

/**
 * The Node language host: what the CLI asks in order to run a program or a policy pack written for
 * Node. Code generation and packing of SDKs are not part of running a program and are refused.
 */
export function languageHost(
  initialEngineAddress: string | undefined,
  children: ChildProcesses,
): UntypedServiceImplementation {
  let engineAddress = initialEngineAddress;
  const host: ILanguageRuntimeServer = {
    handshake: unary((request) => {
      engineAddress = request.getEngineAddress();
      return new LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(pluginVersion());
      return info;
    }),
    // The packages are those whose plugins lie in the plugin folder; there is nothing to install.
    getRequiredPlugins: unary(() => new GetRequiredPluginsResponse()),
    getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
    run: unary((request) => {
      refuseDebugger(request.getAttachDebugger());
      return run(request, engineAddress, children);
    }),
    runPlugin: streaming((call) => {
      refuseDebugger(call.request.getAttachDebugger());
      return runPlugin(call, children);
    }),
    installDependencies: streaming((call) => installDependencies(call, children)),
    runtimeOptionsPrompts: unary(() => new RuntimeOptionsResponse()),
    template: unary(() => new TemplateResponse()),
    about: unary(() => {
      const about = new AboutResponse();
      about.setExecutable(process.execPath);
      about.setVersion(process.version);
      about.getMetadataMap().set("languageHost", "Slipway stand-in");
      return about;
    }),
    getProgramDependencies: unary(programDependencies),
    cancel: unary(() => {
      children.interruptAll();
      return new Empty();
    }),
    generateProgram: refuse("Generating a program (pulumi convert, pulumi import)"),
    generateProject: refuse("Generating a project (pulumi convert)"),
    generatePackage: refuse("Generating an SDK (pulumi package add)"),
    pack: refuse("Packing an SDK (pulumi package pack-sdk)"),
    link: refuse("Linking an SDK (pulumi package add)"),
  };
  return host;
}

function refuseDebugger(isWanted: boolean): void {
  if (isWanted) {
    throw new Unsupported("Attaching a debugger (--attach-debugger)");
  }
}

function refuse<Request, Response>(feature: string) {
  return unary<Request, Response>(() => {
    throw new Unsupported(feature);
  });
}

function streaming<Request, Response>(
  handler: (call: ServerWritableStream<Request, Response>) => Promise<void>,
) {
  return (call: ServerWritableStream<Request, Response>): void => {
    Promise.resolve()
      .then(() => handler(call))
      .then(
        () => call.end(),
        (error: unknown) => call.emit("error", { code: status.UNKNOWN, ...serviceError(error) }),
      );
  };
}
