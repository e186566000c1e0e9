import { type StackObject, titleOf } from "./snapshot";

/** How much a risk weighs: `high` may lose data or service, `medium` needs a person's eye, `low` is worth knowing. */
export type RiskLevel = "high" | "medium" | "low";

/** What a change may break, in the order of the report. */
export const riskKinds = {
  data: "data at risk",
  immutable: "refused by the API server",
  replacement: "replacement",
  deletion: "deletion",
  unfinished: "unfinished update",
  downtime: "downtime",
  restart: "restart",
  exposure: "exposure",
  permission: "permissions",
  network: "network",
  secret: "secrets",
  image: "images",
  chart: "charts",
  quota: "quota",
  policy: "policy",
} as const;

/** The kind of a risk. */
export type RiskKind = keyof typeof riskKinds;

/** Something a reviewer has to know before approving. */
export interface Risk {
  /** Its kind. */
  readonly kind: RiskKind;
  /** How much it weighs. */
  readonly level: RiskLevel;
  /** The object it is about, such as `PostgresCluster postgres/db`; empty when it is about the stack. */
  readonly object: string;
  /** URN of that object; empty when it is about the stack. */
  readonly urn: string;
  /** What happens, in one sentence. */
  readonly summary: string;
  /** What to do instead, or before; empty when there is nothing to add. */
  readonly safePath: string;
}

/** A risk about one object. */
export function riskOf(
  object: StackObject,
  kind: RiskKind,
  level: RiskLevel,
  summary: string,
  safePath = "",
): Risk {
  return { kind, level, object: titleOf(object), urn: object.urn, summary, safePath };
}
