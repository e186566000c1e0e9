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
import { THEMES } from "./themes";

const TOPICS = Object.keys(THEMES) as Topic[];

/** Every policy of the pack: the configuration, the themes, the remediation, the stack. */
export function policies(session = new Session()): Policies {
  const lastTopic = TOPICS.at(-1);
  const themes = TOPICS.map((topic): ResourceValidationPolicy => {
    const last = topic === lastTopic;
    return {
      name: topic,
      description: THEMES[topic],
      enforcementLevel: "mandatory",
      validateResource: ({ urn }, report) => {
        for (const finding of session.findings(urn, topic)) {
          reportFinding(report, finding, urn);
        }
        if (last) {
          session.close(urn);
        }
      },
    };
  });
  return [configuration(session), ...themes, remediation, stackPolicy(session)];
}

/** Comes first: takes the configuration, judges each resource, and reports what belongs to no theme. */
function configuration(session: Session): ResourceValidationPolicy {
  return {
    name: "configuration",
    description: "How strictly the pack judges; what it could not judge is said under this name.",
    enforcementLevel: "mandatory",
    configSchema: CONFIG_SCHEMA,
    validateResource: (resource, report) => {
      session.configure(resource.getConfig());
      session.remember(resource.urn, rawProperties(resource.props));
      const findings = session.open(resource.urn, resourceView(resource));
      for (const finding of findings.get("configuration") ?? []) {
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
      for (const finding of [...session.judge.judgeStack(objects), ...session.judge.expired()]) {
        reportFinding(report, finding, urns.get(identity(finding)));
      }
      for (const finding of session.judge.exemptionsUsed()) {
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
