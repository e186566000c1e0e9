import {
  type Policies,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { type Finding } from "../core/finding";
import { type ObjectView } from "../core/object";
import { type Topic } from "../core/rule";
import { remediation } from "./remediation";
import { reportFinding } from "./report";
import { rawProperties, resourceView } from "./resource-view";
import { CONFIG_SCHEMA } from "./schema";
import { Session } from "./session";
import { Theme } from "./theme";
import { THEMES } from "./themes";

/** Every policy of the pack: the themes, the configuration that judges for them, the remediation, the stack. */
export function policies(session = new Session()): Policies {
  const themes = (Object.keys(THEMES) as Topic[]).map((topic) => new Theme(topic, session));
  return [...themes, configuration(session), remediation, stackPolicy(session)];
}

/** Comes after the themes: takes the configuration and judges each resource by the rules of those that are on. */
function configuration(session: Session): ResourceValidationPolicy {
  return {
    name: "configuration",
    description: "How strictly the pack judges: profile, levels, settings, exemptions.",
    enforcementLevel: "mandatory",
    configSchema: CONFIG_SCHEMA,
    validateResource: (resource, report) => {
      const judge = session.configure(resource.getConfig());
      session.begin();
      session.remember(resource.urn, rawProperties(resource.props));
      const object = resourceView(resource);
      for (const finding of session.reported(
        object === undefined ? [] : judge.judgeObject(object),
      )) {
        reportFinding(report, finding, resource.urn);
      }
    },
  };
}

function stackPolicy(session: Session): StackValidationPolicy {
  return {
    name: "stack",
    description: "Objects of the stack fit together.",
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => {
      const objects = resources.flatMap(
        (resource) => resourceView(resource, session.declared(resource.urn)) ?? [],
      );
      const urns = new Map(objects.map((object) => [identity(object), object.resource?.urn]));
      const findings = [...session.judge.judgeStack(objects), ...session.judge.expired()];
      for (const finding of session.reported(findings)) {
        reportFinding(report, finding, urns.get(identity(finding)));
      }
      // A pipeline's log is what an auditor reads; a person at work needs to see what is new.
      const form = (process.env["CI"] ?? "") === "" ? "short" : "full";
      for (const finding of session.judge.exemptionsUsed(form)) {
        reportFinding(report, finding);
      }
    },
  };
}

function identity({
  kind,
  namespace,
  name,
}: Pick<ObjectView | Finding, "kind" | "namespace" | "name">): string {
  return `${kind}/${namespace}/${name}`;
}
