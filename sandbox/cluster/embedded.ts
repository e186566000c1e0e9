import { existsSync } from "node:fs";
import { decide, readDecisions } from "../decisions";
import { type SandboxFolder } from "../folder";
import { writeWhole } from "../json-file";
import {
  type Daemon,
  commandDigest,
  isRunning,
  startDaemon,
  stopProcesses,
  tail,
} from "../processes/daemon";
import { Ledger } from "../processes/ledger";
import { endProcesses } from "../processes/end";
import { runCommand } from "../processes/command";
import { until } from "../processes/until";
import { type Progress } from "../terminal/progress";
import { Failure } from "../terminal/failure";
import { certificateAuthority, embeddedContext, prepareAccess } from "./access";
import { type ApiAnswer, getFromApi } from "./api-client";
import { type Cluster, type ClusterIdentity } from "./cluster";
import { type ControlPlane, apiServer, controllerManager, etcd, scheduler } from "./control-plane";
import { type KubeAccess, kubeconfigText } from "./kubeconfig";
import { countNodes } from "./nodes";
import { choosePorts } from "./ports";
import { kwok, player, simulationFiles } from "./simulation";

/** The programs the embedded cluster consists of. */
export interface ClusterBinaries {
  /** etcd, API server, controller manager, scheduler and kubectl in one. */
  readonly controlPlane: string;
  /** kwok, which simulates the nodes. */
  readonly kwok: string;
  /** The compiled player, which plays what kwok cannot. */
  readonly player: string;
}

/** How long the control plane may take to start, in milliseconds; it takes 3–5 s on an idle machine. */
const patience = 120_000;

/** The cluster of Go binaries: a real control plane and simulated nodes. */
export function embeddedCluster(
  folder: SandboxFolder,
  provide: () => Promise<ClusterBinaries>,
  progress: Progress,
): Cluster {
  return {
    simulated: true,
    check: () => Promise.resolve(),
    async up() {
      const binaries = await provide();
      const missing = await missingParts(folder, binaries);
      if (missing === "core" || missing.length > 0) {
        await progress.step("Starting the embedded cluster", (detail) =>
          missing === "core"
            ? start(folder, binaries, detail, true)
            : startClients(folder, binaries, missing, detail),
        );
      }
    },
    identify: () => identify(folder),
    down: () => endProcesses(folder),
    remove: () => endProcesses(folder),
  };
}

async function identify(folder: SandboxFolder): Promise<ClusterIdentity> {
  const answer = await ask(folder, "/api/v1/namespaces/kube-system");
  const uid = answer.status === 200 ? uidOf(answer.body) : undefined;
  if (uid === undefined) {
    throw new Failure("The embedded cluster does not answer.", "Run: npm run sandbox -- up");
  }
  return { context: embeddedContext, uid };
}

/**
 * What does not run as it should: `core` when the API server does not answer or etcd or it would be started
 * otherwise, else those of the other processes that are missing or would be.
 */
async function missingParts(
  folder: SandboxFolder,
  binaries: ClusterBinaries,
): Promise<"core" | readonly Daemon[]> {
  const { ports } = readDecisions(folder.decisions);
  if (ports === undefined || !existsSync(folder.kubeconfig)) {
    return "core";
  }
  const access = prepareAccess(folder.access);
  const plane = { binary: binaries.controlPlane, folder, ports, access };
  const running = new Ledger(folder.processes).running();
  const isMissing = (daemon: Daemon): boolean =>
    !running.some(({ name, command }) => name === daemon.name && command === commandDigest(daemon));
  if (core(plane).some(isMissing) || (await ask(folder, "/readyz")).status !== 200) {
    return "core";
  }
  return clients(plane, binaries).filter(isMissing);
}

async function start(
  folder: SandboxFolder,
  binaries: ClusterBinaries,
  detail: (text: string) => void,
  mayRetry: boolean,
): Promise<void> {
  // Whatever still runs is older than this command wants, or has lost a part it needs.
  await endProcesses(folder);
  const ports = await choosePorts(readDecisions(folder.decisions).ports ?? {});
  decide(folder.decisions, { ports });
  const plane = {
    binary: binaries.controlPlane,
    folder,
    ports,
    access: prepareAccess(folder.access),
  };
  try {
    await startCore(plane, detail);
  } catch (error) {
    if (mayRetry && error instanceof PortTaken) {
      detail("a port was taken, choosing others");
      return start(folder, binaries, detail, false);
    }
    throw error;
  }
  await startClients(folder, binaries, clients(plane, binaries), detail);
}

