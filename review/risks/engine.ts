import { type EngineAccount, type OtherResource } from "../model/engine";
import { type Risk, riskOf, type RiskKind, type RiskLevel } from "../model/risk";
import { nameOfUrn, typeOfUrn } from "../../sandbox/render/resource";

/** What only the engine knows to be risky: refused deletions, unfinished updates, passwords and providers. */
export function engineRisks(account: EngineAccount): readonly Risk[] {
  return [
    ...account.refused.map(refusal),
    ...account.unfinished.map(({ object, reasons }) =>
      riskOf(
        object,
        "unfinished",
        "medium",
        `its last update did not finish (${reasons.join("; ")}); this one tries again`,
        "Find out why it did not get ready before another change is added.",
      ),
    ),
    ...account.leftovers.map((urn) =>
      risk(urn, "unfinished", "low", "what an interrupted replacement left of it is deleted", ""),
    ),
    ...account.resources.flatMap(resourceRisk),
  ];
}

function refusal(urn: string): Risk {
  return risk(
    urn,
    "data",
    "high",
    "the program no longer has it in this form, but it is protected: the update stops at it",
    "Keep it, or decide that the data is to go: take a backup, set slipway:retention to delete and deploy that alone, then remove it.",
  );
}

function resourceRisk({ urn, type, action }: OtherResource): readonly Risk[] {
  const goes = action === "replace" || action === "delete";
  if (type.startsWith("pulumi:providers:")) {
    return action === "replace"
      ? [
          risk(
            urn,
            "replacement",
            "high",
            "the provider is replaced: the engine takes its cluster for another one",
            "Point the stack at the cluster that it was deployed to, or make another stack.",
          ),
        ]
      : [];
  }
  if (type.startsWith("random:") && (goes || action === "update")) {
    return [
      risk(
        urn,
        "secret",
        "medium",
        action === "delete"
          ? "the generated value is forgotten"
          : "another value is generated: what was made with the old one has to take the new one",
        "Check that whoever accepts the value learns the new one first, or restarts with it.",
      ),
    ];
  }
  return goes ? [risk(urn, "deletion", "medium", `it is ${action}d`, "")] : [];
}

function risk(
  urn: string,
  kind: RiskKind,
  level: RiskLevel,
  summary: string,
  safePath: string,
): Risk {
  const object = `${typeOfUrn(urn).split(":").at(-1) ?? ""} ${nameOfUrn(urn)}`;
  return { kind, level, object, urn, summary, safePath };
}
