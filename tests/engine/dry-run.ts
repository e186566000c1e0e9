import { execFileSync } from "node:child_process";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import { cacheFolder } from "../../sandbox/folder";
import { Discovery } from "../../sandbox/plugins/kubernetes/client/discovery";
import { ApiHttp } from "../../sandbox/plugins/kubernetes/client/http";
import {
  clusterAccess,
  readKubeconfig,
  type ClusterAccess,
} from "../../sandbox/plugins/kubernetes/client/kubeconfig";
import { silentProgress } from "../../sandbox/terminal/progress";
import { Toolchain } from "../../sandbox/toolchain/toolchain";
import type { Properties } from "../support/mocks";
import { engine, root } from "./support";

/** An object as a manifest has it. */
export interface Manifest extends Properties {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Asks an API server, by default that of the tests, what it thinks of objects, without keeping them. */
export class DryRun {
  private readonly access: ClusterAccess;
  private readonly agent: Agent;
  private readonly discovery: Discovery;

  constructor(kubeconfig = engine.kubeconfig) {
    this.access = clusterAccess(readKubeconfig(kubeconfig), {});
    this.agent = new Agent({ keepAlive: true, maxSockets: 24, ca: this.access.ca });
    this.discovery = new Discovery(new ApiHttp(this.access));
  }

  /**
   * What is wrong with each object by a strict server-side apply: why the server refuses it, or what it
   * warns of, such as a pod that the namespace's Pod Security level would not let in.
   */
  async judge(objects: readonly Manifest[]): Promise<readonly string[]> {
    const said = await Promise.all(objects.map((object) => this.apply(object, { dryRun: "All" })));
    return said.flat();
  }

  /** Keeps an object. */
  async keep(object: Manifest): Promise<void> {
    const said = await this.apply(object, {});
    if (said.length > 0) {
      throw new Error(said.join("\n"));
    }
  }

  /** Whether the server serves a kind. */
  async serves({ apiVersion, kind }: Manifest): Promise<boolean> {
    return (await this.discovery.find(apiVersion, kind)) !== undefined;
  }

  /** Waits until every kind that definitions bring is served; a definition is, some moments after it is kept. */
  async awaitKinds(definitions: readonly Manifest[]): Promise<void> {
    const missing = async (): Promise<boolean> => {
      this.discovery.forget();
      const served = await Promise.all(servedKinds(definitions).map((kind) => this.serves(kind)));
      return served.includes(false);
    };
    while (await missing()) {
      await setTimeout(100);
    }
  }

  /** Closes the connections. */
  close(): void {
    this.agent.destroy();
  }

  private async apply(
    object: Manifest,
    query: Readonly<Record<string, string>>,
  ): Promise<readonly string[]> {
    const { name, namespace = "default" } = object.metadata;
    const { api, resource, namespaced } = await this.discovery.locate(
      object.apiVersion,
      object.kind,
    );
    const url = new URL(
      `${this.access.server}${api}/${namespaced ? `namespaces/${namespace}/` : ""}${resource}/${name}`,
    );
    url.search = String(
      new URLSearchParams({
        fieldManager: "slipway-tests",
        force: "true",
        fieldValidation: "Strict",
        ...query,
      }),
    );
    const { status, warnings, text } = await this.patch(url, JSON.stringify(object));
    const refusal = status < 300 ? [] : [(JSON.parse(text) as { message: string }).message];
    return [...refusal, ...warnings].map((message) => `${object.kind} ${name}: ${message}`);
  }

  private patch(url: URL, body: string): Promise<Answer> {
    const headers = {
      "Content-Type": "application/apply-patch+yaml",
      "Content-Length": String(Buffer.byteLength(body)),
      Authorization: this.access.authorization?.() ?? "",
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: "PATCH", agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          const warning = response.headers.warning;
          resolve({
            status: response.statusCode ?? 0,
            warnings: warning === undefined ? [] : [warning],
            text: Buffer.concat(chunks).toString(),
          });
        });
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }
}

interface DefinitionSpec {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
}

/** An object of each version of each kind that definitions have served. */
function servedKinds(definitions: readonly Manifest[]): readonly Manifest[] {
  return definitions.flatMap(({ metadata, spec }) => {
    const { group, names, versions } = spec as DefinitionSpec;
    return versions
      .filter(({ served }) => served)
      .map(({ name }) => ({ apiVersion: `${group}/${name}`, kind: names.kind, metadata }));
  });
}

interface Answer {
  readonly status: number;
  readonly warnings: readonly string[];
  readonly text: string;
}

/** The charts whose definitions an application's objects need, with the values that render these. */
const definingCharts = {
  "cert-manager": ["crds.enabled=true"],
  "external-secrets": ["installCRDs=true"],
  keda: ["crds.install=true"],
  "kube-prometheus-stack": [],
  "vertical-pod-autoscaler": ["admissionController.enabled=false", "updater.enabled=false"],
} as const;

/** The custom resource definitions of the stand-in charts. */
export async function definitions(): Promise<readonly Manifest[]> {
  const toolchain = new Toolchain(engine.folder, silentProgress, cacheFolder(), true);
  const { path: helm } = await toolchain.helm();
  return Object.entries(definingCharts).flatMap(([chart, values]) => {
    const rendered = execFileSync(
      helm,
      [
        ...["template", chart, join(root, "sandbox", "charts", chart), "--include-crds"],
        ...["--kube-version", "1.36.0"],
        ...values.flatMap((value) => ["--set", value]),
      ],
      { encoding: "utf8", maxBuffer: 2 ** 28 },
    );
    return parseAllDocuments(rendered)
      .map((document) => document.toJS() as Manifest | null)
      .filter((object) => object !== null)
      .filter(({ kind }) => kind === "CustomResourceDefinition");
  });
}
