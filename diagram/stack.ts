import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { readApplications } from "../components/apps";
import { featureSettings, featuresOf, type FeatureName } from "../components/platform";
import { parseSettings } from "../components/settings";
import { checkout } from "../sandbox/folder";
import { readStackFile } from "../sandbox/render/stack-file";
import { stackConfig } from "../sandbox/stack/stack-document";
import { Failure } from "../sandbox/terminal/failure";
import { diagramOf, type Diagram } from "./model";

/**
 * The picture of a stack, from its file and the declarations alone.
 * @throws Failure when there is no such stack, or its file is refused.
 */
export function stackDiagram(stack: string, folder = checkout): Diagram {
  readStackFile(stack, folder);
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const config = stackConfig(readFileSync(file, "utf8"), file);
  try {
    const settings = parseSettings(
      Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.replace(/^slipway:/, ""), value]),
      ),
    );
    const applications =
      settings.applications === undefined
        ? []
        : readApplications(settings.applications, {
            environment: settings.environment,
            // The picture shows no version.
            images: { ...settings.images, given: { services: {}, others: "diagram" } },
            // What the platform stack of applications alone has is not in this file.
            features: settings.platform ? featuresOf(settings.platform) : everyFeature,
            stores: Object.keys(settings.platform?.externalSecrets.stores ?? {}),
          });
    return diagramOf(`The stack ${stack}`, applications);
  } catch (error) {
    if (error instanceof RunError) {
      throw new Failure(error.message, `Correct Pulumi.${stack}.yaml.`);
    }
    throw error;
  }
}

const everyFeature = new Set(Object.keys(featureSettings) as FeatureName[]);
