import { join } from "node:path";
import { DEFAULT_CONFIG, readConfig, type PolicyConfig } from "../core/config";
import { Judge } from "../core/evaluate";
import { type Fields } from "../core/fields";
import { type Finding } from "../core/finding";
import { type Topic } from "../core/rule";
import { RULES } from "../rules";
import { readExemptionFiles } from "./exemption-files";

const TOPICS: ReadonlyMap<string, Topic> = new Map(RULES.map(({ id, topic }) => [id, topic]));

/** One run of the pack: its configuration, and the themes that are on. */
export class Session {
  private judging: Judge | undefined;
  private readonly enabled = new Set<Topic>();
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

  /** Notes that a theme is on. */
  enable(topic: Topic): void {
    this.enabled.add(topic);
  }

  /** The findings of themes that are on, and those that belong to none. */
  reported(findings: readonly Finding[]): readonly Finding[] {
    return findings.filter(({ rule }) => {
      const topic = TOPICS.get(rule);
      return topic === undefined || this.enabled.has(topic);
    });
  }

  private withFiles(config: PolicyConfig): PolicyConfig {
    return {
      ...config,
      exemptions: [...config.exemptions, ...readExemptionFiles(this.exemptions)],
    };
  }
}
