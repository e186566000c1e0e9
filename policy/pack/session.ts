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
  private asked = new Set<Topic>();
  private enabled: ReadonlySet<Topic> = new Set();
  private readonly inputs = new Map<string, string>();

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
    const written = this.inputs.get(urn);
    return written === undefined ? undefined : (JSON.parse(written) as Fields);
  }

  /**
   * Keeps what the program declared of a resource, as text: the maps of every resource of a stack, moved about by
   * the garbage collector, would cost as much as judging them.
   */
  remember(urn: string, inputs: Fields): void {
    this.inputs.set(urn, JSON.stringify(inputs));
  }

  /**
   * Notes that the SDK asked a theme for its functions, as it does for each resource when the theme is on. It
   * also asks once for the list of policies, so what is not followed by `begin` in the same turn is forgotten.
   */
  ask(topic: Topic): void {
    if (this.asked.size === 0) {
      queueMicrotask(() => {
        this.asked = new Set();
      });
    }
    this.asked.add(topic);
  }

  /** Starts a resource: the themes that were just asked are on. */
  begin(): void {
    this.enabled = this.asked;
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
