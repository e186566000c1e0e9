import { type ResourceValidationPolicy } from "@pulumi/policy";
import { type Topic } from "../core/rule";
import { type Session } from "./session";
import { THEMES } from "./themes";

/**
 * A theme of the pack: it can be disabled like any policy, and its findings are made by the `configuration`
 * policy, which comes last. The SDK decodes a resource once for each function that validates it, which costs
 * far more than all rules together; a theme has none, and the SDK asks for them only when the theme is on.
 */
export class Theme implements ResourceValidationPolicy {
  readonly name: Topic;
  readonly description: string;
  readonly enforcementLevel = "mandatory";

  constructor(
    topic: Topic,
    private readonly session: Session,
  ) {
    this.name = topic;
    this.description = THEMES[topic];
  }

  get validateResource(): [] {
    this.session.ask(this.name);
    return [];
  }
}
