import { join } from "node:path";
import { DEFAULT_CONFIG, readConfig, type PolicyConfig } from "../core/config";
import { Judge } from "../core/evaluate";
import { type Fields } from "../core/fields";
import { type Finding } from "../core/finding";
import { type ObjectView } from "../core/object";
import { type Topic } from "../core/rule";
import { RULES } from "../rules";
import { readExemptionFiles } from "./exemption-files";

const TOPICS: ReadonlyMap<string, Topic> = new Map(RULES.map(({ id, topic }) => [id, topic]));

/** Findings of one resource, by the theme that reports them. */
export type Findings = ReadonlyMap<Topic | "configuration", readonly Finding[]>;

/**
 * One run of the pack. The SDK calls each policy with a copy of the resource; the first one judges it by all
 * rules at once, and the themes report their share.
 */
export class Session {
  private judging: Judge | undefined;
  private readonly byResource = new Map<string, Findings>();
  private readonly inputs = new Map<string, Fields>();

  /** @param exemptions Folder of the reviewed exemption files. */
  constructor(private readonly exemptions = join(__dirname, "..", "exemptions")) {}

  /** Fixes the configuration; the engine sends it once, before the first resource. */
  configure(given: unknown): Judge {
    return (this.judging ??= new Judge(
      RULES,
      this.withFiles(readConfig(given, new Set(TOPICS.keys()))),
    ));
  }

  get judge(): Judge {
    return (this.judging ??= new Judge(RULES, this.withFiles(DEFAULT_CONFIG)));
  }

  /**
   * What the program declared of a resource. A stack policy is given the object as the cluster returned it, with
   * the API's defaults and what controllers wrote, so the inputs that were judged before are kept for it.
   */
  declared(urn: string): Fields | undefined {
    return this.inputs.get(urn);
  }

  /** Keeps what the program declared of a resource. */
  remember(urn: string, inputs: Fields): void {
    this.inputs.set(urn, inputs);
  }

  /** Judges a resource and keeps the findings for the themes. */
  open(urn: string, object: ObjectView | undefined): Findings {
    const findings = new Map<Topic | "configuration", Finding[]>();
    for (const finding of object === undefined ? [] : this.judge.judgeObject(object)) {
      const topic = TOPICS.get(finding.rule) ?? "configuration";
      findings.set(topic, [...(findings.get(topic) ?? []), finding]);
    }
    this.byResource.set(urn, findings);
    return findings;
  }

  /** What a theme has to report on a resource that was opened. */
  findings(urn: string, topic: Topic): readonly Finding[] {
    return this.byResource.get(urn)?.get(topic) ?? [];
  }

  /** Forgets a resource when the last theme has reported. */
  close(urn: string): void {
    this.byResource.delete(urn);
  }

  private withFiles(config: PolicyConfig): PolicyConfig {
    return {
      ...config,
      exemptions: [...config.exemptions, ...readExemptionFiles(this.exemptions)],
    };
  }
}
