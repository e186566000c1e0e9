import { type SandboxFolder } from "../folder";
import { stopProcesses } from "./daemon";
import { Ledger, type TrackedProcess } from "./ledger";

/**
 * Ends every process of a sandbox in order: commands first, so that they can save what they know; then
 * what talks to the API server; the API server drains through etcd, which therefore goes last.
 */
export async function endProcesses(folder: SandboxFolder): Promise<void> {
  const ledger = new Ledger(folder.processes);
  for (const rank of [0, 1, 2, 3]) {
    const running = ledger.running();
    // Without etcd the API server has nothing to save, and would only wait for it.
    const patience = running.some(({ name }) => name === "etcd") ? undefined : 2_000;
    await stopProcesses(
      ledger,
      running.filter((entry) => rankOf(entry) === rank),
      patience,
    );
  }
}

function rankOf({ name, owner }: TrackedProcess): number {
  if (owner !== undefined) {
    return 0;
  }
  return name === "etcd" ? 3 : name === "kube-apiserver" ? 2 : 1;
}
