import { type Decisions } from "../decisions";
import { simulated } from "../player/simulated";

/** One part of what a sandbox shows, and whether it is the real thing. */
export interface StatusRow {
  /** What it is. */
  readonly part: string;
  /** `real`, or how it is simulated, in words. */
  readonly state: string;
}

/** What is real and what is simulated in a sandbox. */
export function realAndSimulated(decisions: Decisions): readonly StatusRow[] {
  return [
    ...(decisions.cluster?.kind === undefined || decisions.cluster.kind === "embedded"
      ? embedded
      : withNodes),
    { part: "Pulumi engine and CLI", state: "real" },
    { part: "Pulumi plugins", state: pluginState(decisions) },
    { part: "third-party charts", state: chartState(decisions) },
  ];
}

const embedded: readonly StatusRow[] = [
  { part: "API server, admission, RBAC, quotas", state: "real" },
  { part: "controllers, scheduler, garbage collection", state: "real" },
  ...simulated.map(({ what, how }) => ({ part: what, state: how })),
  { part: "network, and NetworkPolicies", state: "objects only: no traffic flows" },
];

const withNodes: readonly StatusRow[] = [
  { part: "cluster, nodes, pods, volumes", state: "real" },
  { part: "operators, webhooks, network", state: "real" },
];

function pluginState({ plugins }: Decisions): string {
  switch (plugins) {
    case "official":
      return "real: the official ones";
    case "stand-ins":
      return "Slipway's stand-ins, which follow the official ones in what this program uses";
    case undefined:
      return "not chosen yet";
  }
}

function chartState({ charts }: Decisions): string {
  switch (charts) {
    case "repositories":
      return "real: from their repositories";
    case "stand-ins":
      return "Slipway's stand-ins in sandbox/charts: same objects and values keys, no webhooks";
    case undefined:
      return "not chosen yet";
  }
}
