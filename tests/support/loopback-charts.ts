import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A packaged chart. */
export interface Packaged {
  readonly name: string;
  readonly version: string;
  readonly archive: Buffer;
  readonly digest: `sha256:${string}`;
}

/** Packages a chart of one template by the helm executable. */
export function packageChart(
  helm: string,
  name: string,
  version: string,
  template = "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: app\n",
): Packaged {
  const folder = mkdtempSync(join(tmpdir(), "slipway-package-"));
  try {
    execFileSync(helm, ["create", join(folder, name)], { stdio: "ignore" });
    const chart = join(folder, name);
    rmSync(join(chart, "templates"), { recursive: true });
    execFileSync("mkdir", [join(chart, "templates")]);
    writeFileSync(join(chart, "templates", "app.yaml"), template);
    writeFileSync(
      join(chart, "Chart.yaml"),
      `apiVersion: v2\nname: ${name}\nversion: ${version}\nhome: https://example.com/${name}\n`,
    );
    execFileSync(helm, ["package", chart, "--destination", folder], { stdio: "ignore" });
    const archive = readFileSync(join(folder, `${name}-${version}.tgz`));
    return { name, version, archive, digest: digestOf(archive) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Serves packaged charts on loopback in both ways: as a repository with an index, and as a registry by the
 * few requests of the OCI distribution API that a pull makes.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export class LoopbackCharts {
  private readonly server: Server;
  private readonly blobs = new Map<string, { readonly type: string; readonly content: Buffer }>();
  private readonly tags = new Map<string, string>();

  constructor(private readonly charts: readonly Packaged[]) {
    for (const chart of charts) {
      this.publish(chart);
    }
    this.server = createServer((request, response) => {
      this.answer(new URL(request.url ?? "/", "http://loopback").pathname, response);
    });
  }

  /** Starts to serve, and gives the address of the repository and of the registry. */
  listen(): Promise<{ readonly http: string; readonly oci: string }> {
    return new Promise((resolve) => {
      this.server.listen(0, "127.0.0.1", () => {
        const { port } = this.server.address() as AddressInfo;
        const host = `127.0.0.1:${String(port)}`;
        resolve({ http: `http://${host}`, oci: `oci://${host}/charts` });
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }

  private publish({ name, version, archive }: Packaged): void {
    const config = Buffer.from(JSON.stringify({ apiVersion: "v2", name, version }));
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: this.keep("application/vnd.cncf.helm.config.v1+json", config),
        layers: [this.keep("application/vnd.cncf.helm.chart.content.v1.tar+gzip", archive)],
      }),
    );
    this.tags.set(`${name}:${version}`, this.keep(manifestType, manifest).digest);
  }

  private keep(type: string, content: Buffer) {
    const digest = digestOf(content);
    this.blobs.set(digest, { type, content });
    return { mediaType: type, digest, size: content.length };
  }

  private answer(path: string, response: ServerResponse): void {
    const [, name = "", kind, reference = ""] =
      /^\/v2\/charts\/([^/]+)\/(manifests|blobs|tags)\/(.+)$/.exec(path) ?? [];
    if (path === "/index.yaml") {
      send(response, "application/yaml", Buffer.from(JSON.stringify(this.index())));
    } else if (path === "/v2/") {
      send(response, "application/json", Buffer.from("{}"));
    } else if (kind === "tags") {
      const tags = [...this.tags.keys()]
        .filter((tag) => tag.startsWith(`${name}:`))
        .map((tag) => tag.slice(name.length + 1));
      send(response, "application/json", Buffer.from(JSON.stringify({ name, tags })));
    } else {
      const file = this.charts.find((chart) => path === `/${chart.name}-${chart.version}.tgz`);
      const digest = this.tags.get(`${name}:${reference}`) ?? reference;
      const blob = this.blobs.get(digest);
      if (file !== undefined) {
        send(response, "application/gzip", file.archive);
      } else if (kind !== undefined && blob !== undefined) {
        response.setHeader("docker-content-digest", digest);
        send(response, blob.type, blob.content);
      } else {
        response.writeHead(404, { "content-type": "application/json" });
        response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] }));
      }
    }
  }

  private index(): object {
    const names = [...new Set(this.charts.map(({ name }) => name))];
    return {
      apiVersion: "v1",
      entries: Object.fromEntries(
        names.map((name) => [
          name,
          this.charts
            .filter((chart) => chart.name === name)
            .map(({ version, digest }) => ({
              apiVersion: "v2",
              name,
              version,
              home: `https://example.com/${name}`,
              urls: [`${name}-${version}.tgz`],
              digest: digest.replace("sha256:", ""),
            })),
        ]),
      ),
    };
  }
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

function send(response: ServerResponse, type: string, content: Buffer): void {
  response.writeHead(200, { "content-type": type, "content-length": content.length });
  response.end(response.req.method === "HEAD" ? undefined : content);
}

function digestOf(content: Buffer): `sha256:${string}` {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