async function startCore(plane: ControlPlane, detail: (text: string) => void): Promise<void> {
  const { folder } = plane;
  const ledger = new Ledger(folder.processes);
  detail("etcd and API server");
  const started = core(plane).map((daemon) => startDaemon(ledger, daemon));
  let last: ApiAnswer = { status: 0, body: "" };
  const ready = await until(
    async () => {
      const ended = started.find((entry) => !isRunning(entry));
      if (ended !== undefined) {
        throw earlyEnd(ended.name, ended.log);
      }
      const authority = certificateAuthority(plane.access.servingCertificate);
      if (authority === undefined) {
        return false;
      }
      const access = {
        server: `https://127.0.0.1:${plane.ports.api}`,
        certificateAuthority: authority,
        token: plane.access.token,
      };
      writeWhole(folder.kubeconfig, kubeconfigText(embeddedContext, access));
      last = await getFromApi(access, "/readyz");
      return last.status === 200;
    },
    { timeout: patience },
  );
  if (!ready) {
    throw new Failure(
      `The API server was not ready within ${patience / 1000} s: ${last.body.slice(0, 200)}`,
      `Read ${folder.logs}/kube-apiserver.log, then run: npm run sandbox -- reset`,
    );
  }
}

async function startClients(
  folder: SandboxFolder,
  binaries: ClusterBinaries,
  daemons: readonly Daemon[],
  detail: (text: string) => void,
): Promise<void> {
  const ledger = new Ledger(folder.processes);
  detail(daemons.map(({ name }) => name.replace("kube-", "")).join(", "));
  // One that still runs has other arguments.
  await stopProcesses(
    ledger,
    ledger.running().filter((entry) => daemons.some(({ name }) => name === entry.name)),
  );
  const started = daemons.map((daemon) => startDaemon(ledger, daemon));
  const { objects } = simulationFiles();
  const applied = await runCommand(
    binaries.controlPlane,
    [
      ...["kubectl", "apply", "--server-side", "--force-conflicts"],
      ...["--field-manager=slipway-sandbox", ...objects.map((file) => `--filename=${file}`)],
    ],
    { env: { KUBECONFIG: folder.kubeconfig } },
  );
  if (applied.code !== 0) {
    throw new Failure(
      `The nodes were refused: ${applied.stderr.trim()}`,
      "Run: npm run sandbox -- reset",
    );
  }
  const ready = await until(
    async () => {
      const ended = started.find((entry) => !isRunning(entry));
      if (ended !== undefined) {
        throw earlyEnd(ended.name, ended.log);
      }
      const nodes = await ask(folder, "/api/v1/nodes");
      const account = await ask(folder, "/api/v1/namespaces/default/serviceaccounts/default");
      const count = nodes.status === 200 ? countNodes(nodes.body) : { total: 0, ready: 0 };
      // Without the default service account, which a controller makes, no pod can be created.
      return count.total > 0 && count.ready === count.total && account.status === 200;
    },
    { timeout: patience },
  );
  if (!ready) {
    throw new Failure(
      `The simulated nodes were not ready within ${patience / 1000} s.`,
      `Read ${folder.logs}/kwok.log and ${folder.logs}/kube-controller-manager.log.`,
    );
  }
}

/** What everything else talks to. */
function core(plane: ControlPlane): readonly Daemon[] {
  return [etcd(plane), apiServer(plane)];
}

/** What talks to the API server. */
function clients(plane: ControlPlane, binaries: ClusterBinaries): readonly Daemon[] {
  const { stages } = simulationFiles();
  return [
    controllerManager(plane),
    scheduler(plane),
    kwok(binaries.kwok, plane.folder, stages),
    player(binaries.player, plane.folder),
  ];
}

async function ask(folder: SandboxFolder, path: string): Promise<ApiAnswer> {
  const { ports } = readDecisions(folder.decisions);
  const files = prepareAccess(folder.access);
  const authority = certificateAuthority(files.servingCertificate);
  if (ports === undefined || authority === undefined) {
    return { status: 0, body: "the cluster was never started" };
  }
  const access: KubeAccess = {
    server: `https://127.0.0.1:${ports.api}`,
    certificateAuthority: authority,
    token: files.token,
  };
  return getFromApi(access, path);
}

function uidOf(body: string): string | undefined {
  const { metadata } = JSON.parse(body) as { readonly metadata?: { readonly uid?: string } };
  return metadata?.uid;
}

/** Another program took a port between the choice and the start. */
class PortTaken extends Failure {}

function earlyEnd(name: string, log: string): Failure {
  const end = tail(log, 80);
  if (/address already in use/i.test(end)) {
    return new PortTaken(`${name} found its port taken.`, "Run the same command again.");
  }
  if (/no space left on device/i.test(end)) {
    return new Failure(`${name} found the disk full.`, "Free some space, then run it again.");
  }
  // A panic is followed by its stack; the line that says why stands before it.
  const lines = end.split("\n");
  const reason = lines.find((line) => line.startsWith("panic:")) ?? lines.at(-1) ?? "";
  return new Failure(
    `${name} ended while it was starting: ${reason}`,
    `Read ${log}. When the data is damaged, start anew: npm run sandbox -- reset`,
  );
}
