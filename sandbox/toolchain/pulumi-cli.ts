import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout } from "../folder";
import { runCommand } from "../processes/command";
import { withLock } from "../processes/lock";
import { download } from "./download";
import { goModule } from "./go-module";
import { onPath } from "./path-tool";
import {
  type FoundTool,
  type MissingTool,
  type SourceContext,
  type Tool,
  type ToolSource,
} from "./tool";
import { packageVersion } from "./versions";

/** The Pulumi CLI, at the version of the SDK that the program uses. */
export function pulumiCli(version = packageVersion("@pulumi/pulumi")): Tool {
  return {
    name: "pulumi",
    version,
    sources: [
      onPath("pulumi", ["version"], (installed) => fitsSdk(installed, version)),
      officialDownload(version),
      goModule({
        name: "pulumi",
        version,
        folder: join(checkout, "sandbox", "toolchain", "go", "pulumi"),
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
        duration: "2–4 min",
      }),
    ],
  };
}

/** Whether an installed CLI speaks the SDK's protocol: the same major version, and not an older minor one. */
export function fitsSdk(installed: string, sdk: string): boolean {
  const [major, minor = 0] = installed.split(".").map(Number);
  const [sdkMajor, sdkMinor = 0] = sdk.split(".").map(Number);
  return major === sdkMajor && minor >= sdkMinor;
}

const platforms: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin" };
const architectures: Readonly<Record<string, string>> = { x64: "x64", arm64: "arm64" };

function officialDownload(version: string): ToolSource {
  return {
    name: "official download",
    look: (context) => {
      const found = officialTool(version, context.cache);
      return Promise.resolve(existsSync(found.path) ? found : { missing: "not downloaded yet" });
    },
    get: (context) => {
      if (context.offline) {
        return Promise.resolve({ missing: "not tried (--offline)" });
      }
      const found = officialTool(version, context.cache);
      return withLock(`${dirname(found.path)}.lock`, () =>
        existsSync(found.path) ? Promise.resolve(found) : fetchRelease(version, found, context),
      );
    },
  };
}

function officialTool(version: string, cache: string): FoundTool {
  return {
    path: join(cache, `pulumi-${version}-official`, "pulumi"),
    origin: "official download",
  };
}

async function fetchRelease(
  version: string,
  found: FoundTool,
  context: SourceContext,
): Promise<FoundTool | MissingTool> {
  const folder = dirname(found.path);
  const platform = platforms[process.platform];
  const architecture = architectures[process.arch];
  if (platform === undefined || architecture === undefined) {
    return { missing: `there is none for ${process.platform} on ${process.arch}` };
  }
  const file = `pulumi-v${version}-${platform}-${architecture}.tar.gz`;
  const answer = await context.progress.step(`Downloading the Pulumi CLI ${version}`, () =>
    download(`https://get.pulumi.com/releases/sdk/${file}`),
  );
  if ("failure" in answer) {
    context.progress.note(`The official Pulumi CLI could not be downloaded: ${answer.failure}.`);
    return { missing: answer.failure };
  }
  const beside = `${folder}.unpacking-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  writeFileSync(join(beside, file), answer.content);
  const unpacked = await runCommand("tar", ["-xzf", file, "--strip-components=1"], { cwd: beside });
  rmSync(join(beside, file), { force: true });
  if (unpacked.code !== 0) {
    rmSync(beside, { recursive: true, force: true });
    return { missing: `its archive could not be unpacked (${unpacked.stderr.trim()})` };
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(beside, folder);
  return found;
}
