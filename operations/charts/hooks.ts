import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import type { charts } from "../../components/charts";

/** What takes the place of a chart's hooks, by the file or folder of the archive that has them. */
export type ChartHooks = Readonly<Record<string, string>>;

/**
 * Every hook of every chart but its tests. `helm.v4.Chart` applies no hook, so each needs a reason why it is
 * not missed. Reviewed for the versions of the table; `npm run charts -- verify` looks whether a version has others.
 */
export const chartHooks: Readonly<Partial<Record<keyof typeof charts, ChartHooks>>> = {
  certManager: {
    "values.yaml": "startupapicheck is off: ServedApi waits until the webhook answers",
  },
  ingressNginx: {
    "templates/admission-webhooks/job-patch/":
      "patch is off: cert-manager issues the webhook's certificate and injects its authority",
  },
  kubePrometheusStack: {
    "charts/crds/templates/upgrade/":
      "upgradeJob is off: the definitions are applied with the chart",
    "templates/prometheus-operator/admission-webhooks/job-patch/":
      "patch is off: cert-manager issues the webhook's certificate and injects its authority",
  },
  minio: {
    "templates/post-job.yaml":
      "Buckets and their users are made by a Job of our own, which is awaited",
  },
  verticalPodAutoscaler: {
    "templates/admission-controller-certgen":
      "The admission controller is off, and with it the webhook whose certificate they make",
  },
};

/**
 * The hooks of an archive that nobody has looked at, and what is known of hooks that it does not have. Tests,
 * which only `helm test` runs, do not count.
 */
export function hookProblems(archive: string, known: ChartHooks): readonly string[] {
  const files = filesOf(archive).filter(({ text }) => hasHook(text));
  const unknown = files.filter(({ path }) => !Object.keys(known).some((at) => path.startsWith(at)));
  const gone = Object.keys(known).filter((at) => !files.some(({ path }) => path.startsWith(at)));
  return [
    ...unknown.map(({ path }) => `${path} has a hook that nobody has looked at`),
    ...gone.map((at) => `${at} has no hook any more`),
  ];
}

/** A hook is an annotation of an object, or a value that becomes one. */
function hasHook(text: string): boolean {
  return [...text.matchAll(/helm\.sh\/hook["']?\s*:\s*(.*)/g)].some(
    ([, events = ""]) => !/^["']?test(-success|-failure)?["']?\s*$/.test(events) && !isTest(events),
  );
}

/** A chart may let its user say when its test runs. */
const isTest = (events: string): boolean => /default\s+["']test["']/.test(events);

interface ArchiveFile {
  /** The path below the chart's folder. */
  readonly path: string;
  readonly text: string;
}

/** The YAML files and templates of a chart's archive, which is a gzipped tar. */
function filesOf(archive: string): readonly ArchiveFile[] {
  const tar = gunzipSync(readFileSync(archive));
  const files: ArchiveFile[] = [];
  let longName: string | undefined;
  for (let offset = 0; offset + block <= tar.length;) {
    const name = textIn(tar, offset, 100);
    const size = Number.parseInt(textIn(tar, offset + 124, 12), 8);
    if (name === "" || Number.isNaN(size)) {
      break;
    }
    const content = tar.subarray(offset + block, offset + block + size);
    const type = String.fromCharCode(tar[offset + 156] ?? 0);
    const prefix = textIn(tar, offset + 345, 155);
    const path = longName ?? (prefix === "" ? name : `${prefix}/${name}`);
    longName = type === "x" ? /\d+ path=(.*)\n/.exec(content.toString("utf8"))?.[1] : undefined;
    if (type !== "x" && /\.(ya?ml|tpl|txt)$/i.test(path)) {
      files.push({ path: path.split("/").slice(1).join("/"), text: content.toString("utf8") });
    }
    offset += block + Math.ceil(size / block) * block;
  }
  return files;
}

/** The unit of a tar, in bytes. */
const block = 512;

function textIn(tar: Buffer, offset: number, length: number): string {
  return tar
    .toString("utf8", offset, offset + length)
    .replace(/\0.*$/s, "")
    .trim();
}
