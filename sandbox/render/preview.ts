import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SandboxFolder, checkout } from "../folder";
import { runAttached } from "../processes/attached";
import { Ledger } from "../processes/ledger";
import { type SandboxCli } from "../sandbox";
import { Failure } from "../terminal/failure";
import { type PreviewOutput } from "./plan";
import { isMap } from "./secrets";

/** What a preview runs with. */
export interface PreviewRun {
  /** The sandbox of the run. */
  readonly folder: SandboxFolder;
  /** The Pulumi CLI and its environment. */
  readonly cli: SandboxCli;
  /** The stack's name. */
  readonly stack: string;
  /** The scratch copy of its file. */
  readonly configFile: string;
  /** Tags of images, as SLIPWAY_IMAGES has them. */
  readonly images: string;
}

/** The folder of the saved plan, which holds secrets in plain text: it is gone before we return. */
export function planFolder(folder: SandboxFolder): string {
  return join(folder.root, "plan");
}

/**
 * The tag of every image: render has no state to read the deployed one from, and the pipeline's tags would
 * make the output differ from one run to the next.
 */
export const placeholderTag = "render-placeholder";

/** What stands for every generated password in the preview. It is masked wherever the engine knows it is a secret. */
export const placeholderSecret = "render-secret-placeholder";

/** How many resources are planned at the same time; the checks wait for the API server most of the time. */
const parallel = 64;

/**
 * Previews the program on an empty stack and returns both accounts of it.
 * @throws Failure with the engine's own messages when the preview fails.
 */
export async function previewStack(run: PreviewRun): Promise<PreviewOutput> {
  const scratch = planFolder(run.folder);
  const planFile = join(scratch, "plan.json");
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  try {
    const printed = { stdout: "", stderr: "" };
    const code = await runAttached(
      run.cli.path,
      [
        ...["preview", "--json", "--non-interactive", `--stack=${run.stack}`],
        ...[`--config-file=${run.configFile}`, `--parallel=${parallel}`],
        ...[`--save-plan=${planFile}`, "--show-secrets"],
      ],
      {
        cwd: checkout,
        env: previewEnvironment(run),
        track: { ledger: new Ledger(run.folder.processes), name: "pulumi" },
        onOutput: (text, stream) => {
          printed[stream] += text;
        },
      },
    );
    const preview = parsePreview(printed.stdout);
    if (code !== 0 || preview === undefined) {
      throw new Failure(
        `The preview of stack ${run.stack} failed:\n${previewMessages(printed, preview)}`,
        "Correct what the message names; npm run sandbox -- pulumi preview shows the same on the sandbox.",
      );
    }
    return { plan: JSON.parse(readFileSync(planFile, "utf8")) as unknown, preview };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function previewEnvironment(run: PreviewRun): Readonly<Record<string, string | undefined>> {
  return {
    ...run.cli.env,
    PULUMI_STACK: undefined,
    SLIPWAY_IMAGES: run.images,
    // The stand-in of the random provider returns this instead of "unknown", so that texts made of it are known.
    SLIPWAY_RANDOM_PLACEHOLDER: placeholderSecret,
  };
}

function parsePreview(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** What a command printed. */
export interface PrintedText {
  /** On standard output. */
  readonly stdout: string;
  /** On standard error. */
  readonly stderr: string;
}

/** The errors of a failed preview in the engine's words, or whatever the CLI printed instead. */
export function previewMessages(printed: PrintedText, preview: unknown): string {
  const diagnostics = isMap(preview) ? preview["diagnostics"] : undefined;
  const errors = (Array.isArray(diagnostics) ? diagnostics : [])
    .filter(isMap)
    .filter(({ severity }) => severity === "error")
    .map(({ message, urn }) => {
      const where = typeof urn === "string" && urn !== "" ? `${urn.split("::").at(-1)}: ` : "";
      return `  ${where}${String(message).trim()}`;
    });
  const text = printed.stderr.trim() === "" ? printed.stdout.trim() : printed.stderr.trim();
  return errors.length > 0 ? errors.join("\n") : `  ${text}`;
}
